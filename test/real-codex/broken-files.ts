/**
 * Ways to break a config as people, editors and programs do, 27 kinds, each at a place by chance. A breakage says what it
 * touched: every other value is healthy.
 */
import type { KeyPath } from "../../src/model/op.ts";
import { type Document, parseDocument } from "../../src/toml/document.ts";
import { leavesOf } from "../../src/toml/value.ts";
import type { Dice } from "./generate-dice.ts";

export type Broken = {
  readonly text: string;
  /** Paths, and all that is below one, whose values the breakage has touched. */
  readonly touched: readonly KeyPath[];
  /** Several readings: a fix waits for a person. */
  readonly isChoice?: boolean;
};

type Break = (text: string, dice: Dice) => Broken | null;

/** One key with its value. */
type Leaf = { readonly path: readonly string[]; readonly start: number; readonly end: number; readonly value: string };

export function leaves(document: Document): Leaf[] {
  return leavesOf(document.data).flatMap(([path]): Leaf[] => {
    const range = document.range(path);
    const value = document.spelling(path);
    return range && value !== undefined ? [{ path, ...range, value }] : [];
  });
}

/** Puts another text in the place of a leaf's value. */
function atLeaf(
  test: (leaf: Leaf) => boolean,
  change: (leaf: Leaf, dice: Dice, text: string) => string,
  more: Partial<Broken> = {},
): Break {
  return (text, dice) => {
    const found = leaves(parseDocument(text, "")).filter((leaf) => test(leaf) && isOnLine(text, leaf));
    if (found.length === 0) return null;
    const leaf = dice.pick(found);
    return {
      text: text.slice(0, leaf.start) + change(leaf, dice, text) + text.slice(leaf.end),
      touched: [leaf.path],
      ...more,
    };
  };
}

/** The value stands behind its own key, not in braces, and ends in the line in which it begins. */
function isOnLine(text: string, { start, end }: Leaf): boolean {
  const line = text.slice(text.lastIndexOf("\n", start) + 1, start);
  return /^\ufeff?\s*[\w."-]+\s*=\s*$/.test(line) && !text.slice(start, end).includes("\n");
}

const isText = ({ value }: Leaf) => /^"[^"\\]+"$/.test(value);
const inner = ({ value }: Leaf) => value.slice(1, -1);
const isList = ({ value }: Leaf) => /^\[.+\]$/.test(value);
const isServer = ({ path }: Leaf) => path[0] === "mcp_servers";
const nextLine = (text: string, at: number) => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
};
const eolOf = (text: string) => (text.includes("\r\n") ? "\r\n" : "\n");

/** Puts lines at the end, which begin with a blank line. */
function appended(text: string, lines: string): string {
  const eol = eolOf(text);
  return `${text}${text.endsWith("\n") ? "" : eol}${eol}${lines.replaceAll("\n", eol)}`;
}

const WINDOWS = [
  "C:\\Users\\ada\\bin\\server.exe",
  "D:\\new\\tools\\x",
  "\\\\nas\\share\\mcp.exe",
  "C:\\Program Files\\Acme\\u.exe",
  "C:\\dir\\",
];

function headers(text: string): RegExpMatchArray[] {
  return [...text.matchAll(/^[ \t]*\[([^\]\n]+)\]/gm)];
}

/** Adds a server that is not there yet, in a form of its own. */
function pastedJson(text: string, { pick }: Dice): Broken | null {
  const body = pick([
    '{\n  "mcpServers": {\n    "pasted": {\n      "command": "npx",\n      "args": ["-y", "pasted"],\n      "env": { "A": "b" }\n    }\n  }\n}',
    '"mcpServers": {\n  "pasted": { "command": "npx", "args": ["-y"] },\n  "other": { "url": "https://x.example/mcp" }\n}',
    '{"mcp_servers": {"pasted": {"command": "npx", "args": []}}}',
    '"mcp_servers": {\n  "pasted": {\n    "command": "npx"\n  }\n},',
  ]);
  return { text: appended(text, `${body}\n`), touched: [["mcp_servers", "pasted"]] };
}

function wholeJson(text: string): Broken | null {
  const { data } = parseDocument(text, "");
  const plain = JSON.stringify(data, (_, value) => (typeof value === "bigint" ? Number(value) : value), 2);
  return { text: plain, touched: Object.keys(data).map((key) => [key]) };
}

function atHeader(change: (header: string, dice: Dice) => string): Break {
  return (text, dice) => {
    const found = headers(text);
    if (found.length === 0) return null;
    const one = dice.pick(found);
    const start = one.index ?? 0;
    const end = start + one[0].length;
    return { text: text.slice(0, start) + change(one[0], dice) + text.slice(end), touched: [] };
  };
}

function conflict(text: string, dice: Dice): Broken | null {
  const found = leaves(parseDocument(text, "")).filter(
    (leaf) => isOnLine(text, leaf) && isText(leaf) && !/sandbox|approval/.test(leaf.path.join()),
  );
  if (found.length === 0) return null;
  const leaf = dice.pick(found);
  const start = text.lastIndexOf("\n", leaf.start) + 1;
  const end = nextLine(text, leaf.end);
  const line = text.slice(start, end).trimEnd();
  const eol = eolOf(text);
  const other = line.replace(leaf.value, '"theirs"');
  const base = dice.below(3) ? [] : ["||||||| base", line.replace(leaf.value, '"base"')];
  const marks = ["<<<<<<< HEAD", line, ...base, "=======", other, ">>>>>>> branch"].join(eol) + eol;
  // A byte order mark stays in front of everything.
  return {
    text: text.slice(0, start) + marks.replace("\ufeff", "") + text.slice(end),
    touched: [leaf.path],
    isChoice: true,
  };
}

function cutOff(text: string, { below }: Dice): Broken | null {
  for (let i = 0; i < 50; i++) {
    const at = Math.floor(text.length / 3) + below(Math.floor((text.length * 2) / 3));
    const cut = text.slice(0, at);
    try {
      parseDocument(cut, "");
    } catch {
      const line = cut.lastIndexOf("\n") + 1;
      // A setting whose loss would allow more is for a person to decide on.
      if (
        /sandbox|approval|permission|enabled|inherit|exclude|network_access|writable|shell_env/.test(
          text.slice(line, nextLine(text, line)),
        )
      )
        continue;
      const whole = leaves(parseDocument(text, ""));
      return {
        text: cut,
        touched: whole.filter(({ end }) => end > line - 2 || end > openList(cut)).map(({ path }) => path),
      };
    }
  }
  return null;
}

/** Where a list or a text over several lines begins that is not closed; the end where there is none. */
function openList(cut: string): number {
  const at = Math.max(
    cut.lastIndexOf("[\n"),
    cut.lastIndexOf("[\r\n"),
    cut.lastIndexOf('= """'),
    cut.lastIndexOf('="""'),
  );
  return at < 0 || /^\]|"""\s*$/m.test(cut.slice(at + 8)) ? cut.length : at;
}

function nulRun(text: string, { below, pick }: Dice): Broken | null {
  const run = "\0".repeat(1 + below(600));
  const line = nextLine(text, below(text.length));
  const isBetween = leaves(parseDocument(text, "")).every(({ end, start }) => line <= start || line >= end);
  if (pick([true, false]) || !isBetween)
    return { text: text.endsWith("\n") ? text + run : `${text}\n${run}`, touched: [] };
  return { text: text.slice(0, line) + run + text.slice(line), touched: [] };
}

function invisible(text: string, { pick }: Dice): Broken | null {
  const [char, place] = [pick(["\u200b", "\u00a0", "\ufeff", "\u2060", "\u3000"]), pick(["line", "equals", "header"])];
  const spots = [
    ...text.matchAll(
      { line: /(?<=\n)(?=[\w])/g, equals: /(?<=\w) ?(?== ?["\w[])/g, header: /(?<=\n)(?=\[)/g }[place] as RegExp,
    ),
  ];
  // In a text of several lines it is no slip.
  const document = parseDocument(text, "");
  const outside = spots.filter(({ index }) =>
    leaves(document).every(({ end, start }) => index <= start || index >= end),
  );
  if (outside.length === 0) return null;
  const at = pick(outside).index;
  return { text: text.slice(0, at) + char + text.slice(at), touched: [] };
}

function valueAndTable(text: string, { pick }: Dice): Broken | null {
  const { data } = parseDocument(text, "");
  const tables = ["history", "tui", "sandbox_workspace_write", "features"].filter((key) => key in data);
  const values = ["model", "file_opener", "hide_agent_reasoning"].filter((key) => key in data);
  const name = pick([...tables, ...values]);
  if (tables.includes(name)) return { text: atTop(text, `${name} = ${pick(["true", '"on"', "1"])}\n`), touched: [] };
  return { text: appended(text, `[${name}]\nname = "x"\n`), touched: [] };
}

function atTop(text: string, line: string): string {
  const bom = text.startsWith("\ufeff") ? 1 : 0;
  return text.slice(0, bom) + line.replaceAll("\n", eolOf(text)) + text.slice(bom);
}

function dottedAndHeader(text: string, { pick }: Dice): Broken | null {
  const { data } = parseDocument(text, "");
  const rows = [
    ["features", "features.plugins = true # mine\n"],
    ["tui", "tui.show_tooltips = false\n"],
    ["history", "# how much\nhistory.max_bytes_total = 5\n"],
    ["sandbox_workspace_write", "sandbox_workspace_write.exclude_slash_tmp = true\n"],
  ].filter(([name = ""]) => name in data);
  return { text: atTop(text, pick(rows)[1] ?? ""), touched: [] };
}

function inlineAndHeader(text: string, { pick }: Dice): Broken | null {
  const rows = [
    'mcp_servers = { one = { command = "x", args = ["a", "b"] } }\n',
    'mcp_servers = { one = { url = "https://x.example" }, two = { command = "y" } } # mine\n',
    'projects = { "/tmp/p" = { trust_level = "untrusted" } }\n',
  ];
  const { data } = parseDocument(text, "");
  const row = pick(rows);
  return (row.startsWith("mcp") ? "mcp_servers" : "projects") in data ? { text: atTop(text, row), touched: [] } : null;
}

function listAndTable(text: string, { pick }: Dice): Broken | null {
  const { data } = parseDocument(text, "");
  const server = Object.keys((data.mcp_servers as object) ?? {})[0];
  const rows = [
    ...(server
      ? ['[[mcp_servers]]\nname = "listed"\ncommand = "x"\n', `[[mcp_servers.${server}]]\nstartup_timeout_ms = 10000\n`]
      : []),
    ...("features" in data ? ["[[features]]\nplugins = true\n"] : []),
  ];
  return { text: appended(text, pick(rows)), touched: [] };
}

function twice(text: string, { pick }: Dice): Broken | null {
  const found = headers(text).filter(([, name = ""]) => !name.includes("projects"));
  const one = pick(found);
  const [, name = ""] = one;
  const start = one.index ?? 0;
  const line = text.slice(nextLine(text, start), nextLine(text, nextLine(text, start)));
  const same = /^[ \t]*\w+ ?= ?(?:"[^"]*"|\w+)[ \t]*(?:#.*)?\r?\n?$/.test(line) ? line.trim() : "";
  const rows = { features: "plugins = true", tui: "show_tooltips = false" } as Record<string, string>;
  const more = rows[name] ?? (same === "" ? "" : same);
  return { text: appended(text, `[${name}]\n${more}\n`), touched: [] };
}

function several(text: string, dice: Dice): Broken | null {
  let now: Broken = { text, touched: [] };
  const names = [
    "bare words",
    "colon",
    "trailing comma",
    "comment in a header",
    "booleans",
    "backslashes in a value",
    "typographic quotes",
    "unclosed string",
    "unclosed list",
    "invisible",
  ];
  const lines = new Set<number>();
  for (let i = 0; i < 3; i++) {
    const broken = BREAKAGES[dice.pick(names)]?.(text, dice);
    if (!broken) continue;
    // Each slip goes into a line of its own of the text that was in order.
    const [old, made] = [text.split("\n"), broken.text.split("\n")];
    const line = old.findIndex((one, at) => one !== made[at]);
    if (old.length !== made.length || lines.has(line) || old.some((one, at) => at !== line && one !== made[at]))
      continue;
    lines.add(line);
    now = {
      text: now.text
        .split("\n")
        .with(line, made[line] ?? "")
        .join("\n"),
      touched: [...now.touched, ...broken.touched],
    };
  }
  return lines.size > 1 ? now : null;
}

export const BREAKAGES: Readonly<Record<string, Break>> = {
  "backslashes in a value": atLeaf(
    (leaf) => isText(leaf) && isServer(leaf),
    (_, { pick }) => `"${pick(WINDOWS)}"`,
  ),
  "backslashes in a list": atLeaf(
    (leaf) => isList(leaf) && isServer(leaf),
    (_, { pick }) => `["-y", "${pick(WINDOWS)}", "--dir=${pick(WINDOWS)}"]`,
  ),
  "backslashes in a header": (text, { pick }) => ({
    text: appended(
      text,
      `[projects."${pick(["C:\\Users\\ada", "D:\\src\\x y", "\\\\nas\\home"])}"]\ntrust_level = "trusted"\n`,
    ),
    touched: [],
  }),
  "typographic quotes": atLeaf(isText, (leaf, { pick }) => {
    const [open, close] = pick([
      ["\u201c", "\u201d"],
      ["\u2018", "\u2019"],
      ["\u201e", "\u201c"],
      ["\u00ab", "\u00bb"],
      ['"', "\u201d"],
      ["\u201c", '"'],
      ["`", "`"],
    ]);
    return `${open}${inner(leaf)}${close}`;
  }),
  "bare words": atLeaf(isText, inner),
  booleans: atLeaf(
    ({ value }) => /^(?:true|false)$/.test(value),
    ({ value }, { pick }) =>
      value === "true" ? pick(["True", "TRUE", "yes", "on", "Yes"]) : pick(["False", "FALSE", "no", "off", "No"]),
  ),
  "no value": (text, { pick }) => ({
    text: atTop(
      text,
      `${pick(["model_provider", "profile_name", "oss_provider", "review_model", "notify_me"])} = ${pick(["None", "null", "nil", "undefined", "NULL"])}\n`,
    ),
    touched: [],
  }),
  colon: (text, dice) => {
    const found = leaves(parseDocument(text, "")).filter((leaf) => isOnLine(text, leaf));
    if (found.length === 0) return null;
    const leaf = dice.pick(found);
    const head = text.slice(0, leaf.start).replace(/[ \t]*=[ \t]*$/, dice.pick([": ", ":", " : ", " := "]));
    return { text: head + text.slice(leaf.start), touched: [] };
  },
  "trailing comma": (text, dice) => {
    const found = leaves(parseDocument(text, "")).filter((leaf) => isOnLine(text, leaf));
    if (found.length === 0) return null;
    const leaf = dice.pick(found);
    return { text: text.slice(0, leaf.end) + dice.pick([",", ";", " ,"]) + text.slice(leaf.end), touched: [] };
  },
  "pasted JSON": pastedJson,
  "JSON all over": wholeJson,
  "JSON in braces": atLeaf(
    ({ path, value }) => isServer({ path, value } as Leaf) && isList({ value } as Leaf),
    ({ value }) => `${value}\nenv = {"A": "b", "C": "d"}`,
  ),
  "unclosed string": atLeaf(isText, ({ value }) => value.slice(0, -1)),
  "unclosed list": atLeaf(isList, ({ value }) => value.slice(0, -1)),
  "unclosed braces": (text, dice) => {
    const found = [...text.matchAll(/= ?\{[^\n{}]*\}/g)];
    if (found.length === 0) return null;
    const one = dice.pick(found);
    const end = one.index + one[0].length;
    return { text: text.slice(0, end - 1).trimEnd() + text.slice(end), touched: [] };
  },
  "unclosed header": atHeader((header) => header.slice(0, -1)),
  "comment in a header": atHeader(
    (header, { pick }) => `${header.slice(0, -1)} # ${pick(["my server", "todo", "see wiki"])}]`,
  ),
  "conflict marks": conflict,
  "cut off": cutOff,
  "NUL run": nulRun,
  invisible,
  "value and table": valueAndTable,
  "dotted key and header": dottedAndHeader,
  "braces and header": inlineAndHeader,
  "list and table": listAndTable,
  "header twice": twice,
  commas: (text, { below, pick }) => {
    const found = [...text.matchAll(/",[ \t]*"/g)];
    if (found.length === 0) return null;
    const one = pick(found);
    const put = below(2) ? one[0].replace(",", "") : one[0].replace(",", ",,");
    return {
      text: text.slice(0, one.index) + (put === '""' ? '" "' : put) + text.slice(one.index + one[0].length),
      touched: [],
    };
  },
  "other comments": (text, { pick }) => {
    const lines = headers(text);
    const at = pick(lines).index ?? 0;
    return {
      text: `${text.slice(0, at)}${pick(["// note", "-- note", "; note", "/* note */", "```toml"])}${eolOf(text)}${text.slice(at)}`,
      touched: [],
    };
  },
  "several at once": several,
};

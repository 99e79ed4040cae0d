/**
 * The environment as Codex has it: that of the process, and over it what `$CODEX_HOME/.env` sets. Values are for looking up
 * an address or a scheme, never for showing. Knows nothing of what a variable means.
 */
import { join } from "node:path";
import { isRefused } from "../codex/environment.ts";
import type { Host } from "../host/host.ts";
import { bytesAt } from "./try-read.ts";

export type Environment = {
  readonly values: Readonly<Record<string, string | undefined>>;
  /** The names that `.env` sets. */
  readonly inFile: ReadonlySet<string>;
};

/** The name of the file, beside config.toml. */
export const ENV_FILE = ".env";

/**
 * What `.env` sets takes the place of the process's own, even with nothing; names that begin with `CODEX_` it cannot set
 * (measured with 21 files, 0.134.0 and 0.171.0).
 */
export function clientEnvironment(host: Host, home: string): Environment {
  // A byte order mark stays: Codex takes it for a part of the first name.
  const bytes = bytesAt(host, join(home, ENV_FILE), LARGEST);
  const text = bytes && new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (text === null) return { values: host.env, inFile: new Set() };
  const own = assignmentsIn(text, host.env);
  for (const name of own.keys()) if (isRefused(name)) own.delete(name);
  return { values: { ...host.env, ...Object.fromEntries(own) }, inFile: new Set(own.keys()) };
}

const LARGEST = 1024 * 1024;

const NAME = /^[ \t]*(?:export\s+)?([A-Za-z_][\w.]*)\s*=[ \t]*/;

/** The assignments of a text; a line that is none is passed over, and what a later line sets counts. */
function assignmentsIn(text: string, around: Environment["values"]): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [start, name] = NAME.exec(line) ?? [];
    if (start === undefined || name === undefined) continue;
    const value = valueIn(line.slice(start.length), (other) => found.get(other) ?? around[other] ?? "");
    if (value !== null) found.set(name, value);
  }
  return found;
}

/** Lines, where an open quote goes on to the next one; what an unclosed quote begins is no line. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = "";
  for (const line of text.split(/\r?\n/)) {
    const whole = open === "" ? line : `${open}\n${line}`;
    if (isOpen(whole)) open = whole;
    else {
      lines.push(whole);
      open = "";
    }
  }
  return lines;
}

function isOpen(line: string): boolean {
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? "";
    if (char === "\\" && quote !== "'") i++;
    else if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === "#" && /^(?:|[\s\S]*\s)$/.test(line.slice(0, i))) return false;
    else if (char === '"' || char === "'") quote = char;
  }
  return quote !== "";
}

/** Null for what is no value, such as two words without quotes. */
function valueIn(text: string, look: (name: string) => string): string | null {
  let value = "";
  let rest = text;
  while (rest !== "" && !/^\s/.test(rest)) {
    const [part, single, double, bare] =
      /^'([^']*)'|^"((?:\\[\s\S]|[^"\\])*)"|^((?:\\[\s\S]|[^\s'"\\])+)/.exec(rest) ?? [];
    if (part === undefined) return null;
    value +=
      single ??
      (double ?? bare ?? "").replace(/\\([\s\S])|\$\{(\w+)\}|\$(\w+)/g, (_, char, braced, plain) =>
        char === undefined ? look(braced ?? plain) : char === "n" ? "\n" : char,
      );
    rest = rest.slice(part.length);
  }
  return /^\s*(?:#[\s\S]*)?$/.test(rest) ? value : null;
}

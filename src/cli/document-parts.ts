/** What several documents of `--json` are made of, and the forms that have a name of their own in the schema. */

import { SYMPTOMS } from "../doctor/evidence.ts";
import type { FindingCode } from "../findings/finding.ts";
import { FINDINGS } from "../findings/table.ts";
import {
  anyObject,
  count,
  exactly,
  type Form,
  flag,
  is,
  list,
  object,
  oneOf,
  orNull,
  text,
  texts,
} from "../model/form.ts";

export const keysOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) => Object.keys(table) as Key[];

const version = text("Its version.", /^\d+\.\d+\.\d+$/);
export const id = text("An entry's id; ids sort by age.", /^[0-9a-z]{11}-[0-9a-f]{6}$/);
const time = text("ISO 8601, in UTC.", /^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
export const fileName = text("A file's name inside the home.", /^([A-Za-z0-9_-]{1,64}\.)?config\.toml$/);
export const keyPath = text("A key as TOML spells it, dotted.");
export const line = orNull(count("The line in that file, counted from 1."));
export const column = orNull(count("The column in that line, counted from 1."));
export const homeDir = text("The Codex home, as an absolute path.");
export const verb = text("The verb and its subject.");
const reverts = list(id, "The entries that this one takes back.");

export const codex = object(
  {
    version,
    source: oneOf(["flag", "package", "asked", "assumed"], "How the version is known."),
    layout: oneOf(["table", "file"], "Whether profiles are tables in config.toml or files beside it."),
  },
  "The Codex that a home is edited for.",
);

export const file = object(
  {
    file: fileName,
    action: oneOf(["create", "modify", "delete"], "What happens to the file."),
    diff: text("A unified diff with secrets masked."),
  },
  "What is different in one file.",
);

const op = <const Name extends string, const More extends Readonly<Record<string, Form>>>(
  name: Name,
  about: string,
  more: More,
) => object({ op: exactly(name, "Which step this is."), file: fileName, ...more }, about);

const place = object(
  { file: fileName, path: text("The table it goes into; empty for the top of the file.") },
  "Where it goes.",
);
const ops = {
  "op-set": op("set", "Gives a key a value.", {
    path: keyPath,
    value: text("The value in TOML, with secrets masked."),
  }),
  "op-unset": op("unset", "Takes a key away.", { path: keyPath }),
  "op-move": op("move", "Carries a key or table elsewhere, as it is spelled.", { path: keyPath, to: place }),
  "op-reinsert": op("reinsert", "Brings a setting back as an earlier text of its file has it.", { path: keyPath }),
  "op-splice": op("splice", "Corrects places of a text that does not parse.", {}),
  "op-write": op("write", "Writes a file anew.", {}),
};
const anyOp: Form<object> = {
  schema: { oneOf: keysOf(ops).map((name) => ({ $ref: `#/$defs/${name}` })) },
  about: "One step of a fix; a file checked by itself goes by the name config.toml.",
};

const steps = list(anyOp, "Its steps.", { minItems: 1 });
const fixes = {
  "fix-safe": object(
    {
      kind: exactly("safe", "Codex uses afterwards what it used before, or the text has one reading."),
      reason: text("Why it is safe, in words."),
      ops: steps,
    },
    "A fix that `doctor --fix` makes.",
  ),
  "fix-choice": object(
    {
      kind: exactly("choice", "Only a person takes one of these."),
      id: text("Its id, for `doctor --fix --choose ID=N`, where N counts from 1."),
      reason: text("What hangs on it, in words."),
      options: list(object({ label: text("What it does, in words."), ops: steps }, "One way."), "The ways there are.", {
        minItems: 1,
      }),
    },
    "A fix that is a person's to choose.",
  ),
};
const anyFix: Form<object> = {
  schema: { oneOf: keysOf(fixes).map((name) => ({ $ref: `#/$defs/${name}` })) },
  about: "What makes a finding go away.",
};

const findingOf = <Name extends string | null>(name: Form<Name>, about: string) =>
  object(
    {
      code: oneOf(keysOf(FINDINGS) as readonly FindingCode[], "What it is, from a closed list."),
      severity: oneOf(["error", "warning", "info"], "How much it matters."),
      file: name,
      path: orNull(keyPath, "The key it is about."),
      line,
      column,
      stops: orNull(
        oneOf(["load", "strict"], "What does not accept it, Codex itself or only --strict-config; null when both do."),
      ),
      message: text("One sentence for people."),
      hints: texts("What helps against it, the last of them with a command to paste."),
      args: anyObject("What the sentence is made of; the members depend on the code."),
      fix: orNull(anyFix, "What makes it go away; null when there is nothing to give."),
    },
    about,
    { allOf: [{ $ref: "#/$defs/findingArgs" }] },
  );
export const finding = findingOf(orNull(fileName, "The file it is about."), "Something worth knowing.");
export const checkedFinding = findingOf(
  orNull(text("The file it is about; one checked by itself has the name it was given.")),
  "Something that a check found.",
);

/** What each code's arguments are: a definition of its own for each, and which belongs to which. */
const args = Object.fromEntries(
  Object.entries(FINDINGS).map(([code, row]) => [`args-${code}`, object(row.args, `What a finding ${code} carries.`)]),
);
const findingArgs: Form<object> = {
  schema: {
    oneOf: keysOf(FINDINGS).map((code) => ({
      type: "object",
      properties: { code: { const: code }, args: { $ref: `#/$defs/args-${code}` } },
    })),
  },
  about: "Which arguments belong to which code.",
};

export const newEntry = object({ id, time, reverts }, "The entry of history that a change has made.");

const touch = object(
  { file: fileName, path: keyPath, kind: oneOf(["added", "changed", "removed"], "What became of the key.") },
  "One key.",
);
const entryMembers = {
  id,
  time,
  by: oneOf(["codex-cfg", "others"], "Who did it: codex-cfg, or somebody else, be it Codex, an editor or a crash."),
  command: verb,
  preset: orNull(text("The preset applied, when one was.")),
  reverts,
  live: flag("Whether it still counts; false once it has been taken back as a whole."),
  state: oneOf(["in-force", "partly", "taken-back"], "How much of it still counts."),
  left: list(
    object({ file: fileName, path: keyPath }, "One key."),
    "Of a change taken back in part, what still counts.",
  ),
  merged: list(id, "The changes that were made into this one; they can only be taken back together."),
  files: list(fileName, "The files it wrote.", { minItems: 1 }),
  touched: list(touch, "The keys it touched, without their values; of what others did the first ones."),
  counts: orNull(
    object(
      {
        added: count("How many came.", 0),
        changed: count("How many got another value.", 0),
        removed: count("How many went.", 0),
      },
      "How many keys others touched.",
    ),
    "How many keys others touched; null for what codex-cfg did.",
  ),
  kept: list(
    object({ file: fileName, path: keyPath }, "One key."),
    "What a revert left in place, where it still counts.",
  ),
};
export const entry = object(entryMembers, "An entry of history.");
export const changeInForce = object(
  { ...entryMembers, drift: list(fileName, "Files that somebody else has changed since.") },
  "A change that nobody has taken back.",
);

export const pending = object(
  {
    id,
    committed: flag("Whether it is past the point of no return, so that the next writing command finishes it."),
    damaged: flag("Whether it cannot be read."),
    newer: flag("Whether a newer codex-cfg began it, so that only such a one can finish it."),
    running: flag("Whether somebody may be at work on it right now."),
    files: list(fileName, "The files it is about."),
  },
  "A transaction that has not reached its end.",
);

export const server = object(
  {
    name: text("Its name."),
    transport: orNull(
      oneOf(["stdio", "http"], "How it is reached; null when no file sets that, and Codex does not load it."),
    ),
    enabled: flag("Whether Codex starts it."),
    required: flag("Whether Codex refuses to start without it."),
    target: text("Its program with arguments, or its address, with secrets masked."),
    definedIn: texts("The files that say something about it, the last of them with the last word."),
  },
  "An MCP server.",
);

export const store = object(
  {
    key: text("The setting.", /^(cli_auth|mcp_oauth)_credentials_store$/),
    value: text("The store that counts."),
    set: flag("Whether the home sets it; else it is the default."),
    values: list(
      text(undefined, /^(file|keyring|auto|ephemeral)$/),
      "The stores that this release takes; empty when it does not know the setting.",
      { uniqueItems: true },
    ),
    since: text("The first release that knows the setting.", /^\d+\.\d+\.\d+$/),
  },
  "A setting that chooses where credentials live.",
);

export const provider = object(
  {
    id: text("Its id."),
    builtIn: flag("Whether Codex has it without a table."),
    name: orNull(text("Its display name; null when no table gives one.")),
    host: orNull(text("The host of its address; null when Codex picks it.")),
    key: orNull(text("Where its key comes from, in words; null when no table sets one.")),
    usedBy: texts("The files and legacy profiles that choose it."),
  },
  "A model provider.",
);

export const preset = object(
  {
    name: text("Its name."),
    description: text("What it does, in its own words."),
    origin: text("The file it is from, or that it is built in."),
    parameters: texts("The names of its parameters."),
  },
  "A preset.",
);

export const chats = object(
  { id: text("The provider's id."), chats: count("How many of the newest thousand chats need it.") },
  "Chats of one provider.",
);

export const symptom = object(
  {
    symptom: oneOf(SYMPTOMS, "Its name."),
    found: flag("Whether something points to it."),
    evidence: list(finding, "What is known of it."),
    action: is(finding, "The first thing to do about it."),
  },
  "Something that users see, and what is known of it here.",
);

export const layer = object(
  {
    layer: oneOf(["managed", "profile", "project", "system", "user"], "Whose file it is."),
    path: text("The file, as an absolute path."),
    line: count("The line of the value."),
    value: text("The value in TOML, secrets masked, or what a table holds."),
    heeded: flag("Whether Codex uses such a setting there, and does not ignore it."),
    wins: flag("Whether this value counts."),
  },
  "The value that one file gives a setting.",
);

const example = object(
  {
    text: text("A config.toml."),
    release: version,
    stops: orNull(oneOf(["load", "strict"], "What does not accept it; null where Codex takes it.")),
    says: list(
      object({ since: version, words: text("What it says; empty where it takes it.") }, "What Codex says of it."),
      "Its words, and since when.",
    ),
    fixes: list(
      object(
        {
          kind: oneOf(["safe", "choice"], "Whether `doctor --fix` makes it, or a person chooses it."),
          reason: text("Why, in words."),
          label: orNull(text("What it does, of a choice.")),
          after: text("The config.toml after it."),
        },
        "One way to fix it.",
      ),
      "The ways to fix it.",
    ),
  },
  "The smallest config that has a finding.",
);
export const codePage = object(
  {
    code: oneOf(keysOf(FINDINGS) as readonly FindingCode[], "The code."),
    sentence: text("What it says, of the example or with made-up names."),
    hints: texts("What helps against it."),
    example: orNull(example, "The smallest config that has it; null for what depends on a machine or a change."),
  },
  "What one code means.",
);

/** Forms with a name of their own in the schema. */
export const PARTS: Readonly<Record<string, Form>> = {
  ...{ codex, id, time, fileName, keyPath, file, finding, checkedFinding, findingArgs, newEntry, entry, changeInForce },
  ...{
    pending,
    server,
    store,
    provider,
    preset,
    chats,
    symptom,
    layer,
    op: anyOp,
    fix: anyFix,
    ...ops,
    ...fixes,
    ...args,
  },
};

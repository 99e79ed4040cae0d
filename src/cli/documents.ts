/**
 * The documents of `--json`, each in one form: types for whoever prints one, and the public schema, which
 * `scripts/output-schema.js` writes from here. The program itself does not read it.
 */

import { LOGIN_VARIABLES } from "../codex/environment.ts";
import { type ErrorCode, EXIT_CODES } from "../model/error.ts";
import {
  anything,
  count,
  type Form,
  flag,
  is,
  list,
  number,
  object,
  oneOf,
  orNull,
  text,
  texts,
} from "../model/form.ts";
import {
  changeInForce,
  chats,
  checkedFinding,
  codePage,
  codex,
  column,
  entry,
  file,
  fileName,
  finding,
  homeDir,
  id,
  keyPath,
  keysOf,
  layer,
  line,
  newEntry,
  pending,
  preset,
  provider,
  server,
  store,
  symptom,
  verb,
} from "./document-parts.ts";

const findings = list(finding, "What is worth knowing about the change.");
const changed = flag("Whether there is a difference at all.");
const editedFor = is(codex, "The Codex that the home is edited for.");
const checkedFor = is(codex, "The Codex that it is checked for.");

/** A JSON Schema rule: the form of some members where the member `name` has the form `is`. */
const when = (name: string, is: object, then: object, otherwise?: object) => ({
  if: { properties: { [name]: is } },
  // biome-ignore lint/suspicious/noThenProperty: the word is JSON Schema's.
  then: { properties: then },
  ...(otherwise ? { else: { properties: otherwise } } : {}),
});
const NULL = { type: "null" };

const errorCodes = keysOf(EXIT_CODES);
const exits = [...new Set(Object.values(EXIT_CODES))];

/** The documents by their kind, in the order of the schema; `schemaVersion` and `kind` come before the members. */
export const DOCUMENTS = {
  change: object(
    {
      command: verb,
      codexHome: homeDir,
      codex: orNull(codex, "The Codex that the home is edited for; null when nothing had to be looked at."),
      dryRun: flag("Whether nothing was to be written."),
      changed,
      files: list(file, "The files that differ."),
      findings,
      entry: orNull(
        newEntry,
        "The new entry of history; null when nothing was written; without a difference when a change only counts as taken back now.",
      ),
    },
    "What a writing command did, or would do on a dry run.",
    {
      allOf: [
        when(
          "changed",
          { const: false },
          { files: { type: "array", maxItems: 0 } },
          { files: { type: "array", minItems: 1 } },
        ),
        when("dryRun", { const: true }, { entry: NULL }),
      ],
    },
  ),
  error: object(
    {
      error: object(
        {
          code: oneOf(errorCodes as readonly ErrorCode[], "The reason, from a closed list."),
          exitCode: number(exits, "The exit code of the process, which follows from the reason."),
          message: text("One sentence for people."),
          path: orNull(text("The file or folder it is about.")),
          line,
          column,
          hints: texts("What helps, the last of them with a command to paste."),
        },
        "What went wrong.",
        {
          oneOf: exits.map((exit) => ({
            properties: {
              code: { enum: errorCodes.filter((code) => EXIT_CODES[code] === exit) },
              exitCode: { const: exit },
            },
          })),
        },
      ),
    },
    "Why a command did not do what it was asked.",
  ),
  history: object(
    {
      codexHome: homeDir,
      entries: list(entry, "What was done, by codex-cfg and by others, newest first."),
      pending: list(pending, "Changes that are not at their end, and so not among the entries."),
    },
    "What was done to this home.",
  ),
  record: object(
    {
      codexHome: homeDir,
      entry: orNull(entry, "What others did; null when that is nothing, or when this was the first look."),
    },
    "The state of now is kept.",
  ),
  show: object(
    {
      codexHome: homeDir,
      entry: orNull(entry, "The change; null when there is none yet."),
      files: list(file, "What it did to each file."),
    },
    "One change as it was made.",
  ),
  diff: object(
    {
      codexHome: homeDir,
      since: orNull(id, "The change compared with; null when there is none yet."),
      changed,
      files: list(file, "The files that differ now."),
    },
    "What others have done to the files since a change.",
  ),
  status: object(
    {
      codexHome: homeDir,
      codex: editedFor,
      health: object(
        {
          loads: flag("Whether Codex starts with it, as far as `validate` can tell."),
          errors: count("How many errors `validate` finds.", 0),
          warnings: count("How many warnings it finds.", 0),
          provider: orNull(text("What a plain start uses; null where config.toml cannot be read.")),
          transport: orNull(oneOf(["websocket", "http"], "How its requests begin.")),
          profile: orNull(text("The profile that counts for every start; null for none.")),
        },
        "Whether the home does what it is there for.",
      ),
      provider: orNull(text("The provider of a plain start; null when that cannot be told.")),
      problem: orNull(text("Why that cannot be told.")),
      profiles: orNull(
        texts("The profiles, in the layout that this Codex reads; null when config.toml cannot be read."),
      ),
      profile: orNull(text("The profile that config.toml chooses for every start, in the layout of older releases.")),
      servers: orNull(
        object(
          { on: count("How many Codex starts.", 0), off: count("How many it does not.", 0) },
          "How many MCP servers of config.toml are on and off; null when it cannot be read.",
        ),
      ),
      stores: orNull(
        list(store, "The settings that say where credentials live; null when config.toml cannot be read."),
      ),
      chats: list(chats, "The providers with a table of their own that chats need."),
      changes: list(changeInForce, "The changes in force, oldest first."),
      bisect: orNull(
        object(
          {
            on: texts("The servers that are on for the next look."),
            left: orNull(count("How many looks are left at most if one server is to blame; null at the end.", 0)),
          },
          "The search for a failing MCP server that is under way; null when there is none.",
        ),
      ),
      lost: list(finding, "What others have taken from the files since the newest change of codex-cfg."),
      pending: list(pending, "Transactions that have not reached their end."),
      findings: list(finding, "What is worth knowing about the release."),
    },
    "The home at one glance.",
  ),
  "mcp-list": object(
    {
      codexHome: homeDir,
      codex: editedFor,
      profile: orNull(text("The profile they are listed for.")),
      servers: list(server, "The servers, in the order they are written in."),
    },
    "The MCP servers that a start in this folder would see.",
  ),
  "mcp-bisect": object(
    {
      codexHome: homeDir,
      servers: texts("The servers that were on when it began; empty when there is no search."),
      on: texts("Those of them that are on now."),
      answers: list(
        object(
          { on: texts("The servers that were on."), fails: flag("Whether it failed.") },
          "What was seen with some of them on.",
        ),
        "What was seen so far, oldest first.",
      ),
      left: orNull(count("How many tries are left, at most if one server is to blame; null at the end.")),
      verdict: orNull(oneOf(["found", "no-server", "no-failure"], "How it ended; null while it goes on.")),
      culprits: texts("The servers that make it fail together."),
      stopped: orNull(text("Why a command could not carry it on.")),
    },
    "Where the search for a failing MCP server stands.",
  ),
  validate: object(
    {
      file: orNull(text("The file checked, as it was named; null when the home was.")),
      codexHome: orNull(homeDir, "The Codex home, as an absolute path; null when a file was checked."),
      codex: checkedFor,
      profile: orNull(text("The profile that Codex would be started with.")),
      view: oneOf(
        ["loads", "strict"],
        "Whether it is checked as a plain start reads it or as one with --strict-config.",
      ),
      loads: flag("Whether Codex starts with it: with the profile asked for, else without one."),
      strict: flag("Whether Codex starts with it and --strict-config."),
      findings: list(checkedFinding, "What is wrong, in the order of files and lines."),
    },
    "Everything that is wrong with a config, for one release of Codex.",
    {
      allOf: [
        when(
          "file",
          NULL,
          {
            codexHome: { type: "string" },
            findings: { type: "array", items: { $ref: "#/$defs/finding" } },
          },
          { codexHome: NULL },
        ),
        when("loads", { const: false }, { strict: { const: false } }),
      ],
    },
  ),
  describe: object({ findings: list(codePage, "The codes asked for, by name.") }, "What the codes of findings mean."),
  get: object(
    {
      codexHome: homeDir,
      file: is(fileName, "The file it was looked for in."),
      key: is(keyPath, "The key asked for, as TOML spells it."),
      found: flag("Whether the file has it."),
      value: anything("The value, with secrets masked; text where JSON has no such value."),
      raw: orNull(text("The value as the file spells it; null for an array of tables and for what is not set.")),
    },
    "The value of one setting.",
    {
      allOf: [
        when(
          "found",
          { const: true },
          { value: { type: ["string", "number", "boolean", "array", "object"] } },
          { value: NULL, raw: NULL },
        ),
      ],
    },
  ),
  "auth-store": object(
    {
      codexHome: homeDir,
      stores: list(store, "The settings that say where.", { minItems: 2, maxItems: 2 }),
      authMode: oneOf(
        ["chatgpt", "apikey", "none", "unknown"],
        "The kind of the login in auth.json; none where there is no such file.",
      ),
      variables: list(oneOf(LOGIN_VARIABLES), "The variables set here that stand in for a stored login, by name.", {
        uniqueItems: true,
      }),
      keyring: oneOf(["reachable", "unreachable", "unknown"], "Whether a keyring answers here."),
    },
    "Where credentials live; never a credential.",
  ),
  "provider-list": object(
    { codexHome: homeDir, providers: list(provider, "The providers, Codex's own first.") },
    "The model providers that this home can choose.",
  ),
  presets: object(
    { codexHome: homeDir, presets: list(preset, "The presets, the built-in ones first.", { minItems: 1 }) },
    "What the command apply can bring in.",
  ),
  migrate: object(
    {
      codexHome: homeDir,
      codex: checkedFor,
      needed: flag("Whether there is anything to migrate."),
      steps: list(
        object({
          profile: text("The profile, by the name it has from now on."),
          from: text("Where it is, in words for people."),
          to: text("Where it goes, in words for people."),
        }),
        "What finds a new place, in the order of the files.",
      ),
      findings,
    },
    "What `migrate` would move, by `migrate --check`.",
  ),
  doctor: object(
    {
      codexHome: homeDir,
      codex: editedFor,
      symptoms: list(symptom, "The symptoms found, or the one asked for."),
      logs: texts("The names of the logs that were read."),
      findings: list(finding, "What could not be looked at, or is not known of this release."),
    },
    "What is wrong on a machine, by what users see.",
  ),
  report: object({ codexHome: homeDir, report: text("The text, without secrets.") }, "What to paste into an issue."),
  explain: object(
    {
      codexHome: homeDir,
      key: text("The setting, dotted."),
      profile: orNull(text("The profile Codex would be started with.")),
      layers: list(layer, "What the files say, lowest first."),
    },
    "Which file has the last word on a setting.",
  ),
  completion: object(
    {
      shell: oneOf(["bash", "zsh", "fish", "powershell"], "Which shell it is for."),
      load: text("Where to put which line, so that every shell loads it."),
      script: text("The script itself."),
    },
    "The completion script of a shell.",
  ),
  version: object({ version: text("The version of codex-cfg.") }, "The version of this program."),
};

export type Kind = keyof typeof DOCUMENTS;

/** The members of a document of this kind, without `schemaVersion` and `kind`. */
export type Body<One extends Kind> = (typeof DOCUMENTS)[One] extends Form<infer Type> ? Type : never;

/** What is wrong with a config: with its text, its keys and their values. */
import { anyObject, count, object, oneOf, orNull, text } from "../../model/form.ts";
import { key, keys, near, words } from "../args.ts";
import { listed, row } from "../row.ts";

export const CONFIG = {
  // No file, no UTF-8, or nobody may look.
  "unreadable-file": row({ words }, ({ words }) => `cannot be read: ${words}`),
  // What a check of that file finds follows as a sentence of its own.
  "project-stops": row(
    {
      path: text("The project's config."),
      line: orNull(count("Where it stands there; null where that is no one line.")),
      because: object(
        { code: text("The code of that finding."), args: anyObject("What it carries.") },
        "What a check of that file finds.",
      ),
    },
    ({ line, path }) => `Codex does not start in this project because of ${path}${line === null ? "" : `:${line}`}`,
  ),
  "project-ignores": row(
    { path: text("The project's config."), line: count("The line of the first one."), keys },
    ({ keys, line, path }) =>
      `${path}:${line}: Codex ignores ${listed(keys)} in a project's config; ${keys.length === 1 ? "it counts" : "they count"} in the Codex home`,
  ),
  "duplicate-key": row(
    { key, line: count("The line of the first one.") },
    ({ key, line }) => `${key} is defined a second time; the first is in line ${line}`,
  ),
  "wrong-type": row(
    { key, expected: text("What the key takes, in words.") },
    ({ key, expected }) => `${key} takes ${expected}`,
  ),
  "missing-key": row({ key }, ({ key }) => `${key} is missing`),
  "unknown-key": row(
    { key, near },
    ({ key, near }) =>
      `${key} is no setting of this Codex, which ignores it${near === null ? "" : `; did you mean ${near}?`}`,
  ),
  // The installed client refuses it, and no rule of ours says why.
  "codex-says": row(
    { key: orNull(text("The key, dotted; null where Codex names none.")), words },
    ({ key, words }) => `Codex refuses ${key ?? "the file"}: ${words}`,
  ),
  // Another table has it, or the top of the file.
  "misplaced-key": row(
    {
      key,
      table: text("The table that it stands in; empty for the top of the file."),
      to: orNull(
        text(
          "The table that it belongs to, empty for the top; null where it is of every start and `table` of one thing.",
        ),
      ),
    },
    ({ key, table, to }) =>
      to === null
        ? `[${table}] has no ${key} of its own; Codex takes it at the top of the file only, for every start`
        : `${key} belongs ${to === "" ? "to the top of the file" : `under [${to}]`}, not ${table === "" ? "at the top of the file" : `under [${table}]`}`,
  ),
  "beaten-setting": row(
    { key, by: text("The setting that counts instead.") },
    ({ key, by }) => `${key} does nothing beside ${by}, which says what Codex may do`,
  ),
  "deprecated-feature": row({ key }, ({ key }) => `${key} is deprecated, and Codex warns of it at every start`),
  "ineffective-key": row(
    { keys },
    ({ keys }) => `${listed(keys)} ${keys.length === 1 ? "does" : "do"} nothing any more`,
  ),
  "alias-conflict": row(
    { key: text("The one name."), other: text("The other name.") },
    ({ key, other }) => `${key} and ${other} are one setting by two names`,
  ),
  "removed-value": row({ key }, ({ key }) => `${key} has a value that this Codex no longer takes`),
  "removed-key": row({ key }, ({ key }) => `this Codex does not start with ${key}`),
  "too-small": row(
    { key, least: count("The least that it may be.", 0) },
    ({ key, least }) => `${key} must be ${least} at least`,
  ),
  "empty-value": row({ key }, ({ key }) => `${key} must not be empty`),
  // TOML's integers have 64 bits.
  "integer-range": row({ key }, ({ key }) => `${key} is beyond the 64 bits that an integer has`),
  "wait-order": row(
    { key },
    ({ key }) => `${key}: min_wait_timeout_ms, default_wait_timeout_ms and max_wait_timeout_ms must rise`,
  ),
  "threads-conflict": row({}, () => "agents.max_threads cannot stand beside the feature multi_agent_v2"),
  "filters-conflict": row(
    { key },
    ({ key }) => `${key} cannot stand beside shell_environment_policy.filters, which replaces it`,
  ),
  keybinding: row(
    { key },
    ({ key }) => `${key} holds what is no key: write it like ctrl-a, shift-enter, page-up or f5`,
  ),
  "preset-slot": row(
    { name: text("The slot's name.") },
    ({ name }) => `tui.presets has no slot ${JSON.stringify(name)}; they are 0 to 9`,
  ),
  "missing-file": row({ key }, ({ key }) => `the file that ${key} names cannot be read`),
  "not-json": row({ key }, ({ key }) => `the file that ${key} names is not JSON`),
  "permissions-default": row(
    { reason: oneOf(["missing", "no-table", "undefined", "unknown-builtin"], "What is wrong with it.") },
    ({ reason }) =>
      ({
        missing: "[permissions] needs default_permissions to say which profile counts",
        "no-table": "default_permissions names a profile, and there is no [permissions] table",
        undefined: "default_permissions names a profile that [permissions] does not have",
        "unknown-builtin": "default_permissions names a built-in profile that does not exist",
      })[reason],
  ),
  "permissions-name": row(
    { name: text("The profile's name.") },
    ({ name }) => `[permissions.${name}]: names that begin with a colon are Codex's own`,
  ),
  "permissions-extends": row(
    { name: text("The profile's name."), reason: oneOf(["undefined", "built-in", "cycle"], "Why it cannot.") },
    ({ name, reason }) =>
      `[permissions.${name}] extends ${
        {
          undefined: "a profile that is not defined",
          "built-in": "a built-in profile that cannot be extended",
          cycle: "itself, by way of the profiles it extends",
        }[reason]
      }`,
  ),
  "permissions-path": row(
    { name: text("The place, as it is written.") },
    ({ name }) =>
      `${JSON.stringify(name)} is no place of a permission profile: from the top (/, ~ or :name), below one without .., patterns only to deny`,
  ),
  "permissions-domain": row(
    { name: text("The pattern.") },
    ({ name }) => `${JSON.stringify(name)} cannot be denied: name hosts, or *.example.com`,
  ),
};

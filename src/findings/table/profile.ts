/** Findings about profiles: what keeps one from starting, and what a migration does to it. */
import { count, text, texts } from "../../model/form.ts";
import { argvOf } from "../../model/hint.ts";
import { plural } from "../../text/plural.ts";
import { word } from "../../text/shell-quote.ts";
import { key, keys, profile } from "../args.ts";
import { header, listed, row } from "../row.ts";

const table = (profile: string) => header("profiles", profile);

export const PROFILE = {
  "legacy-selector": row(
    { profile },
    ({ profile }) => `this Codex does not start with profile = "${profile}"`,
    ({ profile }) => [
      { note: "start it with", shell: `codex --profile ${word(profile)}` },
      { note: "what takes such a line out, and moves a profile of older releases", argv: ["migrate"] },
    ],
  ),
  // Codex silently goes on without it.
  "no-profile-file": row(
    { profile },
    ({ profile }) => `there is no ${profile}.config.toml; Codex would go on without a word and without it`,
  ),
  "undefined-profile": row({ profile }, ({ profile }) => `no profile ${profile} is defined`),
  // Since 0.134.
  "legacy-table": row(
    { profile },
    ({ profile }) => `--profile ${profile} does not start while config.toml has ${table(profile)}`,
    () => [{ note: "what puts it right", argv: ["migrate"] }],
  ),
  "use-changed": row(
    { profile, keys },
    ({ profile, keys }) =>
      `changed while ${profile} was in use, so they stay as they are in config.toml: ${listed(keys)}`,
    ({ profile }) => [
      {
        note: "to have them in the profile instead, before another one is used",
        argv: argvOf("profile save", [profile]),
      },
    ],
  ),
  "use-permits": row(
    { keys },
    ({ keys }) =>
      `what Codex may do changes for every start, the IDE extension and the desktop app included: ${listed(keys)}`,
  ),
  "use-chats": row(
    {
      from: text("The provider so far."),
      to: text("The provider from now on."),
      leave: count("How many of the newest thousand chats belong to the first.", 0),
      come: count("How many belong to the second.", 0),
    },
    ({ come, from, leave, to }) =>
      `Codex lists the chats of its provider only: ${plural(leave, "chat")} of ${from} are out of sight until it is used again, ${plural(come, "chat")} of ${to} come back`,
  ),
  "use-restart": row(
    {},
    () => "it counts from the next start on; a running session, editor window or desktop app has to be started again",
  ),
  "use-forgotten": row(
    { profile },
    ({ profile }) =>
      `config.toml holds all that ${profile} sets, and the history does not say who put it there; as it is, it counts as the config without a profile`,
  ),
  "use-also-changed": row(
    { profile, keys },
    ({ keys }) => `also changed since, and no settings of the profile: ${listed(keys)}`,
    ({ keys, profile }) => [{ note: "to take one along", argv: argvOf("profile save", [profile, keys[0] ?? "KEY"]) }],
  ),
  "profiles-in-tables": row(
    { profiles: texts("The profiles.") },
    ({ profiles }) => `config.toml has tables of profiles that only older releases read: ${listed(profiles)}`,
    () => [{ note: "what moves them into files", argv: ["migrate"] }],
  ),
  // Codex silently goes on without a profile that is not there.
  "old-profile-name": row(
    { profile: text("The name it had."), name: text("The name it has from now on.") },
    ({ profile, name }) =>
      `scripts that say --profile ${profile} start without it from now on, and Codex does not mention it; they need --profile ${name}`,
  ),
  "profile-renamed": row(
    { profile: text("The name it had."), name: text("The name it has from now on.") },
    ({ profile, name }) => `${table(profile)} moves to ${name}.config.toml; start Codex with: codex --profile ${name}`,
  ),
  "profile-joins": row(
    { profile, keys },
    ({ profile, keys }) =>
      `${profile}.config.toml is there already and brings to the profile what the table did not have: ${listed(keys)}`,
  ),
  "profile-was-default": row(
    { profile: text("The profile, by the name it had.") },
    ({ profile }) =>
      `profile = "${profile}" chose it at every start, in the IDE extension and the desktop app, too, which read no profile files`,
    () => [{ note: "to keep that", argv: ["migrate", "--as-default"] }],
  ),
  "profile-is-default": row(
    { profile },
    ({ profile }) =>
      `${table(profile)} moves to the top of config.toml, for every start; there is no ${profile}.config.toml then, and --profile ${profile} changes nothing`,
  ),
  "default-shows-through": row(
    {
      profile: text("The profile whose keys went to the top of config.toml."),
      others: texts("The other profiles."),
      keys,
    },
    ({ profile, others, keys }) =>
      `other profiles were laid over config.toml without ${profile}; from now on they (${listed(others)}) have beneath them what it sets: ${listed(keys)}`,
  ),
  "profile-to-table": row(
    { profile: text("The profile, by the name of its file."), name: text("The name of its table.") },
    ({ profile, name }) => `${profile}.config.toml becomes ${table(name)} of config.toml, where this Codex reads it`,
  ),
  // A legacy profile ignores the key, a profile's file does not.
  "newly-effective-key": row(
    { profile, key },
    ({ profile, key }) =>
      `${key} did nothing in ${table(profile)}, and counts where it is now; if that is not wanted, remove it`,
  ),
  "table-value-mismatch": row(
    { profile, key },
    ({ profile, key }) =>
      `${key} is a table on one side of config.toml and the profile ${profile} and a plain value on the other: a profile file replaces it, a legacy profile did not; see that it is what you want`,
  ),
  "shadowed-alias": row(
    { profile, key: text("The name that the profile has."), other: text("The name that the root has.") },
    ({ profile, key, other }) =>
      `${key} of the profile ${profile} and ${other} of config.toml are one setting by two names: the profile's counted, and from now on ${other} does; give it the value you want`,
  ),
};

/** `codex-cfg status`: the home at one glance. */
import type { Command } from "commander";
import { type ActiveChange, type ConfigStatus, type HomeStatus, status as statusOf } from "../../actions/status.ts";
import { interruptedChanges } from "../../check/interrupted.ts";
import type { Context, Run } from "../context.ts";
import { codexJson, entryJson, pendingJson } from "../json.ts";
import { damagedWords, newerWords, type Output } from "../output.ts";

export function register(program: Command, run: Run): void {
  program
    .command("status")
    .description(
      "Shows the home, the Codex it is edited for, the provider in use, profiles, MCP servers, where credentials live, the\n" +
        "changes in force and whether anybody has touched them since. Exit code 1 when config.toml cannot be read, or a change\n" +
        "was interrupted midway.",
    )
    .addHelpText("after", "\nExample:\n  codex-cfg status --json\n")
    .action(() => run(async (context) => status(context)));
}

function status({ home, output }: Context): number {
  const { layout, mute, source, version } = home.codex;
  const origin = mute === undefined ? SOURCES[source] : `${mute} does not say its version, newest known one taken`;
  const { bisect, changes, chats, config, pending } = statusOf(home);
  output.row("home", home.dir);
  output.row("codex", `${version} (${origin}), profiles in ${layout.where}`);
  showConfig(output, config);
  for (const { id, chats: count } of chats) output.row("chats", `${count} need [model_providers.${id}]`);
  showChanges(output, changes);
  if (bisect) output.row("bisect", bisectWords(output, bisect));
  const interrupted = interruptedChanges(home, "warning");
  for (const one of pending.filter(isHarmless)) output.row("pending", `${one.id}  ${pendingWords(one)}`);
  for (const one of interrupted) output.row("pending", output.text(one));
  if (home.history.damaged.length > 0) output.row("damaged", damagedWords(home.history.damaged));
  if (home.history.newer.length > 0) output.row("newer", newerWords(home.history.newer));
  output.document("status", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    ...config,
    chats,
    changes: changes.map(({ entry, drift }) => ({ ...entryJson(entry, true), drift })),
    bisect,
    pending: pendingJson(pending),
  });
  return config.problem === null && interrupted.length === 0 ? 0 : 1;
}

type Pending = HomeStatus["pending"][number];

const isHarmless = ({ committed, damaged, newer, running }: Pending) => running || !(committed || damaged || newer);

function pendingWords({ running }: Pending): string {
  return running
    ? "being made right now"
    : "interrupted before it wrote anything; the next command that writes removes what is left of it";
}

function showConfig(output: Output, { problem, profile, profiles, provider, servers, stores }: ConfigStatus): void {
  output.row("provider", problem ?? `${provider}`);
  if (profiles && profiles.length > 0)
    output.row("profiles", profiles.map((name) => (name === profile ? `${name} (chosen)` : name)).join(", "));
  if (servers) output.row("mcp", `${servers.on} on, ${servers.off} off`);
  const known = (stores ?? []).filter(({ values }) => values.length > 0);
  const says = known.map(({ key, set, value }) => `${LOGINS[key]}${value}${set ? "" : " (default)"}`);
  if (says.length > 0) output.row("logins", says.join(", "));
}

/** The newest ones; there is room for no more at one glance. */
function showChanges(output: Output, changes: readonly ActiveChange[]): void {
  for (const { drift, entry } of changes.slice(-SHOWN).reverse()) {
    const state = drift.length === 0 ? "untouched" : `changed since: ${drift.join(", ")}`;
    output.row("change", `${entry.id}  ${entry.time.slice(0, 10)}  ${entry.command}  ${state}`);
  }
  if (changes.length > SHOWN)
    output.row("", `and ${changes.length - SHOWN} before; see: ${output.command(["history"])}`);
  if (changes.length === 0) output.row("change", "none in force");
}

function bisectWords(output: Output, { left, on }: NonNullable<HomeStatus["bisect"]>): string {
  const command = (verb: string) => output.command(["mcp", "bisect", verb]);
  const next = left === null ? `at its end: ${command("reset")}` : `${command("good")}, or bad`;
  return `on: ${on.join(", ") || "none"}; ${next}`;
}

const SHOWN = 5;

const LOGINS: Readonly<Record<string, string>> = {
  cli_auth_credentials_store: "",
  mcp_oauth_credentials_store: "of MCP servers ",
};

const SOURCES = {
  flag: "as told by --codex-version",
  package: "npm package on PATH",
  asked: "asked on PATH",
  assumed: "none found on PATH, newest known one taken",
} as const;

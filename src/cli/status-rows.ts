/** How `codex-cfg status` shows a home: one row for each thing that there is to say. */
import type { HomeHealth } from "../actions/health.ts";
import type { ActiveChange, ConfigStatus, HomeStatus } from "../actions/status.ts";
import { interruptedChanges } from "../check/interrupted.ts";
import { lossFinding } from "../check/losses.ts";
import type { Home } from "../home.ts";
import { plural } from "../text/plural.ts";
import { damagedWords, newerWords, type Output } from "./output.ts";

export function showStatus(
  output: Output,
  home: Home,
  { bisect, changes, chats, config, lost, pending }: HomeStatus,
): void {
  const { layout, mute, source, version } = home.codex;
  const origin = mute === undefined ? SOURCES[source] : `${mute} does not say its version, newest known one taken`;
  output.row("home", home.dir);
  output.row("codex", `${version} (${origin}), profiles in ${layout.where}`);
  showConfig(output, config);
  for (const loss of lost) output.row("lost", output.text(lossFinding(loss, "warning")));
  for (const { id, chats: count } of chats) output.row("chats", `${count} need [model_providers.${id}]`);
  showChanges(output, home, changes);
  if (bisect) output.row("bisect", bisectWords(output, bisect));
  for (const one of pending) output.row("pending", pendingWords(output, one));
  if (home.history.damaged.length > 0) output.row("damaged", damagedWords(home.history.damaged));
  if (home.history.newer.length > 0) output.row("newer", newerWords(home.history.newer));
}

/** The first line: whether it works, with what, and who has changed it. */
export function showHealth(output: Output, fit: HomeHealth, { changes }: HomeStatus): void {
  const { errors, loads, profile, provider, transport } = fit;
  const others = [...new Set(changes.flatMap(({ drift }) => drift))];
  const parts = [
    loads ? "loads" : `does not load: ${plural(errors, "error")}; see: ${output.command(["validate"])}`,
    ...(provider === null ? [] : [`${provider} over ${transport === "websocket" ? "a WebSocket" : "HTTP"}`]),
    ...(profile === null ? [] : [`profile ${profile}`]),
    ...(others.length > 0 ? [`changed by others since: ${others.join(", ")}`] : []),
  ];
  output.row("health", parts.join("; "));
}

function pendingWords(output: Output, one: HomeStatus["pending"][number]): string {
  const [interrupted] = interruptedChanges({ pending: () => [one] }, "warning");
  if (interrupted) return output.text(interrupted);
  return one.running
    ? `${one.id}  being made right now`
    : `${one.id}  interrupted before it wrote anything; the next command that writes removes what is left of it`;
}

function showConfig(output: Output, { problem, profile, profiles, provider, servers, stores }: ConfigStatus): void {
  output.row("provider", problem ?? `${provider}`);
  if (profiles && profiles.length > 0)
    output.row("profiles", profiles.map((name) => (name === profile ? `${name} (chosen)` : name)).join(", "));
  if (servers) output.row("mcp", `${servers.on} on, ${servers.off} off`);
  const known = (stores ?? []).filter(({ values }) => values.length > 0);
  const logins = known.map(({ key, set, value }) => `${LOGINS[key]}${value}${set ? "" : " (default)"}`);
  if (logins.length > 0) output.row("logins", logins.join(", "));
}

/** Shows only the newest changes, so that the whole status fits on a screen. */
function showChanges(output: Output, { history }: Home, changes: readonly ActiveChange[]): void {
  for (const { drift, entry } of changes.slice(-SHOWN).reverse()) {
    const state = drift.length === 0 ? "untouched" : `changed since: ${drift.join(", ")}`;
    const part = history.left(entry) ? "partly taken back, " : "";
    output.row("change", `${entry.id}  ${entry.time.slice(0, 10)}  ${entry.command}  ${part}${state}`);
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

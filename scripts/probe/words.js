/**
 * Names that the tables in the binary lack: those a release prints when it is asked for its whole config, those its
 * own messages mention, and the words that enums and small tables commonly use.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Variants tried where a release does not list its own. */
export const COMMON_WORDS = (
  "read write none deny allow low medium high minimal auto always never on off full limited default system external " +
  "local remote user all core standard strict enabled disabled true false inline append replace include exclude git " +
  "path bearer basic cached live indexed concise detailed summary text json binary http grpc stdio root workspace " +
  "header cookie file keyring ephemeral model session thread turn project host any restricted unrestricted prompt " +
  "approve writes trusted untrusted"
).split(" ");

/** Keys tried where a table is taken only with some key that nobody names. */
export const COMMON_KEYS = "name path value enabled type url command source id key env_var file server host".split(" ");

/** Keys tried in every table that refuses unknown ones and does not list its own. */
export const CLOSED_KEYS = (
  "enabled mode env patterns source sync_elastic_budgeting sync_elastic_sections transcript_mode " +
  "async_classifier_mode message_board_remote url bearer_token bearer_token_env_var authorization_url token_url " +
  "device_authorization_url client_id resource scopes redirect_port credentials_store credential_export delivery " +
  "kind name scheme"
).split(" ");

/** Names known from documentation or use that a binary may hold only in pieces. */
const KNOWN = [
  ..."_default commandWindows command_windows statusMessage timeoutSec timeout_sec managed_dir".split(" "),
  ..."windows_managed_dir hide_gpt-5.1-codex-max_migration_prompt experimental_environment glob_scan_max_depth enabled name type source".split(
    " ",
  ),
];

/** Feature names that some release took without ever listing them. */
const UNLISTED_FLAGS = (
  "codex_hooks collab connectors enable_experimental_windows_sandbox experimental_use_unified_exec_tool imagegenext " +
  "memory_tool request_permissions telepathy web_search experimental_use_freeform_apply_patch include_apply_patch_tool " +
  "experimental_use_rmcp_client include_view_image_tool web_search_cached skills apps_mcp_gateway builtin_mcp"
).split(" ");

/**
 * @param {URL} lists the file with the features of every release
 * @returns {string[]} every name that ever was a feature
 */
export function everyFlag(lists) {
  const { releases } = JSON.parse(readFileSync(lists, "utf8"));
  const all = Object.values(releases).flatMap((release) => Object.keys(release.features?.stages ?? {}));
  return [...new Set([...all, ...UNLISTED_FLAGS])];
}

/** Tables that are printed only if they are there. */
const ASKED = ["agents", "tui", "memories", "otel", "history", "notice", "tools", "skills", "realtime", "audio"];
const SAMPLE = `${ASKED.map((name) => `[${name}]\n`).join("")}[apps._default]\n[hooks]\n`;

/**
 * @param {string} binary
 * @param {string} room a folder of its own
 * @param {URL} lists the file with the keys of every release
 * @param {boolean} thorough whether the words of its messages are wanted too
 * @returns {Promise<string[]>}
 */
export async function moreNames(binary, room, lists, thorough) {
  const names = new Set(KNOWN);
  const { releases } = JSON.parse(readFileSync(lists, "utf8"));
  for (const release of Object.values(releases))
    for (const list of Object.values(release)) for (const name of list.added ?? []) names.add(name);
  collectKeys(await readConfig(binary, room), names);
  if (!thorough) return [...names];
  const text = readFileSync(binary).toString("latin1");
  for (const [name] of text.matchAll(/(?<=[`'". ])[a-z]+(?:_[a-z0-9]+){1,6}(?=[`'". =])/g))
    if (name.length < 45) names.add(name);
  return [...names];
}

/**
 * @param {unknown} value
 * @param {Set<string>} names
 */
function collectKeys(value, names) {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) names.add(key);
    collectKeys(inner, names);
  }
}

/**
 * Asks a release for its config with everything unset, which it prints with every key.
 * @param {string} binary
 * @param {string} room
 * @returns {Promise<unknown>}
 */
function readConfig(binary, room) {
  const home = join(room, "home");
  // A server leaves databases behind, and the other homes stay as they are.
  for (const name of ["home", "cwd"]) mkdirSync(join(room, name), { recursive: true });
  writeFileSync(join(home, "config.toml"), SAMPLE);
  const env = { HOME: home, CODEX_HOME: home, PATH: "/usr/bin:/bin" };
  const child = spawn(binary, ["app-server"], { cwd: join(room, "cwd"), env, stdio: ["pipe", "pipe", "ignore"] });
  const messages = [
    { id: 1, method: "initialize", params: { clientInfo: { name: "probe", version: "0" } } },
    { method: "initialized" },
    { id: 2, method: "config/read", params: { includeLayers: false } },
  ];
  child.stdin.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  return new Promise((resolve) => {
    let output = "";
    const end = setTimeout(() => child.kill("SIGKILL"), 10_000);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (/"id":2[,}].*\n/.test(output)) child.kill("SIGKILL");
    });
    child.on("close", () => {
      clearTimeout(end);
      const line = output.split("\n").find((one) => /"id":2[,}]/.test(one));
      resolve(line === undefined ? {} : JSON.parse(line).result?.config);
    });
  });
}

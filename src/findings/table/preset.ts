/** Findings of `apply`: about the release, the login, the address, and how to start Codex afterwards. */
import { flag, orNull, text } from "../../model/form.ts";
import { argvOf } from "../../model/hint.ts";
import { folder, host, id, keys, profile, servers, version } from "../args.ts";
import { bare, header, listed, row } from "../row.ts";

export const PRESET = {
  "codex-assumed": row(
    { version, mute: orNull(text("A codex on the PATH that did not say its version; null when there is none.")) },
    ({ mute, version }) =>
      `${mute === null ? "no codex found on PATH" : `${mute} does not say its version`}; this is for the newest known layout (${version}). Another one: --codex-version X.Y.Z`,
  ),
  "codex-newer": row(
    { version, newest: text("The newest release measured.") },
    ({ version, newest }) =>
      `Codex ${version} is newer than what is measured here (up to ${newest}): what is new in it is known as far as the installed one says`,
  ),
  "home-will-be-created": row(
    { dir: text("The folder that is created.") },
    ({ dir }) => `there is no ${dir} yet; this change creates it`,
  ),
  "no-websocket": row(
    { version },
    ({ version }) => `Codex ${version} does not begin with a WebSocket, so this preset cures no reconnect loop there`,
  ),
  "start-with-profile": row(
    { profile, behind: flag("Whether the option has to stand behind a subcommand to count.") },
    ({ profile, behind }) =>
      behind
        ? `start Codex with: codex -p ${profile}   (with a subcommand, behind it: codex exec -p ${profile} …)`
        : `start Codex with: codex --profile ${profile}`,
  ),
  "start-plainly": row({}, () => "this holds for every start: codex, the IDE extension and the desktop app"),
  // `--profile` never reaches the app-server.
  "apps-need-default": row(
    { preset: text("The preset to apply with the scope default instead.") },
    () => "a profile reaches the command line only",
    ({ preset }) => [
      {
        note: "for the IDE extension and the desktop app",
        argv: argvOf("apply", [preset], ["--scope", "default"]),
      },
    ],
  ),
  "apps-need-use": row(
    { profile },
    () => "a profile reaches the command line only",
    ({ profile }) => [
      { note: "for every start, the IDE extension and the desktop app included", argv: argvOf("use", [profile]) },
    ],
  ),
  adopted: row(
    { id, keys },
    ({ id, keys }) =>
      `${header("model_providers", id)} holds a published variant of this recipe; put right: ${listed(keys)}`,
  ),
  "legacy-moved": row(
    { profile },
    ({ profile }) => `${header("profiles", profile)} moves to ${profile}.config.toml, where this Codex reads it`,
  ),
  "legacy-selector-removed": row(
    { profile },
    ({ profile }) =>
      `profile = "${profile}" leaves: this Codex has no default profile and would not start with that line`,
  ),
  "default-ends": row(
    { profile },
    ({ profile }) =>
      `that line chose ${profile} at every start; from now on only codex --profile ${profile} does, and the IDE extension and the desktop app do without it`,
    () => [{ note: "to keep it for every start", argv: ["apply", "http-sse", "--scope", "default"] }],
  ),
  "gateway-stays": row(
    { id, isWebsocket: flag("Whether it was asked over a WebSocket so far.") },
    ({ id, isWebsocket }) =>
      isWebsocket
        ? `${id} is in force and not OpenAI's, so it stays, and is asked over HTTP from now on`
        : `${id} is in force and not OpenAI's, and is asked over HTTP already; there is nothing to cure`,
    () => [
      { note: "to have OpenAI beside it, in a profile", argv: ["apply", "http-sse", "--provider-id", "openai-http"] },
    ],
  ),
  "legacy-selector-left": row(
    { profile },
    ({ profile }) => `profile = "${profile}" is still in config.toml, and this Codex does not start with it`,
    () => [{ note: "what brings every profile into its file", argv: ["migrate"] }],
  ),
  "api-key-beside-chatgpt": row(
    {},
    () => "OPENAI_API_KEY is set beside a ChatGPT login; the login counts here, other tools may use the key",
  ),
  "keeps-address": row(
    { host },
    ({ host }) =>
      `openai_base_url counts for the built-in provider alone, so the new one gets its address, too: ${host}`,
  ),
  "profile-wins": row(
    { profile, provider: text("Its provider.") },
    ({ profile, provider }) =>
      `config.toml starts Codex with the profile ${profile}, whose own provider ${provider} wins`,
    ({ profile }) => [{ note: "to let it go", argv: argvOf("unset", [`profiles.${bare(profile)}.model_provider`]) }],
  ),
  "login-to-other-host": row(
    { host },
    ({ host }) =>
      `your OpenAI login will be sent to ${host}. If that gateway has a key of its own: --env-key NAME_OF_ITS_VARIABLE`,
  ),
  "plain-http": row({ host }, ({ host }) => `http to ${host} sends credentials in clear; use https`),
  "environment-key-unset": row(
    { name: text("The variable's name.") },
    ({ name }) => `${name} is not set here; Codex needs it at every start with its provider`,
  ),
  "environment-key-no-name": row(
    { id },
    ({ id }) => `env_key of ${header("model_providers", id)} is no variable's name; a key itself does not belong there`,
    ({ id }) => [
      { note: "name the variable that holds it", argv: argvOf("set", [`model_providers.${bare(id)}.env_key`, "NAME"]) },
    ],
  ),
  "project-wins": row(
    { folder, keys },
    ({ folder, keys }) => `${folder}/.codex/config.toml is trusted and beats the profile in: ${listed(keys)}`,
  ),
  "unknown-servers": row(
    { servers },
    ({ servers }) => `no MCP ${servers.length === 1 ? "server is" : "servers are"} called ${listed(servers)}`,
    () => [{ note: "see them all", argv: ["mcp", "list"] }],
  ),
};

/**
 * The wording of every finding, in one place. One sentence each, then the command that helps, if there is one.
 */
import type { Finding, FindingCode } from "../finding.ts";

type ArgsOf<Code extends FindingCode> = Extract<Finding, { code: Code }>["args"];

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const list = (words: readonly string[]) => words.join(", ");

const SENTENCES: { readonly [Code in FindingCode]: (args: ArgsOf<Code>) => string } = {
  "codex-assumed": ({ version }) =>
    `no codex found on PATH; this is for the newest known layout (${version}). Another one: --codex-version X.Y.Z`,
  "codex-newer": ({ version, newest }) => `Codex ${version} is newer than the newest release measured here (${newest})`,
  "no-websocket": ({ version }) =>
    `Codex ${version} does not begin with a WebSocket, so this preset cures no reconnect loop there`,
  "start-with-profile": ({ profile, behind }) =>
    behind
      ? `start Codex with: codex -p ${profile}   (with a subcommand, behind it: codex exec -p ${profile} …)`
      : `start Codex with: codex --profile ${profile}`,
  "start-plainly": () => "this holds for every start: codex, the IDE extension and the desktop app",
  "apps-need-default": ({ preset }) =>
    `a profile reaches the command line only; for the IDE extension and the desktop app: codex-cfg apply ${preset} --scope default`,
  "provider-case": ({ id, builtIn }) =>
    `the provider id ${id} differs from the built-in ${builtIn} only by case; Codex takes them for two different providers`,
  adopted: ({ id, keys }) =>
    `[model_providers.${id}] holds a published variant of this recipe; put right: ${list(keys)}`,
  "legacy-moved": ({ profile }) => `[profiles.${profile}] moves to ${profile}.config.toml, where this Codex reads it`,
  "legacy-selector-removed": ({ profile }) =>
    `profile = "${profile}" leaves: this Codex has no default profile and would not start with that line`,
  "legacy-selector-left": ({ profile }) =>
    `profile = "${profile}" is still in config.toml, and this Codex does not start with it; move that profile to ${profile}.config.toml and remove the line`,
  "chatgpt-login-api-address": ({ host }) =>
    `you are signed in with ChatGPT, and ${host} takes API keys only: expect 401. Leave --base-url out, and Codex picks the right address`,
  "api-key-chatgpt-address": ({ host }) =>
    `you are signed in with an API key, and ${host} takes ChatGPT logins only. Leave --base-url out, and Codex picks the right address`,
  "api-key-beside-chatgpt": () =>
    "OPENAI_API_KEY is set beside a ChatGPT login; the login counts here, other tools may use the key",
  "login-to-other-host": ({ host }) =>
    `your OpenAI login will be sent to ${host}. If that gateway has a key of its own: --env-key NAME_OF_ITS_VARIABLE`,
  "plain-http": ({ host }) => `http to ${host} sends credentials in clear; use https`,
  "environment-key-unset": ({ name }) => `${name} is not set here; Codex needs it at every start`,
  "project-wins": ({ folder, keys }) =>
    `${folder}/.codex/config.toml is trusted and beats the profile in: ${list(keys)}`,
  "not-asked": ({ reason }) =>
    ({
      "other-version": "the installed Codex is another version, so it was not asked whether it loads this",
      disabled: "Codex was not asked whether it loads this (--no-preflight)",
      "no-answer": "Codex gave no answer when asked whether it loads this",
    })[reason],
  "still-refused": ({ words }) => `Codex does not load this home, before the change or after it: ${words}`,
  "provider-kept": ({ id, chats, more, entry }) =>
    `[model_providers.${id}] stays: ${more ? "at least " : ""}${plural(chats, "chat")} need${chats === 1 && !more ? "s" : ""} it to be resumed. To drop it all the same: codex-cfg revert ${entry} --purge`,
  "conflicts-skipped": ({ count }) => `${plural(count, "path")} changed since and left alone`,
  "hard-links": ({ count }) => `this file has ${count} names (hard links); only this one gets the new text`,
  recovered: ({ id, outcome }) =>
    `an interrupted change (${id}) was found and ${
      {
        discarded: "discarded; nothing of it had been made",
        completed: "completed",
        conflict: "taken back, but for what others have changed since",
        damaged: "left alone, because its journal cannot be read",
      }[outcome]
    }`,
};

/** The sentence of a finding, without severity or place. */
export function sentence(finding: Finding): string {
  return (SENTENCES[finding.code] as (args: unknown) => string)(finding.args);
}

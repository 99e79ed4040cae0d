/** Services that refuse, break off or are not what they should be: over a WebSocket, over HTTP, and by their keys. */
import { AUTH, chatGptAuth, QUIET } from "../homes.ts";
import type { Fault, Stage } from "./fault.ts";
import { gateway } from "./gateway.ts";

const builtIn = ({ url }: Stage) => ({ "config.toml": `openai_base_url = "${url}"\n${QUIET}`, "auth.json": AUTH });
const gw =
  (more = "", key?: string) =>
  ({ url }: Stage) => ({ "config.toml": gateway(url, more, key), "auth.json": AUTH });
const addressed = (url: string) => () => ({ "config.toml": gateway(url), "auth.json": AUTH });

const HTTP = ["set", "model_providers.gw.supports_websockets", "false", "-y"];

const REFUSALS = [401, 403, 404, 405, 502, 503, "drop", "hang", 400] as const;

export const SERVICES: readonly Fault[] = [
  ...REFUSALS.filter((one) => one !== "hang" && one !== 405 && one !== 503).map(
    (upgrades): Fault => ({
      name: `OpenAI's WebSocket: ${upgrades}`,
      upgrades,
      files: builtIn,
      by: "watching",
      symptom: "reconnect",
      action: "apply-http-sse",
      cure: { argv: ["apply", "http-sse", "-y"], flags: ["--profile", "http_sse"] },
    }),
  ),
  ...REFUSALS.map(
    (upgrades): Fault => ({
      name: `a gateway's WebSocket: ${upgrades}`,
      upgrades,
      files: gw("supports_websockets = true"),
      by: "watching",
      symptom: "reconnect",
      action: "provider-http",
      subject: "gw",
      cure: { argv: HTTP },
    }),
  ),
  ...(
    [
      [400, "look-at-request"],
      [422, "look-at-request"],
      [404, "look-at-address"],
      [405, "look-at-address"],
      [429, "wait-for-service"],
      [500, "wait-for-service"],
      [503, "wait-for-service"],
      ["cut", "look-at-service"],
      ["drop", "look-at-connection"],
    ] as const
  ).map(
    ([posts, action]): Fault => ({
      name: `a gateway's answer: ${posts}`,
      posts,
      files: gw(),
      by: "watching",
      symptom: "reconnect",
      action,
    }),
  ),
  {
    name: "an answer that is refused behind a WebSocket that is refused",
    upgrades: 404,
    posts: 404,
    files: gw("supports_websockets = true"),
    by: "watching",
    symptom: "reconnect",
    action: "look-at-address",
  },
  ...(["", "relay.invalid/v1", "/v1"] as const).map(
    (url): Fault => ({
      name: `a base_url that is no address: ${JSON.stringify(url)}`,
      files: addressed(url),
      by: "watching",
      symptom: "reconnect",
      action: "look-at-address",
      subject: "model_providers.gw.base_url",
    }),
  ),
  {
    name: "a base_url that ends where requests go",
    posts: 404,
    files: ({ url }) => ({ "config.toml": gateway(`${url}/chat/completions`), "auth.json": AUTH }),
    by: "watching",
    symptom: "reconnect",
    action: "look-at-address",
  },
  ...([401, 403] as const).map(
    (posts): Fault => ({
      name: `a login that the gateway refuses: ${posts}`,
      posts,
      files: gw(),
      by: "watching",
      symptom: "auth",
      action: "log-in",
    }),
  ),
  {
    name: "a key of .env that the gateway refuses",
    posts: 401,
    files: (stage) => ({ ...gw("", 'env_key = "GW_KEY"')(stage), ".env": "GW_KEY=canary-key-in-env\n" }),
    by: "watching",
    symptom: "auth",
    action: "check-key",
    subject: "GW_KEY",
  },
  {
    name: "a gateway that refuses a login at its WebSocket, too",
    upgrades: 401,
    posts: 401,
    files: gw("supports_websockets = true"),
    by: "watching",
    symptom: "auth",
    action: "log-in",
  },
  {
    name: "a gateway that gets no key since 0.149",
    clients: ["0.155.0", "0.169.0", "0.171.0"],
    posts: 401,
    files: gw("", ""),
    by: "watching",
    symptom: "auth",
    action: "give-key",
    subject: "gw",
  },
  {
    name: "a key that nobody sets",
    files: gw("", 'env_key = "GW_KEY"'),
    symptom: "auth",
    action: "set-variable",
    subject: "GW_KEY",
    cure: { files: () => ({ ".env": "GW_KEY=canary-key-in-env\n" }) },
  },
  {
    name: "a key that .env empties",
    files: (stage) => ({ ...gw("", 'env_key = "GW_KEY"')(stage), ".env": "GW_KEY=\n" }),
    env: () => ({ GW_KEY: "canary-key" }),
    symptom: "auth",
    action: "set-variable",
    cure: { files: () => ({ ".env": "" }), env: () => ({ GW_KEY: "canary-key" }) },
  },
  {
    name: "a key that .env cannot set",
    files: (stage) => ({ ...gw("", 'env_key = "CODEX_GW_KEY"')(stage), ".env": "CODEX_GW_KEY=canary-key\n" }),
    symptom: "auth",
    action: "export-variable",
    subject: "CODEX_GW_KEY",
    cure: { env: () => ({ CODEX_GW_KEY: "canary-key" }) },
  },
  {
    name: "a ChatGPT login at the API's address",
    env: () => ({}),
    files: () => ({
      "config.toml": gateway("https://api.openai.com/v1").replace('name = "gw"', 'name = "OpenAI"'),
      "auth.json": chatGptAuth(),
    }),
    symptom: "auth",
    action: "choose-fix",
  },
  {
    name: "an API key at the plan's address",
    env: () => ({}),
    files: () => ({ "config.toml": gateway("https://chatgpt.com/backend-api/codex"), "auth.json": AUTH }),
    symptom: "auth",
    action: "choose-fix",
  },
  ...(
    [
      ["cut off", '{"auth_mode":"chatgpt","tok'],
      ["empty", ""],
      ["wiped", "\0".repeat(200)],
    ] as const
  ).map(
    ([what, text]): Fault => ({
      name: `an auth.json that is ${what}`,
      files: ({ url }) => ({ "config.toml": gateway(url), "auth.json": text }),
      symptom: "auth",
      action: "log-in",
      cure: { files: () => ({ "auth.json": AUTH }) },
    }),
  ),
  {
    name: "a keyring that is chosen and not there",
    files: ({ url }) => ({ "config.toml": `cli_auth_credentials_store = "keyring"\n${gateway(url)}` }),
    symptom: "auth",
    action: "file-store",
    cure: { argv: ["auth-store", "set", "file", "-y"], files: () => ({ "auth.json": AUTH }) },
  },
];

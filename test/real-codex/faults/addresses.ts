/** Addresses and proxies that do not answer, or that lead elsewhere than they were meant to. */
import { AUTH, QUIET } from "../homes.ts";
import type { Fault, Stage } from "./fault.ts";
import { gateway } from "./gateway.ts";

const at = (port: number) => `http://127.0.0.1:${port}/v1`;
const DEFAULT = { "config.toml": QUIET, "auth.json": AUTH };
const files = (stage: Stage, more = "") => ({ "config.toml": gateway(stage.url, more), "auth.json": AUTH });

export const ADDRESSES: readonly Fault[] = [
  {
    name: "openai_base_url where nobody listens",
    files: ({ silent }) => ({ "config.toml": `openai_base_url = "${at(silent)}"\n${QUIET}`, "auth.json": AUTH }),
    symptom: "reconnect",
    action: "start-program",
    subject: "openai_base_url",
    cure: { start: true },
  },
  {
    name: "a gateway where nobody listens",
    files: ({ silent }) => ({ "config.toml": gateway(at(silent)), "auth.json": AUTH }),
    symptom: "reconnect",
    action: "change-provider",
    subject: "model_providers.gw.base_url",
    cure: { start: true },
  },
  {
    name: "the same by the name localhost",
    files: ({ silent }) => ({ "config.toml": gateway(`http://localhost:${silent}/v1`), "auth.json": AUTH }),
    symptom: "reconnect",
    action: "change-provider",
    cure: { start: true },
  },
  {
    name: "a gateway where nobody listens, watched",
    files: ({ silent }) => ({
      "config.toml": gateway(at(silent)).replace("[features]\n", "[features]\nunbounded_connection_retries = false\n"),
      "auth.json": AUTH,
    }),
    by: "watching",
    symptom: "reconnect",
    action: "change-provider",
  },
  {
    name: "a profile's gateway where nobody listens",
    files: ({ silent, url }) => ({
      "config.toml": `${gateway(url)}\n[model_providers.local]\nname = "local"\nbase_url = "${at(silent)}"\nexperimental_bearer_token = "fake"\n`,
      "work.config.toml": 'model_provider = "local"\n',
      "auth.json": AUTH,
    }),
    symptom: "reconnect",
    action: "change-provider",
    subject: "model_providers.local.base_url",
  },
  {
    name: "a gateway in the profile's own file",
    files: ({ silent }) => ({
      "config.toml": QUIET,
      "work.config.toml": `model_provider = "local"\n[model_providers.local]\nname = "local"\nbase_url = "${at(silent)}"\n`,
      "auth.json": AUTH,
    }),
    env: () => ({}),
    symptom: "reconnect",
    action: "change-provider",
    subject: "model_providers.local.base_url",
  },
  ...(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] as const).flatMap((name): Fault[] => [
    {
      name: `${name} of a shell, where nobody listens`,
      files,
      env: ({ silent }) => ({ [name]: `http://127.0.0.1:${silent}` }),
      symptom: "reconnect",
      action: "drop-proxy",
      subject: name,
      cure: { env: () => ({}) },
    },
    {
      name: `${name} of .env, where nobody listens`,
      files: (stage) => ({
        ...files(stage),
        ".env": `export ${name}="http://user:canary-pass@127.0.0.1:${stage.silent}" # x\n`,
      }),
      symptom: "reconnect",
      action: "drop-proxy-line",
      subject: name,
      cure: { files: () => ({ ".env": "# nothing\n" }) },
    },
  ]),
  {
    name: "HTTPS_PROXY of a shell, where nobody listens",
    files: () => DEFAULT,
    env: ({ silent }) => ({ HTTPS_PROXY: `http://127.0.0.1:${silent}` }),
    symptom: "reconnect",
    action: "drop-proxy",
    subject: "HTTPS_PROXY",
  },
  {
    name: "HTTPS_PROXY of .env without a scheme, where nobody listens",
    files: ({ silent }) => ({ ...DEFAULT, ".env": `HTTPS_PROXY=127.0.0.1:${silent}\n` }),
    env: () => ({}),
    symptom: "reconnect",
    action: "drop-proxy-line",
    subject: "HTTPS_PROXY",
  },
  {
    name: "a proxy of .env over a good one of the shell",
    files: (stage) => ({ ...files(stage), ".env": `HTTP_PROXY=http://127.0.0.1:${stage.silent}\n` }),
    env: ({ port }) => ({ HTTP_PROXY: `http://127.0.0.1:${port}` }),
    symptom: "reconnect",
    action: "drop-proxy-line",
    cure: { files: () => ({ ".env": "" }) },
  },
  {
    name: "a proxy without a scheme before a WebSocket",
    upgrades: "http-only",
    files: (stage) => files(stage, "supports_websockets = true"),
    env: ({ port }) => ({ HTTP_PROXY: `127.0.0.1:${port}` }),
    symptom: "reconnect",
    action: "proxy-scheme",
    subject: "HTTP_PROXY",
  },
  {
    name: "a SOCKS proxy before a gateway that speaks HTTP",
    files,
    env: ({ port }) => ({ ALL_PROXY: `socks5h://127.0.0.1:${port}` }),
    symptom: "reconnect",
    action: "http-proxy",
    subject: "ALL_PROXY",
  },
  {
    name: "a proxy of the company before a gateway of this machine",
    files,
    env: () => ({ HTTP_PROXY: "http://proxy.invalid:3128" }),
    symptom: "reconnect",
    action: "no-proxy",
    cure: { env: () => ({ HTTP_PROXY: "http://proxy.invalid:3128", NO_PROXY: "localhost,127.0.0.1,::1" }) },
  },
  {
    name: "a star in NO_PROXY, which requests do not heed",
    files,
    env: ({ silent }) => ({ HTTP_PROXY: `http://127.0.0.1:${silent}`, NO_PROXY: "*" }),
    symptom: "reconnect",
    action: "drop-proxy",
    cure: { env: () => ({}) },
  },
  {
    name: "ollama, which does not run",
    files: () => ({ "config.toml": `model_provider = "ollama"\n${QUIET}` }),
    symptom: "reconnect",
    action: "change-provider",
    subject: "model_provider",
  },
  {
    name: "lmstudio, which does not run",
    files: () => ({ "config.toml": `model_provider = "lmstudio"\n${QUIET}` }),
    symptom: "reconnect",
    action: "change-provider",
  },
];

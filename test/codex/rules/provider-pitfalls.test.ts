/** What is said of a provider's table that loads and goes wrong: about which key, with what, and what cures it. */
import { expect, test } from "vitest";
import type { Login } from "../../../src/codex/login.ts";
import { providerPitfalls } from "../../../src/codex/rules/provider-pitfalls.ts";
import type { Fix } from "../../../src/findings/finding.ts";
import { parseDocument } from "../../../src/toml/document.ts";

type World = {
  readonly id?: string;
  readonly version?: string;
  readonly key?: boolean;
  readonly set?: readonly string[];
};

function found(
  body: string,
  mode: Login["mode"],
  { id = "p", key = false, set = [], version = "0.169.0" }: World = {},
) {
  const { data } = parseDocument(`[model_providers.${id}]\nname = "P"\n${body}\n`, "config.toml");
  const login = () => ({ mode, apiKeyInEnvironment: key });
  const isSet = (name: string) => set.includes(name);
  return providerPitfalls(data, { version, login, isSet }).map(({ fix, path, stops, ...rest }) => {
    expect([path[0], path[1], stops]).toEqual(["model_providers", id, null]);
    return { ...rest, at: path.slice(2).join("."), ...(fix ? { fix: onlyOption(fix("config")) } : {}) };
  });
}

/** What whoever makes the choice gets: where a login goes is nobody else's to decide. */
const onlyOption = (fix: Fix) => (fix.kind === "choice" && fix.options.length === 1 ? fix.options[0]?.ops : fix);
const at = (key: string) => ({ file: "config", path: ["model_providers", "p", key] });
const API = 'base_url = "https://api.openai.com/v1"';
const PLAN = 'base_url = "https://chatgpt.com/backend-api/codex"';
const HTTP = 'base_url = "http://gw.example/v1"';
const MEANT = "requires_openai_auth = true";

test.each<[string, string, Login["mode"], World, unknown]>([
  [
    "an id like a built-in one",
    MEANT,
    "none",
    { id: "OpenAI" },
    { code: "provider-case", args: { id: "OpenAI", builtIn: "openai" }, at: "" },
  ],
  [
    "no token for OpenAI",
    API,
    "none",
    {},
    {
      code: "provider-no-token",
      args: { id: "p" },
      at: "",
      fix: [{ op: "set", ...at("requires_openai_auth"), value: true }],
    },
  ],
  [
    "a login of the plan at the API",
    `${API}\n${MEANT}`,
    "chatgpt",
    {},
    {
      code: "provider-wrong-service",
      args: { id: "p", host: "api.openai.com", login: "chatgpt" },
      at: "",
      fix: [{ op: "unset", ...at("base_url") }],
    },
  ],
  [
    "a key at the plan's service",
    `${PLAN}\n${MEANT}`,
    "apikey",
    {},
    {
      code: "provider-wrong-service",
      args: { id: "p", host: "chatgpt.com", login: "apikey" },
      at: "",
      fix: [{ op: "unset", ...at("base_url") }],
    },
  ],
  [
    "a login that leaks",
    'base_url = "https://gw.example/v1"',
    "apikey",
    { version: "0.134.0" },
    { code: "provider-leaks-key", args: { id: "p", host: "gw.example", login: "apikey" }, at: "" },
  ],
  [
    "a key in the environment",
    MEANT,
    "chatgpt",
    { key: true },
    { code: "api-key-beside-chatgpt", args: {}, at: "requires_openai_auth" },
  ],
  [
    "a key that travels in clear",
    `${HTTP}\nenv_key = "K"`,
    "none",
    { set: ["K"] },
    { code: "plain-http", args: { host: "gw.example" }, at: "base_url" },
  ],
  [
    "a variable that is not set",
    'env_key = "K"',
    "none",
    {},
    { code: "environment-key-unset", args: { name: "K" }, at: "env_key" },
  ],
])("%s is told with its place and its cure", (_, body, mode, world, expected) => {
  expect(found(body, mode, world)).toEqual([expected]);
});

test("a login that is asked for travels in clear, even while nobody is signed in", () => {
  expect(found(`${HTTP}\n${MEANT}`, "none").map(({ code }) => code)).toEqual(["login-to-other-host", "plain-http"]);
  expect(found(`${HTTP}\nrequires_openai_auth = false`, "none", { version: "0.134.0" })).toEqual([]);
});

test.each(["env_key = 1", 'env_key = " "'])("what is no name of a variable is another rule's matter: %s", (body) => {
  expect(found(body, "none").filter(({ code }) => code === "environment-key-unset")).toEqual([]);
});

/**
 * Two hundred homes in order, put together by dice out of what people have: gateways, proxies, many servers, hooks, roles,
 * profiles, `.env`. Doctor says of none of them that something is wrong.
 */
import { realpathSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Story, story } from "../story.ts";
import { hookKey } from "./hook-key.ts";

/** Ports of this machine where somebody answers. */
const OPEN = [4000, 7890, 8080, 11434];
const HOMES = 200;

/** A small generator of its own, so that a home can be made again by its number. */
function dice(seed: number): <T>(...choices: readonly T[]) => T {
  let state = seed * 2654435761 + 1;
  return (...choices) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return choices[(state >>> 7) % choices.length] as (typeof choices)[number];
  };
}

type Home = { readonly files: Record<string, string>; readonly env: Record<string, string> };

function healthy(seed: number): Home {
  const pick = dice(seed);
  const files: Record<string, string> = {};
  const env: Record<string, string> = {};
  const dotenv: string[] = [];
  const roots: string[] = [];
  const tables: string[] = [];
  const give = (name: string, value: string, line = `${name}=${value}`) => {
    if (pick(true, false)) dotenv.push(line);
    else env[name] = value;
  };

  files["auth.json"] = pick('{"auth_mode":"apikey","OPENAI_API_KEY":"sk-fake"}', '{"auth_mode":"chatgpt","tokens":{}}');
  roots.push(pick("", 'model = "gpt-5.5"', 'model = "gpt-5.5"\nmodel_reasoning_effort = "high"'));
  roots.push(pick("", 'sandbox_mode = "workspace-write"', 'approval_policy = "on-request"'));
  const provider = pick("openai", "gateway", "near", "http", "ollama", "address");
  if (provider === "gateway") {
    roots.push('model_provider = "gw"');
    tables.push(
      `[model_providers.gw]\nname = "gw"\nbase_url = "https://gw.example/${pick("v1", "openai/v1", "codex")}"\nenv_key = "GW_KEY"\nrequest_max_retries = ${pick(2, 4)}`,
    );
    give("GW_KEY", `k-${seed}`);
  }
  if (provider === "near") {
    roots.push('model_provider = "near"');
    tables.push(
      `[model_providers.near]\nname = "near"\nbase_url = "http://${pick("127.0.0.1", "localhost")}:4000/v1"\nexperimental_bearer_token = "t"\nsupports_websockets = ${pick(true, false)}`,
    );
  }
  if (provider === "http") {
    roots.push('model_provider = "openai-http"');
    tables.push('[model_providers.openai-http]\nname = "OpenAI"\nwire_api = "responses"\nrequires_openai_auth = true');
  }
  if (provider === "ollama") roots.push('model_provider = "ollama"');
  if (provider === "address") roots.push('openai_base_url = "http://127.0.0.1:8080/v1"');
  // A table that nobody chooses may lead anywhere.
  if (pick(true, false))
    tables.push('[model_providers.other]\nname = "other"\nbase_url = "http://127.0.0.1:1/v1"\nenv_key = "NOT_SET"');

  const proxy = pick(null, "http://proxy.example:3128", "http://127.0.0.1:7890", "http://user:canary@127.0.0.1:7890");
  if (proxy !== null) {
    const names = pick(["HTTPS_PROXY"], ["HTTP_PROXY", "HTTPS_PROXY"], ["https_proxy"], ["ALL_PROXY"]);
    for (const name of names) give(name, proxy, `export ${name}="${proxy}"`);
    env.NO_PROXY = pick("localhost,127.0.0.1,::1", "127.0.0.1, localhost,.example.org");
  }
  // Nothing that Codex sends goes through it.
  if (pick(true, false, false) && proxy === null && ["gateway", "openai", "http"].includes(provider))
    env.HTTP_PROXY = "http://127.0.0.1:9999";

  for (let i = 0; i < pick(0, 1, 3, 13); i++) {
    const name = `s${i}${pick("", "-x", "_y")}`;
    const body = pick(
      `command = ${JSON.stringify(process.execPath)}\nargs = ["-e", "0"]`,
      `command = ${JSON.stringify(process.execPath)}\nenv = { LEVEL = "debug", PRICE = "$5" }\nstartup_timeout_sec = 30`,
      `command = ${JSON.stringify(process.execPath)}\nenv_vars = ["HOME"]`,
      'url = "http://127.0.0.1:8080/mcp"',
      'url = "https://mcp.example/mcp"\nbearer_token_env_var = "MCP_KEY"',
      'command = "no-such-program"\nenabled = false',
      'url = "http://127.0.0.1:1/mcp"\nenabled = false\nbearer_token_env_var = "NOT_SET"',
    );
    if (body.includes("MCP_KEY")) env.MCP_KEY = "k";
    tables.push(`[mcp_servers.${name}]\n${body}`);
  }
  if (pick(true, false)) tables.push('[projects."/srv/app"]\ntrust_level = "trusted"');
  if (pick(true, false)) tables.push("[tui]\nnotifications = true");
  if (pick(true, false)) files["work.config.toml"] = pick('model = "gpt-5.5"\n', 'model_reasoning_effort = "low"\n');
  if (pick(true, false, false))
    files["agents/a.toml"] = 'name = "a"\ndescription = "d"\ndeveloper_instructions = "x"\nmodel = "gpt-5.5"\n';
  if (pick(true, false, false))
    files["rules/default.rules"] = '# allow (all of) git\nprefix_rule(pattern=["git", "status"], decision="allow")\n';
  const hooks = pick(true, false, false);
  if (hooks) files["hooks.json"] = '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]}}';
  files["config.toml"] = `${[...roots.filter(Boolean), ...tables].join("\n\n")}\n`;
  if (hooks) files["config.toml"] += `\n${hookKey("hooks.json", "stop")}\ntrusted_hash = "sha256:0"\n`;
  if (dotenv.length > 0) files[".env"] = `# mine\n${dotenv.join("\n")}\nUNRELATED='a b'\n`;
  return { files, env };
}

/** The home with its own path where a file names it. */
function placed({ env, files }: Home): Story {
  const tale = story();
  for (const [name, text] of Object.entries(files))
    tale.write(name, text.replaceAll("{home}", realpathSync(tale.home)));
  Object.assign(tale.env, { HOME: tale.root }, env);
  tale.world.listens = async (port) => OPEN.includes(port);
  return tale;
}

describe.each(["0.134.0", "0.155.0", "0.169.0", "0.171.0"])("with Codex %s", (version) => {
  test.each(Array.from({ length: HOMES / 4 }, (_, i) => i))("nothing is wrong with home %i", async (i) => {
    const home = healthy(i * 4 + Number(version.split(".")[1]));
    const { err, exit, out } = await placed(home).run("doctor", "--codex-version", version);
    expect({ exit, out }, `${JSON.stringify(home, null, 1)}\n${err}`).toEqual({ exit: 0, out: "" });
    expect(out + err).not.toMatch(/canary|k-\d/);
  });
});

/**
 * A secret in every place where one can stand, and every command, as text and as JSON: none gets out. Each secret has a
 * word of its own, so that a leak names its place. Some commands are run by the built program as well; all of them are
 * with `STORY_PROGRAM=dist` in the environment.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Story, type Subject, story } from "../story.ts";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

const canary = (place: string) => `CANARY-${place}-0123456789`;

const CONFIG = `model = "gpt-5.5"
model_provider = "p"
cli_auth_credentials_store = "file"
passphrase = "${canary("passphrase")}"
# experimental_bearer_token = "${canary("comment")}"
# was sk-${canary("shape")}
# the old token: ${canary("prose")} and { "env": { "ANY": "${canary("json-comment")}" } }
# run: API_KEY=${canary("variable-comment")} npx tool --token ${canary("flag-comment")} -u me:${canary("login-comment")}

[model_providers.p] # the token was Bearer ${canary("bearer-comment")}
name = "OpenAI"
base_url = "https://user:${canary("userinfo")}@p.example/v1?api_key=${canary("address")}"
experimental_bearer_token = "${canary("bearer")}" # was ${canary("beside")}
http_headers = { X-Any = "${canary("header")}", Authorization = "Bearer ${canary("authorization")}" }

[model_providers.p.query_params]
any = "${canary("query")}"

[model_providers.dead]
name = "x"
base_url = "http://127.0.0.1:1/v1?token=${canary("dead")}"

[mcp_servers.docs]
command = "no-such-program"
args = ["--api-key", "${canary("argument")}", "--token=${canary("flag")}", "-H", "Authorization: ${canary("word")}"]
env = { ANY = "${canary("env")}" }
# env = { OLD = "${canary("old-env")}" }

[mcp_servers.launch]
command = "no-such-launcher"
args = [
  "run", "--config", '{"apiKey":"${canary("json")}"}', "--with={\\"a\\": {\\"token\\": \\"${canary("json-escaped")}\\"}}",
  "--auth", "${canary("auth")}", "--headers", "Authorization:${canary("headers")}", "-u", "me:${canary("login")}",
  "--passphrase", "${canary("passphrase-flag")}", "-eANY=${canary("attached")}", "ANY=${canary("variable")}",
  # "--token", "${canary("old-argument")}",
  "https://h.example/s/${canary("path")}/x?key=${canary("key")}",
]

[mcp_servers.shell]
command = "sh"
args = ["-c", "TOKEN=${canary("shell-variable")} curl -H \\"Authorization: ${canary("shell-header")}\\" -u me:${canary("shell-login")} https://h.example"]

[mcp_servers.web]
url = "https://web.example/mcp/${canary("web-path")}?access_token=${canary("url")}"
bearer_token_env_var = "WEB_TOKEN"
http_headers = { X-Key = "${canary("web-header")}" }

[mcp_servers.bad]
bearer_token = "${canary("bearer-token")}"
url = "https://bad.example"

# [mcp_servers.gone.env]
# ANY = "${canary("gone-env")}"

[mcp_servers.off]
command = "true"
disabled = true

[mcp_servers.off.env]
SECRET = """
${canary("lines")}
"""

[shell_environment_policy]
set = { GITHUB_TOKEN = "${canary("shell")}" }

[otel]
exporter = { otlp-http = { endpoint = "https://o.example", protocol = "json", headers = { x = "${canary("otel")}" } } }
`;

/** The home, its surroundings, and a Codex that repeats everything it is shown. */
function secretive(config = CONFIG, subject?: Subject): Story {
  const files = {
    "config.toml": config,
    "lean.config.toml": `model_provider = "p"\n[mcp_servers.docs.env]\nANY = "${canary("profile")}"\n`,
    "auth.json": JSON.stringify({
      auth_mode: "chatgpt",
      OPENAI_API_KEY: `sk-${canary("auth")}`,
      tokens: { id_token: canary("id"), access_token: canary("access"), refresh_token: canary("refresh") },
    }),
    "log/codex-tui.log": `2030-01-02T01:00:00.000000Z ERROR codex: unexpected status 401 Unauthorized: Bearer ${canary("log")} request id: req_fake123\n2030-01-02T01:00:01.000000Z  WARN MCP server startup failed server_name="docs" error=${canary("log-error")}\n`,
    "logs_2.sqlite": canary("database"),
    "version.json": `{"latest_version":"${canary("version")}"}`,
    "sessions/2030/01/01/rollout-a.jsonl": `{"timestamp":"2030-01-02T01:00:00Z","type":"session_meta","payload":{"model_provider":"gone","base_instructions":"${canary("chat")}"}}\n{"timestamp":"2030-01-02T01:00:00Z","payload":{"type":"task_complete","error":{"message":"unexpected status 403: ${canary("chat-error")}"}}}\n`,
  };
  const tale = subject ? story(files, subject) : story(files);
  Object.assign(tale.env, {
    OPENAI_API_KEY: canary("openai-variable"),
    CODEX_API_KEY: canary("codex-variable"),
    WEB_TOKEN: canary("web-variable"),
    HTTPS_PROXY: `http://user:${canary("proxy")}@proxy.example:3128`,
  });
  const project = join(tale.cwd, ".codex");
  mkdirSync(project);
  writeFileSync(join(project, "config.toml"), `[mcp_servers.own.env]\nANY = "${canary("project")}"\n`);
  tale.write("config.toml", `${config}\n[projects."${tale.cwd}"]\ntrust_level = "trusted"\n`);
  tale.installCodex("0.169.0", '/bin/cat "$CODEX_HOME/config.toml" >&2; /bin/cat "$CODEX_HOME/config.toml"; exit 1');
  writeFileSync(
    join(tale.cwd, "preset.toml"),
    `[mine.set]\n"mcp_servers.new.env.ANY" = "${canary("preset")}"\n"mcp_servers.new.command" = "x"\n`,
  );
  writeFileSync(join(tale.cwd, "codex-tui.log"), tale.read("log/codex-tui.log"));
  return tale;
}

const COMMANDS: readonly (readonly string[])[] = [
  ["status"],
  ["validate"],
  ["validate", "-p", "lean"],
  ["validate", "config.toml"],
  ["doctor"],
  ["doctor", "--network"],
  ["doctor", "--report"],
  ["doctor", "--symptom", "auth"],
  ["doctor", "--symptom", "mcp"],
  ["doctor", "--log", "codex-tui.log"],
  ["doctor", "--fix", "-n"],
  ["doctor", "--explain", "mcp_servers.docs.args"],
  ["doctor", "--explain", "mcp_servers.docs.env", "-p", "lean"],
  ["doctor", "--explain", "model_providers.p.base_url"],
  ["get", "mcp_servers"],
  ["get", "mcp_servers.docs.args"],
  ["get", "mcp_servers.docs.args", "--raw"],
  ["get", "mcp_servers.docs.env.ANY"],
  ["get", "mcp_servers.docs.env.ANY", "--raw"],
  ["get", "model_providers"],
  ["get", "model_providers.p.base_url"],
  ["get", "shell_environment_policy"],
  ["get", "otel"],
  ["get", "passphrase"],
  ["get", "mcp_servers.launch.args.2"],
  ["mcp", "list"],
  ["mcp", "list", "-p", "lean"],
  ["mcp", "disable", "docs"],
  ["mcp", "isolate", "web"],
  ["provider", "list"],
  ["provider", "remove", "p", "-n"],
  ["provider", "add", "p", "--base-url", "https://x.example"],
  ["auth-store"],
  ["auth-store", "set", "auto"],
  ["apply", "http-sse"],
  ["apply", "http-sse", "--no-preflight", "--overwrite", "--provider-id", "p"],
  ["apply", "./preset.toml#mine"],
  ["presets"],
  ["migrate"],
  ["migrate", "--check"],
  ["migrate", "--to", "0.130"],
  ["set", "mcp_servers.docs.env.ANY", canary("set")],
  ["set", "model_providers.p.experimental_bearer_token", canary("set-token"), "--no-preflight"],
  ["unset", "mcp_servers.docs", "--no-preflight"],
  ["__complete", "--current=", "--", "get"],
  ["__complete", "--current=mcp_servers.docs.", "--", "get"],
  ["__complete", "--current=", "--", "mcp", "disable"],
  ["__complete", "--current=", "--", "show"],
  ["history"],
  ["show"],
  ["diff"],
  ["revert"],
  ["revert", "--all", "--force"],
];

describe("no secret is printed by", () => {
  test.each(COMMANDS.map((argv) => [argv.join(" ").replace(/CANARY\S*/, "…"), argv] as const))(
    "%s",
    async (_, argv) => {
      for (const way of [[], ["--json"]]) {
        const tale = secretive();
        // Something to list, show and take back.
        await tale.run("set", "mcp_servers.docs.env.ANY", canary("earlier"), "--no-preflight");
        const { out, err } = await tale.run(...argv, ...way);
        expect(`${out}${err}`).not.toContain("CANARY");
        expect(`${out}${err}`.length).toBeGreaterThan(5);
      }
    },
  );

  test.each([
    ["that says something twice", `${CONFIG}[mcp_servers.docs.env]\nANY = "${canary("twice")}"\n`],
    ["that is no TOML", `${CONFIG}api_token = ${canary("bare")}\n`],
    ["with a secret where a name belongs", `${CONFIG}[mcp_servers."sk-${canary("name")}"]\nenabled = 1\n`],
  ])("any of them with a config %s", async (_, config) => {
    for (const argv of COMMANDS) {
      const { out, err } = await secretive(config).run(...argv);
      expect(`${out}${err}`, argv.join(" ")).not.toContain("CANARY");
    }
  });
});

describe("the built program", () => {
  test("prints no secret", async () => {
    const tale = secretive(CONFIG, "dist");
    await tale.run("set", "mcp_servers.docs.env.ANY", canary("earlier"), "--no-preflight");
    for (const argv of [
      ["status"],
      ["validate"],
      ["doctor", "--report"],
      ["doctor", "--explain", "mcp_servers.launch.args"],
      ["get", "mcp_servers"],
      ["get", "mcp_servers.launch.args", "--raw"],
      ["mcp", "list"],
      ["mcp", "disable", "docs", "-n"],
      ["provider", "list"],
      ["unset", "mcp_servers", "-n"],
      ["show"],
    ]) {
      for (const way of [[], ["--json"]]) {
        const { err, out } = await tale.run(...argv, ...way);
        expect(`${out}${err}`, argv.join(" ")).not.toContain("CANARY");
        expect(`${out}${err}`.length, argv.join(" ")).toBeGreaterThan(5);
      }
    }
  });

  test("shows the marks of secrets as they are", async () => {
    const tale = story(
      { "config.toml": '[mcp_servers.docs]\ncommand = "npx"\nargs = ["--api-key", "k-123456"]\n' },
      "dist",
    );
    const { out } = await tale.run("mcp", "disable", "docs", "-n", "--codex-version", "0.169.0");
    expect(out).toContain(' args = ["--api-key", "\u2039secret A\u203a"]\n');
  });

  test("is ASCII, for its files are read as such", () => {
    const programs = readdirSync(DIST).filter((name) => name.endsWith(".cjs"));
    expect(programs).toContain("bin.cjs");
    const others = programs.filter((name) => readFileSync(join(DIST, name)).some((byte) => byte > 127));
    expect(others).toEqual([]);
  });
});

test("the history keeps no secret where anybody but the owner could read it", async () => {
  const tale = secretive();
  await tale.run("set", "mcp_servers.docs.env.ANY", canary("kept"), "--no-preflight");
  const records = join(tale.home, ".codex-cfg", "history");
  expect(existsSync(records)).toBe(true);
  for (const id of readdirSync(records))
    expect(tale.read(`.codex-cfg/history/${id}/record.json`)).not.toContain("CANARY");
});

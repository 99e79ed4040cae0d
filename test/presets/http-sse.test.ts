/** What the preset http-sse writes, what it keeps off, and what it says beside. */
import { describe, expect, test } from "vitest";
import { profileLayout } from "../../src/codex/profile-layout.ts";
import type { FileRole, Op } from "../../src/model/op.ts";
import { HTTP_SSE, type HttpSseOptions, httpSse, type Intent } from "../../src/presets/http-sse.ts";
import { parseDocument } from "../../src/toml/document.ts";

type Wish = Partial<HttpSseOptions> & { readonly version?: string };

function preset(config: string, { version = "0.169.0", ...more }: Wish = {}, files: readonly FileRole[] = []): Intent {
  const codex = { version, layout: profileLayout(version), source: "flag", program: null } as const;
  const options = { ...HTTP_SSE, overwrite: false, ...more };
  return httpSse(options, {
    codex,
    document: (role) => parseDocument(role === "config" ? config : "", role),
    exists: (role) => files.includes(role),
  });
}

const PATH = ["model_providers", "openai-http"];
const TABLE = { name: "OpenAI", wire_api: "responses", requires_openai_auth: true, supports_websockets: false };
const ARGV = ["apply", "http-sse"];

const isTable = (op: Op) => "path" in op && op.path[0] === "model_providers";
const tableOps = ({ ops }: Intent) => ops.filter(isTable);
const selection = ({ ops }: Intent) => ops.filter((op) => !isTable(op));
const codes = ({ findings }: Intent) => findings.map(({ code }) => code);
const valueSet = (intent: Intent) => {
  const [op] = tableOps(intent);
  return op?.op === "set" ? op.value : undefined;
};

type Refused = { readonly code: string; readonly message: string; readonly hints: readonly { argv?: unknown }[] };

function refused(config: string, wish: Wish = {}): Refused {
  try {
    preset(config, wish);
  } catch (error) {
    const { code, hints, message } = error as Refused;
    return { code, hints, message };
  }
  throw new Error("it was not refused");
}

describe("the provider's table", () => {
  test("lets Codex pick the address and sends the login", () => {
    expect(tableOps(preset(""))).toStrictEqual([{ op: "set", file: "config", path: PATH, value: TABLE }]);
  });

  test("with a key from a variable does not ask for the login", () => {
    const { requires_openai_auth: _, ...rest } = TABLE;
    expect(valueSet(preset("", { envKey: "MY_KEY" }))).toStrictEqual({ ...rest, env_key: "MY_KEY" });
  });

  test("has the address given, else the one that the built-in provider has here", () => {
    const at = (base_url: string) => ({ ...TABLE, base_url });
    const own = 'openai_base_url = "https://own.example/v1"\n';
    const given = { baseUrl: "https://gw.example/v1" };
    expect(valueSet(preset("", given))).toEqual(at("https://gw.example/v1"));
    expect(valueSet(preset(own))).toEqual(at("https://own.example/v1"));
    expect(valueSet(preset(own, given))).toEqual(at("https://gw.example/v1"));
    const kept = { code: "keeps-address", severity: "info", args: { host: "own.example" } };
    expect(preset(own).findings).toContainEqual(kept);
    expect(codes(preset(own, given))).not.toContain("keeps-address");
    for (const unusable of ['openai_base_url = "nonsense"\n', "openai_base_url = 1\n"])
      expect(valueSet(preset(unusable))).toEqual(TABLE);
    expect(valueSet(preset(own, { version: "0.98.0" }))).toEqual(TABLE);
  });

  test("is left alone where it is right already", () => {
    const lines = Object.entries(TABLE).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
    const intent = preset(`[model_providers.openai-http]\n${lines.join("")}`);
    expect(tableOps(intent)).toEqual([]);
    expect(codes(intent)).not.toContain("adopted");
  });
});

describe("a table of that id that is there already", () => {
  const there = (body: string) => `[model_providers.openai-http]\n${body}\n`;
  const recipe = 'name = "OpenAI"\nwire_api = "responses"\nsupports_websockets = false';
  const LOGIN = { op: "set", file: "config", path: [...PATH, "requires_openai_auth"], value: true };
  const NO_ADDRESS = { op: "unset", file: "config", path: [...PATH, "base_url"] };

  test.each([
    ["without an address", recipe, [LOGIN]],
    ["at the API", `${recipe}\nbase_url = "https://api.openai.com/v1"`, [NO_ADDRESS, LOGIN]],
    ["at the API, with a slash", `${recipe}\nbase_url = "https://api.openai.com/v1/"`, [NO_ADDRESS, LOGIN]],
    ["at the plan's service", `${recipe}\nbase_url = "https://chatgpt.com/backend-api/codex"`, [NO_ADDRESS, LOGIN]],
  ])("is adopted when it is a published recipe: %s", (_, body, ops) => {
    const intent = preset(there(body));
    expect(tableOps(intent)).toEqual(ops);
    const args = { id: "openai-http", keys: ops.map(({ path }) => path.at(-1)) };
    expect(intent.findings).toContainEqual({ code: "adopted", severity: "info", file: "config", path: PATH, args });
  });

  test.each([
    ["somebody's gateway", `${recipe}\nbase_url = "https://gateway.example/v1"`],
    ["an address that only begins like OpenAI's", `${recipe}\nbase_url = "https://api.openai.com/v1/proxy"`],
    ["a host that only looks like OpenAI's", `${recipe}\nbase_url = "https://api.openai.com.evil.example/v1"`],
    ["an address that is no text", `${recipe}\nbase_url = 1`],
    ["an address that is empty", `${recipe}\nbase_url = ""`],
    ["a key of its own", `${recipe}\nenv_key = "MY_KEY"`],
    ["headers of its own", `${recipe}\nhttp_headers = { X = "1" }`],
  ])("is never overwritten when it holds %s, unless told to", (_, body) => {
    expect(refused(there(body)).code).toBe("would-overwrite");
    expect(codes(preset(there(body), { overwrite: true }))).toContain("adopted");
  });

  test("that is no table is not overwritten at all", () => {
    const config = 'model_providers = { openai-http = "x" }\n';
    expect(refused(config, { overwrite: true }).code).toBe("would-overwrite");
  });

  test("is refused with the same command under another id, and the one that overwrites", () => {
    const wish: Wish = { scope: "default", profile: "p", name: "N", envKey: "E" };
    const [scope, rest] = [
      ["--scope", "default", "--profile", "p"],
      ["--name", "N", "--env-key", "E"],
    ];
    expect(refused(there('env_key = "K"'), wish).hints).toMatchObject([
      { argv: [...ARGV, ...scope, "--provider-id", "openai-http-2", ...rest] },
      { argv: [...ARGV, ...scope, ...rest, "--overwrite"] },
    ]);
  });
});

describe("an option that cannot be meant", () => {
  test.each<[string, Wish, string, unknown]>([
    [
      "a built-in provider's id",
      { providerId: "openai", name: "N" },
      "reserved-provider",
      { note: "choose another id", argv: [...ARGV, "--provider-id", "openai-custom", "--name", "N"] },
    ],
    ["an empty name", { name: " ", envKey: "E" }, "usage", { argv: [...ARGV, "--env-key", "E"] }],
    ["an empty variable", { envKey: "", name: "N" }, "usage", { argv: [...ARGV, "--name", "N"] }],
    [
      "an address that is none",
      { baseUrl: "gateway" },
      "usage",
      "write it like this: --base-url https://gateway.example/v1",
    ],
    ["a profile that is no file name", { profile: "../x" }, "usage", expect.anything()],
  ])("is refused, with what helps: %s", (_, wish, code, hint) => {
    expect(refused("", wish)).toMatchObject({ code, hints: [hint] });
  });

  test("is an empty id", () => {
    expect(refused("", { providerId: "" }).code).toBe("usage");
  });

  test("is refused with a command that does not repeat what may be a secret", () => {
    const argvFor = (baseUrl: string) => refused("", { name: "", baseUrl }).hints[0]?.argv;
    for (const place of ["u:fake@gw.example/v1", "gw.example/v1?key=fake", "gw.example/#fake"])
      expect(argvFor(`https://${place}`)).toEqual([...ARGV, "--base-url", "URL"]);
    expect(argvFor("https://gw.example/v1")).toEqual([...ARGV, "--base-url", "https://gw.example/v1"]);
  });
});

describe("what chooses the provider", () => {
  const select = { op: "set", path: ["model_provider"], value: "openai-http" };
  const everywhere = { ...select, file: "config" };

  test("is the profile's own file, which says what it is where it is new", () => {
    const comment = [
      "Codex over HTTP/SSE, without WebSocket: codex --profile work",
      "Take it back with: codex-cfg revert http-sse",
    ];
    expect(selection(preset("", { profile: "work" }))).toEqual([{ ...select, file: "profile:work", comment }]);
    expect(selection(preset("", {}, ["profile:http_sse"]))).toEqual([{ ...select, file: "profile:http_sse" }]);
  });

  test("is the profile's table in config.toml for a release that reads those", () => {
    const config = 'profile = "http_sse"\n[profiles.http_sse]\nmodel = "x"\n';
    const path = ["profiles", "http_sse", "model_provider"];
    expect(selection(preset(config, { version: "0.120.0" }))).toEqual([{ ...select, file: "config", path }]);
  });

  test("is config.toml for every start", () => {
    expect(selection(preset("", { scope: "default" }))).toEqual([everywhere]);
  });

  test("takes the profile's table out of config.toml, where Codex would not start beside it, and no other one", () => {
    const config = '[profiles.http_sse]\nmodel = "x"\n[profiles.other]\nmodel = "y"\n';
    const path = ["profiles", "http_sse"];
    const intent = preset(config);
    expect(selection(intent)).toMatchObject([
      { op: "move", file: "config", path, to: { file: "profile:http_sse", path: [] } },
      select,
    ]);
    const args = { profile: "http_sse" };
    expect(intent.findings[0]).toEqual({ code: "legacy-moved", severity: "info", file: "config", path, args });
    const forAll = preset(config, { scope: "default" });
    expect(selection(forAll)).toEqual([everywhere]);
    expect(codes(forAll)).not.toContain("legacy-moved");
  });

  test.each(["profile", "default"] as const)(
    "takes a line that selects the profile out of config.toml, and leaves one that selects another: %s",
    (scope) => {
      const place = { severity: "warning", file: "config", path: ["profile"] };
      const own = preset('profile = "http_sse"\n', { scope });
      expect(own.ops).toContainEqual({ op: "unset", file: "config", path: ["profile"] });
      expect(own.findings).toContainEqual({ code: "legacy-selector-removed", ...place, args: { profile: "http_sse" } });
      const other = preset('profile = "other"\n', { scope });
      expect(selection(other)).toHaveLength(1);
      expect(other.findings).toContainEqual({ code: "legacy-selector-left", ...place, args: { profile: "other" } });
      expect(codes(preset("", { scope })).filter((code) => code.startsWith("legacy"))).toEqual([]);
    },
  );
});

describe("what to do next", () => {
  test.each([
    ["0.169.0", false],
    ["0.122.0", true],
  ])("is to start with the profile, before or behind the subcommand as %s takes it", (version, behind) => {
    const { findings } = preset("", { version });
    expect(findings).toContainEqual({
      code: "start-with-profile",
      severity: "info",
      args: { profile: "http_sse", behind },
    });
    expect(findings).toContainEqual({ code: "apps-need-default", severity: "info", args: { preset: "http-sse" } });
  });

  test("is to start plainly, unless a profile that is selected chooses another provider", () => {
    const wish: Wish = { scope: "default", version: "0.120.0" };
    const legacy = (line: string) => preset(`profile = "fast"\n[profiles.fast]\n${line}\n`, wish);
    expect(legacy('model_provider = "azure"').findings).toEqual([
      { code: "profile-wins", severity: "warning", args: { profile: "fast", provider: "azure" } },
    ]);
    expect(codes(legacy('model_provider = "openai-http"'))).toEqual(["start-plainly"]);
    expect(codes(legacy('model = "x"'))).toEqual(["start-plainly"]);
    expect(codes(preset("", { scope: "default" }))).toEqual(["start-plainly"]);
  });

  test("a release that never used a WebSocket is told so, and no other", () => {
    const { findings } = preset("", { version: "0.50.0" });
    expect(findings).toContainEqual({ code: "no-websocket", severity: "info", args: { version: "0.50.0" } });
    expect(codes(preset(""))).toEqual(["start-with-profile", "apps-need-default"]);
  });
});

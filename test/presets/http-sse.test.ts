/** What the preset http-sse writes, of what it keeps off, and what it says beside. */
import { describe, expect, test } from "vitest";
import { profileLayout } from "../../src/codex/profile-layout.ts";
import type { FileRole, Op } from "../../src/model/op.ts";
import { HTTP_SSE, type HttpSseOptions, httpSse } from "../../src/presets/http-sse.ts";
import { parseDocument } from "../../src/toml/document.ts";

type Wish = Partial<HttpSseOptions> & { readonly version?: string };

function preset(config: string, { version = "0.169.0", ...more }: Wish = {}, files: readonly FileRole[] = []) {
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
const ours = (intent: { readonly ops: readonly Op[] }) =>
  intent.ops.filter((op) => op.op !== "write" && op.path[0] === "model_providers");
const codes = (intent: ReturnType<typeof preset>) => intent.findings.map(({ code }) => code);
const providerOf = (config: string, wish: Wish = {}) => {
  const [op] = ours(preset(config, wish));
  return op?.op === "set" ? op.value : undefined;
};
const refusal = (code: string, message: string | RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("the provider's table", () => {
  test("lets Codex pick the address and sends the login", () => {
    expect(ours(preset(""))).toEqual([{ op: "set", file: "config", path: PATH, value: TABLE }]);
  });

  test("with a key from a variable does not ask for the login", () => {
    const { requires_openai_auth: _, ...rest } = TABLE;
    expect(providerOf("", { envKey: "MY_KEY" })).toEqual({ ...rest, env_key: "MY_KEY" });
  });

  test("has the address given, else the one that the built-in provider has here", () => {
    expect(providerOf("", { baseUrl: "https://gw.example/v1" })).toEqual({
      ...TABLE,
      base_url: "https://gw.example/v1",
    });
    const own = 'openai_base_url = "https://own.example/v1"\n';
    expect(providerOf(own)).toEqual({ ...TABLE, base_url: "https://own.example/v1" });
    expect(providerOf(own, { baseUrl: "https://gw.example/v1" })).toMatchObject({ base_url: "https://gw.example/v1" });
    expect(preset(own).findings).toContainEqual({
      code: "keeps-address",
      severity: "info",
      args: { host: "own.example" },
    });
    for (const unusable of ['openai_base_url = "nonsense"\n', "openai_base_url = 1\n"])
      expect(providerOf(unusable)).toEqual(TABLE);
    expect(providerOf(own, { version: "0.98.0" })).toEqual(TABLE);
  });

  test("is left alone where it is right already", () => {
    const there = `[model_providers.openai-http]\nname = "OpenAI"\nwire_api = "responses"\nrequires_openai_auth = true\nsupports_websockets = false\n`;
    const intent = preset(there);
    expect(ours(intent)).toEqual([]);
    expect(codes(intent)).not.toContain("adopted");
  });
});

describe("a table of that id that is there already", () => {
  const there = (body: string) => `[model_providers.openai-http]\n${body}\n`;
  const recipe = 'name = "OpenAI"\nwire_api = "responses"\nsupports_websockets = false';

  test.each([
    ["without an address", recipe],
    ["at the API", `${recipe}\nbase_url = "https://api.openai.com/v1"`],
    ["at the API, with a slash", `${recipe}\nbase_url = "https://api.openai.com/v1/"`],
    ["at the ChatGPT plan's service", `${recipe}\nbase_url = "https://chatgpt.com/backend-api/codex"`],
  ])("is adopted when it is a published recipe: %s", (_, body) => {
    const intent = preset(there(body));
    expect(ours(intent)).not.toEqual([]);
    expect(codes(intent)).toContain("adopted");
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
    expect(() => preset(there(body))).toThrow(refusal("would-overwrite", /openai-http/));
    expect(codes(preset(there(body), { overwrite: true }))).toContain("adopted");
  });

  test("that is no table is not overwritten at all", () => {
    expect(() => preset('model_providers = { openai-http = "x" }\n', { overwrite: true })).toThrow(
      refusal("would-overwrite", /openai-http/),
    );
  });

  test("is refused with the same command under another id, and the one that overwrites", () => {
    let hints: unknown;
    try {
      preset(there('env_key = "K"'), { scope: "default", profile: "p", name: "N", envKey: "E" });
    } catch (error) {
      hints = (error as { hints: unknown }).hints;
    }
    const argv = ["apply", "http-sse", "--scope", "default", "--profile", "p"];
    const rest = ["--name", "N", "--env-key", "E"];
    expect(hints).toMatchObject([
      { argv: [...argv, "--provider-id", "openai-http-2", ...rest] },
      { argv: [...argv, ...rest, "--overwrite"] },
    ]);
  });
});

describe("an option that cannot be meant", () => {
  test.each<[string, Wish, string, RegExp]>([
    ["a built-in provider's id", { providerId: "openai" }, "reserved-provider", /built into Codex/],
    ["an empty id", { providerId: "" }, "usage", /must not be empty/],
    ["an empty name", { name: " " }, "usage", /--name must not be empty/],
    ["an empty variable", { envKey: "" }, "usage", /--env-key must not be empty/],
    ["an address that is none", { baseUrl: "gateway" }, "usage", /not an http or https address/],
    ["a profile that is no file name", { profile: "../x" }, "usage", /not a profile name/],
  ])("is refused: %s", (_, wish, code, message) => {
    expect(() => preset("", wish)).toThrow(refusal(code, message));
  });

  test("is refused with a command that does not repeat what may be a secret", () => {
    const hintsFor = (baseUrl: string) => {
      try {
        preset("", { name: "", baseUrl });
      } catch (error) {
        return (error as { hints: readonly { argv: readonly string[] }[] }).hints[0]?.argv;
      }
      return undefined;
    };
    for (const address of [
      "https://u:fake@gw.example/v1",
      "https://gw.example/v1?key=fake",
      "https://gw.example/#fake",
    ])
      expect(hintsFor(address)).toEqual(["apply", "http-sse", "--base-url", "URL"]);
    expect(hintsFor("https://gw.example/v1")).toEqual(["apply", "http-sse", "--base-url", "https://gw.example/v1"]);
  });
});

describe("what chooses the provider", () => {
  const select = { op: "set", path: ["model_provider"], value: "openai-http" };
  const selection = (intent: { readonly ops: readonly Op[] }) => intent.ops.filter((op) => !ours(intent).includes(op));

  test("is the profile's own file, which is told what it is where it is new", () => {
    expect(selection(preset("", { profile: "work" }))).toEqual([
      {
        ...select,
        file: "profile:work",
        comment: [
          "Codex over HTTP/SSE, without WebSocket: codex --profile work",
          "Take it back with: codex-cfg revert http-sse",
        ],
      },
    ]);
    expect(selection(preset("", {}, ["profile:http_sse"]))).toEqual([{ ...select, file: "profile:http_sse" }]);
  });

  test("is the profile's table in config.toml for a release that reads those", () => {
    const path = ["profiles", "http_sse", "model_provider"];
    expect(
      selection(preset('profile = "http_sse"\n[profiles.http_sse]\nmodel = "x"\n', { version: "0.120.0" })),
    ).toEqual([{ ...select, file: "config", path }]);
  });

  test("is config.toml for every start", () => {
    expect(selection(preset("", { scope: "default" }))).toEqual([{ ...select, file: "config" }]);
  });

  test("takes the profile's table out of config.toml, where Codex would not start beside it, and no other one", () => {
    const config = '[profiles.http_sse]\nmodel = "x"\n[profiles.other]\nmodel = "y"\n';
    const move = {
      op: "move",
      file: "config",
      path: ["profiles", "http_sse"],
      to: { file: "profile:http_sse", path: [] },
    };
    const intent = preset(config);
    expect(selection(intent)).toMatchObject([move, select]);
    expect(codes(intent)).toContain("legacy-moved");
    const everywhere = preset(config, { scope: "default" });
    expect(selection(everywhere)).toEqual([{ ...select, file: "config" }]);
    expect(codes(everywhere)).not.toContain("legacy-moved");
  });

  test("takes a line that selects the profile out of config.toml, and leaves one that selects another, with a warning", () => {
    for (const scope of ["profile", "default"] as const) {
      const own = preset('profile = "http_sse"\n', { scope });
      expect(own.ops).toContainEqual({ op: "unset", file: "config", path: ["profile"] });
      expect(own.findings).toContainEqual(
        expect.objectContaining({ code: "legacy-selector-removed", severity: "warning" }),
      );
      const other = preset('profile = "other"\n', { scope });
      expect(selection(other)).toHaveLength(1);
      expect(other.findings).toContainEqual(
        expect.objectContaining({ code: "legacy-selector-left", args: { profile: "other" } }),
      );
      expect(codes(preset("", { scope })).filter((code) => code.startsWith("legacy"))).toEqual([]);
    }
  });
});

describe("what to do next", () => {
  test("is to start with the profile, before or behind the subcommand as the release takes it", () => {
    const behind = (version: string) =>
      preset("", { version }).findings.find(({ code }) => code === "start-with-profile");
    expect(behind("0.169.0")?.args).toEqual({ profile: "http_sse", behind: false });
    expect(behind("0.122.0")?.args).toEqual({ profile: "http_sse", behind: true });
    expect(codes(preset(""))).toEqual(["start-with-profile", "apps-need-default"]);
  });

  test("is to start plainly, unless a profile that is selected chooses another provider", () => {
    const legacy = (provider: string) =>
      codes(
        preset(`profile = "fast"\n[profiles.fast]\nmodel_provider = "${provider}"\n`, {
          scope: "default",
          version: "0.120.0",
        }),
      );
    expect(legacy("azure")).toEqual(["profile-wins"]);
    expect(legacy("openai-http")).toEqual(["start-plainly"]);
    expect(
      codes(preset('profile = "fast"\n[profiles.fast]\nmodel = "x"\n', { scope: "default", version: "0.120.0" })),
    ).toEqual(["start-plainly"]);
    expect(codes(preset("", { scope: "default" }))).toEqual(["start-plainly"]);
  });

  test("a release that never used a WebSocket is told so", () => {
    expect(codes(preset("", { version: "0.50.0" }))).toContain("no-websocket");
    expect(codes(preset(""))).not.toContain("no-websocket");
  });
});

/**
 * Twelve homes that Codex 0.169.0 refuses, or reads in another way than they were meant: shown by the client itself
 * before `doctor --fix`, after it, and after `revert`.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { ask, cfg, codex, succeeded } from "./client.ts";
import { AUTH, beside, chatGptAuth, put, QUIET, scratchHome, snapshotHome } from "./homes.ts";
import { startResponsesServer } from "./responses-server.ts";

const VERSION = "0.169.0";

type Home = {
  readonly files: Readonly<Record<string, string>>;
  readonly symptom: string;
  readonly profile?: string;
  /** What a person has to say, where a fix could send or lose what they did not mean. */
  readonly choose?: string;
};

const provider = (lines: string, id = "p") => `${QUIET}\n[model_providers.${id}]\n${lines}`;

/** What keeps Codex from starting. */
const REFUSED: Readonly<Record<string, Home>> = {
  "a legacy selector": {
    files: { "config.toml": `profile = "work"\n${QUIET}\n# mine\n[profiles.work]\nmodel = "o3"\n` },
    symptom: "start",
    profile: "work",
  },
  "a reserved id": {
    files: { "config.toml": provider('name = "x"\nbase_url = "http://127.0.0.1:9/v1"\n', "ollama") },
    symptom: "start",
  },
  'wire_api = "chat"': {
    files: { "config.toml": provider('name = "x"\nenv_key = "X"\nwire_api = "chat"\n') },
    symptom: "start",
  },
  "a table that is there twice": {
    files: {
      "config.toml": `${QUIET}\n[mcp_servers.a]\ncommand = "true" # first\n\n[mcp_servers.a]\nenabled = false\n`,
    },
    symptom: "start",
  },
  "a provider without a name": {
    files: { "config.toml": provider('env_key = "X"\n') },
    symptom: "start",
  },
  "a provider that is not defined": {
    files: { "config.toml": `model_provider = "opnai"\n${QUIET}` },
    symptom: "start",
    choose: "undefined-provider:config:model_provider=1",
  },
  "a toggle without a server": {
    files: { "config.toml": `${QUIET}\n[mcp_servers.gone]\nenabled = false\n` },
    symptom: "start",
  },
  "a value that was taken away": {
    files: { "config.toml": `approval_policy = "untrusted"\n${QUIET}` },
    symptom: "start",
  },
  "a file that is not there": {
    files: { "config.toml": `model_instructions_file = "gone.md"\n${QUIET}` },
    symptom: "start",
    choose: "missing-file:config:model_instructions_file=1",
  },
};

describe.each(Object.entries(REFUSED))("%s", (_, { choose, files, profile, symptom }) => {
  it("keeps codex 0.169.0 from starting until `doctor --fix`, and again after `revert`", async () => {
    const home = scratchHome({ ...files, "auth.json": AUTH });
    const before = snapshotHome(home);
    expect((await start(home)).status).toBe(1);
    const told = await cfg(["doctor", "--json"], { home, codexVersionOnPath: VERSION });
    expect([told.status, symptomsIn(told.stdout)]).toEqual([1, expect.arrayContaining([symptom])]);
    succeeded(await cfg(["doctor", "--fix", "-y", ...chosen(choose)], { home, codexVersionOnPath: VERSION }));
    succeeded(await start(home));
    if (profile) expect((await start(home, profile)).stderr).toContain("No MCP server named");
    const again = await cfg(["doctor", "--fix", "-y"], { home, codexVersionOnPath: VERSION });
    expect(again.stderr).toContain("nothing to do");
    succeeded(await cfg(["revert", "-y"], { home, codexVersionOnPath: VERSION }));
    expect(snapshotHome(home)).toEqual(before);
    expect((await start(home)).status).toBe(1);
  });
});

/** What starts and goes wrong: what the client says of itself, before and after. */
const MISREAD: Readonly<
  Record<string, Home & { readonly says: Says; readonly wrong: string; readonly right: string }>
> = {
  "a key of the root under a header": {
    files: { "config.toml": `${provider('name = "x"\nrequires_openai_auth = true\n')}\n[tui]\nmodel_provider = "p"\n` },
    symptom: "start",
    choose: "misplaced-key:config:tui.model_provider=1",
    says: ["config.load", "model provider"],
    wrong: "openai",
    right: "p",
  },
  "an address that does not take the login": {
    files: {
      "config.toml": `model_provider = "p"\n${provider('name = "OpenAI"\nrequires_openai_auth = true\nbase_url = "https://api.openai.com/v1"\n')}`,
      "auth.json": chatGptAuth(),
    },
    symptom: "auth",
    choose: "provider-wrong-service:config:model_providers.p=1",
    says: ["network.provider_reachability", "inference URL"],
    wrong: "https://api.openai.com",
    right: "https://chatgpt.com",
  },
  "a provider that sends no token": {
    files: { "config.toml": `model_provider = "p"\n${provider('name = "OpenAI"\nwire_api = "responses"\n')}` },
    symptom: "auth",
    choose: "provider-no-token:config:model_providers.p=1",
    says: ["network.provider_reachability", "reachability mode"],
    wrong: "provider auth",
    right: "API key auth",
  },
};

type Says = readonly [check: string, detail: string];

describe.each(Object.entries(MISREAD))("%s", (_, { choose, files, right, says, symptom, wrong }) => {
  it("is read as it was meant after `doctor --fix`, and as before after `revert`", async () => {
    const home = scratchHome({ "auth.json": AUTH, ...files });
    const before = snapshotHome(home);
    expect(await detailOf(home, says)).toContain(wrong);
    const told = await cfg(["doctor", "--json"], { home, codexVersionOnPath: VERSION });
    expect([told.status, symptomsIn(told.stdout)]).toEqual([1, expect.arrayContaining([symptom])]);
    succeeded(await cfg(["doctor", "--fix", "-y", ...chosen(choose)], { home, codexVersionOnPath: VERSION }));
    expect(await detailOf(home, says)).toContain(right);
    succeeded(await cfg(["doctor"], { home, codexVersionOnPath: VERSION }));
    succeeded(await cfg(["revert", "-y"], { home, codexVersionOnPath: VERSION }));
    expect(snapshotHome(home, { clientRan: true })).toEqual(before);
    expect(await detailOf(home, says)).toContain(wrong);
  });
});

describe("what codex 0.169.0 itself prints", () => {
  it.each([
    { upgrades: "refuse", words: true, status: 1 },
    // A service without WebSockets says so at once, and nobody waits.
    { upgrades: "http-only", words: false, status: 0 },
  ] as const)("about a WebSocket ($upgrades) is told as what it is", async ({ status, upgrades, words }) => {
    const server = await startResponsesServer(upgrades);
    const home = scratchHome({ "config.toml": `openai_base_url = "${server.url}"\n${QUIET}`, "auth.json": AUTH });
    try {
      const { stderr } = await ask(VERSION, [], home);
      put(beside(home, "run.log"), stderr);
      const told = await cfg(["doctor", "--log", beside(home, "run.log")], { home, codexVersionOnPath: VERSION });
      expect(told.status, told.stdout).toBe(status);
      if (words) expect(told.stdout).toContain("reconnect: Reconnecting…");
      else expect(told.stdout).toBe("");
    } finally {
      await server.close();
    }
  });

  it("about a refused key is told as a matter of the login", async () => {
    const home = scratchHome({ "config.toml": QUIET, "auth.json": AUTH });
    const server = createServer((_, response) => response.writeHead(401).end('{"error":{"message":"no"}}'));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const table = `[model_providers.p]\nname = "x"\nbase_url = "http://127.0.0.1:${port}/v1"\nrequires_openai_auth = true\nstream_max_retries = 0\n`;
    put(`${home}/config.toml`, `model_provider = "p"\n${QUIET}\n${table}`);
    try {
      expect((await ask(VERSION, [], home)).status).toBe(1);
    } finally {
      server.close();
    }
    // The chat alone knows how it ended.
    const told = await cfg(["doctor"], { home, codexVersionOnPath: VERSION });
    expect([told.status, told.stdout]).toEqual([1, expect.stringContaining("the log has 1 refused login (401)")]);
  });
});

it("finds nothing in a home that is in order, as codex 0.169.0 has used it", async () => {
  const home = scratchHome({ "config.toml": QUIET, "auth.json": AUTH });
  put(`${home}/work.config.toml`, 'model = "gpt-5.5"\n');
  await codex(VERSION, ["doctor", "--json"], { home });
  succeeded(await start(home));
  const { stdout } = succeeded(await cfg(["doctor"], { home, codexVersionOnPath: VERSION }));
  expect(stdout).toBe("");
});

/** Whether Codex loads the home; with a profile, by a question that only a loaded one answers. */
function start(home: string, profile?: string) {
  const args = profile === undefined ? ["features", "list"] : ["--profile", profile, "mcp", "get", "__none__"];
  return codex(VERSION, args, { home });
}

function chosen(choose?: string): string[] {
  return choose === undefined ? [] : ["--choose", choose];
}

function symptomsIn(text: string): string[] {
  const { symptoms } = JSON.parse(text) as { symptoms: { symptom: string; found: boolean }[] };
  return symptoms.filter(({ found }) => found).map(({ symptom }) => symptom);
}

/** One line of the client's own `doctor`. */
async function detailOf(home: string, [check, detail]: Says): Promise<string> {
  const report = JSON.parse((await codex(VERSION, ["doctor", "--json"], { home })).stdout);
  const details: Record<string, string> = report.checks[check].details;
  return Object.entries(details).find(([name]) => name.endsWith(detail))?.[1] ?? "(not told)";
}

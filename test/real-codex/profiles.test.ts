/** What the verbs for profiles, servers and projects do, as the real client shows it: plainly, by `-p`, and through the app-server. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, cfg, codex, configRead, type Ran, succeeded } from "./client.ts";
import { beside, copyOf, QUIET, scratchHome, snapshotHome } from "./homes.ts";
import { LEGACY, type Version } from "./install.ts";
import { type ResponsesServer, startResponsesServer } from "./responses-server.ts";

const VERSIONS: readonly Version[] = ["0.130.0", "0.134.0", "0.155.0", "0.171.0"];

let server: ResponsesServer;
beforeEach(async () => {
  server = await startResponsesServer("http-only");
});
afterEach(() => server.close());

/** Odd spaces, comments and no end of the last line: whatever is printed anew shows. */
function ordinaryHome(version: Version): string {
  const base = `# Mine.\nmodel   = "gpt-5" # the usual one\nmodel_provider = "local"\n${QUIET}
[model_providers.local]
name = "Local"
base_url = "${server.url}"
wire_api = "responses"

[mcp_servers.docs]
command = "true"
future = "stays"`;
  const work = 'model = "gpt-5.1" # at work\n';
  return scratchHome(
    LEGACY.includes(version)
      ? { "config.toml": `${base}\n\n[profiles.work]\n${work}` }
      : { "config.toml": base, "work.config.toml": work },
  );
}

/** The model that a start says it uses. */
async function modelOf(version: Version, flags: readonly string[], home: string): Promise<string> {
  // Of a copy, because the client writes into its home.
  const { stderr, stdout }: Ran = await ask(version, flags, copyOf(home));
  return /^model: (.*)$/m.exec(`${stdout}\n${stderr}`)?.[1] ?? `${stdout}${stderr}`;
}

describe.each(VERSIONS)("codex %s starts with", (version) => {
  const ours = async (home: string, ...args: string[]) =>
    succeeded(await cfg([...args, "-y"], { home, codexVersionOnPath: version }));

  it("a profile that is made, copied and renamed, and without it once it is deleted", async () => {
    const home = ordinaryHome(version);
    const before = snapshotHome(home);
    await ours(home, "profile", "new", "lean", "--set", "model=gpt-5-mini");
    expect(await modelOf(version, ["-p", "lean"], home)).toBe("gpt-5-mini");
    await ours(home, "profile", "copy", "work", "night");
    await ours(home, "profile", "rename", "night", "day");
    expect(await modelOf(version, ["-p", "day"], home)).toBe("gpt-5.1");
    await ours(home, "profile", "delete", "day");
    const gone = LEGACY.includes(version) ? /config profile `day` not found/ : /^gpt-5$/;
    expect(await modelOf(version, ["-p", "day"], home)).toMatch(gone);
    await ours(home, "revert", "--all");
    expect(snapshotHome(home)).toEqual(before);
  });

  it("the profile in use at every start, the app-server's too, and as before once none is", async () => {
    const home = ordinaryHome(version);
    const before = snapshotHome(home);
    const seen = async () => [await modelOf(version, [], home), (await configRead(version, copyOf(home))).model];
    await ours(home, "profile", "new", "lean", "--set", "model=gpt-5-mini");
    const made = snapshotHome(home);
    expect(await seen()).toEqual(["gpt-5", "gpt-5"]);
    await ours(home, "use", "work");
    // Up to 0.133 the app-server reads the selector into every thread, and shows the keys of the root.
    const rpc = (model: string) => (LEGACY.includes(version) ? expect.stringMatching(/^gpt-5/) : model);
    expect(await seen()).toEqual(["gpt-5.1", rpc("gpt-5.1")]);
    await ours(home, "use", "lean");
    expect(await seen()).toEqual(["gpt-5-mini", rpc("gpt-5-mini")]);
    await ours(home, "revert");
    expect(await seen()).toEqual(["gpt-5.1", rpc("gpt-5.1")]);
    await ours(home, "use", "--none");
    expect(await seen()).toEqual(["gpt-5", "gpt-5"]);
    expect(snapshotHome(home)).toEqual(made);
    await ours(home, "revert", "--all");
    expect(snapshotHome(home)).toEqual(before);
  });

  it("another set-up by `run`, and nothing is written", async () => {
    const home = ordinaryHome(version);
    const exec = ["exec", "--skip-git-repo-check", "--sandbox", "read-only", "Say hello."];
    const model = async (...flags: string[]) => {
      const copy = copyOf(home);
      const files = snapshotHome(copy)["config.toml"];
      const { stderr, stdout } = await cfg(["run", ...flags, "--", "codex", ...exec], {
        home: copy,
        codexVersionOnPath: version,
      });
      expect(snapshotHome(copy)["config.toml"]).toEqual(files);
      return /^model: (.*)$/m.exec(`${stdout}\n${stderr}`)?.[1] ?? `${stdout}${stderr}`;
    };
    expect(await model("-p", "work")).toBe("gpt-5.1");
    expect(await model("-p", "work", "--set", "model=gpt-5-mini")).toBe("gpt-5-mini");
    expect(await model("--set", "model=gpt-5-mini", "--no-servers")).toBe("gpt-5-mini");
  });

  it("a server that was added beside the others, and without it once it was removed", async () => {
    const home = ordinaryHome(version);
    const before = snapshotHome(home);
    const servers = async () => {
      const { stdout } = succeeded(await codex(version, ["mcp", "list", "--json"], { home: copyOf(home) }));
      return JSON.parse(stdout).map((one: { name: string }) => one.name);
    };
    await ours(home, "mcp", "add", "git", "--env", "A=b", "--", "true", "-x");
    expect(await servers()).toEqual(["docs", "git"]);
    await ours(home, "mcp", "add", "wiki", "--url", "http://127.0.0.1:9/mcp", "--header", "X-A=b");
    await ours(home, "mcp", "remove", "git");
    expect(await servers()).toEqual(["docs", "wiki"]);
    await ours(home, "revert", "--all");
    expect(snapshotHome(home)).toEqual(before);
  });

  it("a project that is trusted, and one that is not", async () => {
    const home = ordinaryHome(version);
    const folder = beside(home, "cwd");
    await ours(home, "projects", "trust", folder);
    const levels = async () => (await configRead(version, copyOf(home))).projects;
    expect(await levels()).toMatchObject({ [folder]: { trust_level: "trusted" } });
    await ours(home, "projects", "untrust", folder);
    expect(await levels()).toMatchObject({ [folder]: { trust_level: "untrusted" } });
  });
});

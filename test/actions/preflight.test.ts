/** Which starts of Codex a plan is asked about, and what comes of each answer. */
import { describe, expect, test } from "vitest";
import { preflight } from "../../src/actions/preflight.ts";
import { revert } from "../../src/actions/revert.ts";
import type { Home } from "../../src/home.ts";
import type { FileRole, KeyPath, Op, TomlValue } from "../../src/model/op.ts";
import { type MemoryHome, memoryHome } from "../memory-home.ts";

/** The files of a start as the installed Codex finds them. */
type Start = { readonly profile: string | null; readonly config: string; readonly own: string | null };
/** What Codex says of a start: null when it loads, `hangs` when it does not answer. */
type Judge = (start: Start) => string | null | "hangs";

type World = MemoryHome & { readonly asked: Start[] };

/** A home beside an installed Codex that judges so; `version` is the release meant, if it is another. */
function world(
  files: Readonly<Record<string, string>>,
  judge: Judge = () => null,
  { installed = "0.169.0", version }: { readonly installed?: string; readonly version?: string } = {},
): World {
  const asked: Start[] = [];
  const home = memoryHome(files, {
    version: version ?? installed,
    host: {
      env: { PATH: "/usr/bin" },
      run: (_, args, { env }) => {
        const answer = { stdout: "", stderr: "", timedOut: false };
        if (args[0] === "--version") return { ...answer, status: 0, stdout: `codex-cli ${installed}\n` };
        const profile = /^--profile=(.*)/.exec(args[0] ?? "")?.[1] ?? null;
        const text = (name: string) => home.disk.text(`${env.CODEX_HOME}/${name}`);
        const start = { profile, config: text("config.toml") ?? "", own: profile && text(`${profile}.config.toml`) };
        asked.push(start);
        const words = judge(start);
        if (words === "hangs") return { ...answer, status: null, timedOut: true };
        return words === null ? { ...answer, status: 0 } : { ...answer, status: 1, stderr: `Error: ${words}\n` };
      },
    },
  });
  for (const folder of ["/tmp", "/usr", "/usr/bin"]) home.disk.putFolder(folder);
  home.disk.put("/usr/bin/codex", "", { mode: 0o755 });
  return { ...home, asked };
}

const set = (path: string, value: TomlValue, file: FileRole = "config"): Op => ({
  op: "set",
  file,
  path: path.split("."),
  value,
});
const MAY = { mayBreak: "any-start" } as const;
const planned = (home: Home, ...ops: readonly Op[]) => home.plan({ command: "test", ...MAY }, ops);

async function answers(home: World, ...ops: readonly Op[]) {
  const opened = home.open();
  return preflight(opened, await planned(opened, ...ops));
}

async function profilesAsked(home: World, ...ops: readonly Op[]): Promise<(string | null)[]> {
  await answers(home, ...ops);
  return home.asked.map(({ profile }) => profile);
}

const refusal = (words: string) =>
  expect.objectContaining({ code: "codex-refuses", message: `Codex 0.169.0 would no longer load this home: ${words}` });

describe("the answer", () => {
  const bad: Judge = ({ config }) => (config.includes("bad") ? "no such model" : null);

  test("that Codex loads it says nothing, and is asked of the files after the plan", async () => {
    const home = world({ "config.toml": 'model = "a"\n' });
    expect(await answers(home, set("model", "b"))).toEqual([]);
    expect(home.asked).toEqual([{ profile: null, config: 'model = "b"\n', own: null }]);
  });

  test("that Codex refuses what it loads now stops the change, with what to do", async () => {
    const home = world({ "config.toml": 'model = "a"\n' }, bad);
    await expect(answers(home, set("model", "bad"))).rejects.toEqual(refusal("no such model"));
    await expect(answers(home, set("model", "bad"))).rejects.toMatchObject({
      path: "/home/u/.codex",
      hints: ["nothing was written; to write it all the same, add --no-preflight"],
    });
    expect(home.asked[1]?.config).toBe('model = "a"\n');
  });

  test("that Codex refuses it as before is a warning", async () => {
    const home = world({ "config.toml": 'model = "bad"\n' }, bad);
    expect(await answers(home, set("x", 1n))).toEqual([
      { code: "still-refused", severity: "warning", args: { words: "no such model" } },
    ]);
  });

  test("that did not come is a warning", async () => {
    const home = world({ "config.toml": "" }, () => "hangs");
    expect(await answers(home, set("x", 1n))).toEqual([
      { code: "not-asked", severity: "warning", args: { reason: "no-answer" } },
    ]);
  });

  test("names the profile, is cut, and hides what any file of the start hides, before the plan and after it", async () => {
    const words = `old-fake-1 new-fake-2 own-fake-3 ${"x".repeat(900)}`;
    const home = world(
      {
        "config.toml": '[mcp_servers.a.env]\nA = "old-fake-1"\n',
        "work.config.toml": '[mcp_servers.b.env]\nA = "own-fake-3"\n',
      },
      ({ own }) => (own?.includes("model") ? words : null),
    );
    const shown = `‹secret› ‹secret› ‹secret› ${"x".repeat(900)}`.slice(0, 600);
    await expect(
      answers(home, set("mcp_servers.a.env.A", "new-fake-2"), set("model", "m", "profile:work")),
    ).rejects.toEqual(refusal(`with --profile work: ${shown}`));
  });

  test("is not asked for where nothing changes, or another release is meant, or none is installed", async () => {
    const home = world({ "config.toml": "x = 1\n" });
    expect(await answers(home, set("x", 1n))).toEqual([]);
    const other = world({ "config.toml": "" }, bad, { version: "0.160.0" });
    expect(await answers(other, set("x", 1n))).toEqual([
      { code: "not-asked", severity: "info", args: { reason: "other-version" } },
    ]);
    expect(await answers(other, { op: "unset", file: "config", path: ["y"] })).toEqual([]);
    expect([...home.asked, ...other.asked]).toEqual([]);
    const none = memoryHome({ "config.toml": "" }, { version: null }).open();
    expect(await preflight(none, await planned(none, set("x", 1n)))).toEqual([]);
  });
});

describe("a plan is asked about", () => {
  const TABLES = { installed: "0.120.0" };
  const unset = (path: string): Op => ({ op: "unset", file: "config", path: path.split(".") });

  test("the plain start where config.toml changes, and only there", async () => {
    expect(await profilesAsked(world({ "config.toml": "" }), set("x", 1n))).toEqual([null]);
    const files = { "config.toml": "", "work.config.toml": "" };
    expect(await profilesAsked(world(files), set("model", "m", "profile:work"))).toEqual(["work"]);
    expect(await profilesAsked(world(files), set("model", "m", "profile:work"), set("x", 1n))).toEqual([null, "work"]);
  });

  test("each profile whose file it touches, and none that it takes away", async () => {
    const home = world({ "config.toml": "", "work.config.toml": 'model = "a"\n', "other.config.toml": "" });
    expect(await profilesAsked(home, { op: "write", file: "profile:work", text: null })).toEqual([]);
  });

  test("each profile whose table in config.toml it touches, in a release that reads files and in one that reads tables", async () => {
    const op = set("profiles.work.model", "b");
    expect(await profilesAsked(world({ "config.toml": "", "work.config.toml": "" }), op)).toEqual([null, "work"]);
    expect(await profilesAsked(world({ "config.toml": "" }), op)).toEqual([null]);
    expect(await profilesAsked(world({ "config.toml": "" }, undefined, TABLES), op)).toEqual([null, "work"]);
    const gone = { "config.toml": '[profiles.work]\nmodel = "a"\n' };
    expect(await profilesAsked(world(gone, undefined, TABLES), unset("profiles.work"))).toEqual([null]);
  });

  test.each(["model_providers", "mcp_servers"])(
    "each profile that speaks of one of %s that it touches",
    async (group) => {
      const files = {
        "config.toml": "",
        "speaks.config.toml": 'x = "gw"\n',
        "silent.config.toml": 'x = "other"\n',
      };
      expect(await profilesAsked(world(files), set(`${group}.gw`, { name: "gw" }))).toEqual([null, "speaks"]);
      expect(await profilesAsked(world(files), set(group, "gw"))).toEqual([null]);
      expect(
        await profilesAsked(world(files), set(`${group}.gw`, { name: "gw" }), set(`${group}.a`, { name: "a" })),
      ).toEqual([null, "speaks"]);
      const features = { ...files, "config.toml": "[features]\na = true\n" };
      expect(await profilesAsked(world(features), set("features.gw", true))).toEqual([null]);
      const tables = { "config.toml": '[profiles.speaks]\nx = "gw"\n[profiles.silent]\nx = "other"\n' };
      expect(await profilesAsked(world(tables, undefined, TABLES), set(`${group}.gw`, { name: "gw" }))).toEqual([
        null,
        "speaks",
      ]);
    },
  );

  test("no profile that nobody can read, nor one of a name that Codex does not take", async () => {
    const home = world({ "config.toml": "", "ok.config.toml": 'x = "gw"\n' });
    home.disk.put("/home/u/.codex/bad.config.toml", new Uint8Array([0xff]));
    const odd: Op = { op: "set", file: "config", path: ["profiles", "a b", "x"], value: "gw" };
    expect(await profilesAsked(home, set("model_providers.gw", { name: "gw" }), odd)).toEqual([null, "ok"]);
    const old = world({ "config.toml": "" }, undefined, TABLES);
    expect(await profilesAsked(old, odd)).toEqual([null, "a b"]);
  });

  test("no profile whose file the system does not let anybody read", async () => {
    const home = world({ "config.toml": "", "shut.config.toml": 'x = "gw"\n' });
    home.disk.onCall = (name, path) => {
      if (name === "read" && path.endsWith("shut.config.toml"))
        throw Object.assign(new Error("no"), { code: "EACCES" });
    };
    expect(await profilesAsked(home, set("model_providers.gw", { name: "gw" }))).toEqual([null]);
  });
});

describe("a revert", () => {
  const pathOf: KeyPath = ["model"];
  const back = async (home: World) => {
    const opened = home.open();
    const plan = await revert(opened);
    if (plan === null) throw new Error("nothing to take back");
    return preflight(opened, plan);
  };
  const refusesOld: Judge = ({ config }) => (config.includes("old") ? "old" : null);

  test("to what was there before is made although Codex refuses that, which is said", async () => {
    const home = world({ "config.toml": 'model = "old"\n' }, refusesOld);
    await home.change("set", [set("model", "new")]);
    expect(await back(home)).toEqual([{ code: "refused-again", severity: "warning", args: { words: "old" } }]);
  });

  test("to what did not start before the change either is a warning, whatever others have written since", async () => {
    const home = world({ "config.toml": 'model = "old"\n' }, refusesOld);
    await home.change("set", [set("model", "new")]);
    home.write("config.toml", 'model = "new"\nx = 1\n');
    expect((await back(home)).map(({ code }) => code)).toEqual(["refused-again"]);
  });

  const both = (value: string) => [set("model", value, "profile:work"), set("review_model", value)];
  const refusesOwn: Judge = ({ own }) => (own?.includes("old") ? "old" : null);

  test("of several files is one, too", async () => {
    const home = world({ "config.toml": "", "work.config.toml": 'model = "old"\n' }, refusesOwn);
    await home.change("set", both("new"));
    expect((await back(home)).map(({ code }) => code)).toEqual(["refused-again"]);
    home.write("config.toml", 'review_model = "new"\nx = 1\n');
    expect((await back(home)).map(({ code }) => code)).toEqual(["refused-again"]);
  });

  test("that is no reason for a profile which the change never saw to stop loading", async () => {
    const home = world({ "config.toml": "" }, ({ config, profile }) =>
      profile !== null && !config.includes("gw") ? "gone" : null,
    );
    await home.change("add", [set("model_providers.gw", { name: "gw" })]);
    home.write("work.config.toml", 'model_provider = "gw"\n');
    await expect(back(home)).rejects.toEqual(refusal("with --profile work: gone"));
  });

  test("of a profile's own file brings it back as it was", async () => {
    const home = world({ "work.config.toml": 'model = "old"\n' }, ({ own }) => (own?.includes("old") ? "old" : null));
    await home.change("set", [{ op: "set", file: "profile:work", path: pathOf, value: "new" }]);
    expect(await back(home)).toEqual([
      { code: "refused-again", severity: "warning", args: { words: "with --profile work: old" } },
    ]);
  });
});

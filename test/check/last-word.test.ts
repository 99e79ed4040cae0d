/** The installed client has the last word where its release was not measured: what it takes has no finding. */
import { expect, test } from "vitest";
import { check } from "../../src/actions/check.ts";
import { setSettings } from "../../src/actions/set-settings.ts";
import { openHome } from "../../src/home.ts";
import type { RunResult } from "../../src/host/host.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";

const HOME = "/home/u/.codex";
const OK: RunResult = { status: 0, stdout: "", stderr: "", timedOut: false };

/** A home with a client that knows some more keys, and refuses the first line with any other of `refused`. */
function home(text: string, version: string, refused: Readonly<Record<string, "load" | "strict">>) {
  const disk = new MemoryDisk();
  for (const folder of ["/home", "/home/u", HOME, "/bin", "/tmp"]) disk.putFolder(folder);
  disk.put("/bin/codex", "", { mode: 0o755 });
  disk.put(`${HOME}/config.toml`, text);
  disk.now += 60_000;
  let asked = 0;
  const host = memoryHost({
    disk,
    env: { PATH: "/bin" },
    run: (_, args, { env }) => {
      if (args[0] === "--version") return { ...OK, stdout: `codex-cli ${version}` };
      asked++;
      const lines = (disk.text(`${env.CODEX_HOME}/config.toml`) ?? "").split("\n");
      const strict = args.includes("--strict-config");
      const line = lines.findIndex((one) => {
        const effect = refused[one.split(" ")[0] ?? ""];
        return effect === "load" || (effect === "strict" && strict);
      });
      if (line < 0) return OK;
      const detail = `config.toml:${line + 1}:1: the client's own words`;
      return { ...OK, status: 1, stdout: JSON.stringify({ error: { data: { detail, line: line + 1, column: 1 } } }) };
    },
  });
  return { asked: () => asked, of: openHome(host, { dir: HOME }) };
}

const codes = async (one: ReturnType<typeof home>) => {
  const { findings, loads, strict } = await check(one.of);
  return [...findings.map(({ code, path }) => `${code} ${path?.join(".") ?? ""}`), `${loads} ${strict}`];
};

const TEXT = 'brand_new = 1\nmodle = "m"\n\n[features]\nutc_environment_date = true\n';

test("a key that the client takes has no finding, and one that it refuses keeps it", async () => {
  expect(await codes(home(TEXT, "0.171.0", { modle: "strict" }))).toEqual([
    "codex-newer ",
    "unknown-key modle",
    "true false",
  ]);
});

test("what the client does not load is an error in its own words", async () => {
  const { of } = home(TEXT, "0.171.0", { brand_new: "load", modle: "strict" });
  const { findings, loads } = await check(of);
  expect(loads).toBe(false);
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: "codex-says",
      severity: "error",
      args: { key: "brand_new", words: "the client's own words" },
      at: { line: 1, column: 13 },
    }),
  );
});

test("what no rule knows is found as well", async () => {
  expect(await codes(home('model = "m"\nnotify = ["x"]\n', "0.171.0", { notify: "load" }))).toEqual([
    "codex-newer ",
    "codex-says notify",
    "false false",
  ]);
});

test("a release that was measured is not asked", async () => {
  const one = home(TEXT, "0.169.0", {});
  expect((await codes(one)).slice(0, 2)).toEqual(["unknown-key brand_new", "unknown-key modle"]);
  expect(one.asked()).toBe(0);
});

test("set takes what the client takes, and refuses what it does not", async () => {
  const set = (key: string) =>
    setSettings(home("", "0.171.0", { modle: "strict" }).of, { settings: [{ key, value: "true" }] });
  expect((await set("features.utc_environment_date")).changes).toHaveLength(1);
  await expect(set("modle")).rejects.toMatchObject({ code: "invalid-config" });
});

/** What cannot be printed: before a change it stops it, after one it changes neither what was done nor the exit code. */
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";
import { CONFIG, world } from "../store/world.ts";

const ONE = 'model = "m"\n';
const SERVERS = '[mcp_servers.a]\ncommand = "x"\n\n[mcp_servers.b]\ncommand = "x"\n';
const VERSION = ["--codex-version", "0.169.0"];
type Stream = "out" | "err";

/** Runs a command where each of these streams is full, from the nth writing on. */
async function run(disk: MemoryDisk, full: Partial<Record<Stream, number>>, ...argv: readonly string[]) {
  const host = memoryHost({
    disk,
    // The server b makes it fail.
    run: () => {
      const isOff = /mcp_servers\.b\][^[]*enabled = false/.test(disk.text(CONFIG) ?? "");
      return { status: isOff ? 0 : 1, stdout: "", stderr: "", timedOut: false };
    },
  });
  for (const [stream, from] of Object.entries(full) as [Stream, number][]) {
    const print = host.terminal[stream];
    let count = 0;
    Object.assign(host.terminal, {
      [stream]: (text: string) => {
        count += 1;
        if (count >= from) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
        print(text);
      },
    });
  }
  const at = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const exit = await main([...argv.slice(0, at), ...VERSION, ...argv.slice(at)], host);
  return { exit, ...host.printed };
}

const home = (text = ONE) => world({ [CONFIG]: text }).disk;
const SET = ["set", "model", "other"];
const LINE =
  "error: standard output: the change was made, but not all there is to say of it could be printed: no space left on the device [io]\n";

describe("after a change", () => {
  test("a document that cannot be printed costs one line on standard error, and neither change nor exit code", async () => {
    const disk = home();
    expect(await run(disk, { out: 1 }, ...SET, "--json")).toEqual({ exit: 0, out: "", err: LINE });
    expect(disk.text(CONFIG)).toBe('model = "other"\n');
    // Where nothing was done there is nothing to keep: the document is all that was asked for.
    expect(await run(disk, { out: 1 }, ...SET, "--json")).toMatchObject({ exit: 4 });
  });

  test("the exit code alone says it where both streams are full", async () => {
    const disk = home();
    expect(await run(disk, { out: 1, err: 1 }, ...SET, "--json")).toEqual({ exit: 0, out: "", err: "" });
    expect(disk.text(CONFIG)).toBe('model = "other"\n');
  });

  test("every other line is printed all the same", async () => {
    const disk = home();
    const whole = await run(disk.clone(), {}, ...SET);
    const lines = whole.err.split("\n").length - 1;
    for (let from = 1; from <= lines; from++) {
      const other = disk.clone();
      const { exit, out } = await run(other, { err: from }, ...SET);
      // The note before the change is a part of what is seen first.
      const isMade = other.text(CONFIG) !== ONE;
      expect([exit, out, isMade]).toEqual([from === 1 ? 4 : 0, whole.out, from > 1]);
    }
    expect(lines).toBe(2);
  });

  test("an exit code that is not 0 stays what it is", async () => {
    const disk = home('model = "m"\n\n[profiles.a]\nmodel = "m"\n\n[tui]\nmodel = "misplaced"\n');
    expect((await run(disk, { out: 1 }, "doctor", "--fix", "--json")).exit).toBe(1);
    expect(disk.text(CONFIG)).not.toContain("profiles");
  });

  test("a search goes on to its end", async () => {
    const whole = await run(home(SERVERS), {}, "mcp", "bisect", "run", "--", "try");
    expect([whole.exit, whole.out]).toEqual([0, expect.stringContaining("it is b")]);
    // Two lines tell of the first look, for which nothing is changed.
    expect(await run(home(SERVERS), { err: 3 }, "mcp", "bisect", "run", "--", "try")).toMatchObject({
      exit: 0,
      out: whole.out,
    });
    const disk = home(SERVERS);
    expect(await run(disk, { err: 1 }, "mcp", "bisect", "run", "--", "try")).toMatchObject({ exit: 4, out: "" });
    expect(disk.text(CONFIG)).toBe(SERVERS);
  });

  test("one that is not confirmed ends with 5", async () => {
    for (const full of [{ out: 1 }, { out: 1, err: 1 }]) {
      const disk = home();
      disk.onCall = (name, path) => {
        if (name === "rename" && /history/.test(path)) throw Object.assign(new Error("EIO"), { code: "EIO", path });
      };
      const { err, exit } = await run(disk, full, ...SET, "--json");
      expect(exit).toBe(5);
      if (full.err === undefined) expect(err).toMatch(/^error: .*confirmed: config\.toml \[unconfirmed\]\n/);
    }
  });
});

describe("before a change", () => {
  test("a diff that cannot be shown is a change that is not made", async () => {
    const disk = home();
    expect(await run(disk, { out: 1 }, ...SET)).toMatchObject({
      exit: 4,
      err: expect.stringContaining("error: standard output: no space left on the device [io]\n"),
    });
    expect(disk.tree("/home")).toEqual(home().tree("/home"));
  });

  test.each([
    ["status"],
    ["status", "--json"],
    ["validate", "--json"],
    ["history", "--json"],
    ["mcp", "list", "--json"],
    ["--help"],
  ])("%s %s ends with 4 and one line", async (...argv) => {
    const { err, exit, out } = await run(home(SERVERS), { out: 1 }, ...argv);
    expect([exit, out, err.match(/no space left on the device/g)?.length]).toEqual([4, "", 1]);
  });

  test("an error that cannot be printed ends with its own exit code", async () => {
    for (const argv of [
      ["set", "model", "1"],
      ["set", "model", "1", "--json"],
      ["revert", "nobody"],
      ["no-such-verb"],
    ]) {
      const usual = await run(home(), {}, ...argv);
      expect(usual.exit).toBeGreaterThan(1);
      expect(await run(home(), { out: 1, err: 1 }, ...argv), argv.join(" ")).toMatchObject({ exit: usual.exit });
    }
  });
});

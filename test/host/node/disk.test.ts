import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { withRetries } from "../../../src/host/node/disk.ts";
import { realHost } from "../../../src/host/node/host.ts";
import { codeOf } from "../../store/world.ts";

const root = fs.mkdtempSync(join(tmpdir(), "codex-cfg-host-"));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
const host = realHost();
const { disk } = host;

test("knows when processes started, and which are gone", async () => {
  const { stdout } = host.runSync(process.execPath, ["-p", "process.pid"], { env: {}, cwd: root, timeoutMs: 10_000 });
  const gone = Number(stdout);
  expect([host.self.pid, host.startOf(process.pid), host.startOf(gone)]).toEqual([process.pid, host.self.start, null]);
  expect(host.startOf(process.ppid)).not.toBe(null);
});

test("creates new files only, never through a link, and gives them owner and mode", () => {
  const path = join(root, "new");
  const writer = disk.create(path, 0o600);
  expect(writer.write(new TextEncoder().encode("abc"))).toBe(3);
  expect(disk.stat(path)?.mode).toBe(0o600);
  const { uid, gid } = fs.statSync(path);
  writer.finish({ mode: 0o640, uid, gid });
  writer.close();
  expect([fs.readFileSync(path, "utf8"), disk.stat(path)?.mode]).toEqual(["abc", 0o640]);
  fs.symlinkSync(join(root, "elsewhere"), join(root, "trap"));
  expect([codeOf(() => disk.create(path, 0o600)), codeOf(() => disk.create(join(root, "trap"), 0o600))]).toEqual([
    "EEXIST",
    "EEXIST",
  ]);
});

test("reads no more than asked, no link, and tells that a file grew", () => {
  const path = join(root, "text");
  fs.writeFileSync(path, "0123456789");
  fs.symlinkSync(path, join(root, "link"));
  expect(new TextDecoder().decode(disk.read(path, 4).bytes)).toBe("0123");
  expect(disk.read(path, 100)).toMatchObject({ stat: { size: 10, kind: "file" }, after: { size: 10 } });
  expect([codeOf(() => disk.read(join(root, "link"), 9)), disk.stat(join(root, "link"))?.target]).toEqual([
    "ELOOP",
    path,
  ]);
  expect([disk.stat(join(root, "none")), disk.stat(join(path, "below"))]).toEqual([null, null]);
});

test("the clock, waiting and randomness are real", () => {
  const start = host.now();
  host.sleep(30);
  expect(host.now() - start).toBeGreaterThanOrEqual(25);
  expect([host.randomHex(7), host.randomHex(6)]).toEqual([
    expect.stringMatching(/^[0-9a-f]{7}$/),
    expect.stringMatching(/^[0-9a-f]{6}$/),
  ]);
  expect(host.randomHex(16)).not.toBe(host.randomHex(16));
});

describe("a rename on Windows", () => {
  const failing = (times: number, code: string) => {
    const tries: string[] = [];
    const waits: number[] = [];
    const rename = withRetries(
      (from) => {
        tries.push(from);
        if (tries.length <= times) throw Object.assign(new Error(code), { code });
      },
      (milliseconds) => waits.push(milliseconds),
    );
    const end = codeOf(() => rename("a", "b"));
    return { end, tries: tries.length, waited: waits.reduce((sum, one) => sum + one, 0) };
  };

  test.each(["EPERM", "EACCES", "EBUSY"])("is tried again while somebody has the file open (%s)", (code) => {
    expect(failing(3, code)).toEqual({ end: "none", tries: 4, waited: 5 + 10 + 20 });
  });

  test("gives up after two seconds", () => {
    const { end, waited } = failing(1000, "EBUSY");
    expect([end, waited >= 2000 && waited < 2500]).toEqual(["EBUSY", true]);
  });

  test("tells any other failure at once, and a success is not repeated", () => {
    expect([failing(1, "ENOSPC"), failing(0, "")]).toEqual([
      { end: "ENOSPC", tries: 1, waited: 0 },
      { end: "none", tries: 1, waited: 0 },
    ]);
  });
});

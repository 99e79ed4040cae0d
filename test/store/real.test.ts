/** The store on a real disk, and many real processes at once. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realHost } from "../../src/host/node/host.ts";
import { homeIn, OLD, scratch, work, workerIn } from "./lanes.ts";
import { litterAfter, litterIn } from "./litter.ts";
import { codeOf, label, never, open } from "./world.ts";

const root = scratch("store");
const host = realHost();
const homeWith = (text: string | Uint8Array | null, mode?: number) => homeIn(root, text, mode);

test("changes, creates and removes real files, byte for byte, and keeps the mode", () => {
  const before = "\uFEFFa = 1\r\n# é\r\nb = 2";
  const { home, config } = homeWith(before, 0o640);
  const store = open(host, home);
  expect(store.read("config").text).toBe(before);
  const after = before.replace("1", "'\u{1F600}'");
  const changes = [
    { file: "config", before, after },
    { file: "profile:work", before: null, after: "x = 1\n" },
  ] as const;
  const entry = store.commit(changes, label, never);
  expect(fs.readFileSync(config)).toEqual(Buffer.from(after));
  expect([fs.statSync(config).mode & 0o777, fs.statSync(join(home, "work.config.toml")).mode & 0o777]).toEqual([
    0o640, 0o600,
  ]);
  expect([litterIn(home), store.images(entry?.id ?? "")]).toEqual([[], changes]);
  store.commit(
    changes.map(({ file, before, after }) => ({ file, before: after, after: before })),
    label,
    never,
  );
  expect([fs.readFileSync(config, "utf8"), fs.readdirSync(home)]).toEqual([before, [".codex-cfg", "config.toml"]]);
});

test("the state is private whatever the umask", () => {
  for (const umask of [0o000, 0o077]) {
    const { home } = homeWith("a = 1\n");
    const saved = process.umask(umask);
    try {
      open(host, home).commit([{ file: "config", before: "a = 1\n", after: "a = 2\n" }], label, never);
    } finally {
      process.umask(saved);
    }
    const state = join(home, ".codex-cfg");
    const paths = [state, ...(fs.readdirSync(state, { recursive: true }) as string[]).map((name) => join(state, name))];
    expect(new Set(paths.map((path) => fs.statSync(path).mode & 0o777))).toEqual(new Set([0o700, 0o600]));
  }
});

test("writes behind a chain of links, and through a linked home", () => {
  const { home, config } = homeWith(null);
  const dots = fs.mkdtempSync(join(root, "dots-"));
  fs.writeFileSync(join(dots, "real.toml"), "a = 1\n");
  fs.utimesSync(join(dots, "real.toml"), OLD, OLD);
  fs.symlinkSync("real.toml", join(dots, "hop.toml"));
  fs.symlinkSync(join(dots, "hop.toml"), config);
  const linked = `${home}-linked`;
  fs.symlinkSync(home, linked);
  open(host, linked).commit([{ file: "config", before: "a = 1\n", after: "a = 2\n" }], label, never);
  expect([fs.readlinkSync(config), fs.readFileSync(join(dots, "real.toml"), "utf8")]).toEqual([
    join(dots, "hop.toml"),
    "a = 2\n",
  ]);
  expect(fs.readdirSync(dots)).toEqual(["hop.toml", "real.toml"]);
});

test.skipIf(process.platform === "win32")("never hangs on a pipe or a device", () => {
  const odd: Record<string, (config: string) => void> = {
    pipe: (config) => execFileSync("mkfifo", [config]),
    zero: (config) => fs.symlinkSync("/dev/zero", config),
    null: (config) => fs.symlinkSync("/dev/null", config),
    folder: (config) => fs.mkdirSync(config),
    circle: (config) => fs.symlinkSync("config.toml", config),
  };
  for (const [name, make] of Object.entries(odd)) {
    const { home, config } = homeWith(null);
    make(config);
    const start = performance.now();
    expect([name, codeOf(() => open(host, home).read("config"))]).toEqual([name, "unsafe-file"]);
    expect(performance.now() - start).toBeLessThan(200);
  }
});

test("every byte that is no UTF-8 is refused, and the file stays", () => {
  const { home, config } = homeWith("");
  const store = open(host, home);
  for (let byte = 0x80; byte < 0x100; byte++) {
    const bytes = Buffer.from([0x61, byte, 0x0a]);
    fs.writeFileSync(config, bytes);
    fs.utimesSync(config, OLD, OLD);
    expect(() => store.read("config")).toThrow("(byte 1)");
    expect(fs.readFileSync(config)).toEqual(bytes);
  }
});

test("processes side by side, some of them killed, lose nothing they acknowledged, and the files never differ", {
  timeout: 60_000,
}, async () => {
  const worker = workerIn(root);
  const { home, config } = homeWith("# start\n");
  const lanes = Array.from({ length: 6 }, (_, lane) => ({ worker, home, lane, count: 8 }));
  const done = await Promise.all(
    lanes.map((lane) => work(lane, lane.lane % 2 === 0 ? undefined : 200 + 60 * lane.lane)),
  );
  const store = open(host, home);
  const litter = await litterAfter(store, home);
  const acknowledged = done.flatMap(({ lines }) => lines);
  const text = fs.readFileSync(config, "utf8");
  const lines = text.split("\n");
  expect(acknowledged.length).toBeGreaterThanOrEqual(24);
  expect(acknowledged.filter((line) => !lines.includes(line))).toEqual([]);
  expect(`# start\n${fs.readFileSync(join(home, "work.config.toml"), "utf8")}`).toBe(text);
  expect([litter, store.pending()]).toEqual([[], []]);
});

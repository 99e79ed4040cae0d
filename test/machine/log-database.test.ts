/** The log database read where Node has no SQLite of its own, and how long a large log takes. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { query } from "../../src/host/node/process.ts";
import { story } from "../story.ts";

const load = createRequire(import.meta.url);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "codex-cfg-log-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A database whose newest rows are only in its `-wal` file, as Codex leaves one behind. */
function database(path: string, rows: number): void {
  const writer = `
    import sqlite3, sys
    c = sqlite3.connect(sys.argv[1])
    c.execute("pragma journal_mode=wal"); c.execute("pragma wal_autocheckpoint=0")
    c.execute("create table logs(id integer primary key, ts integer, level text, target text, feedback_log_body text, process_uuid text, thread_id text)")
    c.commit(); c.execute("pragma wal_checkpoint(truncate)")
    c.executemany("insert into logs(ts, level, target, feedback_log_body) values(?, 'WARN', 't', ?)",
      ((1893553200 + i % 3000, "stream disconnected - retrying sampling request (1/5 in 1s)... sampling_error=unexpected status 502 Bad Gateway, url: wss://chatgpt.com/x " + "x" * 400) for i in range(int(sys.argv[2]))))
    c.commit()
    import os, shutil
    for end in ("", "-wal"): shutil.copy(sys.argv[1] + end, sys.argv[3] + end)
    c.close()`;
  execFileSync("python3", ["-c", writer.replace(/^ {4}/gm, ""), `${path}.made`, String(rows), path]);
}

const hasPython = (() => {
  try {
    execFileSync("python3", ["-c", "import sqlite3"]);
    return true;
  } catch {
    return false;
  }
})();

test.runIf(hasPython)("rows that are only in the -wal file are read, whatever Node", () => {
  const path = join(folder(), "logs.sqlite");
  database(path, 3);
  expect(query(path, "select count(*) as n from logs")).toEqual([{ n: 3 }]);
});

test.runIf(hasPython)("the package reads them as Node's own reader does", () => {
  const path = join(folder(), "logs.sqlite");
  database(path, 5);
  const { Database } = load("node-sqlite3-wasm");
  const reader = new Database(path, { readOnly: true });
  reader.exec("pragma locking_mode=exclusive");
  expect(reader.all("select count(*) as n from logs")).toEqual([{ n: 5 }]);
  reader.close();
});

test.runIf(hasPython)("a log of 50 MB is judged within a second and a half", { timeout: 60_000 }, async () => {
  const tale = story({ "config.toml": 'model = "gpt-5.5"\n' });
  const made = join(folder(), "logs_2.sqlite");
  database(made, 90_000);
  for (const end of ["", "-wal"]) copyFileSync(`${made}${end}`, join(tale.home, `logs_2.sqlite${end}`));
  const before = process.cpuUsage();
  const { exit, out } = await tale.run("doctor", "--codex-version", "0.169.0");
  expect(sinceMs(before)).toBeLessThan(1500);
  expect([exit, out]).toEqual([1, expect.stringContaining("apply http-sse")]);
});

test("a text log of 50 MB is judged within a second and a half", { timeout: 60_000 }, async () => {
  const tale = story({ "config.toml": 'model = "gpt-5.5"\n' });
  const line =
    "2030-01-02T01:00:00.000000Z  WARN codex_core::client: falling back to HTTP, again and again and again\n";
  mkdirSync(join(tale.home, "log"));
  writeFileSync(join(tale.home, "log", "codex-tui.log"), line.repeat(500_000));
  const before = process.cpuUsage();
  await tale.run("doctor", "--codex-version", "0.130.0");
  expect(sinceMs(before)).toBeLessThan(1500);
});

/** Processor time: on a busy machine the clock on the wall says little. */
function sinceMs(before: NodeJS.CpuUsage): number {
  const { system, user } = process.cpuUsage(before);
  return (system + user) / 1000;
}

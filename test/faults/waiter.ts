/**
 * One of several processes that want the same lock: at each `go` takes it, holds a file that nobody else may hold at the
 * same time, and says what it saw.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import { realHost } from "../../src/host/node/host.ts";
import { takeLock } from "../../src/store/lock.ts";
import { storePaths } from "../../src/store/paths.ts";
import { pathIn } from "../store/world.ts";

const home = process.argv[2] ?? "";
const host = realHost();
const paths = storePaths(host, home, pathIn(home));
const held = join(home, "held");

process.on("message", (word) => {
  if (word === "die") {
    takeLock(paths, "die");
    process.kill(process.pid, "SIGKILL");
  }
  const lock = takeLock(paths, "wait");
  let alone = true;
  try {
    fs.closeSync(fs.openSync(held, "wx"));
    host.sleep(1);
    alone = lock.held();
    fs.unlinkSync(held);
  } catch {
    alone = false;
  }
  lock.release();
  process.send?.({ alone });
});
process.send?.("ready");

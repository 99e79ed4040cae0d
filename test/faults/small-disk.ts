/**
 * Runs in a mount namespace of its own: mounts a tiny disk, again and again with a little more room, and commits two files
 * there. Prints one line of JSON for each try.
 */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { realHost } from "../../src/host/node/host.ts";
import { litterIn } from "../store/litter.ts";
import { codeOf, label, never, open } from "../store/world.ts";

const PAGE = 4096;
const dir = process.argv[2] ?? "";
const home = join(dir, "home");
const before = `# ${"x".repeat(5900)}\na = 1\n`;
const changes = [
  { file: "config", before, after: before.replace("a = 1", "a = 2") },
  { file: "profile:work", before: null, after: "b = 1\n" },
] as const;

const textAt = (name: string): string | null => {
  const path = join(home, name);
  return fs.existsSync(path) ? fs.readFileSync(path, "utf8") : null;
};
const side = (): string => {
  const texts = JSON.stringify([textAt("config.toml"), textAt("work.config.toml")]);
  const is = (which: "before" | "after") => texts === JSON.stringify(changes.map((change) => change[which]));
  return is("before") ? "before" : is("after") ? "after" : "mixed";
};

/** One try on a fresh disk; `room` takes away what the try is not to have, and gives it back. */
function attempt(what: string, options: string, room: () => () => void): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", dir]);
  try {
    fs.mkdirSync(home, { mode: 0o700 });
    fs.writeFileSync(join(home, "config.toml"), before, { mode: 0o640 });
    fs.utimesSync(join(home, "config.toml"), 1, 1);
    const giveBack = room();
    const code = codeOf(() => open(realHost(), home).commit(changes, label, never));
    const [then, litter] = [side(), litterIn(home)];
    giveBack();
    const store = open(realHost(), home);
    store.recover();
    const mode = fs.statSync(join(home, "config.toml")).mode & 0o777;
    const left = [...litterIn(home), ...store.pending(), ...store.history().damaged];
    console.log(JSON.stringify({ what, code, then, litter, after: side(), left, mode }));
  } finally {
    execFileSync("umount", [dir]);
  }
}

for (let pages = 0; pages <= 40; pages++) {
  attempt(`${pages} pages`, `size=${64 * PAGE}`, () => {
    const filler = join(dir, "filler");
    const { bavail } = fs.statfsSync(dir);
    fs.writeFileSync(filler, new Uint8Array(Math.max(0, bavail - pages) * PAGE));
    return () => fs.rmSync(filler);
  });
}
for (let inodes = 0; inodes <= 16; inodes++) {
  attempt(`${inodes} inodes`, "size=1m,nr_inodes=64", () => {
    const names: string[] = [];
    while (fs.statfsSync(dir).ffree > inodes) {
      names.push(join(dir, `f${names.length}`));
      fs.writeFileSync(names.at(-1) ?? "", "");
    }
    return () => {
      for (const name of names) fs.rmSync(name);
    };
  });
}
attempt("read-only", "size=1m", () => {
  execFileSync("mount", ["-o", "remount,ro", dir]);
  return () => execFileSync("mount", ["-o", "remount,rw", dir]);
});

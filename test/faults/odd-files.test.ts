/** Full disks, limits, odd files, links, owners and modes: refused or done, in time, and never a file harmed. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { realHost } from "../../src/host/node/host.ts";
import { bundle, homeIn, scratch } from "../store/lanes.ts";
import { litterIn } from "../store/litter.ts";
import { codeOf, label, never, open } from "../store/world.ts";
import { figures } from "./figures.ts";
import "../sampled-tests.ts";

const root = scratch("odd");
// Other users have to reach it.
fs.chmodSync(root, 0o755);
const bin = bundle(new URL("command.ts", import.meta.url), root);
const isRoot = process.getuid?.() === 0;
const canMount = isRoot && spawnSync("unshare", ["-m", "true"]).status === 0;

const tally = { full: 0, limits: 0, odd: 0, owners: 0, modes: 0, harmed: 0 };
figures(
  "odd-files",
  () =>
    `${canMount ? `${tally.full} full or read-only disks` : "no mounts permitted: full disks left out"}, ${tally.limits} file size limits, ` +
    `${tally.odd} odd files, ${isRoot ? `${tally.owners} owners` : "not root: owners left out"}, ${tally.modes} modes and umasks; ` +
    `${tally.harmed} files harmed, 0 left behind`,
);

const TEXT = "a = 1\n";
const APPLY = ["apply", "http-sse", "--codex-version", "0.169.0"];

/** Runs the command line; `before` are the words in front of it. */
function run(home: string, argv: readonly string[], before: readonly string[] = []) {
  const [file, ...args] = [...before, process.execPath, bin, ...argv];
  const env = { CODEX_HOME: home, HOME: root, PATH: `${root}/bin` };
  const started = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(file ?? "", args, {
    env,
    cwd: root,
    timeout: 20_000,
    encoding: "utf8",
  });
  return { status, signal, out: stdout, err: stderr, took: performance.now() - started };
}

/** Every name of a folder but the state's, with kind, mode, owner and bytes. */
function treeOf(folder: string): readonly string[] {
  return (fs.readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => !name.startsWith(".codex-cfg"))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const stat = fs.lstatSync(path);
      const bytes = stat.isFile()
        ? fs.readFileSync(path, "latin1")
        : stat.isSymbolicLink()
          ? fs.readlinkSync(path)
          : "";
      return `${name} ${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${bytes}`;
    });
}

/** Counts the files as harmed until the step has been through. */
function unharmed(step: () => void): void {
  tally.harmed += 1;
  step();
  tally.harmed -= 1;
}

describe.skipIf(!canMount)("a disk", () => {
  type Try = {
    what: string;
    code: string;
    then: string;
    litter: string[];
    after: string;
    left: string[];
    mode: number;
  };

  test("with any little room, or none, or read-only: all or nothing, said truly, nothing left", () => {
    const dir = join(root, "disk");
    fs.mkdirSync(dir);
    const program = bundle(new URL("small-disk.ts", import.meta.url), root);
    const out = execFileSync("unshare", ["-m", process.execPath, program, dir], { encoding: "utf8" });
    const tries = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Try);
    for (const { what, code, then, after, litter, left, mode } of tries) {
      unharmed(() => {
        expect([what, ["io before", "none after"]]).toEqual([what, expect.arrayContaining([`${code} ${then}`])]);
        expect([what, after, litter, left, mode]).toEqual([what, then, [], [], 0o640]);
      });
    }
    tally.full = tries.length;
    expect(tries.length).toBe(59);
    expect(new Set(tries.map(({ code }) => code))).toEqual(new Set(["io", "none"]));
  });
});

describe.skipIf(process.platform !== "linux")("a limit of the file size", () => {
  test.each([0, 1, 100, 4096, 6000])("of %i bytes is an error, and the original stays", (limit) => {
    const { home } = homeIn(root, `# ${"x".repeat(8000)}\n`, 0o640);
    const before = treeOf(home);
    const ran = run(home, APPLY, ["/usr/bin/prlimit", `--fsize=${limit}`]);
    tally.limits += 1;
    unharmed(() => {
      expect(ran.status === 4 || ran.signal === "SIGXFSZ", ran.err).toBe(true);
      expect(treeOf(home).filter((line) => !line.includes(".tmp "))).toEqual(before);
      // Within the limit of no limit, the next command sees to the rest.
      expect(run(home, APPLY).status).toBe(0);
      expect(run(home, ["revert"]).status).toBe(0);
      expect([treeOf(home), litterIn(home)]).toEqual([before, []]);
    });
  });
});

describe("in the place of config.toml", () => {
  const odd: Readonly<Record<string, (path: string, home: string) => void>> = {
    "a pipe": (path) => execFileSync("mkfifo", [path]),
    "a folder": (path) => fs.mkdirSync(path),
    "a socket": (path) => {
      const server = createServer().listen(path);
      onTestFinished(() => void server.close());
    },
    "/dev/zero": (path) => fs.symlinkSync("/dev/zero", path),
    "/dev/null": (path) => fs.symlinkSync("/dev/null", path),
    "/dev/stdin": (path) => fs.symlinkSync("/dev/stdin", path),
    "a link to itself": (path) => fs.symlinkSync("config.toml", path),
    "two links in a circle": (path) => {
      fs.symlinkSync("other", path);
      fs.symlinkSync("config.toml", join(path, "..", "other"));
    },
    "a chain of 41 links": (path, home) => {
      fs.writeFileSync(join(home, "l0"), TEXT);
      for (let n = 0; n < 41; n++) fs.symlinkSync(`l${n}`, join(home, `l${n + 1}`));
      fs.symlinkSync("l41", path);
    },
    "a farm of links that fans out": (path, home) => {
      fs.mkdirSync(join(home, "d0"));
      // Each level passes twice through the one below: 2^20 steps for whoever counts none.
      for (let n = 0; n < 20; n++) fs.symlinkSync(`d${n}/../d${n}`, join(home, `d${n + 1}`));
      fs.symlinkSync("d20/config.toml", path);
    },
    "a link into nowhere": (path) => fs.symlinkSync("no/where.toml", path),
    "a link to a folder": (path) => fs.symlinkSync(".", path),
    "a file of 17 MiB": (path) => fs.writeFileSync(path, new Uint8Array(17 * 1024 * 1024)),
  };
  for (const [name, make] of Object.entries(odd)) {
    test(`${name} is refused at once, and left as it is`, () => {
      const { home } = homeIn(root, null);
      make(join(home, "config.toml"), home);
      const names = fs.readdirSync(home).sort();
      for (const argv of [
        APPLY,
        ["set", "model", "x", "--codex-version", "0.169.0"],
        ["revert"],
        ["status"],
        ["validate"],
      ]) {
        const ran = run(home, argv);
        tally.odd += 1;
        unharmed(() => {
          // What /proc shows as a name is no file one could create: the machine's no.
          const no = name === "/dev/stdin" ? 4 : 3;
          expect([0, 1, no], ran.err).toContain(ran.status);
          if (argv === APPLY)
            expect([ran.status, ran.err]).toEqual([no, expect.stringMatching(/\[(unsafe-file|io)\]/)]);
          expect(ran.took).toBeLessThan(5000);
          expect(
            fs
              .readdirSync(home)
              .sort()
              .filter((file) => file !== ".codex-cfg"),
          ).toEqual(names);
        });
      }
    });
  }
});

describe("in the state folder", () => {
  const state = (home: string): string => join(home, ".codex-cfg");
  const odd: Readonly<Record<string, (home: string) => void>> = {
    "transactions in another place": (home) => fs.symlinkSync("..", join(state(home), "tx")),
    "a history in another place": (home) => fs.symlinkSync("..", join(state(home), "history")),
    "a file for transactions": (home) => fs.writeFileSync(join(state(home), "tx"), ""),
    "a pipe for a lock": (home) => execFileSync("mkfifo", [join(state(home), "lock")]),
    "a folder for a lock": (home) => fs.mkdirSync(join(state(home), "lock")),
    "a link for a lock": (home) => fs.symlinkSync("../config.toml", join(state(home), "lock")),
  };
  for (const [name, make] of Object.entries(odd)) {
    test(`${name}: nothing is written through it`, () => {
      const { home } = homeIn(root, TEXT);
      fs.mkdirSync(state(home), { mode: 0o700 });
      make(home);
      const before = treeOf(home);
      const ran = run(home, APPLY);
      tally.odd += 1;
      unharmed(() => {
        expect([ran.status, treeOf(home)], ran.err).toEqual([3, before]);
        expect(ran.took).toBeLessThan(10_000);
      });
    });
  }

  test("a link for its .gitignore is not written through", () => {
    const { home } = homeIn(root, TEXT);
    fs.mkdirSync(state(home), { mode: 0o700 });
    fs.writeFileSync(join(home, "mine"), "");
    fs.symlinkSync("../mine", join(state(home), ".gitignore"));
    expect(run(home, APPLY).status).toBe(0);
    tally.odd += 1;
    unharmed(() => expect(fs.readFileSync(join(home, "mine"), "utf8")).toBe(""));
  });
});

describe("links", () => {
  test("a home reached through links is the same home", () => {
    const { home } = homeIn(root, TEXT);
    fs.symlinkSync(home, `${home}-one`);
    fs.symlinkSync(`${home}-one/../${home.split("/").at(-1)}`, `${home}-two`);
    expect(run(`${home}-two`, APPLY).status).toBe(0);
    expect(run(`${home}-one`, ["revert"]).status).toBe(0);
    expect(treeOf(home)).toEqual([expect.stringMatching(/^config\.toml 100600 .* a = 1\n$/)]);
    tally.odd += 1;
  });

  test("a second name of the file is told before it is left behind", () => {
    const { home, config } = homeIn(root, TEXT);
    fs.linkSync(config, join(home, "twin"));
    const ran = run(home, APPLY);
    expect([ran.status, ran.err]).toEqual([0, expect.stringMatching(/hard link|names/)]);
    expect(fs.readFileSync(join(home, "twin"), "utf8")).toBe(TEXT);
    tally.odd += 1;
  });

  test.skipIf(!isRoot || spawnSync("chattr", ["-V"]).error !== undefined)(
    "what is immutable is an error, and nothing stays behind",
    () => {
      for (const what of ["config.toml", "."]) {
        const { home } = homeIn(root, TEXT);
        const path = join(home, what);
        if (spawnSync("chattr", ["+i", path]).status !== 0) return;
        const before = treeOf(home);
        const ran = run(home, APPLY);
        spawnSync("chattr", ["-i", path]);
        tally.odd += 1;
        unharmed(() => expect([ran.status, treeOf(home), litterIn(home)], ran.err).toEqual([4, before, []]));
      }
    },
  );
});

describe.skipIf(!isRoot)("owners", () => {
  const as = (uid: number): readonly string[] => [
    "/usr/bin/setpriv",
    `--reuid=${uid}`,
    `--regid=${uid}`,
    "--clear-groups",
  ];
  const give = (path: string, uid: number, gid = uid): void => {
    fs.chownSync(path, uid, gid);
    if (fs.statSync(path).isDirectory()) for (const name of fs.readdirSync(path)) give(join(path, name), uid, gid);
  };

  test("root leaves nothing of its own in somebody's home, and they go on as before", () => {
    const { home, config } = homeIn(root, TEXT, 0o640);
    give(home, 1234);
    fs.chownSync(config, 1234, 77);
    expect(run(home, APPLY).status).toBe(0);
    const owners = (fs.readdirSync(home, { recursive: true }) as string[]).map((name) => {
      const { uid, gid } = fs.lstatSync(join(home, name));
      return `${uid}:${gid}`;
    });
    expect(new Set(owners)).toEqual(new Set(["1234:1234", "1234:77"]));
    expect([fs.statSync(config).gid, fs.statSync(config).mode & 0o777]).toEqual([77, 0o640]);
    const back = run(home, ["revert"], as(1234));
    // Their user is not in that group, so it could not be kept.
    expect([back.status, back.err]).toEqual([3, expect.stringContaining("[unsafe-file]")]);
    fs.chownSync(config, 1234, 1234);
    expect(run(home, ["revert"], as(1234)).status).toBe(0);
    expect(treeOf(home)).toEqual(["config.toml 100640 1234:1234 a = 1\n"]);
    tally.owners += 4;
  });

  test.each([
    ["somebody else's file that all may write", 0o666, 3],
    ["a read-only file", 0o444, 3],
  ])("%s is refused and left alone", (_, mode, exit) => {
    const { home, config } = homeIn(root, TEXT, mode);
    give(home, 1234);
    if (mode === 0o666) fs.chownSync(config, 4321, 4321);
    const before = treeOf(home);
    const ran = run(home, APPLY, as(1234));
    tally.owners += 1;
    unharmed(() => expect([ran.status, treeOf(home), litterIn(home)], ran.err).toEqual([exit, before, []]));
  });

  test("a home that may not be written, and a file that may not be read, are errors", () => {
    const closed = homeIn(root, TEXT, 0o644);
    fs.chmodSync(closed.home, 0o755);
    const secret = homeIn(root, TEXT, 0o600);
    give(secret.home, 1234);
    fs.chownSync(secret.config, 0, 0);
    for (const { home } of [closed, secret]) {
      const before = treeOf(home);
      const ran = run(home, APPLY, as(1234));
      tally.owners += 1;
      unharmed(() => expect([ran.status, treeOf(home), litterIn(home)], ran.err).toEqual([4, before, []]));
    }
  });
});

test("every mode stays as it was under every umask, new files are private, and so is the state", () => {
  for (const umask of [0o000, 0o022, 0o077]) {
    for (const mode of [0o600, 0o640, 0o644, 0o660, 0o755]) {
      for (const linked of [false, true]) {
        const { home, config } = homeIn(root, TEXT, mode);
        if (linked) {
          fs.renameSync(config, join(home, "real"));
          fs.symlinkSync("real", config);
        }
        const saved = process.umask(umask);
        const changes = [
          { file: "config", before: TEXT, after: "a = 2\n" },
          { file: "profile:work", before: null, after: TEXT },
        ] as const;
        const code = codeOf(() => open(realHost(), home).commit(changes, label, never));
        process.umask(saved);
        const modes = (fs.readdirSync(home, { recursive: true }) as string[])
          .filter((name) => name.startsWith(".codex-cfg"))
          .map((name) => fs.lstatSync(join(home, name)).mode.toString(8));
        tally.modes += 1;
        expect([code, fs.statSync(config).mode & 0o777, fs.lstatSync(config).isSymbolicLink()]).toEqual([
          "none",
          mode,
          linked,
        ]);
        expect([fs.statSync(join(home, "work.config.toml")).mode & 0o777, new Set(modes)]).toEqual([
          0o600,
          new Set(["40700", "100600"]),
        ]);
      }
    }
  }
});

/** `mcp bisect`: finds what makes something fail, by hand or by a command, and gives every byte back. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Answer, nextStep } from "../../src/actions/bisect-search.ts";
import { main } from "../../src/cli/main.ts";
import type { RunResult } from "../../src/host/host.ts";
import { makeRecord, parseRecord, printRecord, type TxRecord } from "../../src/store/record.ts";
import { hostFor, type Story, story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const names = (count: number) => Array.from({ length: count }, (_, i) => `s${i + 1}`);
const config = (servers: readonly string[]) =>
  `# mine\n${servers.map((name) => `\n[mcp_servers.${name}] # ${name}\ncommand = "${name}"\n`).join("")}`;

/** Whether the failure shows: with every culprit on, or always when there is none to name. */
const showsWith = (on: readonly string[], culprits: readonly string[]) => culprits.every((name) => on.includes(name));

function search(servers: readonly string[], culprits: readonly string[], verify: boolean) {
  const answers: Answer[] = verify ? [] : [{ on: servers, fails: true }];
  for (;;) {
    const step = nextStep(servers, answers, verify);
    if (step.kind !== "test") return { step, tries: answers.length - (verify ? 0 : 1) };
    expect(answers.some(({ on }) => String(on) === String(step.on))).toBe(false);
    answers.push({ on: step.on, fails: showsWith(step.on, culprits) });
  }
}

describe("the search", () => {
  test.each(names(9).map((_, i) => i + 1))("among %i finds one culprit wherever it is, by halving", (count) => {
    const servers = names(count);
    for (const culprit of servers) {
      for (const verify of [false, true]) {
        const { step, tries } = search(servers, [culprit], verify);
        expect(step).toEqual({ kind: "found", servers: [culprit] });
        expect(tries).toBeLessThanOrEqual(Math.ceil(Math.log2(count)) + (verify ? 3 : 1));
      }
    }
  });

  test("finds every pair and every three among nine, and nothing beside them", () => {
    const servers = names(9);
    for (const [i, a] of servers.entries()) {
      for (const [j, b] of servers.slice(i + 1).entries()) {
        for (const rest of [[], ...servers.slice(i + j + 2).map((c) => [c])]) {
          const { step, tries } = search(servers, [a, b, ...rest], false);
          expect(step).toEqual({ kind: "found", servers: [a, b, ...rest] });
          expect(tries).toBeLessThanOrEqual(5 * (2 + rest.length));
        }
      }
    }
  });

  test.each([false, true])("says when it is no server, and when nothing fails (both ends first: %s)", (verify) => {
    expect(search(names(5), [], verify).step).toEqual({ kind: "no-server" });
    expect(search(names(5), ["elsewhere"], true).step).toEqual({ kind: "no-failure" });
  });

  test("says how many tries are left, and is never wrong by more than one for a single culprit", () => {
    const servers = names(8);
    for (const culprit of servers) {
      const answers: Answer[] = [{ on: servers, fails: true }];
      const told: number[] = [];
      for (let step = nextStep(servers, answers); step.kind === "test"; step = nextStep(servers, answers)) {
        told.push(step.left);
        answers.push({ on: step.on, fails: step.on.includes(culprit) });
      }
      const wrong = told.map((left, i) => Math.abs(left - (told.length - i)));
      expect(Math.max(...wrong), `${culprit}: ${told}`).toBeLessThanOrEqual(1);
    }
  });
});

/** Carries a search on by hand to its end; resolves to everything that was said at the end. */
async function byHand(tale: Story, culprits: readonly string[]) {
  let said = await tale.run("mcp", "bisect", "start", ...NEW);
  for (let tries = 0; tries < 20; tries++) {
    expect(said.exit, said.err).toBe(0);
    if (!said.err.includes("Try what fails")) return { said, tries };
    const verb = showsWith(onIn(tale), culprits) ? "bad" : "good";
    said = await tale.run("mcp", "bisect", verb, ...NEW);
    if (said.exit === 1) return { said, tries: tries + 1 };
  }
  throw new Error("no end");
}

function onIn(tale: Story): string[] {
  return [...tale.read("config.toml").matchAll(/\[mcp_servers\.(\w+)\][^[]*/g)].flatMap(([text, name = ""]) =>
    /^enabled = false/m.test(text) ? [] : [name],
  );
}

describe("by hand", () => {
  test.each(["s1", "s3", "s4"])(
    "finds %s, leaves only that one off, and reset gives every byte back",
    async (culprit) => {
      const tale = story({ "config.toml": config(names(4)) });
      const before = tale.files();
      const { said, tries } = await byHand(tale, [culprit]);
      expect(said.err).toContain(`it is ${culprit}; all others are on again`);
      expect(said.err).toContain(`codex-cfg mcp disable ${culprit}\n`);
      expect(tries).toBeLessThanOrEqual(4);
      expect(onIn(tale)).toEqual(names(4).filter((name) => name !== culprit));
      expect((await tale.run("mcp", "bisect", "status")).out).toContain(`it is ${culprit}`);
      expect((await tale.run("mcp", "bisect", "reset")).exit).toBe(0);
      expect(tale.files()).toEqual(before);
      expect((await tale.run("mcp", "bisect", "reset")).err).toBe("no bisect is under way\n");
    },
  );

  test("finds two that fail only together", async () => {
    const { said } = await byHand(story({ "config.toml": config(names(5)) }), ["s2", "s5"]);
    expect(said.err).toContain("not one server: it takes s2 together with s5");
  });

  test("says that it is no server when it fails with all of them off, and gives every byte back", async () => {
    const tale = story({ "config.toml": config(names(4)) });
    const before = tale.files();
    const { said } = await byHand(tale, []);
    expect([said.exit, said.err]).toEqual([
      1,
      expect.stringContaining("not an MCP server of config.toml: it fails with all of them off"),
    ]);
    expect(tale.files()).toEqual(before);
    expect((await tale.run("mcp", "bisect", "status")).err).toBe("no bisect is under way\n");
  });

  test("says what is on, what is off and how many tries are left", async () => {
    const tale = story({ "config.toml": config(names(4)) });
    expect((await tale.run("mcp", "bisect", "start", ...NEW)).err).toContain(
      "on: s1, s2; off: s3, s4. Try what fails (about 3 tries left); if it works: codex-cfg mcp bisect good   if it fails: codex-cfg mcp bisect bad\n",
    );
    expect((await tale.run("mcp", "bisect", "bad", ...NEW)).err).toContain("on: s1; off: s2, s3, s4.");
    expect((await tale.run("mcp", "bisect", "status")).out).toContain("on: s1; off: s2, s3, s4.");
  });

  test("revert takes the last answer back", async () => {
    const tale = story({ "config.toml": config(names(4)) });
    await tale.run("mcp", "bisect", "start", ...NEW);
    const started = tale.read("config.toml");
    await tale.run("mcp", "bisect", "bad", ...NEW);
    await tale.run("revert");
    expect(tale.read("config.toml")).toBe(started);
    expect((await tale.run("mcp", "bisect", "status")).out).toContain("on: s1, s2; off: s3, s4.");
    expect((await tale.run("mcp", "bisect", "good", ...NEW)).err).toContain("on: s1, s2, s3; off: s4.");
  });

  test("searches among those that are on, and leaves the others off", async () => {
    const tale = story({ "config.toml": `${config(names(3))}\n[mcp_servers.off]\ncommand = "off"\nenabled = false\n` });
    const { said } = await byHand(tale, ["s2"]);
    expect(said.err).toContain("it is s2");
    expect(onIn(tale)).toEqual(["s1", "s3"]);
  });

  test("names required servers that are off for a look", async () => {
    const tale = story({ "config.toml": `${config(names(2))}required = true\n` });
    expect((await tale.run("mcp", "bisect", "start", ...NEW)).err).toContain(
      "off all the same, so Codex starts without them: s2\n",
    );
  });

  test("reset brings values back, not bytes, where somebody has written since", async () => {
    const tale = story({ "config.toml": config(names(4)) });
    await tale.run("mcp", "bisect", "start", ...NEW);
    await tale.run("mcp", "bisect", "good", ...NEW);
    tale.write("config.toml", `model = "x"\n${tale.read("config.toml")}`);
    expect((await tale.run("mcp", "bisect", "reset")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(`model = "x"\n${config(names(4))}`);
  });

  test("an answer about servers that somebody has switched meanwhile is refused, and so is a reset over them", async () => {
    const tale = story({ "config.toml": config(names(4)) });
    await tale.run("mcp", "bisect", "start", ...NEW);
    tale.write("config.toml", tale.read("config.toml").replace("enabled = false", 'enabled = "no"'));
    const answered = await tale.run("mcp", "bisect", "bad", ...NEW);
    expect([answered.exit, answered.err]).toEqual([
      3,
      expect.stringContaining("would be about something else: s3 [conflict]"),
    ]);
    const reset = await tale.run("mcp", "bisect", "reset");
    expect([reset.exit, reset.err]).toEqual([
      3,
      expect.stringContaining("codex-cfg mcp bisect reset --skip-conflicts"),
    ]);
    const skipped = await tale.run("mcp", "bisect", "reset", "--skip-conflicts");
    expect([skipped.exit, skipped.err]).toEqual([0, expect.stringContaining("1 path changed since and left alone")]);
    expect(tale.read("config.toml")).toBe(config(names(4)).replace('"s3"\n', '"s3"\nenabled = "no"\n'));
  });

  const over = async (tale: Story) => {
    expect((await tale.run("mcp", "bisect", "status")).err).toBe("no bisect is under way\n");
    expect((await tale.run("status", ...NEW)).out).not.toMatch(/^bisect/m);
    expect((await tale.run("mcp", "bisect", "reset")).err).toBe("no bisect is under way\n");
    expect((await tale.run("mcp", "bisect", "start", ...NEW)).exit).toBe(0);
    expect((await tale.run("mcp", "bisect", "bad", ...NEW)).err).toContain("on: s1; off: s2, s3, s4.");
  };

  test.each([
    ["mcp enable", (tale: Story) => tale.run("mcp", "enable", "--all", ...NEW)],
    ["an editor", async (tale: Story) => tale.write("config.toml", config(names(4)))],
  ])("reset ends a search of which %s has left nothing, and another can begin", async (_, takeBack) => {
    for (const force of [[], ["--force"]]) {
      const tale = story({ "config.toml": config(names(4)) });
      await tale.run("mcp", "bisect", "start", ...NEW);
      await takeBack(tale);
      expect((await tale.run("mcp", "bisect", "good", ...NEW)).exit).toBe(3);
      expect((await tale.run("mcp", "bisect", "reset", "-n", ...NEW)).err).toBe("nothing to do\n");
      const reset = await tale.run("mcp", "bisect", "reset", ...force, ...NEW);
      expect([reset.exit, reset.err]).toEqual([0, "no file had to change; it counts as taken back now\n"]);
      expect(tale.read("config.toml")).toBe(config(names(4)));
      await over(tale);
    }
  });

  test("reset --skip-conflicts ends a search of which nothing but what others wrote is left, and says so", async () => {
    const tale = story({ "config.toml": config(names(4)) });
    await tale.run("mcp", "bisect", "start", ...NEW);
    const theirs = tale.read("config.toml").replaceAll("enabled = false", 'enabled = "no"');
    tale.write("config.toml", theirs);
    expect((await tale.run("mcp", "bisect", "reset")).exit).toBe(3);
    const reset = await tale.run("mcp", "bisect", "reset", "--skip-conflicts", ...NEW);
    expect([reset.exit, reset.err]).toEqual([
      0,
      "warning: 2 paths changed since and left alone\nno file had to change; it counts as taken back now\n",
    ]);
    expect(tale.read("config.toml")).toBe(theirs);
    await over(tale);
  });

  test("reset brings everything back in a config so large that history keeps few changes of it", async () => {
    const large = `${config(names(64))}\n${"# filler that nobody reads\n".repeat(80_000)}`;
    const tale = story({ "config.toml": large });
    await tale.run("mcp", "bisect", "start", ...NEW);
    for (let i = 0; i < 6; i++) expect((await tale.run("mcp", "bisect", "bad", ...NEW)).exit).toBe(0);
    expect(onIn(tale).length).toBeLessThanOrEqual(1);
    expect((await tale.run("mcp", "bisect", "reset")).exit).toBe(0);
    expect(tale.read("config.toml") === large).toBe(true);
  });

  test.each([
    ["an answer to no question", ["good"], "no bisect is under way", "codex-cfg mcp bisect start"],
    ["a search with no server on", ["start"], "nothing to search among", "codex-cfg mcp list"],
    ["a command that is none", ["run", "--timeout", "soon", "--", "x"], "not a number of seconds: soon", ""],
    ["a run without a command", ["run"], "missing required argument", ""],
  ])("refuses %s", async (_, argv, sentence, hint) => {
    const tale = story({ "config.toml": 'model = "x"\n' });
    const { exit, err } = await tale.run("mcp", "bisect", ...argv, ...NEW);
    expect(exit, err).toBe(2);
    expect(err).toContain(sentence);
    expect(err).toContain(hint);
    expect(tale.read("config.toml")).toBe('model = "x"\n');
  });

  test("refuses a second search beside the first, and an answer after its end", async () => {
    const tale = story({ "config.toml": config(names(2)) });
    await byHand(tale, ["s2"]);
    for (const verb of ["start", "good"]) {
      const { exit, err } = await tale.run("mcp", "bisect", ...NEW, verb);
      expect([exit, err]).toEqual([2, expect.stringContaining("codex-cfg mcp bisect reset")]);
    }
    // What ended the last run may have kept its verdict from being read.
    const { exit, out } = await tale.run("mcp", "bisect", ...NEW, "run", "--", "true");
    expect([exit, out]).toEqual([0, (await tale.run("mcp", "bisect", "status")).out]);
  });
});

/** Fails when every server named by its arguments is on. */
const FAILS_WITH = `#!/bin/sh
on=" "
while IFS= read -r line; do
  case "$line" in
    "[mcp_servers."*) name="\${line#*.}"; name="\${name%%]*}"; on="$on$name " ;;
    "enabled = false") on="\${on%"$name "}" ;;
  esac
done < "$CODEX_HOME/config.toml"
for one; do
  case "$on" in *" $one "*) ;; *) exit 0 ;; esac
done
exit 1
`;

function script(tale: Story, text = FAILS_WITH): string {
  const path = join(tale.root, "script");
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

const runFor = (tale: Story, ...culprits: string[]) =>
  tale.run("mcp", "bisect", "run", ...NEW, "--", script(tale), ...culprits);

describe("run", () => {
  test.each(names(9).map((_, i) => i + 1))("finds one culprit among %i, first, middle or last", async (count) => {
    for (const culprit of new Set(["s1", `s${Math.ceil(count / 2)}`, `s${count}`])) {
      const tale = story({ "config.toml": config(names(count)) });
      const { exit, out } = await runFor(tale, culprit);
      expect([exit, out]).toEqual([0, expect.stringContaining(`it is ${culprit};`)]);
      expect(onIn(tale)).toEqual(names(count).filter((name) => name !== culprit));
      expect((await tale.run("mcp", "bisect", "reset")).exit).toBe(0);
      expect(tale.read("config.toml")).toBe(config(names(count)));
    }
  });

  test("finds a pair among six", async () => {
    const { exit, out } = await runFor(story({ "config.toml": config(names(6)) }), "s2", "s5");
    expect([exit, out]).toEqual([0, expect.stringContaining("not one server: it takes s2 together with s5")]);
  });

  test.each([
    ["it fails with all of them off", []],
    ["it does not fail with all of them on", ["elsewhere"]],
  ])("says honestly that %s, and leaves everything as it was", async (sentence, culprits) => {
    const tale = story({ "config.toml": config(names(4)) });
    const before = tale.files();
    const { exit, out } = await runFor(tale, ...culprits);
    expect([exit, out]).toEqual([1, expect.stringContaining(sentence)]);
    expect(tale.files()).toEqual(before);
    expect((await tale.run("mcp", "bisect", "status")).err).toBe("no bisect is under way\n");
  });

  test("tells each try on standard error", async () => {
    const { err } = await runFor(story({ "config.toml": config(names(2)) }), "s2");
    expect(err).toBe(
      [
        "try 1: on: s1, s2",
        "try 1: bad (exit code 1)",
        "try 2: on: none",
        "try 2: good",
        "try 3: on: s1",
        "try 3: good",
        "try 4: on: s2",
        "try 4: bad (exit code 1)",
        "",
      ].join("\n"),
    );
  });

  test("stops when the command cannot tell, and goes on from there", async () => {
    const tale = story({ "config.toml": config(names(4)) });
    const unsure = script(
      tale,
      '#!/bin/sh\ngrep -q "enabled = false" "$CODEX_HOME/config.toml" && exit 125\nexit 1\n'.replace(
        "grep",
        "/bin/grep",
      ),
    );
    const stopped = await tale.run("mcp", "bisect", "run", ...NEW, "--", unsure);
    expect([stopped.exit, stopped.err]).toEqual([
      1,
      expect.stringContaining("cannot tell (exit code 125); go on: codex-cfg mcp bisect run"),
    ]);
    expect(onIn(tale)).toEqual([]);
    const { exit, err, out } = await runFor(tale, "s3");
    expect(err).toMatch(/^try 2: on: none\n/);
    expect([exit, out]).toEqual([0, expect.stringContaining("it is s3;")]);
  });

  test("takes a command that hangs, or is ended by a signal, for bad", async () => {
    for (const [text, words] of [
      ["#!/bin/sh\nwhile :; do :; done\n", "took too long"],
      ["#!/bin/sh\nkill -9 $$\n", "ended by a signal"],
    ] as const) {
      const tale = story({ "config.toml": config(names(2)) });
      const { err, out } = await tale.run("mcp", "bisect", "run", "--timeout", "1", ...NEW, "--", script(tale, text));
      expect(err).toContain(`try 1: bad (${words})`);
      expect(out).toContain("it fails with all of them off");
    }
  });

  test("refuses a command that cannot be started, before anything is written", async () => {
    const tale = story({ "config.toml": config(names(2)) });
    const { exit, err } = await tale.run("mcp", "bisect", "run", ...NEW, "--", join(tale.root, "none"));
    expect([exit, err]).toEqual([2, expect.stringContaining("cannot be started")]);
    expect(tale.read("config.toml")).toBe(config(names(2)));
  });

  test("asks a person once, and writes nothing when the answer is no or on a dry run", async () => {
    const tale = story({ "config.toml": config(names(2)) });
    tale.answers.push("n");
    expect((await runFor(tale, "s1")).exit).toBe(1);
    const dry = await tale.run("mcp", "bisect", "run", "-n", ...NEW, "--", script(tale), "s1");
    expect(dry).toMatchObject({ exit: 0, out: expect.stringContaining("+enabled = false") });
    expect(tale.read("config.toml")).toBe(config(names(2)));
    tale.answers.push("y");
    expect((await runFor(tale, "s1")).out).toContain("it is s1;");
  });

  test("reads what stands behind two dashes as words of the command", async () => {
    const tale = story({ "config.toml": config(names(2)) });
    const { err } = await tale.run("mcp", "bisect", "run", ...NEW, "--", join(tale.root, "none"), "--json", "-n");
    expect(err).toContain("cannot be started");
  });

  test("killed at any look, it goes on with the very look in a new process", async () => {
    for (let killedAt = 1; ; killedAt++) {
      const tale = story({ "config.toml": config(names(6)) });
      const tried: string[][] = [];
      const until = (look: number) => {
        const host = hostFor(tale, { out: "", err: "" });
        const run = (): RunResult => {
          if (tried.length + 1 === look) throw new TypeError("killed");
          tried.push(onIn(tale));
          return { status: showsWith(onIn(tale), ["s2", "s5"]) ? 1 : 0, stdout: "", stderr: "", timedOut: false };
        };
        const own = Object.create(host, { run: { value: run } }) as typeof host;
        return main(["mcp", "bisect", "run", ...NEW, "--", "anything"], own);
      };
      const first = await until(killedAt);
      if (first === 0) {
        expect(killedAt).toBeGreaterThan(6);
        return;
      }
      expect(first).toBe(70);
      expect(await until(0)).toBe(0);
      // Only the first look leaves no trace: nothing had to be written for it.
      const again = tried.filter((on, i) => tried.findIndex((other) => String(other) === String(on)) < i);
      expect(again.length).toBeLessThanOrEqual(killedAt <= 2 ? 1 : 0);
      expect((await tale.run("mcp", "bisect", "status")).out).toContain("it takes s2 together with s5");
      expect((await tale.run("mcp", "bisect", "reset")).exit).toBe(0);
      expect(tale.read("config.toml")).toBe(config(names(6)));
    }
  });

  test("names required servers before the first look", async () => {
    const { err } = await runFor(story({ "config.toml": `${config(names(2))}required = true\n` }), "s1");
    expect(err).toContain("off all the same, so Codex starts without them: s2\n");
  });

  test("the record of a step holds names and nothing else of the config", async () => {
    const tale = story({ "config.toml": `${config(names(2))}env = { KEY = "hush" }\n` });
    await runFor(tale, "s1");
    const records = Object.keys(await historyOf(tale));
    expect(records.length).toBeGreaterThan(1);
    expect(JSON.stringify(await historyOf(tale))).not.toContain("hush");
  });
});

describe("a record of a search", () => {
  const state = { servers: ["a", "b"], answers: [{ on: ["a", "b"], fails: true }], testing: ["a"] };
  const read = (bisect: unknown) => {
    const files = [{ file: "config", before: null, after: "0".repeat(64), attributes: null }] as const;
    const touched = [{ file: "config", path: ["a"], kind: "added" }] as const;
    const record = makeRecord(ID, "2030-01-02T03:04:05.000Z", { command: "x", touched }, files);
    return parseRecord(printRecord({ ...record, bisect } as TxRecord), ID)?.bisect;
  };

  test("is read as it was written", () => {
    expect(read(state)).toEqual(state);
  });

  test.each([
    ["a server that does not take part", { ...state, testing: ["c"] }],
    ["a server twice", { ...state, servers: ["a", "a"], testing: [] }],
    ["no servers", { servers: [], answers: [], testing: [] }],
    ["an answer that is none", { ...state, answers: [{ on: ["a"], fails: "yes" }] }],
    ["a member of somebody else's", { ...state, value: "x" }],
    ["no object", ["a"]],
  ])("with %s is no record", (_, bisect) => {
    expect(read(bisect)).toBeUndefined();
  });
});

const ID = "00000000000-000000";

async function historyOf(tale: Story): Promise<Record<string, unknown>> {
  const { entries } = JSON.parse((await tale.run("history", "--json")).out) as { entries: { id: string }[] };
  return Object.fromEntries(
    entries.map(({ id }) => [id, JSON.parse(tale.read(`.codex-cfg/history/${id}/record.json`))]),
  );
}

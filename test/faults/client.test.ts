/**
 * The real client writes the same file at the same time, without any lock: what it acknowledged and what we acknowledged
 * is there in the end, but for the bound that the README prints; and no reading is ever half a file.
 */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { openHome } from "../../src/home.ts";
import { realHost } from "../../src/host/node/host.ts";
import { CfgError } from "../../src/model/error.ts";
import { parseDocument } from "../../src/toml/document.ts";
import { binFolder, ensure } from "../real-codex/install.ts";
import { homeIn, scratch } from "../store/lanes.ts";
import { litterIn } from "../store/litter.ts";
import { open } from "../store/world.ts";
import { count, diceOf, figures, SEED } from "./figures.ts";
import "../sampled-tests.ts";

const VERSION = "0.169.0";
/** Of what each side acknowledged, so much may be lost while both write without a pause. */
const BOUND = { theirs: 0.025, ours: 0.01 };

const root = scratch("client");
const host = realHost();
const tally = {
  theirs: 0,
  theirsLost: 0,
  ours: 0,
  oursLost: 0,
  refused: 0,
  reads: 0,
  naive: 0,
  naiveWrong: 0,
  wrong: 0,
};
figures(
  "client",
  () =>
    `beside codex ${VERSION}: ${tally.theirsLost} of its ${tally.theirs} edits and ${tally.oursLost} of our ${tally.ours} lost, ` +
    `${tally.refused} of ours refused; ${count(tally.reads)} readings beside \`plugin marketplace\`, ${tally.wrong} wrong ` +
    `(${tally.naiveWrong} of ${count(tally.naive)} plain ones)`,
);

let codex = "";
beforeAll(async () => {
  await ensure(VERSION);
  codex = nativeBinary(dirname(binFolder(VERSION)));
}, 300_000);

test("each side's acknowledged edits survive the other's, and the file always parses", async () => {
  const { home, config } = homeIn(root, '# mine\nmodel = "gpt-5.5" # here\n\n[ours]\n');
  const dice = diceOf(SEED);
  const theirs: string[] = [];
  let running = true;
  const client = async () => {
    for (let n = 0; n < 300; n++) {
      const feature = FEATURES[n % FEATURES.length] ?? "";
      const on = n % (2 * FEATURES.length) < FEATURES.length ? "enable" : "disable";
      const argv = n % 3 === 0 ? ["features", on, feature] : ["mcp", "add", `s${n}`, "--", "true"];
      const done = await ask(home, argv);
      expect(done.status, done.output).toBe(0);
      if (n % 3 !== 0) theirs.push(`s${n}`);
      await setTimeout(dice() * 60);
    }
    running = false;
  };
  const ours: string[] = [];
  const editor = async () => {
    for (let n = 0; running; n++) {
      if (await edit(home, `k${n}`)) ours.push(`k${n}`);
      else tally.refused += 1;
      await setTimeout(dice() * 20);
    }
  };
  await Promise.all([client(), editor()]);
  const { data } = parseDocument(fs.readFileSync(config, "utf8"), "config.toml");
  const [servers, keys] = [data.mcp_servers, data.ours] as readonly object[];
  tally.theirs = theirs.length;
  tally.ours = ours.length;
  tally.theirsLost = theirs.filter((name) => !Object.hasOwn(servers ?? {}, name)).length;
  tally.oursLost = ours.filter((name) => !Object.hasOwn(keys ?? {}, name)).length;
  expect([tally.theirs, tally.ours > 50, litterIn(home)]).toEqual([200, true, []]);
  expect(tally.theirsLost / tally.theirs).toBeLessThanOrEqual(BOUND.theirs);
  expect(tally.oursLost / tally.ours).toBeLessThanOrEqual(BOUND.ours);
});

test("no reading beside a writer that truncates in place is wrong", async () => {
  const { home, config } = homeIn(root, `${"# a long file is cut more often\n".repeat(3000)}model = "gpt-5.5"\n`);
  const market = join(root, "market");
  fs.mkdirSync(join(market, ".agents", "plugins"), { recursive: true });
  fs.writeFileSync(join(market, ".agents", "plugins", "marketplace.json"), '{"name":"local","plugins":[]}');
  const without = fs.readFileSync(config, "utf8");
  let added: string | null = null;
  let running = true;
  const client = async () => {
    for (let n = 0; n < 400; n++) {
      const argv = n % 2 === 0 ? ["add", market] : ["remove", "local"];
      const done = await ask(home, ["plugin", "marketplace", ...argv]);
      expect(done.status, done.output).toBe(0);
      if (n === 0) added = fs.readFileSync(config, "utf8");
      // A pause now and then: a file that never rests is reported as busy.
      await setTimeout(n % 4 === 3 ? 120 : 0);
    }
    running = false;
  };
  const store = open(host, home);
  const texts = new Set<string | null>();
  const naive = new Set<string>();
  const plain = () => {
    const text = fs.readFileSync(config, "utf8");
    tally.naive += 1;
    naive.add(text);
    if (text.length < without.length) tally.naiveWrong += 1;
  };
  const reader = async () => {
    while (running) {
      for (let n = 0; n < 20; n++) plain();
      texts.add(store.read("config").text);
      tally.reads += 1;
      await setImmediate();
    }
  };
  await Promise.all([client(), reader()]);
  tally.wrong = [...texts].filter((text) => text !== without && text !== added).length;
  expect([tally.wrong, texts.size, tally.reads > 100]).toEqual([0, 2, true]);
});

/** Features of the client that a test may throw. */
const FEATURES = ["apps", "browser_use", "code_mode", "computer_use"];

/** One change of ours, from a fresh look at the home; false when it was refused, by name. */
async function edit(home: string, key: string): Promise<boolean> {
  try {
    const opened = openHome(host, { dir: home, codexVersion: VERSION });
    const op = { op: "set", file: "config", path: ["ours", key], value: true } as const;
    return opened.commit(await opened.plan({ command: `set ours.${key}` }, [op])) !== null;
  } catch (error) {
    if (error instanceof CfgError && ["locked", "conflict", "stale-plan"].includes(error.code)) return false;
    throw error;
  }
}

/** Runs the client in its scratch home to its end. */
function ask(home: string, argv: readonly string[]) {
  // Nothing of this needs a network, and nothing gets one.
  const proxy = "http://127.0.0.1:9";
  const env = { CODEX_HOME: home, HOME: root, PATH: process.env.PATH, HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
  return new Promise<{ readonly status: number | null; readonly output: string }>((resolve) => {
    const child = spawn(codex, argv, { env, cwd: root, stdio: ["ignore", "pipe", "pipe"], timeout: 30_000 });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("close", (status) => resolve({ status, output }));
  });
}

/** The program itself: its launcher would spend the time in which the race happens. */
function nativeBinary(modules: string): string {
  const names = fs.readdirSync(join(modules, "@openai"), { recursive: true }) as string[];
  const found = names.find((name) => /vendor\/[^/]+\/(bin|codex)\/codex$/.test(name));
  if (found === undefined) throw new Error(`no native codex below ${modules}`);
  return join(modules, "@openai", found);
}

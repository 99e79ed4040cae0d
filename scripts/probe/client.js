/**
 * Runs one Codex binary on one config at a time and says how it judged it. Each worker has a scratch home and an
 * empty working folder of its own; the process as a whole runs without a network. Knows the ways to ask by release.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { writeToml } from "./toml.js";

/**
 * @typedef {{ ok: boolean, message: string, at: string | undefined, type: boolean, masked: boolean }} Verdict
 * ok: it loads; message: what it said; at: the dotted place it named; type: a complaint about a type, a name or a
 * missing key, where everything else is a rule about meaning; masked: one that says nothing but "no variant fits".
 */

const TIME_LIMIT = 30_000;
const TYPE =
  /^(invalid (type|value|length)|unknown (variant|field)|missing field|duplicate field|data did not match|wanted |expected )/;
/** One sentence for everything that can be wrong inside. */
const MASKED = /^(data did not match|choose one gateway credential source)/;

export class Client {
  /**
   * @param {string} binary
   * @param {string} version
   */
  constructor(binary, version) {
    this.binary = binary;
    this.version = version;
    this.runs = 0;
    const [, minor = 0] = version.split(".").map(Number);
    this.hasStrict = minor >= 131;
    /** Older ones start a whole server to answer. */
    this.quickStrict = minor >= 164;
    this.strictArguments = ["app-server", ...(minor >= 164 ? ["--print-startup-config"] : []), "--strict-config"];
    this.room = mkdtempSync(join(tmpdir(), "codex-probe-"));
    /** @type {string[]} */
    this.free = Array.from({ length: availableParallelism() }, (_, index) => join(this.room, `${index}`));
    for (const home of this.free) for (const name of ["home", "cwd"]) mkdirSync(join(home, name), { recursive: true });
    /** @type {((home: string) => void)[]} */
    this.waiting = [];
  }

  /** @param {Record<string, unknown>} document */
  load(document) {
    return this.judge(["features", "list"], document);
  }

  /** @param {Record<string, unknown>} document */
  strict(document) {
    return this.judge(this.strictArguments, document);
  }

  /**
   * The features it lists, with the stage each is in.
   * @returns {Promise<Record<string, string>>}
   */
  async flags() {
    const room = this.free[0] ?? this.room;
    const { output } = await run(this.binary, ["features", "list"], join(room, "home"), join(room, "cwd"), "pipe");
    const lines = output.matchAll(/^([a-z][\w-]*)\s+([a-z].*?)\s+(?:true|false)\s*$/gm);
    return Object.fromEntries([...lines].map(([, name, stage]) => [name ?? "", stage ?? ""]));
  }

  /** What a run is not expected to leave behind: none was seen with the commands used here. */
  leftovers() {
    return this.free.flatMap((home) => [...readdirSync(join(home, "home")), ...readdirSync(join(home, "cwd"))]);
  }

  close() {
    rmSync(this.room, { recursive: true, force: true });
  }

  /**
   * @param {string[]} args
   * @param {Record<string, unknown>} document
   * @returns {Promise<Verdict>}
   */
  async judge(args, document) {
    const room = this.free.pop() ?? (await new Promise((resolve) => this.waiting.push(resolve)));
    try {
      const home = join(room, "home");
      writeFileSync(join(home, "config.toml"), writeToml(document));
      this.runs++;
      const { status, output } = await run(
        this.binary,
        args,
        home,
        join(room, "cwd"),
        args[0] === "app-server" ? "pipe" : "ignore",
      );
      return read(status, output.replaceAll(home, "$H"));
    } finally {
      const next = this.waiting.shift();
      if (next) next(room);
      else this.free.push(room);
    }
  }
}

/**
 * @param {string} binary
 * @param {string[]} args
 * @param {string} home
 * @param {string} cwd
 * @param {"pipe" | "ignore"} answer whether what it prints is wanted
 * @returns {Promise<{ status: number | null, output: string }>}
 */
function run(binary, args, home, cwd, answer) {
  return new Promise((resolve, reject) => {
    const env = { HOME: home, CODEX_HOME: home, PATH: "/usr/bin:/bin" };
    const child = spawn(binary, args, {
      cwd,
      env,
      stdio: ["ignore", answer, "pipe"],
      timeout: TIME_LIMIT,
      killSignal: "SIGKILL",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        output += text;
      });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
  });
}

/**
 * @param {number | null} status
 * @param {string} output
 * @returns {Verdict}
 */
function read(status, output) {
  if (status === 0) return { ok: true, message: "", at: undefined, type: false, masked: false };
  const whole = problem(output);
  const place = /\s+in `([^\n]+)`\s*$/.exec(whole);
  const message = (place ? whole.slice(0, place.index) : whole).replace(/^\$H\/config\.toml:\d+:\d+: /, "").trim();
  if (message === "" || status !== 1) throw new Error(`the client ended with ${status}: ${output.slice(0, 2000)}`);
  if (/^TOML parse error/.test(message)) throw new Error(`the probe wrote bad TOML: ${message.slice(0, 500)}`);
  const masked = MASKED.test(message);
  return { ok: false, message, at: place?.[1], type: masked || TYPE.test(message), masked };
}

/** @param {string} output */
function problem(output) {
  const json = /^\{"error":.*$/m.exec(output)?.[0];
  if (json) return String(JSON.parse(json).error.data?.detail ?? JSON.parse(json).error.message);
  const said = output.replace(/^WARNING: .*\n/gm, "");
  const cause = said.lastIndexOf("Caused by:\n");
  // Of several numbered causes the last one is the plainest and has the place.
  if (cause >= 0)
    return (
      said
        .slice(cause + 11)
        .split(/^ *\d+: /m)
        .at(-1) ?? ""
    )
      .replace(/^ +/gm, "")
      .trim();
  return said.replace(/^Error: /, "").trim();
}

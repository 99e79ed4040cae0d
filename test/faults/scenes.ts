/** The commands that die in `kill-again.test.ts` and `kill-processes.test.ts`, the homes they die in, and the verbs that look. */

export type Scene = {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** What was done before, and went well. */
  readonly before?: readonly (readonly string[])[];
  readonly argv: readonly string[];
  /** The release of Codex that the home is edited for. */
  readonly version?: string;
  /** What brings every byte back as it was, right after the death. */
  readonly back?: readonly string[];
  /** The server that makes a command of a search fail. */
  readonly culprit?: string;
  /** What moves from one file to another, and is in one of them at every moment. */
  readonly moves?: readonly string[];
  /** What the command says once it has come to its end. */
  readonly says?: RegExp;
};

const CONFIG = '# mine\r\nmodel = "m0" # here\r\n\r\n[tui]\r\nanimations = true\r\n';
const SERVERS = ["a", "b", "c", "d"].map((name) => `[mcp_servers.${name}] # ${name}\ncommand = "x"\n`).join("\n");
const LEGACY = `model = "m0"\nprofile = "p1"\n${[1, 2, 3, 4, 5, 6]
  .map((n) => `\n# the ${n}th\n[profiles.p${n}]\nmodel = "m${n}"\nmodel_reasoning_effort = "low"\n`)
  .join("")}`;
const MODELS = [1, 2, 3, 4, 5, 6].map((n) => `"m${n}"`);
const APPLY = ["apply", "http-sse"];
const MOVES = [["set", "model", "m1"], ["set", "hide_agent_reasoning", "true"], APPLY];
const bisect = (...words: readonly string[]) => ["mcp", "bisect", ...words];
const RESET = bisect("reset");
const SEARCH = { files: { "config.toml": SERVERS }, back: RESET } as const;

export const SCENES: readonly Scene[] = [
  { name: "apply", files: { "config.toml": CONFIG }, argv: APPLY },
  {
    name: "apply over the recipe that articles print",
    files: { "config.toml": '[profiles.http_sse]\nmodel_provider = "openai"\n' },
    argv: APPLY,
  },
  { name: "the first change of a home", files: {}, argv: ["set", "model", "m1"] },
  { name: "unset", files: { "config.toml": CONFIG }, argv: ["unset", "tui.animations"] },
  { name: "revert", files: { "config.toml": CONFIG }, before: MOVES, argv: ["revert"], says: /done/ },
  {
    name: "revert of a preset",
    files: { "config.toml": CONFIG },
    before: [APPLY, [...APPLY, "--profile", "two"]],
    argv: ["revert", "http-sse"],
  },
  { name: "revert of all", files: { "config.toml": CONFIG }, before: MOVES, argv: ["revert", "--all"] },
  { name: "migrate of 7 files", files: { "config.toml": LEGACY }, argv: ["migrate"], moves: MODELS },
  {
    name: "revert of a migrate",
    files: { "config.toml": LEGACY },
    before: [["migrate"]],
    argv: ["revert"],
    moves: MODELS,
  },
  {
    name: "migrate back",
    files: {
      "config.toml": 'model = "m0"\n',
      "p1.config.toml": 'model = "m1"\n',
      "p2.config.toml": "# two\nmodel = 'm2'\n",
    },
    argv: ["migrate"],
    version: "0.130.0",
    moves: ["m1", "m2"],
  },
  {
    name: "doctor --fix",
    files: { "config.toml": `${LEGACY}\n[tui]\nmodel = "misplaced"\n` },
    argv: ["doctor", "--fix"],
  },
  { name: "mcp isolate", files: { "config.toml": SERVERS }, argv: ["mcp", "isolate", "c"] },
  { name: "mcp bisect start", ...SEARCH, argv: bisect("start"), says: /on: a, b; off: c, d/ },
  { name: "mcp bisect bad", ...SEARCH, before: [bisect("start")], argv: bisect("bad"), says: /on: a; off: b, c, d/ },
  { name: "mcp bisect good", ...SEARCH, before: [bisect("start")], argv: bisect("good"), says: /on: a, b, c; off: d/ },
  {
    name: "mcp bisect bad, to the end",
    ...SEARCH,
    before: [bisect("start"), bisect("bad"), bisect("bad")],
    argv: bisect("bad"),
    says: /it fails with all of them off/,
  },
  { name: "mcp bisect reset", ...SEARCH, before: [bisect("start"), bisect("bad")], argv: RESET },
  { name: "mcp bisect run", ...SEARCH, argv: bisect("run", "--", "try"), culprit: "c", says: /it is c/ },
  {
    name: "provider add",
    files: { "config.toml": CONFIG },
    argv: ["provider", "add", "gw", "--base-url", "https://gw.example/v1"],
  },
  {
    name: "provider remove",
    files: {
      "config.toml": `${CONFIG}\n[model_providers.gw] # mine\nname = "gw"\nbase_url = "https://gw.example/v1"\n`,
    },
    argv: ["provider", "remove", "gw"],
  },
  { name: "auth-store set", files: { "config.toml": CONFIG }, argv: ["auth-store", "set", "file", "--mcp", "file"] },
];

/** What people type to see what is there. */
export const READERS: readonly (readonly string[])[] = [
  ["status"],
  ["status", "--json"],
  ["validate"],
  ["validate", "--json"],
  ["doctor"],
  ["doctor", "--json"],
  ["history"],
  ["history", "--json"],
  ["revert", "-n"],
  ["revert", "-n", "--json"],
  ["diff"],
  ["mcp", "list"],
  ["set", "model", "other", "-n"],
];

/** Those whose answer is no while a change is half made. */
export const ANSWERING: readonly string[] = ["status", "validate", "doctor"];

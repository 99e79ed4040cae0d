/**
 * The documents of `--json` and the records of the journal against their schemas. Every document here is printed by the
 * real command line, nearly always in memory; the schema itself is what the source gives.
 */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { PARTS } from "../src/cli/document-parts.ts";
import { DOCUMENTS } from "../src/cli/documents.ts";
import { main } from "../src/cli/main.ts";
import { FINDINGS } from "../src/findings/table.ts";
import type { RunResult } from "../src/host/host.ts";
import { CfgError, EXIT_CODES } from "../src/model/error.ts";
import { SCHEMA_VERSION } from "../src/model/version.ts";
import { PAIRS } from "./check/check-cases.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { type MemoryHostOptions, memoryHost } from "./memory-host.ts";
import { ofTomorrow } from "./store/dead.ts";
import { story } from "./story.ts";

type Json = { readonly [key: string]: unknown };

const readText = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const schemas = ["output", "entry"].map((name): Json => JSON.parse(readText(`../schemas/${name}.schema.json`)));
const [outputSchema = {}, entrySchema = {}] = schemas;
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const isOutput = ajv.compile(outputSchema);
const isEntry = ajv.compile(entrySchema);

const HOME = "/home/u/.codex";
const STATE = `${HOME}/.codex-cfg`;
const APPLY = ["apply", "http-sse"];
const FAILED: RunResult = { status: null, stdout: "", stderr: "", timedOut: false };

const CHOSEN = 'profile = "x"\n[profiles.x]\nmodel = "a"\n';

const SERVERS = `[mcp_servers.docs]
command = "docs"
required = true

[mcp_servers.git]
command = "git"
`;

type Options = {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Puts a `codex` on the PATH that says its version and answers everything else like this. */
  readonly codex?: (args: readonly string[]) => RunResult;
  readonly codexVersion?: string;
  readonly machine?: MemoryHostOptions["machine"];
  readonly readOnly?: boolean;
};
type Ran = { readonly exit: number; readonly kind: unknown; readonly document: Json };

/** A home in memory, all of whose files are old, and commands that are each a process of its own there. */
function home({ files = {}, env = {}, codex, codexVersion = "0.169.0", machine, readOnly = false }: Options = {}) {
  const disk = new MemoryDisk();
  disk.readOnly = readOnly;
  for (const folder of ["/home", "/home/u", HOME, "/bin", "/tmp"]) disk.putFolder(folder);
  if (codex) disk.put("/bin/codex", "", { mode: 0o755 });
  for (const [name, text] of Object.entries(files)) {
    const path = name.startsWith("/") ? name : `${HOME}/${name}`;
    const parts = path.split("/").slice(1, -1);
    const folders = parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`);
    for (const folder of folders) if (!disk.look(folder)) disk.putFolder(folder);
    disk.put(path, text);
  }
  disk.now += 60_000;
  /** Runs one command, and holds whatever it prints against the schema. */
  const run = async (...argv: readonly string[]): Promise<Ran> => {
    const host = memoryHost({
      disk,
      machine,
      env: { PATH: codex ? "/bin" : "", ...env },
      run: (_, args) =>
        args[0] === "--version"
          ? { ...FAILED, status: 0, stdout: `codex-cli ${codexVersion}` }
          : (codex?.(args) ?? FAILED),
    });
    const version = argv.includes("--codex-version") || codex ? [] : ["--codex-version", "0.169.0"];
    const exit = await main([...argv, "--json", ...version], host);
    const document: Json = JSON.parse(host.printed.out);
    expect(isOutput(document) ? [] : isOutput.errors, host.printed.out).toEqual([]);
    expect(host.printed.err).toBe("");
    return { exit, kind: document.kind, document };
  };
  return { disk, run };
}

type World = ReturnType<typeof home>;

/** The records in the history, oldest first. */
function records({ disk }: World): Json[] {
  return disk
    .tree(STATE)
    .filter((path) => path.endsWith("/record.json"))
    .map((path) => JSON.parse(disk.text(path) ?? ""));
}

/** The steps of a fix in a document: of a choice, those of its first option. */
function stepsOf(fix: unknown): Json[] {
  const { ops, options } = (fix ?? {}) as { readonly ops?: Json[]; readonly options?: { readonly ops: Json[] }[] };
  return ops ?? options?.[0]?.ops ?? [];
}

describe("the schema of --json accepts", () => {
  test("a change, before it is made, as it is made, and when there is nothing left of it to do", async () => {
    const { run } = home({ files: { "config.toml": 'model = "gpt-5.5"\r\n' } });
    const dry = await run(...APPLY, "--dry-run");
    expect(dry).toMatchObject({ exit: 0, kind: "change", document: { dryRun: true, changed: true, entry: null } });
    const done = await run(...APPLY);
    expect(done).toMatchObject({ exit: 0, kind: "change", document: { dryRun: false, changed: true } });
    expect(done.document.files).toEqual(dry.document.files);
    expect(done.document.entry).toMatchObject({ reverts: [] });
    const again = await run(...APPLY);
    expect(again).toMatchObject({ exit: 0, kind: "change", document: { changed: false, files: [], entry: null } });
  });

  test("a revert, the revert of a revert, and a revert of nothing", async () => {
    const { run } = home();
    expect(await run("revert")).toMatchObject({ exit: 0, document: { codex: null, changed: false, entry: null } });
    await run(...APPLY);
    const back = await run("revert", "--dry-run");
    expect(back).toMatchObject({ exit: 0, kind: "change", document: { entry: null } });
    expect(back.document.files).toMatchObject([{ action: "delete" }, { action: "delete" }]);
    const { document } = await run("revert");
    expect(document.entry).toMatchObject({ reverts: [expect.any(String)] });
    const { id } = document.entry as { id: string };
    expect(await run("revert", id)).toMatchObject({ exit: 0, document: { changed: true } });
    expect(await run("revert", "--all")).toMatchObject({ exit: 0, document: { changed: true } });
  });

  test("what migrate would move, and that there is nothing to move", async () => {
    const { run } = home({ files: { "config.toml": CHOSEN } });
    const due = await run("migrate", "--check");
    expect(due).toMatchObject({ exit: 1, kind: "migrate", document: { needed: true, steps: [{}, {}] } });
    expect(await run("migrate", "--check", "--codex-version", "0.133.0")).toMatchObject({
      exit: 0,
      document: { needed: false, steps: [], findings: [] },
    });
  });

  test("the completion script of a shell", async () => {
    expect(await home().run("completion", "zsh")).toMatchObject({ exit: 0, kind: "completion" });
  });

  test("history, show, diff and status of a home without a history", async () => {
    const { run } = home();
    expect(await run("history")).toMatchObject({ exit: 0, document: { kind: "history", entries: [] } });
    expect(await run("show")).toMatchObject({ exit: 1, document: { kind: "show", entry: null, files: [] } });
    expect(await run("diff")).toMatchObject({ exit: 0, document: { kind: "diff", since: null, files: [] } });
    expect(await run("status")).toMatchObject({
      exit: 0,
      document: { kind: "status", provider: "openai", changes: [] },
    });
  });

  test("history, show, diff and status of a home in which things have happened", async () => {
    const world = home({ files: { "config.toml": "a = 1\n" } });
    const { disk, run } = world;
    await run(...APPLY);
    await run("revert");
    await run(...APPLY, "--scope", "default");
    disk.overwrite(`${HOME}/config.toml`, `${disk.text(`${HOME}/config.toml`)}# mine\n`);
    disk.now += 60_000;
    const { document } = await run("history");
    expect(document.entries).toMatchObject([
      { live: true, by: "others" },
      { live: true, reverts: [], preset: "http-sse" },
      { live: true, reverts: [expect.any(String)], preset: null },
      { live: false, reverts: [] },
    ]);
    expect(await run("show")).toMatchObject({
      exit: 0,
      document: { files: [{ file: "config.toml", action: "modify" }] },
    });
    expect(await run("diff", "--exit-code")).toMatchObject({ exit: 1, document: { changed: true } });
    expect(await run("status")).toMatchObject({
      exit: 0,
      document: { provider: "openai-http", problem: null, changes: [{ drift: ["config.toml"] }], pending: [] },
    });
  });

  test("a list of servers, and a search among them from its start to its end", async () => {
    const { run } = home({ files: { "config.toml": SERVERS }, codex: () => ({ ...FAILED, status: 0 }) });
    expect(await run("mcp", "list")).toMatchObject({ exit: 0, kind: "mcp-list", document: { profile: null } });
    expect((await run("mcp", "list", "-p", "lean")).document.servers).toHaveLength(2);
    expect(await run("mcp", "bisect", "status")).toMatchObject({ exit: 0, document: { servers: [], verdict: null } });
    expect(await run("mcp", "bisect", "start")).toMatchObject({ exit: 0, kind: "change" });
    expect(await run("mcp", "bisect", "status")).toMatchObject({ document: { on: ["docs"], left: 2, verdict: null } });
    await run("mcp", "bisect", "good");
    expect(await run("mcp", "bisect", "bad")).toMatchObject({ exit: 0, kind: "change", document: { changed: true } });
    const found = { verdict: "found", culprits: ["git"], on: ["docs"], left: null };
    expect(await run("mcp", "bisect", "status")).toMatchObject({ exit: 0, kind: "mcp-bisect", document: found });
    expect(await run("mcp", "bisect", "reset")).toMatchObject({ exit: 0, kind: "change" });
    const nothing = { verdict: "no-failure", culprits: [], stopped: null };
    expect(await run("mcp", "bisect", "run", "--json", "--", "x")).toMatchObject({ exit: 1, document: nothing });
  });

  test("a judgement of a home that is clean, of one that is not, and of a file of any name", async () => {
    const { disk, run } = home({ files: { "config.toml": 'model = "x"\n' } });
    const clean = {
      file: null,
      codexHome: HOME,
      profile: null,
      view: "loads",
      loads: true,
      strict: true,
      findings: [],
    };
    expect(await run("validate")).toMatchObject({ exit: 0, kind: "validate", document: clean });
    disk.put(`${HOME}/config.toml`, 'model = "x"\nmodle = "y"\n');
    disk.put(`${HOME}/work.config.toml`, '[mcp_servers.git]\nenabled = "true"\n');
    const strict = await run("validate", "--strict");
    expect(strict).toMatchObject({ exit: 1, document: { view: "strict", loads: true, strict: false } });
    const places = (strict.document.findings as Json[]).map(({ file, severity }) => [file, severity]);
    expect(places).toContainEqual(["config.toml", "error"]);
    expect(places).toContainEqual(["work.config.toml", "error"]);
    disk.put("/tmp/a name.txt", "model = 1\n");
    const found = { code: "wrong-type", file: "tmp/a name.txt", line: 1, column: 9, stops: "load" };
    expect(await run("validate", "tmp/a name.txt")).toMatchObject({
      exit: 1,
      document: { file: "tmp/a name.txt", codexHome: null, loads: false, findings: [found] },
    });
  });

  test("every kind of step that a fix is made of, and no secret in one", async () => {
    const text = [
      'profile = "work"',
      "[tui]",
      'model = "x"',
      "[mcp_servers.docs]",
      'url = "https://docs.example"',
      "http_headers = { Authorization = 12345678 }",
      "[mcp_servers.git]",
      'command = "git"',
      'arg = ["--token", "not-to-be-seen"]',
      "[model_providers.own]",
      'name = "own"',
      'base_ur = "https://u:not-to-be-seen@own.example"',
    ].join("\n");
    const { document } = await home({ files: { "config.toml": text } }).run("validate");
    const steps = (document.findings as Json[]).flatMap(({ fix }) => stepsOf(fix));
    expect(new Set(steps.map(({ op }) => op))).toEqual(new Set(["set", "unset", "move"]));
    const file = "config.toml";
    expect(steps).toContainEqual({ op: "move", file, path: "tui.model", to: { file, path: "" } });
    const paths = [
      "mcp_servers.docs.http_headers.Authorization",
      "mcp_servers.git.args",
      "model_providers.own.base_url",
    ];
    for (const path of paths)
      expect(steps).toContainEqual({ op: "set", file, path, value: expect.stringContaining("‹secret") });
    const typo = '[mcp_server.docs]\ncommand = "x"\nenv = { TOKEN = "not-to-be-seen" }\n';
    const whole = (await home({ files: { "config.toml": typo } }).run("validate")).document;
    expect(whole.findings).toMatchObject([
      { fix: { kind: "choice", options: [{ ops: [{ op: "move", path: "mcp_server" }] }] } },
    ]);
    expect(JSON.stringify([document, whole])).not.toMatch(/not-to-be-seen|12345678/);
  });

  test("a setting of every type that TOML has, one that is not set and one that is secret", async () => {
    const text = [
      's = "x"',
      "i = 9007199254740993",
      "f = inf",
      "b = true",
      "d = 2026-01-01",
      "a = [1, [2.5]]",
      't = { u = { v = "w" } }',
      'token = "not-to-be-seen"',
    ].join("\n");
    const { run } = home({ files: { "config.toml": text } });
    const values: Record<string, unknown> = {
      s: "x",
      i: "9007199254740993",
      f: "inf",
      b: true,
      a: [1, [2.5]],
      t: { u: { v: "w" } },
    };
    for (const [key, value] of Object.entries(values))
      expect(await run("get", key), key).toMatchObject({ exit: 0, kind: "get", document: { found: true, value } });
    expect(await run("get", "d")).toMatchObject({ document: { raw: "2026-01-01" } });
    expect(await run("get", "t")).toMatchObject({ document: { raw: '{ u = { v = "w" } }' } });
    expect(await run("get", "none", "-p", "work")).toMatchObject({
      exit: 1,
      document: { file: "work.config.toml", found: false, value: null, raw: null },
    });
    expect(JSON.stringify(await run("get", "token"))).not.toContain("not-to-be-seen");
  });

  test("where credentials live, in each state of the login and of the keyring", async () => {
    const { run } = home({ env: { CODEX_API_KEY: "fake" } });
    expect(await run("auth-store")).toMatchObject({
      exit: 0,
      kind: "auth-store",
      document: { authMode: "none", variables: ["CODEX_API_KEY"], keyring: "unreachable" },
    });
    const old = (await run("auth-store", "--codex-version", "0.46.0")).document;
    expect(old.stores).toMatchObject([{ values: [] }, { values: [] }]);
    for (const [text, authMode] of [
      ['{"auth_mode":"chatgpt"}', "chatgpt"],
      ['{"auth_mode":"apikey"}', "apikey"],
      ["?", "unknown"],
    ] as const)
      expect(await home({ files: { "auth.json": text } }).run("auth-store")).toMatchObject({ document: { authMode } });
    const bus = home({ env: { DBUS_SESSION_BUS_ADDRESS: "x" } });
    expect(await bus.run("auth-store")).toMatchObject({ document: { keyring: "unknown" } });
    const asked = home({ codex: () => ({ ...FAILED, status: 1, stderr: "Not logged in" }) });
    expect(await asked.run("auth-store")).toMatchObject({ document: { keyring: "reachable" } });
  });

  test("a list of providers, Codex's own and the home's", async () => {
    const text = 'model_provider = "own"\n[model_providers.own]\nbase_url = "https://u:p@own.example/v1"\n';
    const { document, kind } = await home({ files: { "config.toml": text } }).run("provider", "list");
    expect(kind).toBe("provider-list");
    const own = { id: "own", builtIn: false, name: null, host: "own.example", key: null, usedBy: ["config.toml"] };
    expect(document.providers).toContainEqual(own);
    expect(document.providers).toContainEqual(expect.objectContaining({ id: "openai", builtIn: true, host: null }));
  });

  test("a list of presets, built in and one's own", async () => {
    // On a disk: presets are looked for by a library that knows no other.
    const tale = story({
      "codex-cfg.presets.toml": '[mine]\ndescription = "mine"\nparameters.url = {}\nsettings = { model = "x" }\n',
    });
    const { exit, out } = await tale.run("presets", "--json", "--codex-version", "0.169.0");
    const document: Json = JSON.parse(out);
    expect(isOutput(document) ? [] : isOutput.errors, out).toEqual([]);
    const presets = [
      { name: "http-sse", origin: "built in", parameters: [] },
      { name: "ci", origin: "built in", parameters: [] },
      { name: "local", origin: "built in", parameters: ["provider", "model"] },
      { name: "gateway", origin: "built in", parameters: ["url", "key", "model"] },
      { name: "mine", parameters: ["url"] },
    ];
    expect({ exit, document }).toMatchObject({ exit: 0, document: { kind: "presets", presets } });
  });

  test("a status with a config that does not parse, and with work that was interrupted", async () => {
    let status: Ran | undefined;
    // Dies one call later each time, until that is past the point of no return.
    for (let call = 1; !status || !isCommitted(status.document); call++) {
      const { disk, run } = home();
      disk.failAt(call, "die-before");
      await run(...APPLY);
      disk.revive();
      disk.put(`${HOME}/config.toml`, "a = \n");
      status = await run("status");
    }
    expect(status.exit).toBe(1);
    expect(status.document).toMatchObject({ provider: null, problem: expect.stringMatching(/^config\.toml: /) });
    expect(status.document.pending).toMatchObject([{ damaged: false, files: expect.arrayContaining(["config.toml"]) }]);
  });
});

const isCommitted = ({ pending }: Json): boolean => (pending as Json[]).some(({ committed }) => committed === true);

describe("the schema of --json accepts the refusal", () => {
  const taken = { "config.toml": '[model_providers.openai-http]\nname = "mine"\nquery_params = {}\n' };
  const applied = async (options?: Options): Promise<World> => {
    const world = home(options);
    await world.run(...APPLY);
    return world;
  };
  const ways: Readonly<Record<string, () => Promise<Ran>>> = {
    usage: () => home().run(...APPLY, "--profile", "a b"),
    "unknown-name": () => home().run("apply", "htp-sse"),
    "no-home": () => home().run("status", "--codex-home", "/nowhere/at/all"),
    "invalid-toml": () => home({ files: { "config.toml": "a = 1\nb = \n" } }).run(...APPLY),
    "invalid-config": () => home().run("set", "modle", "x"),
    "unsafe-file": async () => {
      const { disk, run } = home();
      disk.putOther(`${HOME}/config.toml`);
      return run(...APPLY);
    },
    "reserved-provider": () => home().run(...APPLY, "--provider-id", "openai"),
    "would-overwrite": () => home({ files: taken }).run(...APPLY),
    "stale-plan": async () => {
      const { disk, run } = home();
      disk.onCall = (name) => {
        if (name === "link") disk.put(`${HOME}/config.toml`, taken["config.toml"]);
      };
      return run(...APPLY);
    },
    conflict: async () => {
      const { disk, run } = await applied();
      disk.put(`${HOME}/http_sse.config.toml`, 'model_provider = "mine"\n');
      return run("revert");
    },
    locked: async () => {
      const { disk, run } = await applied();
      disk.put(`${STATE}/lock`, "somebody");
      return run("revert");
    },
    "file-busy": async () => {
      const { disk, run } = home({ machine: { isOpenForWriting: () => true } });
      disk.put(`${HOME}/config.toml`, "a = 1\n");
      return run(...APPLY);
    },
    "codex-refuses": () => {
      let asked = 0;
      // Refuses what is asked about first, the state after the change, and nothing else.
      const codex = (): RunResult => ({ ...FAILED, status: asked++ === 0 ? 1 : 0, stderr: "Error: no" });
      return home({ codex }).run(...APPLY);
    },
    "would-log-out": () =>
      home({ files: { "auth.json": '{"auth_mode":"apikey"}' } }).run("set", "forced_login_method", "chatgpt"),
    interrupted: () => {
      const guarded = async () => {
        throw new CfgError("interrupted", "interrupted; nothing was written");
      };
      return home({ machine: { guarded } }).run(...APPLY);
    },
    "unsupported-edit": () => home({ files: { "config.toml": "[[model_providers]]\n" } }).run(...APPLY),
    "damaged-journal": async () => {
      const { disk, run } = await applied();
      disk.putFolder(`${STATE}/tx/zzzzzzzzzzz-000000`);
      disk.put(`${STATE}/tx/zzzzzzzzzzz-000000/commit.json`, "{}");
      return run("revert");
    },
    "newer-state": async () => {
      const { disk, run } = await applied();
      const record = disk.tree(`${STATE}/history`).find((path) => path.endsWith("/record.json")) ?? "";
      disk.put(record, ofTomorrow(disk.text(record) ?? ""));
      return run("revert");
    },
    io: async () => {
      const { disk, run } = home();
      disk.failAt(1, { errno: "ENOSPC" }, { persistent: true });
      return run(...APPLY);
    },
    unconfirmed: async () => {
      for (let call = 1; ; call++) {
        const { disk, run } = home();
        disk.failAt(call, { errno: "EIO" }, { persistent: true });
        const ran = await run(...APPLY);
        if (ran.exit === 5 || ran.exit === 0) return ran;
      }
    },
    internal: async () => {
      const { disk, run } = home();
      disk.onCall = () => {
        throw new TypeError("a bug");
      };
      return run("status");
    },
  };

  test.each(Object.entries(ways))("%s", async (code, meet) => {
    const { exit, kind, document } = await meet();
    expect(kind).toBe("error");
    expect(document.error).toMatchObject({ code, exitCode: exit });
  });

  test("of every other kind: there is none", () => {
    expect(Object.keys(ways).sort()).toEqual(Object.keys(EXIT_CODES).sort());
  });
});

/** Findings that no document holds. */
const NOT_MET = [
  // Of more than two thousand changes in force.
  "changes-merged",
  // No text is known into which a key cannot come back.
  "restore-stuck",
  // Said in words by `mcp bisect run`, whose document has a verdict in its place.
  "bisect-no-failure",
];

/** What `validate` says of a config, beside what is wrong in the cases of its rules: the text, then the arguments. */
const WRONG: Readonly<Record<string, readonly [text: string, ...argv: string[]]>> = {
  "not-toml": ["a = \n"],
  "duplicate-key": ["a = 1\na = 2\n"],
  "provider-no-token": ['[model_providers.x]\nname = "x"\nbase_url = "https://api.openai.com/v1"\n'],
  "provider-wrong-service": [
    '[model_providers.x]\nname = "x"\nbase_url = "https://api.openai.com/v1"\nrequires_openai_auth = true\n',
  ],
  "provider-leaks-key": [
    '[model_providers.x]\nname = "x"\nbase_url = "https://x.example/v1"\n',
    "--codex-version",
    "0.148.0",
  ],
  "no-profile-file": ["", "-p", "work"],
  // Needs a file beside it.
  "not-json": ['model_catalog_json = "config.toml"\n'],
  "legacy-table": ['[profiles.work]\nmodel = "x"\n', "-p", "work"],
};

describe("the schema of --json accepts what a judgement finds:", () => {
  const login: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "provider-wrong-service": { "auth.json": '{"auth_mode":"chatgpt"}' },
    "provider-leaks-key": { "auth.json": '{"auth_mode":"apikey"}' },
  };

  const pairs = PAIRS.filter(({ code }) => WRONG[code] === undefined).map(
    ({ code, trips, version }) =>
      [code, [trips, ...(version === undefined ? [] : ["--codex-version", version])]] as const,
  );
  test.each([...Object.entries(WRONG), ...pairs])("%s", async (code, [text, ...argv]) => {
    const { disk, run } = home({ files: { "config.toml": text, ...login[code] } });
    const { exit, document } = await run("validate", ...argv);
    const findings = document.findings as Json[];
    expect(findings.map((finding) => finding.code)).toContain(code);
    expect(exit).toBe(findings.some(({ severity }) => severity === "error") ? 1 : 0);
    expect(document.loads).toBe(findings.every(({ stops }) => stops !== "load"));
    // The same as a file by itself, under a name that no file of a home has.
    disk.put("/tmp/x", text);
    await run("validate", "/tmp/x", ...argv);
  });
});

describe("the schema of --json accepts the finding", () => {
  const chatGpt = { "auth.json": '{"auth_mode":"chatgpt","tokens":{}}' };
  const chat = "sessions/2026/01/01/rollout-1.jsonl";
  const legacy = 'profile = "http_sse"\n\n[profiles.http_sse]\nmodel_provider = "openai"\n';
  const recipe = '[model_providers.openai-http]\nname = "OpenAI HTTP"\nbase_url = "https://api.openai.com/v1"\n';
  const ways: Readonly<Record<string, () => Promise<Ran>>> = {
    "codex-assumed": () => home({ codex: () => FAILED, env: { PATH: "" } }).run(...APPLY),
    "codex-newer": () => home().run("status", "--codex-version", "99.0.0"),
    "codex-says": () =>
      home({
        files: { "config.toml": "brand_new = 1\n" },
        codexVersion: "99.0.0",
        codex: (args) => ({
          ...FAILED,
          status: 1,
          stdout: JSON.stringify({
            error: { data: { line: 1, column: 13, detail: "x/config.toml:1:13: invalid type" } },
            args,
          }),
        }),
      }).run("validate"),
    "project-ignores": () =>
      home({
        files: {
          "config.toml": '[projects."/"]\ntrust_level = "trusted"\n',
          "/.codex/config.toml": 'model_provider = "x"\n',
        },
      }).run("validate", "--codex-version", "0.169.0"),
    "provider-gets-no-key": () =>
      home({
        files: {
          "auth.json": '{"auth_mode":"apikey"}',
          "config.toml": '[model_providers.p]\nname = "P"\nbase_url = "https://gw.example"\n',
        },
      }).run("validate"),
    "home-will-be-created": () => home().run(...APPLY, "--codex-home", "/home/u/new"),
    "no-websocket": () => home().run(...APPLY, "--codex-version", "0.115.0"),
    "start-with-profile": () => home().run(...APPLY),
    "start-plainly": () => home().run(...APPLY, "--scope", "default"),
    "apps-need-default": () => home().run(...APPLY),
    "provider-case": () => home().run(...APPLY, "--provider-id", "OpenAI"),
    adopted: () => home({ files: { "config.toml": recipe } }).run(...APPLY),
    "legacy-moved": () => home({ files: { "config.toml": legacy } }).run(...APPLY),
    "legacy-selector-removed": () => home({ files: { "config.toml": legacy } }).run(...APPLY),
    "legacy-selector-left": () => home({ files: { "config.toml": 'profile = "work"\n' } }).run(...APPLY),

    "default-ends": () => home({ files: { "config.toml": legacy } }).run(...APPLY),
    "gateway-stays": () =>
      home({
        files: {
          "config.toml":
            'model_provider = "gw"\n[model_providers.gw]\nname = "g"\nbase_url = "https://gw.example/v1"\n',
        },
      }).run(...APPLY),
    "apps-need-use": () => home().run("profile", "new", "x"),
    "profiles-in-tables": () => home({ files: { "config.toml": "[profiles.x]\n" } }).run("profile", "list"),
    "old-profile-name": () => home({ files: { "x.config.toml": "model = 'a'\n" } }).run("profile", "rename", "x", "y"),
    "use-restart": () => home({ files: { "x.config.toml": "model = 'a'\n" } }).run("use", "x"),
    "use-permits": () => home({ files: { "x.config.toml": "sandbox_mode = 'read-only'\n" } }).run("use", "x"),
    "use-forgotten": () =>
      home({ files: { "config.toml": "model = 'a'\n", "x.config.toml": "model = 'a'\n" } }).run("use", "--none"),
    "use-chats": () =>
      home({
        files: {
          "x.config.toml": "model_provider = 'ollama'\n",
          "sessions/2030/01/01/rollout-1.jsonl": '{"type":"session_meta","payload":{"model_provider":"openai"}}\n',
        },
      }).run("use", "x"),
    "use-changed": () => usedAndChanged(["use", "--none"]),
    "use-also-changed": () => usedAndChanged(["profile", "save", "x"]),

    "api-key-beside-chatgpt": () => home({ files: chatGpt, env: { OPENAI_API_KEY: "fake" } }).run(...APPLY),
    "keeps-address": () =>
      home({ files: { "config.toml": 'openai_base_url = "https://gw.example/v1"\n' } }).run(...APPLY),
    "profile-wins": () =>
      home({
        files: { "config.toml": 'profile = "gw"\n[profiles.gw]\nmodel_provider = "ollama"\n' },
      }).run(...APPLY, "--scope", "default", "--codex-version", "0.133.0"),
    "login-to-other-host": () => home().run(...APPLY, "--base-url", "https://gateway.example/v1"),
    "plain-http": () => home().run(...APPLY, "--base-url", "http://gateway.example/v1"),
    "environment-key-unset": () => home().run(...APPLY, "--env-key", "GATEWAY_KEY"),
    "environment-key-no-name": () => home().run(...APPLY, "--env-key", "no-name"),
    "project-wins": () =>
      home({
        files: { "config.toml": '[projects."/"]\ntrust_level = "trusted"\n', "/.codex/config.toml": 'model = "x"\n' },
      }).run(...APPLY),
    "not-asked": () => home().run(...APPLY, "--no-preflight"),
    "still-refused": () => home({ codex: () => ({ ...FAILED, status: 1, stderr: "Error: no" }) }).run(...APPLY),
    "provider-kept": async () => {
      const { disk, run } = home();
      await run(...APPLY);
      for (const folder of ["sessions", "sessions/2026", "sessions/2026/01", "sessions/2026/01/01"])
        disk.putFolder(`${HOME}/${folder}`);
      disk.put(`${HOME}/${chat}`, '{"payload":{"model_provider":"openai-http"}}\n');
      return run("revert");
    },
    "conflicts-skipped": async () => {
      const { disk, run } = home();
      await run(...APPLY);
      disk.put(`${HOME}/http_sse.config.toml`, 'model_provider = "mine"\n');
      return run("revert", "--skip-conflicts");
    },
    "file-shrank": async () => {
      const { disk, run } = home();
      await run("set", "model", "a-long-name");
      disk.now += 60_000;
      disk.put(`${HOME}/config.toml`, 'model = "m"\n');
      return run(...APPLY);
    },
    "settings-lost": () => lost("status", ""),
    "settings-restored": () => lost("restore", ""),
    "settings-read": () => lost("restore", "a = 2\n[b\n"),
    "restore-older": async () => {
      const { disk, run } = home({ files: { "config.toml": "model = 'a'\n" } });
      for (const text of ["model = 1\n", ""]) {
        await run("record");
        disk.put(`${HOME}/config.toml`, text);
        disk.now += 60_000;
      }
      return run("restore");
    },
    "restore-earlier": async () => {
      const { disk, run } = home({ files: { "config.toml": "a = 1\nb = 1\n" } });
      await run("record");
      disk.put(`${HOME}/config.toml`, "a = 1\n");
      disk.now += 60_000;
      await run("set", "model", "x");
      return run("restore");
    },
    "hard-links": async () => {
      const { disk, run } = home({ files: { "config.toml": "a = 1\n" } });
      disk.link(`${HOME}/config.toml`, `${HOME}/copy.toml`);
      return run(...APPLY);
    },
    recovered: async () => {
      // Dies one call later each time, until there is something to recover.
      for (let call = 1; ; call++) {
        const { disk, run } = home();
        disk.failAt(call, "die-before");
        await run(...APPLY);
        disk.revive();
        disk.now += 60_000;
        const ran = await run(...APPLY, "--scope", "default");
        if (ran.exit === 0 && (ran.document.findings as Json[]).some(({ code }) => code === "recovered")) return ran;
      }
    },
    "interrupted-change": async () => (await interrupted()).run("unset", "model", "--dry-run"),
    "credentials-stay": () => home().run("auth-store", "set", "auto"),
    "deletes-login": () =>
      home({ files: { "auth.json": '{"auth_mode":"apikey"}' } }).run(
        "set",
        "forced_login_method",
        "chatgpt",
        "--force",
      ),
    "unknown-servers": () =>
      home({ files: { "codex-cfg.presets.toml": '[x.servers]\ndisable = ["nobody"]\n' } }).run("apply", "x"),
    "project-servers": () =>
      home({
        files: {
          "config.toml": `${SERVERS}\n[projects."/"]\ntrust_level = "trusted"\n`,
          "/.codex/config.toml": '[mcp_servers.own]\ncommand = "x"\n',
        },
      }).run("mcp", "isolate"),
    "project-has-last-word": () =>
      home({
        files: {
          "config.toml": '[projects."/"]\ntrust_level = "trusted"\n',
          "/.codex/config.toml": 'model = "x"\n',
        },
      }).run("set", "model", "y"),
    "leaves-provider": () =>
      home({ files: { "config.toml": GATEWAY } }).run(...APPLY, "--provider-id", "openai-over-http"),
    "required-servers": () => home({ files: { "config.toml": SERVERS } }).run("mcp", "disable", "docs"),
    "profile-renamed": () =>
      home({ files: { "config.toml": '[profiles."a b"]\n' } }).run("migrate", "--rename", "a b=c"),
    "profile-joins": () =>
      home({ files: { "config.toml": "[profiles.x]\n", "x.config.toml": 'model = "a"\n' } }).run("migrate"),
    "profile-was-default": () => home({ files: { "config.toml": CHOSEN } }).run("migrate"),
    "profile-is-default": () => home({ files: { "config.toml": CHOSEN } }).run("migrate", "--as-default"),
    "default-shows-through": () =>
      home({ files: { "config.toml": `${CHOSEN}[profiles.y]\n` } }).run("migrate", "--as-default"),
    "profile-to-table": () => home({ files: { "x.config.toml": "" } }).run("migrate", "--codex-version", "0.133.0"),
    "newly-effective-key": () =>
      home({ files: { "config.toml": "[profiles.x]\nmodel_context_window = 1\n" } }).run("migrate"),
    "table-value-mismatch": () =>
      home({ files: { "config.toml": "tools.web_search = true\n[profiles.x.tools.web_search]\n" } }).run("migrate"),
    "shadowed-alias": () =>
      home({ files: { "config.toml": "features.connectors = true\n[profiles.x.features]\napps = false\n" } }).run(
        "migrate",
      ),
    "bisect-step": () => home({ files: { "config.toml": SERVERS } }).run("mcp", "bisect", "start"),
    "bisect-found": () => searched("good", "bad"),
    "bisect-no-server": () => searched("bad", "bad"),
    "refused-again": async () => {
      // It loads the home as it is changed, and no longer as it was before.
      const answers = [0, 1, 0];
      const { run } = home({ codex: () => ({ ...FAILED, status: answers.shift() ?? 0, stderr: "Error: no" }) });
      await run("set", "model", "x");
      return run("revert");
    },
  };

  /** A home that held something once, and what somebody else has left. */
  async function lost(verb: string, text: string): Promise<Ran> {
    const { disk, run } = home({ files: { "config.toml": "a = 1\nb = 1\n" } });
    await run("record");
    disk.put(`${HOME}/config.toml`, text);
    disk.now += 60_000;
    const ran = await run(verb);
    return verb === "status" ? { ...ran, document: { findings: ran.document.lost } } : ran;
  }

  /** A home where somebody has changed config.toml while a profile was in use. */
  async function usedAndChanged(argv: readonly string[]): Promise<Ran> {
    const { disk, run } = home({ files: { "config.toml": "model = 'a'\n", "x.config.toml": "model = 'b'\n" } });
    await run("use", "x");
    disk.put(`${HOME}/config.toml`, "model = 'c'\nreview_model = 'd'\n");
    disk.now += 60_000;
    return run(...argv);
  }

  /** A home where a process died between its first file and its second. */
  async function interrupted(): Promise<World> {
    for (let call = 1; ; call++) {
      const { disk, run } = home({ files: { "config.toml": "model = 'x'\n" } });
      disk.failAt(call, "die-after");
      const { exit } = await run(...APPLY);
      if (exit === 0) throw new Error("no process died between two files");
      disk.revive();
      disk.now += 60_000;
      if (disk.look(`${HOME}/http_sse.config.toml`)) return { disk, run };
    }
  }

  /** A search by hand with these answers. */
  async function searched(...answers: readonly string[]): Promise<Ran> {
    const { run } = home({ files: { "config.toml": SERVERS } });
    let ran = await run("mcp", "bisect", "start");
    for (const answer of answers) ran = await run("mcp", "bisect", answer);
    return ran;
  }

  test.each(Object.entries(ways))("%s", async (code, meet) => {
    const { exit, document } = await meet();
    expect(exit).toBe(code === "bisect-no-server" || code === "codex-says" ? 1 : 0);
    expect((document.findings as Json[]).map((finding) => finding.code)).toContain(code);
  });

  test("of every other kind: there is none", () => {
    const met = [ways, SEEN, WRONG].flatMap(Object.keys).concat(
      PAIRS.map(({ code }) => code),
      NOT_MET,
    );
    expect([...new Set(met)].sort()).toEqual(Object.keys(FINDINGS).sort());
  });
});

const GATEWAY =
  'model_provider = "gw"\n[model_providers.gw]\nname = "gw"\nbase_url = "https://gw.example/v1"\nenv_key = "K"\n';
const HOOK = '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "true"\n';
const HOOKS_JSON = '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]}}';

/** What `doctor` sees: homes that have it, and the arguments. */
const SEEN: Readonly<Record<string, readonly [Options, ...argv: string[]]>> = {
  "log-sign": [{ files: { "logs_2.sqlite": "x" }, machine: logged([0, "unexpected status 401 Unauthorized"]) }],
  "log-unread": [{ files: { "logs_2.sqlite": "x" } }],
  "log-gap": [{ files: { "logs_2.sqlite": "x" }, machine: logged([0, "quiet"], [90, "idle timeout waiting for SSE"]) }],
  "at-once": [
    {
      files: { "logs_2.sqlite": "x" },
      machine: logged(...["a", "b"].map((one) => [0, "idle timeout waiting for SSE", one] as const)),
    },
  ],
  "agents-fail": [
    {
      files: { "logs_2.sqlite": "x" },
      machine: logged([0, 'turn{codex.op="inter_agent_communication"}: retrying sampling request (1/5 in 1s)']),
    },
  ],
  "request-ids": [
    {
      files: { "logs_2.sqlite": "x" },
      machine: logged([0, "retrying sampling request, request id: req_fake123"]),
    },
    "--symptom",
    "subagents",
  ],
  "provider-transport": [{}, "--symptom", "reconnect"],
  "proxies-set": [{ env: { HTTPS_PROXY: "http://proxy.example" } }, "--symptom", "reconnect"],
  "proxy-without-scheme": [{ env: { HTTPS_PROXY: "proxy.example:3128" } }],
  "newer-release": [{}, "--symptom", "reconnect", "--codex-version", "0.134.0"],
  "login-state": [{}, "--symptom", "auth"],
  "login-variable": [{ env: { CODEX_API_KEY: "fake" } }, "--symptom", "auth"],
  running: [{}, "--symptom", "sessions"],
  "agents-setting": [{}, "--symptom", "subagents"],
  "server-program": [{ files: { "config.toml": SERVERS } }],
  "servers-at-start": [{ files: { "config.toml": SERVERS } }, "--symptom", "mcp"],
  "wsl-crossing": [
    { env: { WSL_DISTRO_NAME: "Debian" }, files: { "/mnt/c/Users/you/.codex/config.toml": "" } },
    "--symptom",
    "wsl",
  ],
  "loopback-address": [{ files: { "config.toml": 'openai_base_url = "http://127.0.0.1:1/v1"\n' } }],
  "proxy-dead": [{ env: { HTTPS_PROXY: "http://127.0.0.1:1" } }],
  "proxy-socks": [{ env: { ALL_PROXY: "socks5h://proxy.example:1080" } }, "--symptom", "reconnect"],
  "proxy-takes-local": [
    {
      env: { HTTP_PROXY: "http://proxy.example:3128" },
      files: { "config.toml": 'openai_base_url = "http://127.0.0.1:1/v1"\n' },
    },
  ],
  "variable-hidden": [{ env: { K: "fake" }, files: { "config.toml": GATEWAY, ".env": "K=\n" } }],
  "server-variable-unset": [
    { files: { "config.toml": '[mcp_servers.a]\nurl = "https://a.example"\nenv_vars = ["K"]\n' } },
  ],
  "base-url-form": [{ files: { "config.toml": GATEWAY.replace("/v1", "/v1/responses") } }],
  "retry-for-ever": [{ files: { "logs_2.sqlite": "x" }, machine: logged([0, "Reconnecting... waiting for network"]) }],
  "retries-set": [
    { env: { K: "fake" }, files: { "config.toml": `${GATEWAY}stream_max_retries = 1\n` } },
    "--symptom",
    "reconnect",
  ],
  "hooks-idle": [{ files: { "config.toml": HOOK } }],
  "hooks-twice": [{ files: { "config.toml": HOOK, "hooks.json": HOOKS_JSON } }],
  "hook-state-stale": [
    { files: { "config.toml": `${HOOK}[hooks.state."/gone/hooks.json:stop:0:0"]\ntrusted_hash = "x"\n` } },
  ],
  "damaged-file": [{ files: { "auth.json": '{"auth_mode":"chatg' } }],
  "policy-file": [
    { files: { "/etc/codex/requirements.toml": 'allowed_sandbox_modes = ["read-only"]\n' } },
    "--symptom",
    "settings",
  ],
  "policy-refuses": [
    {
      files: {
        "/etc/codex/requirements.toml": 'allowed_sandbox_modes = ["read-only"]\n',
        "config.toml": 'sandbox_mode = "workspace-write"\n',
      },
    },
  ],
  "config-unwritable": [{ files: { "config.toml": "" }, readOnly: true }],
  "plugin-servers": [
    {
      files: {
        "config.toml": '[plugins."demo@mk"]\nenabled = true\n',
        "plugins/cache/mk/demo/1.0.0/.mcp.json": '{"mcpServers":{"notes":{"command":"x"}}}',
      },
    },
    "--symptom",
    "mcp",
  ],
  "keyring-silent": [{ files: { "config.toml": 'cli_auth_credentials_store = "keyring"\n' } }],
  "other-tool-trace": [{ files: { "opencodex.config.toml": "" } }, "--symptom", "leftovers"],
  "chats-without-provider": [{ files: { "sessions/rollout-1.jsonl": '{"payload":{"model_provider":"gone"}}\n' } }],
  "codex-doctor": [
    {
      codex: () => ({
        ...FAILED,
        status: 1,
        stdout: '{"checks":{"auth.credentials":{"status":"fail","summary":"no"}}}',
      }),
    },
    "--network",
    "--symptom",
    "auth",
  ],
  "first-action": [{ files: { "config.toml": SERVERS } }],
  // Its action is another one than that of any file with lines.
  "project-stops": [
    { files: { "config.toml": '[projects."/"]\ntrust_level = "trusted"\n', "/.codex/config.toml": "model = 3\n" } },
  ],
  "unreadable-file": [{ files: { "config.toml/in-the-way": "" } }],
};

/** A machine whose Codex has logged these lines, minutes before now. */
function logged(...lines: readonly (readonly [minutes: number, text: string, process?: string])[]) {
  const start = new MemoryDisk().now / 1000 - 7200;
  const rows = lines.map(([minutes, text, process = "p"]) => ({
    ts: start + minutes * 60,
    text,
    process,
    thread: null,
  }));
  return { query: () => rows };
}

describe("the schema of --json accepts what doctor sees:", () => {
  test.each(Object.entries(SEEN))("%s", async (code, [world, ...argv]) => {
    const { document } = await home(world).run("doctor", ...argv);
    const symptoms = document.symptoms as { evidence: Json[]; action: Json }[];
    const found = [
      ...(document.findings as Json[]),
      ...symptoms.flatMap(({ action, evidence }) => [action, ...evidence]),
    ];
    expect(found.map((finding) => finding.code)).toContain(code);
  });

  test("a report, and where a setting comes from", async () => {
    const { run } = home({ files: { "config.toml": 'model = "x"\n' } });
    expect(await run("doctor", "--report")).toMatchObject({ exit: 0, kind: "report" });
    expect(await run("doctor", "--explain", "model")).toMatchObject({ exit: 0, kind: "explain" });
    expect(await run("doctor", "--explain", "model", "-p", "x")).toMatchObject({ document: { profile: "x" } });
  });
});

describe("the schema of a record accepts", () => {
  test("what apply, revert and a revert that keeps something leave in the history", async () => {
    const world = home({ files: { "config.toml": "a = 1\n" } });
    await world.run(...APPLY);
    await world.run("revert");
    await world.run(...APPLY, "--scope", "default");
    world.disk.put(`${HOME}/config.toml`, 'model_provider = "mine"\n');
    world.disk.now += 60_000;
    await world.run("revert", "--skip-conflicts");
    await world.run(...APPLY);
    world.disk.put(`${HOME}/http_sse.config.toml`, 'model_provider = "mine"\n');
    world.disk.now += 60_000;
    await world.run("revert", "--skip-conflicts");
    const found = records(world);
    expect(found.length).toBeGreaterThanOrEqual(5);
    for (const record of found) expect(isEntry(record) ? [] : isEntry.errors, JSON.stringify(record)).toEqual([]);
    expect(found.some(({ kept }) => Array.isArray(kept) && kept.length > 0)).toBe(true);
    expect(found.some(({ preset }) => preset === "http-sse")).toBe(true);
  });

  test("where a search stands, in names, and refuses what no search would leave", async () => {
    const world = home({ files: { "config.toml": SERVERS } });
    await world.run("mcp", "bisect", "start");
    await world.run("mcp", "bisect", "good");
    const record = records(world).at(-1) as { bisect: Json };
    expect(isEntry(record) ? [] : isEntry.errors).toEqual([]);
    expect(record.bisect).toEqual({
      servers: ["docs", "git"],
      answers: [
        { on: ["docs", "git"], fails: true },
        { on: ["docs"], fails: false },
      ],
      testing: ["git"],
    });
    for (const wrong of [
      { ...record.bisect, more: 1 },
      { ...record.bisect, servers: [] },
      { ...record.bisect, testing: [1] },
      { ...record.bisect, answers: [{ on: ["docs"] }] },
    ])
      expect(isEntry({ ...record, bisect: wrong }), JSON.stringify(wrong)).toBe(false);
  });

  test("no value of a setting, no path and no member of somebody else's", async () => {
    const world = home();
    await world.run(...APPLY);
    const [record] = records(world);
    expect(isEntry(record)).toBe(true);
    const { touched } = record as { touched: Json[] };
    for (const wrong of [
      { ...record, home: HOME },
      { ...record, touched: touched.map((touch) => ({ ...touch, value: "secret" })) },
      { ...record, touched: touched.map((touch) => ({ ...touch, file: `${HOME}/config.toml` })) },
      { ...record, checksum: undefined },
      { ...record, v: 3 },
    ])
      expect(isEntry(wrong), JSON.stringify(wrong)).toBe(false);
  });
});

describe("the schema of --json refuses", () => {
  test("a finding out of a file that is none of the home's, and steps and stops that there are not", async () => {
    const { disk, run } = home({ files: { "config.toml": 'modle = "x"\n' } });
    disk.put("/tmp/x", 'modle = "x"\n');
    const { document } = await run("validate");
    const { document: alone } = await run("validate", "/tmp/x");
    const [finding] = document.findings as [Json];
    const fix = finding.fix as Json;
    const [option] = fix.options as [Json];
    const [step] = stepsOf(fix);
    const wrongFindings = [
      { ...finding, file: "/tmp/x" },
      { ...finding, more: 1 },
      { ...finding, line: 0 },
      { ...finding, stops: "start" },
      { ...finding, args: {} },
      { ...finding, fix: [] },
      { ...finding, fix: { ...fix, kind: "safe" } },
      { ...finding, fix: { ...fix, options: [] } },
      { ...finding, fix: { ...fix, options: [{ ...option, ops: [{ ...step, op: "write" }] }] } },
      { ...finding, fix: { ...fix, options: [{ ...option, ops: [{ ...step, more: 1 }] }] } },
    ];
    for (const wrong of [
      ...wrongFindings.map((found) => ({ ...document, findings: [found] })),
      { ...document, codexHome: null },
      { ...document, loads: false, strict: true },
      { ...document, view: "plain" },
      { ...alone, codexHome: HOME },
    ])
      expect(isOutput(wrong), JSON.stringify(wrong)).toBe(false);
  });

  test("members it does not know, codes it does not list and an exit code that belongs to another reason", async () => {
    const { document } = await home().run(...APPLY, "-n");
    const [finding] = document.findings as Json[];
    const { document: failed } = await home().run("apply", "nothing");
    const error = failed.error as Json;
    for (const wrong of [
      { ...document, more: 1 },
      { ...document, schemaVersion: 1 },
      { ...document, kind: "changes" },
      { ...document, findings: [{ ...finding, code: "unheard-of" }] },
      { ...document, findings: [{ ...finding, args: { profile: "x" } }] },
      { ...document, entry: { id: "00000000000-000000", time: "2026-01-01T00:00:00.000Z", reverts: [] } },
      { ...failed, error: { ...error, code: "unheard-of" } },
      { ...failed, error: { ...error, exitCode: 3 } },
    ])
      expect(isOutput(wrong), JSON.stringify(wrong)).toBe(false);
  });
});

describe("the schema of --json is", () => {
  test("what the forms of the documents and the table of findings give", async () => {
    const path = "../scripts/output-schema.js";
    const { outputSchema: built }: { outputSchema(source: object): string } = await import(path);
    expect(readText("../schemas/output.schema.json")).toBe(built({ DOCUMENTS, PARTS, SCHEMA_VERSION }));
  });

  test("of every kind of touch that a record has", () => {
    const kindsIn = (schema: Json) =>
      [...JSON.stringify(schema).matchAll(/"enum":(\["added"[^\]]*\])/g)].map(([, kinds]) => kinds);
    expect(kindsIn(outputSchema)[0]).toBe('["added","changed","removed"]');
    expect(new Set([...kindsIn(outputSchema), ...kindsIn(entrySchema)]).size).toBe(1);
  });

  test("of no kind of document that is never printed", () => {
    const printed = readdirSync(new URL("../src/cli", import.meta.url), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => [...readText(`../src/cli/${name}`).matchAll(/(?:output|this)\.document\(\s*"([\w-]+)"/g)])
      .map(([, kind = ""]) => kind);
    expect(Object.keys(DOCUMENTS).sort()).toEqual([...new Set(printed)].sort());
  });
});

describe.each([
  ["output", outputSchema, SCHEMA_VERSION],
  ["entry", entrySchema, 1],
])("the schema %s", (name, schema, version) => {
  test("has an address that is no place on a network", () => {
    expect(schema.$id).toBe(`urn:codex-cfg:${name}:${version}`);
  });

  test("describes every member in a sentence and lets no other in", () => {
    const defs = schema.$defs as Readonly<Record<string, Json>>;
    const resolve = (part: Json): Json =>
      "description" in part || typeof part.$ref !== "string" ? part : (defs[part.$ref.replace("#/$defs/", "")] ?? {});
    let members = 0;
    const visit = (part: unknown, place: string): void => {
      if (typeof part !== "object" || part === null) return;
      const node = part as Json;
      if (node.type === "object" && typeof node.properties === "object" && node.properties !== null) {
        // What says only how two members hang together lets the others be.
        if (Object.keys(node.properties).join() === "code,args") return;
        expect(node.additionalProperties, place).toBe(false);
        for (const [member, about] of Object.entries(node.properties as Readonly<Record<string, Json>>)) {
          members += 1;
          expect(resolve(about).description, `${place}/${member}`).toMatch(/^[A-Z][^.]*(\.toml[^.]*|\.json[^.]*)*\.$/);
        }
      }
      for (const [key, value] of Object.entries(node)) visit(value, `${place}/${key}`);
    };
    visit(schema, "");
    expect(members).toBeGreaterThan(10);
  });
});

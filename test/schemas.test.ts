/**
 * The documents of `--json` and the records of the journal against their schemas. Every document here is printed by the
 * real command line, in memory; the closed lists in the schemas are compared with the source that closes them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { main } from "../src/cli/main.ts";
import type { RunResult } from "../src/host.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { memoryHost } from "./memory-host.ts";

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

type Options = {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Puts a `codex` on the PATH that says its version and answers everything else like this. */
  readonly codex?: (args: readonly string[]) => RunResult;
};
type Ran = { readonly exit: number; readonly kind: unknown; readonly document: Json };

/** A home in memory, all of whose files are old, and commands that are each a process of its own there. */
function home({ files = {}, env = {}, codex }: Options = {}) {
  const disk = new MemoryDisk();
  for (const folder of ["/home", "/home/u", HOME, "/bin", "/tmp", "/.codex"]) disk.putFolder(folder);
  if (codex) disk.put("/bin/codex", "");
  for (const [name, text] of Object.entries(files)) disk.put(name.startsWith("/") ? name : `${HOME}/${name}`, text);
  disk.now += 60_000;
  /** Runs one command, and holds whatever it prints against the schema. */
  const run = async (...argv: readonly string[]): Promise<Ran> => {
    const host = memoryHost({
      disk,
      env: { PATH: codex ? "/bin" : "", ...env },
      run: (_, args) =>
        args[0] === "--version" ? { ...FAILED, status: 0, stdout: "codex-cli 0.169.0" } : (codex?.(args) ?? FAILED),
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
    "no-home": () => home().run("status", "--codex-home", "/nowhere"),
    "invalid-toml": () => home({ files: { "config.toml": "a = 1\nb = \n" } }).run(...APPLY),
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
    "codex-refuses": () => {
      let asked = 0;
      // Refuses what is asked about first, the state after the change, and nothing else.
      const codex = (): RunResult => ({ ...FAILED, status: asked++ === 0 ? 1 : 0, stderr: "Error: no" });
      return home({ codex }).run(...APPLY);
    },
    "unsupported-edit": () => home({ files: { "config.toml": "[[model_providers]]\n" } }).run(...APPLY),
    "damaged-journal": async () => {
      const { disk, run } = await applied();
      disk.putFolder(`${STATE}/tx/zzzzzzzzzzz-000000`);
      disk.put(`${STATE}/tx/zzzzzzzzzzz-000000/commit.json`, "{}");
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
    // Reserved for the check against Codex's own schema; nothing throws it yet.
    expect([...Object.keys(ways), "invalid-config"].sort()).toEqual([...exitCodes().keys()].sort());
  });
});

describe("the schema of --json accepts the finding", () => {
  const chatGpt = { "auth.json": '{"auth_mode":"chatgpt","tokens":{}}' };
  const chat = "sessions/2026/01/01/rollout-1.jsonl";
  const legacy = 'profile = "http_sse"\n\n[profiles.http_sse]\nmodel_provider = "openai"\n';
  const recipe = '[model_providers.openai-http]\nname = "OpenAI HTTP"\nbase_url = "https://api.openai.com/v1"\n';
  const ways: Readonly<Record<string, () => Promise<Ran>>> = {
    "codex-assumed": () => home({ codex: () => FAILED, env: { PATH: "" } }).run(...APPLY),
    "codex-newer": () => home().run(...APPLY, "--codex-version", "99.0.0"),
    "no-websocket": () => home().run(...APPLY, "--codex-version", "0.115.0"),
    "start-with-profile": () => home().run(...APPLY),
    "start-plainly": () => home().run(...APPLY, "--scope", "default"),
    "apps-need-default": () => home().run(...APPLY),
    "provider-case": () => home().run(...APPLY, "--provider-id", "OpenAI"),
    adopted: () => home({ files: { "config.toml": recipe } }).run(...APPLY),
    "legacy-moved": () => home({ files: { "config.toml": legacy } }).run(...APPLY),
    "legacy-selector-removed": () => home({ files: { "config.toml": legacy } }).run(...APPLY),
    "legacy-selector-left": () => home({ files: { "config.toml": 'profile = "work"\n' } }).run(...APPLY),
    "chatgpt-login-api-address": () =>
      home({ files: chatGpt }).run(...APPLY, "--base-url", "https://api.openai.com/v1"),
    "api-key-chatgpt-address": () =>
      home({ files: { "auth.json": '{"OPENAI_API_KEY":"fake"}' } }).run(
        ...APPLY,
        "--base-url",
        "https://chatgpt.com/backend-api/codex",
      ),
    "api-key-beside-chatgpt": () => home({ files: chatGpt, env: { OPENAI_API_KEY: "fake" } }).run(...APPLY),
    "login-to-other-host": () => home().run(...APPLY, "--base-url", "https://gateway.example/v1"),
    "plain-http": () => home().run(...APPLY, "--base-url", "http://gateway.example/v1"),
    "environment-key-unset": () => home().run(...APPLY, "--env-key", "GATEWAY_KEY"),
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
    "hard-links": async () => {
      const { disk, run } = home({ files: { "config.toml": "a = 1\n" } });
      disk.link(`${HOME}/config.toml`, `${HOME}/copy.toml`);
      return run(...APPLY);
    },
  };

  test.each(Object.entries(ways))("%s", async (code, meet) => {
    const { exit, document } = await meet();
    expect(exit).toBe(0);
    expect((document.findings as Json[]).map((finding) => finding.code)).toContain(code);
  });

  test("of every other kind: there is none", () => {
    // Said on the terminal only.
    expect([...Object.keys(ways), "recovered"].sort()).toEqual([...findingArgs().keys()].sort());
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
      { ...record, v: 2 },
    ])
      expect(isEntry(wrong), JSON.stringify(wrong)).toBe(false);
  });
});

describe("the schema of --json refuses", () => {
  test("members it does not know, codes it does not list and an exit code that belongs to another reason", async () => {
    const { document } = await home().run(...APPLY, "-n");
    const [finding] = document.findings as Json[];
    const { document: failed } = await home().run("apply", "nothing");
    const error = failed.error as Json;
    for (const wrong of [
      { ...document, more: 1 },
      { ...document, schemaVersion: 2 },
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

/** The exit code of every error code, out of the table in the source. */
function exitCodes(): Map<string, number> {
  const table = /const EXIT = \{(.*?)\n\} as const;/s.exec(readText("../src/errors.ts"))?.[1] ?? "";
  return new Map(
    [...table.matchAll(/^ {2}"?([\w-]+)"?: (\d+),$/gm)].map(([, code = "", exit]) => [code, Number(exit)]),
  );
}

/** The arguments of every finding, out of the type in the source. */
function findingArgs(): Map<string, string[]> {
  const type = /type Args = \{(.*?)\n\};/s.exec(readText("../src/finding.ts"))?.[1] ?? "";
  const members = type.split(/^ {2}(?="?[a-z][\w-]*"?: )/m).slice(1);
  return new Map(
    members.map((member) => {
      const code = /^"?([\w-]+)/.exec(member)?.[1] ?? "";
      return [code, [...member.matchAll(/readonly (\w+):/g)].map(([, name = ""]) => name)];
    }),
  );
}

/** The strings of a union type in the source, by what stands before it. */
function union(path: string, before: string): string[] {
  const text = readText(`../src/${path}`);
  const at = text.indexOf(before);
  const type = at < 0 ? "" : text.slice(at + before.length, text.indexOf(";", at));
  return [...type.matchAll(/"([\w-]+)"/g)].map(([, word = ""]) => word).sort();
}

/** The part of a schema at this place. */
function at(schema: Json, ...path: string[]): Json {
  return path.reduce((part, name) => part[name] as Json, schema);
}

const enumAt = (schema: Json, ...path: string[]): string[] => [...(at(schema, ...path).enum as string[])].sort();

describe("the schemas list exactly what the source lists:", () => {
  test("the error codes, each with its exit code", () => {
    const error = at(outputSchema, "$defs", "error", "properties", "error");
    const codes = exitCodes();
    expect(codes.get("would-overwrite")).toBe(3);
    expect(enumAt(error, "properties", "code")).toEqual([...codes.keys()].sort());
    const exits = at(error, "properties", "exitCode").enum;
    expect(exits).toEqual([...new Set(codes.values())].sort((a, b) => a - b));
    const paired = (error.oneOf as Json[]).flatMap((branch) =>
      enumAt(branch, "properties", "code").map((code) => [code, at(branch, "properties", "exitCode").const] as const),
    );
    expect(new Map(paired)).toEqual(codes);
  });

  test("the findings, each with its arguments", () => {
    const finding = at(outputSchema, "$defs", "finding");
    const args = findingArgs();
    expect(args.get("not-asked")).toEqual(["reason"]);
    expect(enumAt(finding, "properties", "code")).toEqual([...args.keys()].sort());
    expect(finding.oneOf).toHaveLength(args.size);
    for (const [code, names] of args)
      expect(Object.keys(at(outputSchema, "$defs", `args-${code}`, "properties")), code).toEqual(names);
  });

  test.each([
    ["finding.severity", "finding.ts", "readonly severity:"],
    ["args-not-asked.reason", "finding.ts", '"not-asked": { readonly reason:'],
    ["args-recovered.outcome", "store/recover.ts", "readonly outcome:"],
    ["codex.source", "codex/detect.ts", "readonly source:"],
    ["codex.layout", "codex/facts.ts", "export type Layout ="],
    ["file.action", "plan/diff.ts", "readonly action:"],
  ])("%s", (place, file, before) => {
    const [name = "", property = ""] = place.split(".");
    const found = union(file, before);
    expect(found.length).toBeGreaterThan(1);
    expect(enumAt(outputSchema, "$defs", name, "properties", property)).toEqual(found);
  });

  test("the kinds of touch, in both", () => {
    const kinds = union("change.ts", "readonly kind:");
    expect(kinds).toEqual(["added", "changed", "removed"]);
    const touched = ["properties", "touched", "items", "properties", "kind"];
    expect(enumAt(entrySchema, ...touched)).toEqual(kinds);
    expect(enumAt(outputSchema, "$defs", "entryMembers", ...touched)).toEqual(kinds);
  });

  test("the kinds of document", () => {
    const printed = readdirSync(new URL("../src/cli", import.meta.url), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => [...readText(`../src/cli/${name}`).matchAll(/(?:output|this)\.document\(\s*"(\w+)"/g)])
      .map(([, kind = ""]) => kind);
    const refs = (outputSchema.oneOf as { $ref: string }[]).map(({ $ref }) => $ref.replace("#/$defs/", ""));
    expect(refs.sort()).toEqual([...new Set(printed)].sort());
    for (const kind of refs) expect(at(outputSchema, "$defs", kind, "properties", "kind").const).toBe(kind);
  });
});

describe.each([
  ["output", outputSchema],
  ["entry", entrySchema],
])("the schema %s", (name, schema) => {
  test("has an address that is no place on a network", () => {
    expect(schema.$id).toBe(`urn:codex-cfg:${name}:1`);
  });

  test("describes every member in a sentence and lets no other in", () => {
    const defs = schema.$defs as Readonly<Record<string, Json>>;
    const resolve = (part: Json): Json =>
      "description" in part || typeof part.$ref !== "string" ? part : (defs[part.$ref.replace("#/$defs/", "")] ?? {});
    let members = 0;
    const visit = (part: unknown, place: string): void => {
      if (typeof part !== "object" || part === null) return;
      const node = part as Json;
      if (node.type === "object" && typeof node.properties === "object") {
        const closed = node.additionalProperties === false || node.unevaluatedProperties === false;
        expect(closed || place.endsWith("entryMembers"), place).toBe(true);
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

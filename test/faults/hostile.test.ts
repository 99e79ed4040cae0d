/**
 * What a config, a preset, a journal, a lock or an argument may hold to fool a person or a program: nothing of it is
 * printed raw, nothing outside of the home is touched, and nothing planted is trusted.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type Story, story } from "../story.ts";
import { count, figures } from "./figures.ts";
import "../sampled-tests.ts";

const tally = { commands: 0, raw: 0, outside: 0, planted: 0, slow: 0 };
figures(
  "hostile",
  () =>
    `${count(tally.commands)} commands over hostile names, values, comments, arguments, presets, journals and locks: ` +
    `${tally.raw} printed raw, ${tally.outside} touched something outside, ${tally.planted} planted states refused`,
);

/** Nobody can read these as they are; a line feed ends a line, a tab is a tab. */
const rawIn = (text: string): string | undefined =>
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
    .exec(text.replace(/[ -~\n\t]+/g, ""))?.[0]
    ?.codePointAt(0)
    ?.toString(16);

const NASTY: Readonly<Record<string, string>> = {
  "a colour": "\u001b[31mred",
  "a window's title": "\u001b]0;owned\u0007",
  "eight-bit sequences": "\u009b31m\u009d0;x\u009c",
  "text from right to left": "\u202egnp.exe\u2066x",
  "what has no width": "a\u200bb\u2060c\ufeff",
  "a line that overwrites": "harmless\rEVIL\b\b",
  "line separators": "a\u2028b\u2029c",
  NUL: "a\u0000b",
  delete: "a\u007fb",
  "a prototype": "__proto__",
  "a constructor": "constructor",
  "a very long line": "x".repeat(50_000),
  "a command": "$(touch pwned)`touch pwned`; touch pwned",
  "a way out": "../../../outside/secret",
};

/** As TOML and JSON both spell it. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
/** As it stands, where TOML lets it: C1, bidi and separators may be raw. */
const raw = (text: string): string => `"${[...text].filter((c) => c >= " " && !'\u007f"\\'.includes(c)).join("")}"`;

const VERSION = ["--codex-version", "0.169.0"];

/** A home in a world that is watched. */
function watched(files: Readonly<Record<string, string>> = {}) {
  const tale = story(files);
  const outside = join(tale.root, "outside");
  fs.mkdirSync(outside);
  fs.writeFileSync(join(outside, "secret"), "mine\n");
  const before = worldOf(tale);
  /** Runs each as text and as JSON, and holds what it prints and does to the promise. */
  const run = async (...argvs: readonly (readonly string[])[]) => {
    const outputs: string[] = [];
    for (const argv of argvs.flatMap((one) => [one, [...one, "--json"]])) {
      const started = performance.now();
      const { exit, out, err } = await tale.run(...argv);
      tally.commands += 1;
      const text = out + err;
      const found = rawIn(text);
      if (found !== undefined) tally.raw += 1;
      expect([argv.map((word) => word.slice(0, 60)), found]).toEqual([expect.anything(), undefined]);
      expect([argv, exit], err.slice(0, 2000)).not.toEqual([argv, 70]);
      expect([argv, performance.now() - started < 10_000]).toEqual([argv, true]);
      const after = worldOf(tale);
      if (JSON.stringify(after) !== JSON.stringify(before)) tally.outside += 1;
      expect(after).toEqual(before);
      outputs.push(text);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    return outputs.join("");
  };
  return { tale, run };
}

/** Everything below the root but the home. */
function worldOf({ root, home }: Story): readonly string[] {
  return (fs.readdirSync(root, { recursive: true }) as string[])
    .map((name) => join(root, name))
    .filter((path) => path !== home && !path.startsWith(`${home}/`))
    .sort()
    .map((path) => {
      const stat = fs.lstatSync(path);
      return `${path} ${stat.mode} ${stat.isFile() ? fs.readFileSync(path, "latin1") : ""}`;
    });
}

const READING = [
  ["status"],
  ["history"],
  ["validate"],
  ["mcp", "list"],
  ["provider", "list"],
  ["presets"],
  ["auth-store"],
  ["diff"],
  ["show"],
];

for (const [what, text] of Object.entries(NASTY)) {
  test(`${what} in names, values and comments of a config`, async () => {
    for (const spell of [quoted, raw]) {
      const name = spell(text);
      const { tale, run } = watched({
        "config.toml": `# ${name.slice(1, -1)}\nmodel = ${name}\n${name} = ${name}\nprofile = ${name}\nmodel_provider = ${name}
cli_auth_credentials_store = ${name}\n[model_providers.${name}]\nname = ${name}\nbase_url = ${name}\nenv_key = ${name}
[mcp_servers.${name}]\ncommand = ${name}\nargs = [${name}]\nenv = { ${name} = ${name} }\nhttp_headers = { ${name} = ${name} }
[profiles.${name}]\nmodel = ${name}\n[features]\n${name} = true\n`,
        "x.config.toml": `model = ${name}\n`,
      });
      const key = `mcp_servers.${name}`;
      await run(
        ...READING,
        ["get", key],
        ["get", `${key}.polluted`],
        ["mcp", "disable", text.includes("\u0000") ? "x" : text, ...VERSION],
        ["mcp", "isolate", "nobody", ...VERSION],
        ["set", `${key}.startup_timeout_sec`, "9", ...VERSION],
        ["set", "model", name, ...VERSION],
        ["unset", `${key}.args`, ...VERSION],
        ["apply", "http-sse", ...VERSION],
        ["auth-store", "set", "file", ...VERSION],
        ...READING,
        ["revert"],
        ["revert", "--all", "--force"],
      );
      expect(tale.read("config.toml")).toContain(name.slice(1, 50));
    }
  });

  test(`${what} as an argument`, async () => {
    const { tale, run } = watched({ "config.toml": "model = 'm'\n" });
    const before = tale.files();
    const argument = text.replaceAll("\u0000", "");
    for (const argv of [
      [argument],
      ["get", argument],
      ["get", quoted(text)],
      ["apply", argument],
      ["apply", `./${argument.slice(0, 200)}.toml#x`],
      ["apply", "http-sse", "--profile", argument],
      ["apply", "http-sse", "--provider-id", argument, "-n", ...VERSION],
      ["apply", "http-sse", "--base-url", argument],
      ["apply", "http-sse", "--codex-version", argument],
      ["revert", argument],
      ["show", argument],
      ["mcp", "disable", argument, ...VERSION],
      ["mcp", "disable", "x", "-p", argument, ...VERSION],
      ["provider", "remove", argument, ...VERSION],
      ["auth-store", "set", argument, ...VERSION],
      ["validate", argument.slice(0, 200)],
      ["validate", "--profile", argument],
      ["set", "model", argument, "-p", argument, ...VERSION],
      ["--codex-home", argument.slice(0, 200), "status"],
      ["status", `--${argument}`],
    ])
      await run(argv);
    // What is a plain name, after all, may have become a profile.
    if (!/^[\w-]+$/.test(argument)) expect(tale.files()).toEqual(before);
    // As a value it is one like any other.
    await run(["set", "model", quoted(text), ...VERSION]);
    expect(JSON.parse((await tale.run("get", "model", "--json")).out)).toMatchObject({ value: text });
  });

  test(`${what} in a preset`, async () => {
    const name = quoted(text);
    const preset = `[${name}]\ndescription = ${name}\nparameters.${name} = { description = ${name}, default = ${name} }
[${name}.provider]\nid = ${name}\nname = ${name}\nbase_url = ${name}\n[${name}.profile]\nname = ${name}\nsettings = { model = ${name}, ${name} = ${name} }
[good]\ndescription = ${name}\n[good.provider]\nid = "good"\nname = ${name}\nbase_url = "http://127.0.0.1/"\n`;
    for (const [file, body] of [
      ["codex-cfg.presets.toml", preset],
      [
        "codex-cfg.presets.json",
        `{ ${name}: { "description": ${name}, "provider": { "id": ${name}, "name": ${name} } } }`,
      ],
      ["codex-cfg.presets.yaml", `${name}:\n  description: ${name}\n  provider: { id: ${name}, name: ${name} }\n`],
    ] as const) {
      const { tale, run } = watched({ [file]: body });
      const reference = `${join(tale.home, file)}#${text.replaceAll("\u0000", "")}`;
      await run(
        ["presets"],
        ["apply", text.replaceAll("\u0000", ""), ...VERSION],
        ["apply", reference, ...VERSION],
        ["apply", "good", ...VERSION],
        ["history"],
        ["revert"],
      );
    }
  });

  test(`${what} in a journal that somebody has edited`, async () => {
    const { tale, run } = watched({ "config.toml": "model = 'm'\n" });
    await tale.run("apply", "http-sse", ...VERSION);
    const state = join(tale.home, ".codex-cfg");
    const [id = ""] = fs.readdirSync(join(state, "history"));
    const record = join(state, "history", id, "record.json");
    const original = fs.readFileSync(record, "utf8");
    for (const forged of [
      forge(original, {
        command: text,
        preset: text,
        touched: [{ file: "config", path: [text, text], kind: "added" }],
      }),
      forge(original, { files: [{ file: `profile:${text}`, before: null, after: "0".repeat(64), attributes: null }] }),
      forge(original, { id: text }),
      original.replace('"v":1', text),
    ]) {
      fs.writeFileSync(record, forged);
      await run(
        ["status"],
        ["history"],
        ["show"],
        ["show", id],
        ["diff"],
        ["revert", "-n"],
        ["revert", text.replaceAll("\u0000", "").slice(0, 100)],
      );
    }
  });
}

test("a lock that says hostile things is respected, and quoted without harm", async () => {
  const { tale, run } = watched({ "config.toml": "model = 'm'\n" });
  const text = Object.values(NASTY)
    .filter((one) => one.length < 1000)
    .join(" ");
  fs.mkdirSync(join(tale.home, ".codex-cfg"), { mode: 0o700 });
  const holder = {
    v: 1,
    pid: process.pid,
    start: null,
    host: text,
    command: text,
    machineId: null,
    bootId: null,
    pidNamespace: null,
  };
  fs.writeFileSync(join(tale.home, ".codex-cfg", "lock"), `${JSON.stringify(holder)}\n`);
  expect(await run(["set", "model", "other", ...VERSION])).toContain("[locked]");
  expect(tale.read("config.toml")).toBe("model = 'm'\n");
});

test("a journal that swaps roles, names paths or brings other images is not followed", async () => {
  const forgeries: Readonly<Record<string, (record: Forged, dir: string) => string>> = {
    "roles swapped": (record) =>
      forge(JSON.stringify(record), {
        files: record.files.map((file, i) => ({ ...file, file: record.files[1 - i]?.file ?? "config" })),
      }),
    "a path for a role": (record) =>
      forge(JSON.stringify(record), {
        files: record.files.map((file) => ({ ...file, file: "profile:../outside/secret" })),
      }),
    "another image": (record, dir) => {
      fs.writeFileSync(join(dir, "after.0"), "evil = true\n");
      return forge(JSON.stringify(record), {});
    },
    "an image that is a link": (record, dir) => {
      fs.rmSync(join(dir, "after.0"));
      fs.symlinkSync("../../../../outside/secret", join(dir, "after.0"));
      return forge(JSON.stringify(record), {});
    },
    "a wrong sum": (record) => `${JSON.stringify(record)}\n`,
  };
  for (const [name, change] of Object.entries(forgeries)) {
    const { tale, run } = watched({ "config.toml": "model = 'm'\n" });
    await tale.run("apply", "http-sse", ...VERSION);
    const state = join(tale.home, ".codex-cfg");
    const [id = ""] = fs.readdirSync(join(state, "history"));
    // As if it had died right after the marker.
    fs.mkdirSync(join(state, "tx"), { recursive: true });
    const dir = join(state, "tx", id);
    fs.renameSync(join(state, "history", id), dir);
    const record = JSON.parse(fs.readFileSync(join(dir, "record.json"), "utf8")) as Forged;
    fs.writeFileSync(join(dir, "commit.json"), change(record, dir));
    fs.rmSync(join(dir, "record.json"));
    fs.writeFileSync(join(tale.home, "config.toml"), "model = 'm'\n");
    fs.rmSync(join(tale.home, "http_sse.config.toml"));
    await run(["status"], ["set", "model", "other", ...VERSION]);
    const texts = Object.values(tale.files()).join("");
    expect([
      name,
      /evil|mine/.test(texts),
      /requires_openai_auth/.test(tale.files()["http_sse.config.toml"] ?? ""),
    ]).toEqual([name, false, false]);
    tally.planted += 1;
  }
});

test("a state folder that somebody else has planted is trusted by no command", async () => {
  const plants: Readonly<Record<string, (path: string) => void>> = {
    "a link": (path) => fs.symlinkSync("../outside", path),
    "a file": (path) => fs.writeFileSync(path, ""),
    "open to the group": (path) => fs.mkdirSync(path, { mode: 0o770 }),
    "open to everybody": (path) => {
      fs.mkdirSync(path);
      fs.chmodSync(path, 0o777);
    },
    ...(process.getuid?.() === 0
      ? {
          "somebody else's": (path) => {
            fs.mkdirSync(path, { mode: 0o700 });
            fs.chownSync(path, 4321, 4321);
          },
          "somebody else's, in a home that all may write": (path) => {
            fs.chmodSync(dirname(path), 0o777);
            fs.mkdirSync(path, { mode: 0o700 });
            fs.chownSync(path, 4321, 4321);
          },
        }
      : {}),
  };
  for (const [name, plant] of Object.entries(plants)) {
    const { tale, run } = watched({ "config.toml": "model = 'm'\n" });
    plant(join(tale.home, ".codex-cfg"));
    const before = tale.files();
    for (const argv of [
      ["apply", "http-sse", ...VERSION],
      ["set", "model", "x", ...VERSION],
      ["revert"],
      ["history"],
      ["status"],
    ]) {
      const said = await run(argv);
      expect([name, argv[0], said]).toEqual([name, argv[0], expect.stringContaining("unsafe-file")]);
    }
    expect(tale.files()).toEqual(before);
    tally.planted += 1;
  }
});

type Forged = { files: { file: string }[] } & Record<string, unknown>;

/** A record changed by hand, with the right sum; nothing of it is signed, so anybody who owns the folder can. */
function forge(text: string, change: object): string {
  const { checksum, ...record } = JSON.parse(text) as Record<string, unknown>;
  const body = JSON.stringify({ ...record, ...change });
  const sum = createHash("sha256").update(body).digest("hex");
  return `${body.slice(0, -1)},"checksum":"${checksum === undefined ? "" : sum}"}\n`;
}

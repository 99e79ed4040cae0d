// Compiles src/ to dist/: types by tsc; the library as ES modules that import their packages; the program as one
// CommonJS file with its packages inside, because every file, and Node's loader of ES modules, cost time at each start.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });
const tsc = `${root}/node_modules/typescript/bin/tsc`;
const types = spawnSync(process.execPath, [tsc, "-p", root, "--emitDeclarationOnly"], { stdio: "inherit" });
if (types.status !== 0) process.exit(types.status ?? 1);

prune(join(root, "dist/index.d.ts"));

/** Removes the types that the library's face does not lead to: nobody can import them. */
function prune(face) {
  const needed = new Set([face]);
  for (const file of needed) {
    const text = readFileSync(file, "utf8");
    for (const [, target] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.ts"/g))
      needed.add(join(file, "..", `${target}.d.ts`));
  }
  for (const name of readdirSync(`${root}/dist`, { recursive: true })) {
    const path = join(root, "dist", name);
    if (name.endsWith(".d.ts") && !needed.has(path)) rmSync(path);
  }
}

/** The measured shape of the config stays a file of its own, which only those that judge read: program and library. */
const shape = JSON.parse(readFileSync(`${root}/src/codex/codex-schema.json`, "utf8"));
for (const field of Object.values(shape.root.fields)) {
  const struct = field.kind === "map" ? field.values : field;
  const fields = JSON.stringify(struct.fields) ?? "";
  // The program parses what is large when a config speaks of it.
  if (fields.length > 10_000) struct.fields = fields;
}
writeFileSync(`${root}/dist/codex-schema.json`, JSON.stringify(shape));
writeFileSync(`${root}/dist/codex-schema.cjs`, 'module.exports = require("./codex-schema.json");\n');
const shapeBeside = {
  name: "shape-beside",
  setup({ initialOptions, onLoad, onResolve }) {
    onResolve({ filter: /\/codex-schema\.cjs$/ }, ({ path }) => ({ path, external: true }));
    // Not every Node lets an ES module import JSON; CommonJS it may import.
    if (initialOptions.format === "esm")
      onLoad({ filter: /\/codex-schema\.json$/ }, () => ({
        contents: 'export { default } from "./codex-schema.cjs";',
      }));
    else onResolve({ filter: /\/codex-schema\.json$/ }, () => ({ path: "./codex-schema.json", external: true }));
  },
};

/** Of a fact the program reads what holds when; how that is known is for people. */
const factsForPrograms = {
  name: "facts-for-programs",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]codex[\\/]facts\.json$/ }, ({ path }) => {
      const notForPrograms = ["about", "source", "without", "seen"];
      const read = (key, value) => (notForPrograms.includes(key) ? undefined : value);
      const text = JSON.stringify(JSON.parse(readFileSync(path, "utf8"), read));
      // Parsing a text takes less time than running a literal of that size.
      return { contents: `export default JSON.parse(${JSON.stringify(text)});` };
    });
  },
};

/** Verbs that people type all day: a small program does them, and takes what it rarely needs out of the whole one. */
const QUICK = ["apply", "mcp", "revert", "get", "status", "history", "show", "diff"];
const VERBS = readdirSync(`${root}/src/cli/commands`).map((name) => name.replace(/\.ts$/, ""));
const rare = new Map();
const outOfTheWhole = {
  name: "out-of-the-whole",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$|^@clack\/prompts$/ }, ({ kind, path, resolveDir }) => {
      const verb = /\/commands\/([\w-]+)\.ts$/.exec(path)?.[1];
      if (kind !== "dynamic-import" || QUICK.includes(verb)) return undefined;
      const from = path.startsWith(".") ? join(resolveDir, path) : path;
      if (!rare.has(from)) rare.set(from, `part${rare.size}`);
      return { path: from, namespace: "out-of-the-whole" };
    });
    onLoad({ filter: /.*/, namespace: "out-of-the-whole" }, ({ path }) => ({
      contents: `module.exports = require("./whole.cjs").parts.${rare.get(path)};`,
    }));
    // The launcher finds it.
    onResolve({ filter: /^\.\/whole\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** Parts of Node that take milliseconds to load, and that many a command never uses: loaded at the first use. */
const HEAVY = { "node:child_process": ["spawn", "spawnSync"], "node:crypto": ["createHash", "randomBytes"] };
const heavyLater = {
  name: "heavy-later",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:(child_process|crypto)$/ }, ({ path, namespace }) =>
      namespace === "later" ? { path, external: true } : { path, namespace: "later" },
    );
    onLoad({ filter: /.*/, namespace: "later" }, ({ path }) => ({
      contents: `module.exports = {${HEAVY[path].map((name) => `get ${name}() { return require("${path}").${name}; }`).join(", ")}};`,
    }));
    // A CommonJS file has a require of its own, and Node's module that makes one loads its ES modules first.
    onResolve({ filter: /^node:module$/ }, () => ({ path: "require", namespace: "own-require" }));
    onLoad({ filter: /.*/, namespace: "own-require" }, () => ({
      contents: "module.exports = { createRequire: () => require };",
    }));
  },
};

const shared = { absWorkingDir: root, outdir: "dist", bundle: true, platform: "node", target: "node20", minify: true };
await build({
  ...shared,
  entryPoints: ["src/index.ts"],
  splitting: true,
  format: "esm",
  packages: "external",
  plugins: [shapeBeside, factsForPrograms],
});

const program = {
  ...shared,
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  supported: { "dynamic-import": false },
  define: { "import.meta.url": "__filename", "import.meta.dirname": "__dirname" },
  legalComments: "none",
};
// The launcher calls each of them, as Node calls a module.
const part = {
  ...program,
  external: ["cosmiconfig"],
  banner: { js: "(function (require, module, __filename, __dirname) {" },
  footer: { js: "})" },
};
const named = (outfile) => ({ outdir: undefined, outExtension: undefined, outfile });
const plugins = [shapeBeside, factsForPrograms, heavyLater];
await build({
  ...part,
  ...named("dist/quick.cjs"),
  entryPoints: ["src/run.ts"],
  plugins: [outOfTheWhole, ...plugins],
});
const parts = [...rare].map(([from, name]) => `get ${name}() { return require(${JSON.stringify(from)}); }`);
const whole = `export { start } from "./src/run.ts";\nexport const parts = { ${parts.join(",\n")} };`;
await build({
  ...part,
  ...named("dist/whole.cjs"),
  stdin: { contents: whole, resolveDir: root, sourcefile: "whole.ts", loader: "ts" },
  plugins,
});
const programs = ["quick.cjs", "whole.cjs"].map((name) => readFileSync(`${root}/dist/${name}`));
const id = programs
  .reduce((hash, program) => hash.update(program), createHash("sha256"))
  .digest("hex")
  .slice(0, 16);
await build({
  ...program,
  entryPoints: ["src/bin.ts"],
  define: {
    BUILD_ID: JSON.stringify(id),
    QUICK: JSON.stringify(QUICK),
    VERBS: JSON.stringify(VERBS),
  },
});
chmodSync(`${root}/dist/bin.cjs`, 0o755);

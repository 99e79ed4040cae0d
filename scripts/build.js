// Compiles src/ to dist/: types by tsc; the library as ES modules that import their packages; the program as one
// CommonJS file with its packages inside, because every file, and Node's loader of ES modules, cost time at each start.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
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

/** The tables of the schema stay files of their own, which only those that judge read: program and library. */
mkdirSync(`${root}/dist/schema`);
for (const file of readdirSync(`${root}/src/codex/schema`)) {
  const text = readFileSync(`${root}/src/codex/schema/${file}`, "utf8");
  writeFileSync(`${root}/dist/schema/${file}`, JSON.stringify(JSON.parse(text)));
  // Not every Node lets an ES module import JSON; CommonJS it may import.
  writeFileSync(`${root}/dist/schema/${basename(file, ".json")}.cjs`, `module.exports = require("./${file}");\n`);
}
const schemaBeside = {
  name: "schema-beside",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\/schema\/\w+\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /[\\/]schema[\\/]\w+\.json$/ }, ({ path }) => ({
      contents: `export { default } from "./schema/${basename(path, ".json")}.cjs";`,
    }));
  },
};

/**
 * The program reads the large ones as text: loading one as a module takes several times as long. The small ones, which
 * nearly every preview needs, are in it and compiled with it: opening a file takes longer than that.
 */
const schemaAsText = {
  name: "schema-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]schema[\\/]\w+\.json$/ }, ({ path }) => {
      if (statSync(path).size < 30_000) return undefined;
      const contents = `import { readFileSync } from "node:fs";
        export default JSON.parse(readFileSync(import.meta.dirname + "/schema/${basename(path)}", "utf8"));`;
      return { contents };
    });
  },
};

/** Lists to pick from are drawn by a large package that hardly any command needs: a file of its own. */
const promptBeside = {
  name: "prompt-beside",
  setup({ onResolve }) {
    onResolve({ filter: /\/prompt\.ts$/ }, () => ({ path: "./prompt.cjs", external: true }));
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

/** Parts of Node that take milliseconds to load, and that many a command never uses: loaded at the first use. */
const HEAVY = { "node:child_process": ["spawn"], "node:crypto": ["createHash", "randomBytes"] };
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
      contents: "export const createRequire = () => require;",
    }));
  },
};

const shared = { absWorkingDir: root, bundle: true, platform: "node", target: "node20", minify: true };
await build({
  ...shared,
  outdir: "dist",
  entryPoints: ["src/index.ts"],
  splitting: true,
  format: "esm",
  packages: "external",
  plugins: [schemaBeside, factsForPrograms],
});

const program = {
  ...shared,
  format: "cjs",
  external: ["cosmiconfig"],
  supported: { "dynamic-import": false },
  define: { "import.meta.url": "__filename", "import.meta.dirname": "__dirname" },
  legalComments: "none",
  plugins: [schemaAsText, factsForPrograms, heavyLater],
};
await build({ ...program, entryPoints: ["src/host/node/prompt.ts"], outfile: "dist/prompt.cjs" });
const contents = `export { main } from "./src/cli/main.ts";
export { programHost } from "./src/host/node/host.ts";
export { endBySignal } from "./src/host/node/signals.ts";`;
// The launcher calls it, as Node calls a module.
const { metafile } = await build({
  ...program,
  outfile: "dist/program.cjs",
  stdin: { contents, resolveDir: root, sourcefile: "program.ts", loader: "ts" },
  banner: { js: "(function (require, module, __filename, __dirname) {" },
  footer: { js: "})" },
  plugins: [...program.plugins, promptBeside],
  metafile: true,
});
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const digest = createHash("sha256")
  .update(readFileSync(`${root}/dist/program.cjs`))
  .digest("hex");
await build({
  ...program,
  entryPoints: ["src/bin.ts"],
  outfile: "dist/bin.cjs",
  define: { ...program.define, BUILD: JSON.stringify(`${version}-${digest.slice(0, 8)}`) },
});
chmodSync(`${root}/dist/bin.cjs`, 0o755);
for (const name of ["bin.cjs", "program.cjs", "prompt.cjs"]) mustBeAscii(name);

/** esbuild spells everything in ASCII but regular expressions, and then every start reads twice as many bytes. */
function mustBeAscii(name) {
  const [match] = /\P{ASCII}.{0,6}/u.exec(readFileSync(`${root}/dist/${name}`, "utf8")) ?? [];
  if (match === undefined) return;
  const files = Object.keys(metafile.inputs).filter((path) => existsSync(join(root, path)));
  const sources = files.map((path) => [path, readFileSync(join(root, path), "utf8")]);
  const [path, text] = sources.find(([, text]) => text.includes(match)) ?? [name, match];
  const line = text.slice(0, text.indexOf(match)).split("\n").length;
  console.error(`${path}:${line}: in a regular expression write \\u… for what is not ASCII: ${match}`);
  process.exit(1);
}

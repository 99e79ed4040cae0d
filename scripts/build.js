// Compiles src/ to dist/: types by tsc; the library as ES modules that import their packages; the program as one
// CommonJS file with its packages inside, because every file, and Node's loader of ES modules, cost time at each start.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { manPage } from "./man.js";
import { pruneTypes } from "./types.js";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });
const tsc = `${root}/node_modules/typescript/bin/tsc`;
const types = spawnSync(process.execPath, [tsc, "-p", root, "--emitDeclarationOnly"], { stdio: "inherit" });
if (types.status !== 0) process.exit(types.status ?? 1);

pruneTypes(join(root, "dist"), "index.d.ts");

/**
 * The large tables of the schema are files of their own, read by those that judge them. The small ones, which nearly every
 * preview needs, are in the program and compiled with it: opening a file takes longer than that.
 */
const schema = `${root}/src/codex/schema`;
const isLarge = (file) => statSync(`${schema}/${file}`).size >= 30_000;
mkdirSync(`${root}/dist/schema`);
for (const file of readdirSync(schema).filter(isLarge)) {
  const text = readFileSync(`${schema}/${file}`, "utf8");
  writeFileSync(`${root}/dist/schema/${file}`, JSON.stringify(JSON.parse(text)));
}
const schemaBeside = {
  name: "schema-beside",
  setup({ onResolve }) {
    onResolve({ filter: /\/schema\/\w+\.json$/ }, ({ path }) =>
      isLarge(basename(path)) ? { path: `./schema/${basename(path)}`, external: true } : undefined,
    );
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

const program = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  minify: true,
  format: "cjs",
  external: ["cosmiconfig"],
  supported: { "dynamic-import": false },
  define: { "import.meta.url": "__filename", "import.meta.dirname": "__dirname" },
  legalComments: "none",
  plugins: [schemaBeside, factsForPrograms, heavyLater],
};
await build({ ...program, entryPoints: ["src/host/node/prompt.ts"], outfile: "dist/prompt.cjs" });
const contents = `export { main } from "./src/cli/main.ts";
export { programHost } from "./src/host/node/host.ts";
export { endBySignal } from "./src/host/node/signals.ts";
export const library = () => require("./src/index.ts");`;
const { metafile } = await build({
  ...program,
  outfile: "dist/program.cjs",
  stdin: { contents, resolveDir: root, sourcefile: "program.ts", loader: "ts" },
  plugins: [...program.plugins, promptBeside],
  metafile: true,
});
// The library is the same code as the program: what a program calls is what the command line runs.
const face = await build({ ...program, entryPoints: ["src/index.ts"], format: "esm", write: false, metafile: true });
const [{ exports: names }] = Object.values(face.metafile.outputs);
writeFileSync(
  `${root}/dist/index.js`,
  [
    'import { createRequire } from "node:module";',
    "// Node looks through an imported file of this kind for names, which takes longer than running it.",
    'const program = createRequire(import.meta.url)("./program.cjs");',
    `export const { ${names.sort().join(", ")} } = program.library();\n`,
  ].join("\n"),
);
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
writeFileSync(`${root}/dist/codex-cfg.1`, manPage(readFileSync(`${root}/docs/cli.md`, "utf8"), version));
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

// Compiles src/ to dist/: types by tsc; the library as ES modules that import their packages; the program as one
// CommonJS file with its packages inside, because every file, and Node's loader of ES modules, cost time at each start.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });
const tsc = `${root}/node_modules/typescript/bin/tsc`;
const types = spawnSync(process.execPath, [tsc, "-p", root, "--emitDeclarationOnly"], { stdio: "inherit" });
if (types.status !== 0) process.exit(types.status ?? 1);

const minified = (path) => JSON.stringify(JSON.parse(readFileSync(path, "utf8")));

/** Node reads JSON faster from a string than as a literal, and faster without its spaces. */
const jsonAsString = {
  name: "json-as-string",
  setup({ onLoad }) {
    onLoad({ filter: /\.json$/ }, ({ path }) => ({
      contents: `export default JSON.parse(${JSON.stringify(minified(path))});`,
      loader: "js",
    }));
  },
};

/** The measured shape of the config stays a file of its own, which only commands that judge read. */
const jsonBeside = {
  name: "json-beside",
  setup({ onResolve }) {
    onResolve({ filter: /\/config-shape\.json$/ }, () => {
      writeFileSync(`${root}/dist/config-shape.json`, minified(`${root}/src/codex/config-shape.json`));
      return { path: "./config-shape.json", external: true };
    });
  },
};

/** Verbs that people type all day; what only the others need is a file of its own. */
const QUICK = ["apply", "mcp", "revert", "get", "status", "history", "show", "diff"];
const more = new Map();
const lessOften = {
  name: "less-often",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$|^@clack\/prompts$/ }, ({ kind, path, resolveDir }) => {
      const verb = /\/commands\/([\w-]+)\.ts$/.exec(path)?.[1];
      if (kind !== "dynamic-import" || QUICK.includes(verb)) return undefined;
      const name = `part${more.size}`;
      if (!more.has(path)) more.set(path, { name, from: path.startsWith(".") ? `${resolveDir}/${path}` : path });
      return { path, namespace: "less-often" };
    });
    onLoad({ filter: /.*/, namespace: "less-often" }, ({ path }) => ({
      contents: `module.exports = require("./more.cjs").${more.get(path).name};`,
    }));
    // The launcher finds it.
    onResolve({ filter: /^\.\/more\.cjs$/ }, ({ path }) => ({ path, external: true }));
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
  },
};

const shared = { absWorkingDir: root, outdir: "dist", bundle: true, platform: "node", target: "node20" };
await build({
  ...shared,
  entryPoints: ["src/index.ts"],
  splitting: true,
  format: "esm",
  packages: "external",
  plugins: [jsonAsString],
});

const program = {
  ...shared,
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  // Names stay, so that a report of a bug says where it was.
  minifyWhitespace: true,
  minifySyntax: true,
  minifyIdentifiers: true,
  supported: { "dynamic-import": false },
  define: { "import.meta.url": "__filename" },
  legalComments: "none",
};
// The launcher calls each of them, as Node calls a module.
const part = {
  ...program,
  external: ["cosmiconfig"],
  banner: { js: "(function (require, module, __filename) {" },
  footer: { js: "})" },
};
await build({ ...part, entryPoints: ["src/run.ts"], plugins: [lessOften, jsonBeside, heavyLater] });
const parts = [...more.values()].map(({ from, name }) => `export * as ${name} from ${JSON.stringify(from)};`);
await build({
  ...part,
  stdin: { contents: parts.join("\n"), resolveDir: root, sourcefile: "more.ts", loader: "ts" },
  outdir: undefined,
  outExtension: undefined,
  outfile: "dist/more.cjs",
  plugins: [jsonBeside, heavyLater],
});
const id = createHash("sha256")
  .update(readFileSync(`${root}/dist/run.cjs`))
  .update(readFileSync(`${root}/dist/more.cjs`))
  .digest("hex")
  .slice(0, 16);
await build({
  ...program,
  entryPoints: ["src/bin.ts"],
  define: { BUILD_ID: JSON.stringify(id) },
});
chmodSync(`${root}/dist/bin.cjs`, 0o755);

// Compiles src/ to dist/: types by tsc, code bundled into few files, because every file costs time at each start.
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });
const tsc = `${root}/node_modules/typescript/bin/tsc`;
const types = spawnSync(process.execPath, [tsc, "-p", root, "--emitDeclarationOnly"], { stdio: "inherit" });
if (types.status !== 0) process.exit(types.status ?? 1);
/** Node reads JSON faster from a string than as a literal, and faster without its spaces. */
const jsonAsString = {
  name: "json-as-string",
  setup({ onLoad }) {
    onLoad({ filter: /\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.stringify(JSON.parse(readFileSync(path, "utf8"))));
      return { contents: `export default JSON.parse(${text});`, loader: "js" };
    });
  },
};

await build({
  absWorkingDir: root,
  entryPoints: ["src/bin.ts", "src/index.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  plugins: [jsonAsString],
});
chmodSync(`${root}/dist/bin.js`, 0o755);

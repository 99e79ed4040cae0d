// Compiles src/ to dist/: types by tsc, code bundled into few files, because every file costs time at each start.
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });
const tsc = `${root}/node_modules/typescript/bin/tsc`;
const types = spawnSync(process.execPath, [tsc, "-p", root, "--emitDeclarationOnly"], { stdio: "inherit" });
if (types.status !== 0) process.exit(types.status ?? 1);
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
});
chmodSync(`${root}/dist/bin.js`, 0o755);

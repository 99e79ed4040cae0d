// Compiles src/ to dist/ and makes the command executable.
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("..", import.meta.url);
rmSync(new URL("dist", root), { recursive: true, force: true });
const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
const { status } = spawnSync(process.execPath, [tsc, "-p", fileURLToPath(root)], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
chmodSync(new URL("dist/bin.js", root), 0o755);

// What npm runs when it packs this folder or installs it from a folder or a git address: builds dist/. A global install
// from a git address and `npx .` come without the tools that build, so those are fetched first, by the lock file.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const npm = process.env.npm_execpath;

if (!existsSync(`${root}/node_modules/esbuild`)) {
  // What the install outside was told, as `--global`, is not for this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(?:global|location|prefix|omit|dry_run)$/i.test(name)),
  );
  run(
    npm === undefined ? ["npm"] : [process.execPath, npm],
    ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
    env,
  );
}
run([process.execPath], [`${root}/scripts/build.js`], process.env);

function run([program, ...before], args, env) {
  const { error, status } = spawnSync(program, [...before, ...args], { cwd: root, env, stdio: "inherit" });
  if (status === 0) return;
  console.error(
    `codex-cfg could not be built${error ? ` (${error.message})` : ""}; in a clone run: npm ci && npm run build`,
  );
  process.exit(1);
}

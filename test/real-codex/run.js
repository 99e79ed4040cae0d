/**
 * Runs the suite, or with `--minutes N` what fits into them, cut off from every network: installs the clients first, then
 * starts vitest in a network namespace that has loopback alone. Where namespaces are not permitted it says so once and
 * goes on without.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readArguments } from "../sample.js";

/** All of it, on two cores with nothing else to do and every client installed. */
const MINUTES = 18;

const root = fileURLToPath(new URL("../..", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

const { said, words } = readArguments(process.argv.slice(2), MINUTES);
await (await load("./install.ts"))();
const wall = loopbackAlone();
if (wall === null)
  console.warn("test:codex: network namespaces are not permitted here; a dead proxy stands in for one");
const command = [process.execPath, vitest, "run", "--config", "test/real-codex/vitest.config.ts", ...words];
const [file, ...args] = [...(wall ?? []), ...command];
process.exitCode = spawnSync(file, args, { cwd: root, stdio: "inherit" }).status ?? 1;
// The figures are vitest's, above.
console.log(`test:codex: ${said}; ${process.exitCode === 0 ? "green" : "red"}`);

/** Node 20 reads no TypeScript, so the file is bundled in memory; it still has to know where it came from. */
async function load(name) {
  const url = new URL(name, import.meta.url);
  const define = { "import.meta.url": JSON.stringify(url.href) };
  const options = { bundle: true, write: false, platform: "node", format: "esm", define };
  const { outputFiles } = await build({ entryPoints: [fileURLToPath(url)], ...options });
  const module = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
  return module.default;
}

/** The words before a command that give it loopback and nothing else; null where the system does not let us. */
function loopbackAlone() {
  for (const flags of [["-n"], ["-rn"]]) {
    const prefix = ["unshare", ...flags, "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
    if (spawnSync(prefix[0], [...prefix.slice(1), "true"], { stdio: "ignore" }).status === 0) return prefix;
  }
  return null;
}

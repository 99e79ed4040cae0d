/** The process edge: builds the host, runs the command line, sets the exit code. */
import { join } from "node:path";
import { main } from "./cli/main.ts";
import { memoryIn } from "./host/node/answer-cache.ts";
import { realHost } from "./host/node/host.ts";

export function start(): void {
  // Everything is written by now, and taking the process down in order takes longer than many a command.
  main(process.argv.slice(2), realHost(memoryIn(join(import.meta.dirname, ".cache")))).then((exitCode) =>
    process.exit(exitCode),
  );
}

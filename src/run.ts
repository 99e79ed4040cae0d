/** The process edge: builds the host, runs the command line, sets the exit code. */
import { main } from "./cli/main.ts";
import { realHost } from "./real-host.ts";

export function start(): void {
  main(process.argv.slice(2), realHost()).then((exitCode) => {
    process.exitCode = exitCode;
  });
}

/** The command line as one file that other users can run, too. */
import { main } from "../../src/cli/main.ts";
import { realHost } from "../../src/host/node/host.ts";

main(process.argv.slice(2), realHost()).then((exitCode) => process.exit(exitCode));

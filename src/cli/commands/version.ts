/** `codex-cfg version`: what `--version` prints. */
import type { Command } from "commander";
import { VERSION } from "../../model/version.ts";
import type { Run } from "../context.ts";

export function register(program: Command, run: Run): void {
  program
    .command("version")
    .description("Prints the version of codex-cfg.")
    .addHelpText("after", "\nExample:\n  codex-cfg version --json\n")
    .action(() =>
      run(async ({ output }) => {
        output.data(VERSION);
        output.document("version", { version: VERSION });
        return 0;
      }),
    );
}

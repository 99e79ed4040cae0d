/** `codex-cfg completion <shell>`: prints the script that completes its command lines. */
import { Argument, type Command } from "commander";
import { SHELLS, type Shell } from "../completion/shells.ts";
import type { Run } from "../context.ts";

export function register(program: Command, run: Run): void {
  const ways = Object.entries(SHELLS).map(([shell, { load }]) => `  ${shell.padEnd(10)}  ${load}`);
  program
    .command("completion")
    .description(
      "Prints the script that lets a shell complete verbs, options, servers, profiles, presets, ids and keys.\n" +
        `To load it with every shell, put a line into its start-up file:\n\n${ways.join("\n")}`,
    )
    .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(SHELLS)))
    .addHelpText("after", "\nExample:\n  codex-cfg completion bash\n")
    .action((shell: Shell) =>
      run(async ({ output }) => {
        const { load, script } = SHELLS[shell];
        output.data(script.trimEnd());
        output.document("completion", { shell, load, script });
        return 0;
      }),
    );
}

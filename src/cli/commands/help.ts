/** `codex-cfg help [verb…]`: the help of a verb, however deep it stands. */
import type { Command } from "commander";

export function register(program: Command): void {
  program
    .command("help")
    .description("Prints the help of a verb, or lists every verb.")
    .argument("[verb...]", "as in: mcp disable")
    .addHelpText("after", "\nExample:\n  codex-cfg help mcp disable\n")
    .action((words: readonly string[]) => {
      let command = program;
      for (const word of words) {
        const below = command.commands.find((one) => one.name() === word);
        if (below === undefined) command.error(word, { code: "commander.unknownCommand" });
        else command = below;
      }
      command.help();
    });
}

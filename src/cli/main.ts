/**
 * The command line: parses it, runs one command, prints what went wrong in one place, answers with the exit code.
 */
import { Command, CommanderError, Option } from "commander";
import type { Host } from "../host/host.ts";
import { CfgError, ioError, orNull } from "../model/error.ts";
import { VERSION } from "../model/version.ts";
import { printable } from "../redact/printable.ts";
import type { Context, Globals, Run } from "./context.ts";
import { addVerbs } from "./verbs.ts";

const EXIT_CODES = `
Exit codes:
  0   done, or nothing to do          3   refused to keep you safe; nothing was written
  1   the answer is no                4   the machine said no; nothing was written
  2   the command line is wrong       5   not confirmed; the next command finishes it
  130 interrupted; nothing was written
`;

/** Runs one command line (without node and script) and resolves to its exit code. Never throws. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  let exitCode = 0;
  // Arguments behind `--` belong to another program.
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const asJson = own.includes("--json");
  const program = new Command("codex-cfg");
  let unprinted: unknown;
  const running =
    <One extends Context>(load: () => Promise<new (host: Host, globals: Globals) => One>) =>
    async (work: (context: One) => Promise<number>, more: Partial<Globals> = {}) => {
      // Loaded once a command runs: help and mistakes on the command line open no home.
      const Kind = await load();
      const context = new Kind(host, { ...program.opts<Globals>(), ...more });
      exitCode = await work(context);
      context.sayOddities();
      unprinted = context.output.unprinted;
    };
  const run: Run = Object.assign(
    running(async () => (await import("./context.ts")).Context),
    { edit: running(async () => (await import("./context.ts")).EditContext) },
  );
  program
    .description(
      "Safe editor and profile manager for the configuration of OpenAI Codex CLI.\nShows the exact change first, makes it entirely or not at all, and takes it back later.",
    )
    .version(VERSION)
    .option("--codex-home <dir>", "the Codex home to edit, instead of $CODEX_HOME or ~/.codex")
    .option("-n, --dry-run", "show the change, write nothing")
    .option("-y, --yes", "do not ask")
    .option("--json", "print one JSON document instead of text")
    .option("--codex-version <version>", "edit for this Codex instead of the installed one")
    .option("--reveal", "show secrets, on a terminal only")
    .option("--no-preflight", "do not ask the installed Codex whether it loads the result")
    .addOption(new Option("--color <when>", "colour the output").choices(["auto", "always", "never"]).default("auto"))
    .addHelpText("afterAll", EXIT_CODES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.terminal.out(text),
      // Under --json the error is in the document. `printable`, because the text may quote an argument. Where it cannot be
      // printed the exit code says it alone.
      writeErr: (text) => asJson || orNull(() => host.terminal.err(printable(text))),
    })
    .showHelpAfterError("(see: codex-cfg --help)");
  const [first] = argv;
  // The completion scripts put the line that they complete behind `--`.
  if (argv.length > 1 || !isVersion(first)) await addVerbs(program, run, first === "__complete" ? argv : own);
  for (const command of program.commands) inherit(command, program);
  try {
    await program.parseAsync(argv, { from: "user" });
    if (unprinted instanceof CfgError) await tell(host, {}, notPrinted(unprinted));
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && (error.exitCode === 0 || !asJson)) return error.exitCode === 0 ? 0 : 2;
    const known = error instanceof CommanderError ? misuse(error) : ioError(error);
    const shown = known instanceof CfgError ? known : bug(known);
    await tell(host, { ...program.opts<Globals>(), json: asJson }, shown);
    return shown.exitCode;
  }
}

/** The last words. Where they cannot be printed the exit code says it alone. */
async function tell(host: Host, globals: Partial<Globals>, error: CfgError): Promise<void> {
  const { Output } = await import("./output.ts");
  try {
    new Output(host, globals).error(error);
  } catch (failure) {
    if (!(failure instanceof CfgError)) throw failure;
    // The document is lost with standard output, a line on standard error need not be.
    if (globals.json) await tell(host, { ...globals, json: false }, error);
  }
}

function notPrinted({ code, message, path }: CfgError): CfgError {
  return new CfgError(code, `the change was made, but not all there is to say of it could be printed: ${message}`, {
    path,
  });
}

const isVersion = (word: string | undefined) => word === "--version" || word === "-V";

/** Settings of the program for a command and those below it. */
function inherit(command: Command, parent: Command): void {
  command.exitOverride().copyInheritedSettings(parent);
  for (const below of command.commands) inherit(below, command);
}

function misuse({ message }: CommanderError): CfgError {
  // Commander throws this text for a group such as `mcp` when no command follows.
  const reason = message === "(outputHelp)" ? "no command is named" : message.replace(/^error: /, "");
  return new CfgError("usage", reason, { hints: [{ note: "see", argv: ["--help"] }] });
}

function bug(error: unknown): CfgError {
  const name = error instanceof Error ? error.name : typeof error;
  const stack =
    error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 4).join(" ").replace(/\s+/g, " ") : "";
  return new CfgError("internal", `a bug in codex-cfg ${VERSION} (${name}); ${stack}`, {
    hints: ["please report it with the command you ran and this line"],
  });
}

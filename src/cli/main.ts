/**
 * The command line: parses it, runs one command, prints what went wrong in one place, answers with the exit code.
 */
import { Command, CommanderError, Option } from "commander";
import type { Host } from "../host/host.ts";
import { CfgError, ioError } from "../model/error.ts";
import { VERSION } from "../model/version.ts";
import { printable } from "../redact/printable.ts";
import { fitted } from "../text/wrap.ts";
import type { Context, Globals, Run } from "./context.ts";
import { fitHelp, styleHelp } from "./help.ts";
import { addVerbs } from "./verbs.ts";

/** Runs one command line (without node and script) and resolves to its exit code. Never throws. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  let exitCode = 0;
  // Arguments behind `--` belong to another program.
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const asJson = own.includes("--json");
  const program = new Command("codex-cfg");
  const width = Math.max(40, fitted(host.terminal.outIsTty ? host.terminal.columns : 80));
  // Printed at the end, and in one piece: what was added to a help is fitted like the rest.
  const help: string[] = [];
  let refusing = program;
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
    {
      look: running(async () => (await import("./context.ts")).LookContext),
      edit: running(async () => (await import("./context.ts")).EditContext),
    },
  );
  program
    .description(
      "Safe editor and profile manager for the configuration of OpenAI Codex CLI.\nShows the exact change first, makes it entirely or not at all, and takes it back later.",
    )
    .version(VERSION, "-v, --version", "print the version")
    .option("--codex-home <dir>", "the Codex home to edit, instead of $CODEX_HOME or ~/.codex")
    .option("-n, --dry-run", "show the change, write nothing")
    .option("-y, --yes", "do not ask")
    .option("--json", "print one JSON document instead of text")
    .option("--codex-version <version>", "edit for this Codex instead of the installed one")
    .option("--reveal", "show secrets, on a terminal only")
    .option("--no-preflight", "do not ask the installed Codex whether it loads the result")
    .option("--no-record", "do not keep what others did to the files meanwhile")
    .addOption(new Option("--color <when>", "colour the output").choices(["auto", "always", "never"]).default("auto"))
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => help.push(text),
      writeErr: (text) => help.push(text),
      outputError: () => {},
    });
  styleHelp(program, width);
  const [first] = argv;
  // The completion scripts put the line that they complete behind `--`.
  if (argv.length > 1 || !isVersion(first)) await addVerbs(program, run, first === "__complete" ? argv : own);
  const refusedBy = (command: Command) => {
    refusing = command;
  };
  for (const command of program.commands) inherit(command, program, refusedBy);
  try {
    // The capital letter is what it was called at first.
    await program.parseAsync(argv.length === 1 && first === "-V" ? ["-v"] : [...argv], { from: "user" });
    if (unprinted instanceof CfgError) await tell(host, {}, notPrinted(unprinted));
    return exitCode;
  } catch (error) {
    let known = error;
    if (error instanceof CommanderError) {
      const shown = printHelp(host, help.join(""), error, asJson, width);
      if (shown === null) return error.exitCode === 0 ? 0 : 2;
      known = shown ?? (await import("./usage.ts")).misuse(error, refusing, own);
    }
    known = ioError(known);
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

const isVersion = (word: string | undefined) => word !== undefined && ["--version", "-v", "-V"].includes(word);

/**
 * Help that was asked for, the version, and the help of a group that was named without a verb. Null once it is printed, the
 * error where that failed, undefined where there is none to print.
 */
function printHelp(host: Host, text: string, { exitCode }: CommanderError, asJson: boolean, width: number) {
  if (text === "" || (exitCode !== 0 && asJson)) return undefined;
  const stream = exitCode === 0 ? "out" : "err";
  try {
    host.terminal[stream](printable(fitHelp(text, width)));
    return null;
  } catch (error) {
    return ioError(error);
  }
}

/** Settings of the program for a command and those below it. */
function inherit(command: Command, parent: Command, refusedBy: (command: Command) => void): void {
  command
    .copyInheritedSettings(parent)
    .helpCommand(false)
    .exitOverride((error) => {
      refusedBy(command);
      throw error;
    });
  for (const below of command.commands) inherit(below, command, refusedBy);
}

function bug(error: unknown): CfgError {
  const name = error instanceof Error ? error.name : typeof error;
  const stack =
    error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 4).join(" ").replace(/\s+/g, " ") : "";
  return new CfgError("internal", `a bug in codex-cfg ${VERSION} (${name}); ${stack}`, {
    hints: ["please report it with the command you ran and this line"],
  });
}

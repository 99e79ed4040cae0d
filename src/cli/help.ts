/** How help looks: fitted to the terminal, with the global options of every verb, and where to learn more. */
import type { Argument, Command, Option } from "commander";
import { wrap, wrapLines } from "../text/wrap.ts";

const EXIT_CODES = `Exit codes:
  0    done, or nothing to do
  1    the answer is no
  2    the command line is wrong
  3    refused to keep you safe; nothing was written
  4    the machine said no; nothing was written
  5    not confirmed; the next command finishes it
  130  interrupted; nothing was written`;

/** Gives the program its looks; commands made from now on inherit them. `width` in columns. */
export function styleHelp(program: Command, width: number): void {
  program
    .configureHelp({
      helpWidth: width,
      showGlobalOptions: true,
      commandDescription: (command) => command.description().replace(/(?<!\n)\n(?![\n ])/g, " "),
      optionDescription,
      argumentDescription,
      visibleGlobalOptions,
      boxWrap: (text, columns) => wrapLines(text, columns, ""),
      formatItem: (term, termWidth, description) => item(term, description, termWidth, width),
    })
    .addHelpText("afterAll", ({ command }) => `\n${EXIT_CODES}\n\n${learnMore(command)}\n`);
}

/** All of a help text, with what was added to it line by line. */
export const fitHelp = (text: string, width: number) =>
  `${wrapLines(text.replace(/\n{3,}/g, "\n\n"), width).trimEnd()}\n`;

/** Options of everything above a verb, but those that are about the program. */
function visibleGlobalOptions({ parent }: Command): Option[] {
  if (parent === null) return [];
  return [...parent.options.filter(({ long }) => long !== "--version"), ...visibleGlobalOptions(parent)];
}

/** A switch that is off by default need not say so. */
function optionDescription({ argChoices = [], defaultValue, description }: Option): string {
  const notes = [
    ...(argChoices.length > 0 ? [`one of ${argChoices.join(", ")}`] : []),
    ...(typeof defaultValue === "string" ? [`default: ${defaultValue}`] : []),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join("; ")})`;
}

function argumentDescription({ argChoices = [], description }: Argument): string {
  return argChoices.length === 0 ? description : `${description} (one of ${argChoices.join(", ")})`;
}

/** A term and what it is; where there is no room beside the term, below it. */
function item(term: string, description: string, termWidth: number, width: number): string {
  const beside = width - termWidth - 4;
  if (beside < 32) {
    const below = wrap(description, width - 6).map((line) => `\n      ${line}`);
    return `  ${term}${description === "" ? "" : below.join("")}`;
  }
  const lines = wrap(description, beside);
  return `  ${term.padEnd(termWidth)}  ${lines.join(`\n${" ".repeat(termWidth + 4)}`)}`.trimEnd();
}

function learnMore(command: Command): string {
  return command.parent === null
    ? "Learn more: codex-cfg help VERB, as in codex-cfg help mcp disable"
    : "Learn more: codex-cfg --help lists every verb";
}

/**
 * What may come next on a command line that somebody is typing, read off the definitions of the verbs themselves. Knows
 * where a value goes and what its definition calls it, not which values there are.
 */
import type { Argument, Command, Option } from "commander";

/** One completion, and a short description of it. */
export type Candidate = { readonly value: string; readonly about: string };

/** The completions for one word. `paths`: files or folders, which the shell itself completes. */
export type Offer = { readonly candidates: readonly Candidate[]; readonly paths?: "files" | "folders" };

/** The words before the one being typed, as their definitions take them. */
export type Line = {
  readonly command: Command;
  readonly given: readonly string[];
  readonly options: Readonly<Record<string, string>>;
};

/** The values for a place that a definition calls `<placeholder>`. */
export type Values = (placeholder: string, line: Line, current: string) => Promise<Offer>;

/** What `current` may become; everything offered begins with it. */
export async function completions(
  program: Command,
  words: readonly string[],
  current: string,
  values: Values,
): Promise<Offer> {
  const { behindDashes, open, ...line } = read(program, words);
  const from = (definition: Option | Argument, typed: string) => offer(definition, line, typed, values);
  const { candidates, ...paths } = await choose();
  return { candidates: candidates.filter(({ value }) => value.startsWith(current)), ...paths };

  async function choose(): Promise<Offer> {
    const isOption = current.startsWith("-") && !behindDashes;
    if (open !== null && !(open.variadic && isOption)) return from(open, current);
    if (isOption) {
      const [flag = "", typed] = split(current);
      const option = typed === undefined ? undefined : optionOf(line.command, flag);
      if (!option) return { candidates: optionsOf(line.command).flatMap(asCandidate) };
      const { candidates, ...rest } = await from(option, typed ?? "");
      return { candidates: candidates.map(({ about, value }) => ({ value: `${flag}=${value}`, about })), ...rest };
    }
    const below = line.given.length === 0 && !behindDashes ? verbsOf(line.command) : [];
    const { registeredArguments } = line.command;
    const argument = registeredArguments[line.given.length] ?? registeredArguments.findLast(({ variadic }) => variadic);
    if (!argument) return { candidates: below };
    const { candidates, ...rest } = await from(argument, current);
    return { candidates: [...below, ...candidates], ...rest };
  }
}

type Reading = Line & {
  /** The option whose value is next. */
  readonly open: Option | null;
  /** `--` came before, so no later word is an option. */
  readonly behindDashes: boolean;
};

function read(program: Command, words: readonly string[]): Reading {
  let command = program;
  let open: Option | null = null;
  let behindDashes = false;
  const given: string[] = [];
  const options: Record<string, string> = {};
  for (const word of words) {
    const isOption = word.startsWith("-") && !behindDashes;
    if (open !== null && !(open.variadic && isOption)) {
      options[open.attributeName()] = word;
      if (!open.variadic) open = null;
      continue;
    }
    open = null;
    const below =
      given.length === 0 && word !== "help" ? command.commands.find((one) => one.name() === word) : undefined;
    if (word === "--") behindDashes = true;
    else if (isOption) {
      const [flag = "", value] = split(word);
      const option = optionOf(command, flag);
      if (value !== undefined && option) options[option.attributeName()] = value;
      else if (option?.required || option?.optional) open = option;
    } else if (below) command = below;
    // Behind `help` a verb is completed as if `help` were not there.
    else if (word !== "help" || command.commands.length === 0) given.push(word);
  }
  return { command, given, options, open, behindDashes };
}

/** `--flag=value` in its two parts; a word without `=` is one part. */
function split(word: string): string[] {
  const sign = word.startsWith("--") ? word.indexOf("=") : -1;
  return sign < 0 ? [word] : [word.slice(0, sign), word.slice(sign + 1)];
}

/** Its own options and those of everything above it. */
function optionsOf(command: Command): Option[] {
  const own = [...command.createHelp().visibleOptions(command)];
  return command.parent ? [...own.filter(({ long }) => long !== "--help"), ...optionsOf(command.parent)] : own;
}

function optionOf(command: Command, flag: string): Option | undefined {
  return optionsOf(command).find(({ long, short }) => flag === long || flag === short);
}

function verbsOf(command: Command): Candidate[] {
  const help = command.createHelp();
  return help
    .visibleCommands(command)
    .map((below) => ({ value: below.name(), about: help.subcommandDescription(below) }));
}

function asCandidate({ description, long, short }: Option): Candidate[] {
  const value = long ?? short;
  return value === undefined ? [] : [{ value, about: description }];
}

async function offer(definition: Option | Argument, line: Line, typed: string, values: Values): Promise<Offer> {
  if (definition.argChoices) return { candidates: definition.argChoices.map((value) => ({ value, about: "" })) };
  const placeholder = "flags" in definition ? /[<[]([^\]>.]+)/.exec(definition.flags)?.[1] : definition.name();
  return values(placeholder ?? "", line, typed);
}

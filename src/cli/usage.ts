/**
 * A wrong command line as an error of ours: what is wrong, and a command that helps. Knows the words that people bring from
 * other programs.
 */
import type { Command, CommanderError } from "commander";
import { CfgError } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";
import { nearestNames } from "../text/closest-match.ts";

/** Words of other programs, and what they are here. `X` stands for the word behind them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "auth-store auto": "auth-store set auto",
  "auth-store ephemeral": "auth-store set ephemeral",
  "auth-store file": "auth-store set file",
  "auth-store keyring": "auth-store set keyring",
  "mcp off": "mcp disable X",
  "mcp on": "mcp enable X",
  "provider default": "set model_provider X",
  "provider set": "set model_provider X",
  "provider use": "set model_provider X",
  add: "mcp --help",
  check: "validate",
  config: "get --help",
  disable: "mcp disable X",
  enable: "mcp enable X",
  fix: "doctor --fix",
  lint: "validate",
  list: "mcp list",
  log: "history",
  ls: "mcp list",
  rollback: "revert",
  undo: "revert",
};

/** What commander refused, said by `command`; `words` is the command line up to a `--`. */
export function misuse({ code, message }: CommanderError, command: Command, words: readonly string[]): CfgError {
  // Commander throws this text for a group such as `mcp` when no verb follows.
  const said = message === "(outputHelp)" ? "no verb is named" : message.replace(/^error: /, "");
  const path = pathOf(command);
  const help: Hint = { note: "how it is used", argv: [...path, "--help"] };
  if (code === "commander.unknownOption") {
    const [, flag = ""] = /'(.*)'/.exec(said) ?? [];
    const near = nearestNames(flag, flagsOf(command)).slice(0, 1);
    return usage(said, [...near.map((name) => `did you mean: ${name}`), help]);
  }
  const group = code === "commander.excessArguments" ? groupOfDefault(command, words) : null;
  if (code !== "commander.unknownCommand" && group === null) return usage(said, [help]);
  return unknown(group ?? command, words);
}

/** A word where a verb belongs. */
function unknown(group: Command, words: readonly string[]): CfgError {
  const path = pathOf(group);
  const at = path.length === 0 ? -1 : words.indexOf(path.at(-1) ?? "");
  const [typed = "", next] = words.slice(at + 1).filter((word) => !word.startsWith("-") && word !== "help");
  const meant = ELSEWHERE[[...path, typed].join(" ")];
  const name = path.length === 0 ? "" : ` of ${path.join(" ")}`;
  const [near] = nearestNames(typed, verbsOf(group));
  const hints: Hint[] = [];
  if (meant !== undefined) hints.push({ note: "did you mean", argv: filled(meant, next) });
  else if (near !== undefined) hints.push({ note: "did you mean", argv: [...path, near] });
  hints.push({ note: "every verb", argv: [...path, "--help"] });
  return usage(`there is no verb "${typed}"${name}`, hints);
}

/** Where a group runs its default verb, a word too many is a verb that it does not have. */
function groupOfDefault(command: Command, words: readonly string[]): Command | null {
  const { parent } = command;
  return parent !== null && parent.parent !== null && !words.includes(command.name()) ? parent : null;
}

/** A name is repeated where it is a plain one: what else stands there may be a secret. */
function filled(meant: string, next: string | undefined): readonly string[] {
  const name = next !== undefined && /^[\w.-]{1,24}$/.test(next) ? next : null;
  return meant.split(" ").flatMap((word) => (word !== "X" ? [word] : name === null ? [] : [name]));
}

function usage(message: string, hints: readonly Hint[]): CfgError {
  return new CfgError("usage", message, { hints });
}

/** The words that lead to a command, without the program's own name. */
function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

const verbsOf = (group: Command) => group.commands.map((one) => one.name()).filter((name) => !name.startsWith("__"));

function flagsOf(command: Command): string[] {
  const own = command.options.flatMap(({ long }) => (long ? [long] : []));
  return command.parent === null ? own : [...own, ...flagsOf(command.parent)];
}

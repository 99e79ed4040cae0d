/**
 * Every verb, once: help, completion, the guess at a mistyped verb and the files to load all use this table. What a verb
 * takes is defined in its file.
 */
import type { Command } from "commander";
import type { Run } from "./context.ts";

/** With `argv` a file with many commands can leave out those that the command line does not name. */
type CommandFile = {
  readonly register: (program: Command, run: Run, argv: readonly string[]) => void | Promise<void>;
};

/** One file may hold several verbs. */
type Verb = { readonly summary: string; readonly file: () => Promise<CommandFile>; readonly hidden?: boolean };

const setting = () => import("./commands/set.ts");

/** In the order of the help. */
export const VERBS: Readonly<Record<string, Verb>> = {
  apply: {
    summary: "bring a preset into the home: http-sse, or one of your own",
    file: () => import("./commands/apply.ts"),
  },
  revert: {
    summary: "take a change back, even after others have written the file",
    file: () => import("./commands/revert.ts"),
  },
  restore: {
    summary: "bring back what others took away",
    file: () => import("./commands/restore.ts"),
  },
  validate: { summary: "say everything that is wrong with a config", file: () => import("./commands/validate.ts") },
  describe: { summary: "say what the code of a finding means", file: () => import("./commands/describe.ts") },
  doctor: {
    summary: "say why Codex reconnects, hangs or does not start, and fix it",
    file: () => import("./commands/doctor.ts"),
  },
  mcp: {
    summary: "list, add, remove MCP servers, turn them on and off, find the one that fails",
    file: () => import("./commands/mcp.ts"),
  },
  get: { summary: "print one setting", file: () => import("./commands/get.ts") },
  set: { summary: "change settings", file: setting },
  unset: { summary: "remove one setting", file: setting },
  edit: { summary: "edit a file in your editor, checked before it lands", file: () => import("./commands/edit.ts") },
  "auth-store": { summary: "show or change where credentials live", file: () => import("./commands/auth-store.ts") },
  provider: { summary: "list, add or remove model providers", file: () => import("./commands/provider.ts") },
  projects: {
    summary: "list, trust, distrust projects, take out those that are gone",
    file: () => import("./commands/projects.ts"),
  },
  presets: { summary: "list what apply can bring in", file: () => import("./commands/presets.ts") },
  use: {
    summary: "make a profile count for every start, IDE and desktop app, too",
    file: () => import("./commands/use.ts"),
  },
  run: {
    summary: "start Codex once with another set-up, and write nothing",
    file: () => import("./commands/run.ts"),
  },
  profile: {
    summary: "list, show, compare, make, save, copy, rename, delete profiles",
    file: () => import("./commands/profile.ts"),
  },
  migrate: {
    summary: "bring every profile into the layout that your Codex reads",
    file: () => import("./commands/migrate.ts"),
  },
  status: { summary: "the home at one glance", file: () => import("./commands/status.ts") },
  history: { summary: "list what was done, by whom, newest first", file: () => import("./commands/history.ts") },
  record: { summary: "keep the state of now, for hooks and cron", file: () => import("./commands/record.ts") },
  show: { summary: "show what one change did", file: () => import("./commands/show.ts") },
  diff: { summary: "show what others have changed since a change", file: () => import("./commands/diff.ts") },
  completion: { summary: "print the completion script of a shell", file: () => import("./commands/completion.ts") },
  version: { summary: "print the version", file: () => import("./commands/version.ts") },
  help: { summary: "print the help of a verb", file: () => import("./commands/help.ts") },
  __complete: { summary: "", file: () => import("./commands/complete.ts"), hidden: true },
};

/**
 * Gives the program its verbs. A verb among the words is loaded with its options, the others get a name only, for guesses
 * and completion; where no verb is named, as for help, all are loaded.
 */
export async function addVerbs(program: Command, run: Run, words: readonly string[]): Promise<void> {
  const verbs = Object.entries(VERBS);
  const named = verbs.filter(([name]) => words.includes(name) && name !== "help");
  const wanted = new Set((named.length > 0 ? named : verbs).map(([, { file }]) => file));
  const known = (name: string) => program.commands.find((command) => command.name() === name);
  for (const [name, { file, hidden = false, summary }] of verbs) {
    if (!wanted.has(file) && name !== "help") program.command(name, { hidden });
    else if (!known(name)) await (await file()).register(program, run, words);
    known(name)?.summary(summary);
  }
}

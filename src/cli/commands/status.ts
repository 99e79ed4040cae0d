/** `codex-cfg status`: the home at one glance. */
import type { Command } from "commander";
import type { Entry } from "../../change.ts";
import { fileName } from "../../codex/layout.ts";
import { CfgError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import type { FileRole } from "../../op.ts";
import type { Run } from "../context.ts";
import { entryJson } from "../json.ts";

export function register(program: Command, run: Run): void {
  program
    .command("status")
    .summary("the home at one glance")
    .description(
      "Shows the home, the Codex it is edited for, the provider in use, the changes in force and whether anybody has touched them since.",
    )
    .addHelpText("after", "\nExample:\n  codex-cfg status --json\n")
    .action(() =>
      run(async ({ home, output }) => {
        const { version, source, layout } = home.codex;
        const provider = providerOf(home);
        const changes = home
          .entries()
          .filter((entry) => !entry.reverts && home.isLive(entry))
          .map((entry) => ({ entry, drift: driftOf(home, entry) }));
        const pending = home.pending();
        const profiles = layout === "file" ? "NAME.config.toml" : "[profiles.NAME] in config.toml";
        output.data(`home      ${home.dir}`);
        output.data(`codex     ${version} (${SOURCES[source]}), profiles in ${profiles}`);
        output.data(`provider  ${provider.problem ?? provider.id}`);
        const chats = home.chatsByProvider();
        for (const { id, chats: count } of chats) output.data(`chats     ${count} need [model_providers.${id}]`);
        for (const { entry, drift } of changes) {
          output.data(
            `change    ${entry.id}  ${entry.time.slice(0, 10)}  ${entry.command}  ${drift.length === 0 ? "untouched" : `changed since: ${drift.join(", ")}`}`,
          );
        }
        if (changes.length === 0) output.data("change    none in force");
        for (const { id, damaged, running, folder } of pending) {
          output.data(
            `pending   ${id}  ${running ? "being made right now" : damaged ? `damaged; look at ${folder}` : "interrupted; the next writing command finishes it"}`,
          );
        }
        output.document("status", {
          codexHome: home.dir,
          codex: { version, source, layout },
          provider: provider.id,
          problem: provider.problem,
          chats,
          changes: changes.map(({ entry, drift }) => ({ ...entryJson(entry, true), drift })),
          pending: pending.map(({ id, committed, damaged, running, files }) => ({
            id,
            committed,
            damaged,
            running,
            files: files.map(fileName),
          })),
        });
        return provider.problem === null ? 0 : 1;
      }),
    );
}

const SOURCES = {
  flag: "as told by --codex-version",
  package: "npm package on PATH",
  asked: "asked on PATH",
  assumed: "none found on PATH, newest known one taken",
} as const;

/** The provider of a plain start, or why that cannot be told. */
function providerOf(home: Home): { readonly id: string | null; readonly problem: string | null } {
  try {
    const id = home.snapshot.document("config").get(["model_provider"]);
    return { id: typeof id === "string" ? id : "openai", problem: null };
  } catch (error) {
    if (error instanceof CfgError) return { id: null, problem: `${error.path ?? "config.toml"}: ${error.message}` };
    throw error;
  }
}

/** Files that are not as the newest change to them left them. */
function driftOf(home: Home, entry: Entry): string[] {
  const later = home.entries().filter(({ id }) => id > entry.id);
  const untouchedByUs = (file: FileRole) => !later.some(({ files }) => files.some((other) => other.file === file));
  return home
    .images(entry)
    .filter(({ file, after }) => untouchedByUs(file) && home.snapshot.text(file) !== after)
    .map(({ file }) => fileName(file));
}

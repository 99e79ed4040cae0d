/** `codex-cfg projects`: which projects are trusted, and what is left of those that are gone. */
import type { Command } from "commander";
import { listTrust, pruneTrust, setTrust } from "../../actions/trusted-projects.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Context, Run } from "../context.ts";
import { table } from "../table.ts";

export function register(program: Command, run: Run): void {
  const projects = program
    .command("projects")
    .description("Projects that Codex trusts: the tables under [projects]. The config of a trusted project counts.")
    .addHelpText("after", "\nExample:\n  codex-cfg projects list\n");
  projects
    .command("list", { isDefault: true })
    .description("Lists the folders that are trusted or not, and those of them that are gone or named twice.")
    .addHelpText("after", "\nExample:\n  codex-cfg projects list --json\n")
    .action(() => run(async (context) => list(context)));
  for (const [verb, trusted] of [
    ["trust", true],
    ["untrust", false],
  ] as const)
    projects
      .command(verb)
      .description(`Says that a project is ${trusted ? "" : "not "}to be trusted, in config.toml.`)
      .argument("[dir]", "its folder; without one the project around this folder")
      .addHelpText("after", `\nExample:\n  codex-cfg projects ${verb} .\n`)
      .action((folder: string | undefined) =>
        run.edit(async (context) => commitPlan(context, await setTrust(context.home, { trusted, folder }))),
      );
  projects
    .command("prune")
    .description("Takes out folders that are gone, and second names of one folder, as one change.")
    .addHelpText("after", "\nExample:\n  codex-cfg projects prune --dry-run\n")
    .action(() => run.edit(async (context) => commitPlan(context, await pruneTrust(context.home))));
}

function list({ home, output }: Context): number {
  const projects = listTrust(home);
  const rows = projects.map(({ file, folder, sameAs, state, trust }) => [
    trust ?? "not decided",
    folder,
    file,
    sameAs !== null ? `the same folder as ${sameAs}` : state === "gone" ? "gone" : "",
  ]);
  for (const line of table(rows)) output.data(line);
  if (rows.length === 0) output.say("no project is trusted or distrusted");
  output.document("projects", {
    codexHome: home.dir,
    projects: projects.map(({ file, folder, sameAs, state, trust }) => ({ folder, trust, file, state, sameAs })),
  });
  return 0;
}

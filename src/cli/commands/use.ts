/** `codex-cfg use`: the profile that counts for every start, one undoable change each. */
import type { Command } from "commander";
import { inForce } from "../../actions/profile/list.ts";
import { placeName, profileNames } from "../../actions/profile/names.ts";
import { useProfile } from "../../actions/profile/use.ts";
import { CfgError } from "../../model/error.ts";
import { commitPlan } from "../commit-plan.ts";
import type { EditContext, Run } from "../context.ts";
import { pick } from "../pick.ts";

export function register(program: Command, run: Run): void {
  program
    .command("use")
    .description(
      "Makes a profile count for every start, the IDE extension and the desktop app included: its settings are laid over " +
        "config.toml as one change. Another one takes its place; --none gives back what was there. Keys that somebody has " +
        "changed meanwhile stay, and are named. On a terminal, Enter is a yes.",
    )
    .argument("[profile]", "its name; to be chosen from a list without")
    .option("--none", "start without a profile again", false)
    .addHelpText("after", "\nExamples:\n  codex-cfg use work\n  codex-cfg use --none\n")
    .action((name: string | undefined, { none }: { readonly none: boolean }) =>
      run.edit(async (context) => {
        if (none && name !== undefined) throw wrong("name a profile or say --none, not both");
        const profile = none ? NONE : (name ?? (await pickProfile(context)));
        if (profile === null) return 1;
        const plan = await useProfile(context.home, { profile: profile === NONE ? null : profile });
        return commitPlan(context, plan, { yesByEnter: true });
      }),
    );
}

/** What no profile can be called. */
const NONE = "--none";

/** Null when the person cancels. Throws `usage` where nobody is asked. */
async function pickProfile(context: EditContext): Promise<string | null> {
  const { home } = context;
  const current = context.asks ? inForce(home) : null;
  const mark = (is: boolean, about: string) => (is ? `${about}, in use now` : about);
  const names = context.asks ? profileNames(home) : [];
  const choices = [
    ...names.map((name) => ({ value: name, label: name, about: mark(name === current, placeName(home, name)) })),
    { value: NONE, label: "(none)", about: mark(current === null, "config.toml alone") },
  ];
  const picked = await pick(context, "Use which profile for every start?", choices, { several: false });
  if (picked === null) return null;
  if (picked?.[0] === undefined) throw wrong("name a profile, or say --none");
  return picked[0];
}

function wrong(message: string): CfgError {
  return new CfgError("usage", message, { hints: [{ note: "see them all", argv: ["profile", "list"] }] });
}

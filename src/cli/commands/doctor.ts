/** `codex-cfg doctor`: what is wrong on this machine, by what the user sees, and the first thing to do about it. */
import { type Command, Option } from "commander";
import { fix } from "../../actions/fix.ts";
import { diagnose } from "../../doctor/diagnose.ts";
import { SYMPTOMS, type Symptom } from "../../doctor/evidence.ts";
import { CfgError } from "../../model/error.ts";
import { commitPlan } from "../commit-plan.ts";
import type { EditContext, Run } from "../context.ts";
import { explain } from "../doctor/explain.ts";
import { report } from "../doctor/report.ts";
import { tell } from "../doctor/tell.ts";

type DoctorOptions = {
  readonly symptom?: Symptom;
  readonly log?: string;
  readonly network: boolean;
  readonly fix: boolean;
  readonly report: boolean;
  readonly explain?: string;
  readonly profile?: string;
};

export function register(program: Command, run: Run): void {
  program
    .command("doctor")
    .description(
      "Sorts what it finds in the home, the logs and the machine by what you see of it, and names the first thing to do.\n" +
        `Symptoms: ${SYMPTOMS.join(", ")}.`,
    )
    .addOption(new Option("--symptom <name>", "look at this one only, found or not").choices(SYMPTOMS))
    .option("--log <file>", "read this log instead of those in the home")
    .option(
      "--network",
      "try the addresses of this machine that the config names, and let `codex doctor` try its services",
      false,
    )
    .option("--fix", "make every fix that is known, as one change", false)
    .option("--report", "print what to paste into an issue, without secrets", false)
    .option("--explain <key>", "say which file has the last word on a setting")
    .option("-p, --profile <profile>", "for --explain: as `codex --profile NAME` reads it")
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg doctor\n  codex-cfg doctor --fix\n  codex-cfg doctor --explain model\n",
    )
    .action((options: DoctorOptions) => {
      refuseMixed(options);
      if (options.fix) return run.edit(async (context) => fixed(context, options));
      return run(async (context) => {
        if (options.explain !== undefined) return explain(context, options.explain, options.profile);
        const { diagnoses, evidence } = await diagnose(context.home, options);
        if (options.report) return report(context, evidence, diagnoses);
        return tell(context, evidence, diagnoses);
      });
    });
}

/** Exit code as of every change; 1 when something is left that only a person can decide. */
async function fixed(context: EditContext, { network, symptom }: DoctorOptions): Promise<number> {
  const { output } = context;
  const { left, plan, refusal } = await fix(context.home, { network, symptom });
  const exit = await commitPlan(context, plan);
  for (const one of left) output.say(`not fixed: ${one}; see: ${output.command(["doctor", "--symptom", one])}`);
  if (refusal)
    output.say(`profiles stay where they are: ${[refusal.message, ...output.hints(refusal.hints)].join("; ")}`);
  return exit === 0 && left.length > 0 ? 1 : exit;
}

/** What each way of asking heeds beside itself. */
const HEEDS = {
  explain: ["profile"],
  fix: ["symptom", "network"],
  report: ["symptom", "log", "network"],
  plain: ["symptom", "log", "network"],
};

/** Throws `usage` for options that would be passed over: who asks for a report expects that nothing is written. */
function refuseMixed(options: DoctorOptions): void {
  const given = Object.entries(options).flatMap(([name, value]) => (value === false ? [] : [name]));
  const way = (["explain", "fix", "report"] as const).find((name) => given.includes(name)) ?? "plain";
  const odd = given.find((name) => name !== way && !HEEDS[way].includes(name));
  if (odd === undefined) return;
  if (way === "plain")
    throw new CfgError("usage", `--${odd} is for --explain alone`, {
      hints: [
        {
          note: "which file has the last word with a profile",
          argv: ["doctor", "--explain", "model", `--${odd}`, "NAME"],
        },
      ],
    });
  throw new CfgError("usage", `--${way} does not go with --${odd}`, {
    hints: [{ note: "ask for one of them at a time; what each is for", argv: ["doctor", "--help"] }],
  });
}

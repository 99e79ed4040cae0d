/** `codex-cfg doctor`: what is wrong on this machine, by what the user sees, and the first thing to do about it. */
import { type Command, Option } from "commander";
import { diagnose } from "../../doctor/diagnose.ts";
import { SYMPTOMS } from "../../doctor/evidence.ts";
import { CfgError } from "../../model/error.ts";
import { word } from "../../text/shell-quote.ts";
import type { Run } from "../context.ts";
import { explain } from "../doctor/explain.ts";
import { fixed } from "../doctor/fixed.ts";
import { type DoctorOptions, refuseMixed } from "../doctor/options.ts";
import { report } from "../doctor/report.ts";
import { tell } from "../doctor/tell.ts";

export function register(program: Command, run: Run): void {
  program
    .command("doctor")
    .argument("[command...]", "for --watch: the command that fails, and its arguments")
    .description(
      "Sorts what it finds in the home, the logs and the machine by what you see of it, and names the first thing to do.\n" +
        `Symptoms: ${SYMPTOMS.join(", ")}.`,
    )
    .addOption(new Option("--symptom <name>", "look at this one only, found or not").choices(SYMPTOMS))
    .option("--log <file>", "read this log instead of those in the home")
    .option("--network", "let `codex doctor` try Codex's services, too", false)
    .option("--watch", "run the command behind two dashes once, with logging, and judge by what it writes", false)
    .option("--fix", "make every safe fix, as one change, and say what is left to choose", false)
    .option("--choose <id=n...>", "with --fix: take this option of a choice as well")
    .option("--report", "print what to paste into an issue, without secrets", false)
    .option("--explain <key>", "say which file has the last word on a setting")
    .option("-p, --profile <profile>", "for --explain: as `codex --profile NAME` reads it")
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg doctor\n  codex-cfg doctor --fix\n  codex-cfg doctor --explain model\n" +
        "  codex-cfg doctor --watch -- codex exec 'say hello'\n",
    )
    .action((command: string[], options: DoctorOptions) => {
      refuseMixed(options, command);
      if (options.fix) return run.edit(async (context) => fixed(context, options));
      return run.look(async (context) => {
        if (options.report && context.output.reveals)
          throw new CfgError("usage", "--reveal does not go with --report, which strangers read", {
            hints: [{ note: "without it", argv: ["doctor", "--report"] }],
          });
        if (options.explain !== undefined) return explain(context, options.explain, options.profile);
        const { symptom, log, network } = options;
        const watch = options.watch ? command : undefined;
        if (watch) context.output.say(`runs once, a minute at most: ${watch.map(word).join(" ")}`);
        const { diagnoses, evidence } = await diagnose(context.home, { symptom, log, network, watch });
        if (options.report) return report(context, evidence, diagnoses);
        return tell(context, evidence, diagnoses);
      });
    });
}

/** What `codex-cfg doctor` can be asked for, and which of it goes together. */
import type { Symptom } from "../../doctor/evidence.ts";
import { CfgError } from "../../model/error.ts";

export type DoctorOptions = {
  readonly symptom?: Symptom;
  readonly log?: string;
  readonly network: boolean;
  readonly watch: boolean;
  readonly fix: boolean;
  readonly choose?: readonly string[];
  readonly report: boolean;
  readonly explain?: string;
  readonly profile?: string;
};

/** The options that each form of the command takes beside its own. */
const ALLOWED = {
  explain: ["profile"],
  fix: ["symptom", "network", "choose"],
  report: ["symptom", "log", "network"],
  watch: ["symptom", "network"],
  plain: ["symptom", "log", "network"],
};

/** Throws `usage` for options that would be ignored: with `--report` nothing is written, so `--fix` beside it is refused. */
export function refuseMixed(options: DoctorOptions, command: readonly string[]): void {
  if (options.watch !== command.length > 0)
    throw new CfgError(
      "usage",
      options.watch ? "--watch needs the command that fails" : "a command is for --watch alone",
      {
        hints: [
          { note: "write it behind two dashes", argv: ["doctor", "--watch", "--", "codex", "exec", "say hello"] },
        ],
      },
    );
  const given = Object.entries(options).flatMap(([name, value]) => (value === false ? [] : [name]));
  const way = (["explain", "fix", "report", "watch"] as const).find((name) => given.includes(name)) ?? "plain";
  const odd = given.find((name) => name !== way && !ALLOWED[way].includes(name));
  if (odd === undefined) return;
  if (odd === "choose")
    throw new CfgError("usage", "--choose is for --fix alone", {
      hints: [{ note: "see the choices there are", argv: ["doctor", "--fix", "--dry-run"] }],
    });
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

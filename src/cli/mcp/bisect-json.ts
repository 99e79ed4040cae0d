/** A search for a failing server as `--json` prints it. */
import type { Bisect } from "../../actions/bisect.ts";
import type { BisectState } from "../../model/change.ts";

/** `stopped` is the reason why a search by a command ended without a result. */
export function bisectJson(
  dir: string,
  state: BisectState | null,
  step: Bisect["step"] | null,
  stopped: string | null,
) {
  return {
    codexHome: dir,
    servers: state?.servers ?? [],
    on: state?.testing ?? [],
    answers: state?.answers ?? [],
    left: step?.kind === "test" ? step.left : null,
    verdict: step === null || step.kind === "test" ? null : step.kind,
    culprits: step?.kind === "found" ? step.servers : [],
    stopped,
  };
}

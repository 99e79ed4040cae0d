/** `codex-cfg doctor --fix`: every fix of what was found, as one change. */
import { judgeAll } from "../../doctor.ts";
import type { Finding } from "../../finding.ts";
import { diagnose, isFound } from "../../plan/doctor/diagnose.ts";
import type { Evidence, Symptom } from "../../plan/doctor/evidence.ts";
import { repairOps } from "../../plan/doctor/repair.ts";
import type { Snapshot } from "../../plan/snapshot.ts";
import type { Context } from "../context.ts";
import { settle } from "../settle.ts";

/** Exit code as of every change; 1 when something is left that only a person can decide. */
export async function mend(context: Context, evidence: Evidence, asked: Symptom | null): Promise<number> {
  const { home, output } = context;
  const look = async (now: Snapshot) => diagnose({ ...evidence, config: await judgeAll(home, now) }, asked);
  const rowsIn = async (now: Snapshot) => (await look(now)).flatMap((diagnosis) => diagnosis.evidence);
  // What the change mends is no error any more.
  const mended = (await rowsIn(home.snapshot)).flatMap((row): Finding[] =>
    row.fix ? [{ ...row, severity: "info" }] : [],
  );
  const plan = home.plan(await repairOps(home.snapshot, rowsIn), mended);
  const after = home.snapshot.after(plan.changes);
  const exit = await settle(context, plan, { command: asked === null ? "doctor --fix" : `doctor --fix ${asked}` });
  const left = (await look(after)).filter(({ evidence: rows }) =>
    isFound(rows.filter(({ file }) => file !== undefined)),
  );
  const unmended = left.filter(({ evidence: rows }) =>
    rows.some((row) => row.severity !== "info" && row.fix === undefined),
  );
  for (const { symptom } of unmended) output.say(`not mended: ${symptom}; see: codex-cfg doctor --symptom ${symptom}`);
  return exit === 0 && unmended.length > 0 ? 1 : exit;
}

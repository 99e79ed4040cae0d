/** `codex-cfg doctor --fix`: every fix of what was found, as one change. */

import { judgeAll } from "../check/check-home.ts";
import type { Context } from "../cli/context.ts";
import { settle } from "../cli/settle.ts";
import { loadShape } from "../codex/load-schema.ts";
import { diagnose, isFound } from "../doctor/diagnose.ts";
import type { Evidence, Symptom } from "../doctor/evidence.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { isOpen, repair } from "./fix-findings.ts";
import { migrate } from "./migrate/to-files.ts";

/** Exit code as of every change; 1 when something is left that only a person can decide. */
export async function mend(context: Context, evidence: Evidence, asked: Symptom | null): Promise<number> {
  const { home, output } = context;
  const { codex, profileFiles: files } = home;
  const shape = await loadShape();
  const look = async (now: Snapshot) => diagnose({ ...evidence, config: (await judgeAll(home, now)).findings }, asked);
  const { findings, ops, refusal } = await repair(
    home.snapshot,
    async (now) => (await look(now)).flatMap((diagnosis) => diagnosis.evidence),
    (snapshot) => migrate({ rename: new Map(), asDefault: false }, { codex, files, shape, snapshot }),
  );
  const plan = home.plan(ops, findings);
  const after = home.snapshot.after(plan.changes);
  const exit = await settle(context, plan, { command: asked === null ? "doctor --fix" : `doctor --fix ${asked}` });
  const left = (await look(after)).filter(({ evidence: rows }) =>
    isFound(rows.filter(({ file }) => file !== undefined)),
  );
  const unmended = left.filter(({ evidence: rows }) => rows.some((row) => isOpen(row, after)));
  for (const { symptom } of unmended)
    output.say(`not mended: ${symptom}; see: ${output.command(["doctor", "--symptom", symptom])}`);
  if (refusal)
    output.say(`profiles stay where they are: ${[refusal.message, ...output.hints(refusal.hints)].join("; ")}`);
  return exit === 0 && unmended.length > 0 ? 1 : exit;
}

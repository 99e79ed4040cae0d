/**
 * From what was seen on a machine to what is wrong with it: one diagnosis a symptom, each with its evidence and the
 * first thing to do. What is looked at is gathered in `gather.ts`, and sorted by the rules of `symptoms.ts`.
 */
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { type Evidence, SYMPTOMS, type Symptom } from "./evidence.ts";
import { type GatherOptions, gatherEvidence } from "./gather.ts";
import { RULES } from "./symptoms.ts";

export type Diagnosis = {
  readonly symptom: Symptom;
  readonly evidence: readonly Finding[];
  /** The first thing to do. */
  readonly action: Finding;
};

/** Which symptom to look at, whether it is found or not; and what {@link gatherEvidence} takes. */
export type DiagnoseOptions = Partial<GatherOptions> & { readonly symptom?: Symptom | undefined };

/** What was seen on this machine, and what is wrong by it. Throws what reading the home throws; changes nothing. */
export async function diagnose(
  home: Home,
  { log, network = false, symptom }: DiagnoseOptions = {},
): Promise<{ readonly evidence: Evidence; readonly diagnoses: readonly Diagnosis[] }> {
  const evidence = await gatherEvidence(home, { log, network });
  return { evidence, diagnoses: diagnosesOf(evidence, symptom) };
}

/** What is wrong, and of a symptom that was asked for what is known, wrong or not. */
export function diagnosesOf(evidence: Evidence, asked?: Symptom): Diagnosis[] {
  const wanted = asked === undefined ? SYMPTOMS : [asked];
  return wanted.flatMap((symptom): Diagnosis[] => {
    const { action, rows } = RULES[symptom];
    const found = rows(evidence);
    if (asked === undefined && !isFound(found)) return [];
    return [{ symptom, evidence: found, action: action(evidence, found) }];
  });
}

/** Notes alone make no symptom. */
export function isFound(rows: readonly Finding[]): boolean {
  return rows.some(({ severity }) => severity !== "info");
}

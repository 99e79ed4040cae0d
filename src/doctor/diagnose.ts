/**
 * From what was seen on a machine to what is wrong with it: one diagnosis a symptom, each with its evidence and the
 * first thing to do. Pure; what is looked at is gathered in `doctor.ts`.
 */
import type { Finding } from "../findings/finding.ts";
import { type Evidence, SYMPTOMS, type Symptom } from "./evidence.ts";
import { RULES } from "./symptoms.ts";

export type Diagnosis = {
  readonly symptom: Symptom;
  readonly evidence: readonly Finding[];
  /** The first thing to do. */
  readonly action: Finding;
};

/** What is wrong, and of a symptom that was asked for what is known, wrong or not. */
export function diagnose(evidence: Evidence, asked: Symptom | null): Diagnosis[] {
  const wanted = asked === null ? SYMPTOMS : [asked];
  return wanted.flatMap((symptom): Diagnosis[] => {
    const { action, rows } = RULES[symptom];
    const found = rows(evidence);
    if (asked === null && !isFound(found)) return [];
    return [{ symptom, evidence: found, action: action(evidence, found) }];
  });
}

/** Notes alone make no symptom. */
export function isFound(rows: readonly Finding[]): boolean {
  return rows.some(({ severity }) => severity !== "info");
}

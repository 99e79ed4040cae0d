/**
 * Makes diagnoses out of evidence: one for each symptom, with the rows that show it and the first thing to do. Knows neither
 * how evidence is gathered (`gather.ts`) nor the rules of a symptom (`symptoms.ts`).
 */
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { CfgError } from "../model/error.ts";
import { checkCall } from "../model/wish.ts";
import { type Evidence, SYMPTOMS, type Symptom } from "./evidence.ts";
import { type GatherOptions, gatherEvidence } from "./gather.ts";
import { RULES } from "./symptoms.ts";

export type Diagnosis = {
  readonly symptom: Symptom;
  readonly evidence: readonly Finding[];
  /** The first thing to do. */
  readonly action: Finding;
};

/** One symptom to report whether it is found or not, and the options of {@link gatherEvidence}. */
export type DiagnoseOptions = Partial<GatherOptions> & { readonly symptom?: Symptom | undefined };

/**
 * What was seen on this machine, and the symptoms that it shows. Throws what reading the home throws; changes nothing.
 */
export async function diagnose(
  home: Home,
  options: DiagnoseOptions = {},
): Promise<{ readonly evidence: Evidence; readonly diagnoses: readonly Diagnosis[] }> {
  checkCall("diagnose", home, options, { log: "text?", network: "flag?", symptom: "text?", watch: "texts?" });
  const { log, network = false, symptom, watch } = options;
  const evidence = await gatherEvidence(home, { log, network, watch });
  return { evidence, diagnoses: diagnosesOf(evidence, symptom) };
}

/** The symptoms that are found; for one that was asked for, what is known of it even if nothing is wrong.
 * Throws `unknown-name` for one that is none. */
export function diagnosesOf(evidence: Evidence, asked?: Symptom): Diagnosis[] {
  if (asked !== undefined && !SYMPTOMS.includes(asked))
    throw new CfgError("unknown-name", `symptom takes one of: ${SYMPTOMS.join(", ")}`);
  const wanted = asked === undefined ? SYMPTOMS : [asked];
  return wanted.flatMap((symptom): Diagnosis[] => {
    const { action, rows } = RULES[symptom];
    const found = rows(evidence);
    if (asked === undefined && !isFound(found)) return [];
    return [{ symptom, evidence: found, action: action(evidence, found) }];
  });
}

/** Whether rows show a symptom: notes alone do not. */
export function isFound(rows: readonly Finding[]): boolean {
  return rows.some(({ severity }) => severity !== "info");
}

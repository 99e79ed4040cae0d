/**
 * Ops and plans as a caller of the library hands them in, checked where no compiler did; and the proof that what a plan
 * leaves can be read, which it has whoever made it. Pure.
 */
import { checkRole } from "../codex/file-role.ts";
import type { Change } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { Op } from "../model/op.ts";
import { checkWish, type Kinds } from "../model/wish.ts";
import { parseDocument } from "../toml/document.ts";
import type { Plan } from "./plan.ts";
import { Snapshot } from "./snapshot.ts";

type Checked = { readonly [Name in Op["op"]]: Kinds<Extract<Op, { readonly op: Name }>> };

const ON_PATH = { op: "text", file: "text", path: "key path" } as const;
const OPS: Checked = {
  set: { ...ON_PATH, value: "value", spelling: "text?", comment: "texts?" },
  unset: { ...ON_PATH, comments: "flag?", header: "flag?", keep: "texts?" },
  move: { ...ON_PATH, to: "object" },
  reinsert: { ...ON_PATH, from: "key path?", image: "text" },
  splice: { op: "text", file: "text", splices: "list", joins: "list?" },
  write: { op: "text", file: "text", text: "text or null", image: "flag?" },
};

/** Throws `usage` for what are no steps of a plan. */
export function checkSteps(steps: readonly (readonly Op[])[]): void {
  for (const step of steps) {
    checkWish("plan", { step }, { step: "list" });
    for (const op of step) {
      checkWish<{ readonly op: string }>("op", op, { op: "text" });
      if (!Object.hasOwn(OPS, op.op)) throw new CfgError("usage", `op takes one of: ${Object.keys(OPS).join(", ")}`);
      checkWish<object>(`op ${op.op}`, op, OPS[op.op] as Kinds<object>);
      checkRole(op.file);
      if (op.op !== "move") continue;
      checkWish("op move", op.to, { file: "text", path: "key path" });
      checkRole(op.to.file);
    }
  }
}

/** Throws `usage` for what is no plan of a home. */
export function checkPlan(plan: Plan): void {
  checkWish<Omit<Plan, "before" | "after">>("plan", plan, {
    purpose: "object",
    steps: "list",
    changes: "list",
    findings: "list",
  });
  checkWish<Plan["purpose"]>("plan", plan.purpose, {
    command: "text",
    preset: "text?",
    reverts: "texts?",
    kept: "list?",
    bisect: "object?",
    merged: "texts?",
  });
  const { bisect, kept = [] } = plan.purpose;
  for (const place of kept) checkWish("kept", place, { file: "text", path: "key path" });
  if (bisect) checkWish("bisect", bisect, { servers: "texts", answers: "list", testing: "texts" });
  for (const answer of bisect?.answers ?? []) checkWish("answer", answer, { on: "texts", fails: "flag" });
  for (const finding of plan.findings) checkWish<{ readonly code: string }>("finding", finding, { code: "text" });
  for (const side of [plan.before, plan.after])
    if (!(side instanceof Snapshot)) throw new CfgError("usage", "plan: its files before and after are missing");
  for (const change of plan.changes) {
    checkWish("change", change, { file: "text", before: "text or null", after: "text or null" });
    checkRole(change.file);
    // The others stand for a byte that is no character, in a file as it was.
    if (/[\uD800-\uDC7F\uDD00-\uDFFF]/u.test(`${change.before}${change.after}`))
      throw new CfgError("usage", "change: a text holds half a character");
  }
}

/**
 * Throws `invalid-toml` for a change that no plan makes: what it leaves is neither TOML nor, by `isImage`, an earlier text
 * of that file. A plan is data and may have been altered since its edits were verified.
 */
export function refuseUnreadable({ after, changes }: Plan, isImage: (change: Change) => boolean): void {
  for (const change of changes) {
    const { file } = change;
    if (change.after === null) continue;
    const isVerified = change.after === after.text(file) && after.readable(file) !== null;
    if (!isVerified && !isImage(change)) parseDocument(change.after, file);
  }
}

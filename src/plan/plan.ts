/**
 * Ops and a snapshot in, the exact change of every file out. Pure: the plan is the preview, and the commit takes the
 * very same changes. Knows op and document, not the disk.
 */
import type { Change, Touch } from "../change.ts";
import { fileName } from "../codex/layout.ts";
import { CfgError } from "../errors.ts";
import type { Finding } from "../finding.ts";
import type { FileRole, KeyPath, Op, TomlValue } from "../op.ts";
import { type Document, parseDocument } from "../toml/document.ts";
import type { Edit } from "../toml/edit.ts";
import { isTable, renderKey, sameValue, valueAt } from "../toml/value.ts";
import { checkWritable } from "../toml/writable.ts";
import { deltas } from "./delta.ts";
import { documentsOf, withDocuments } from "./documents.ts";
import { invert } from "./invert.ts";
import type { Snapshot } from "./snapshot.ts";

export type Plan = {
  readonly ops: readonly Op[];
  /** Only files that really change; empty when there is nothing to do. */
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
};

/** Applies ops to a snapshot, each file proved. Throws what the edits throw; nothing has happened then. */
export function planOps(ops: readonly Op[], snapshot: Snapshot, findings: readonly Finding[] = []): Plan {
  const files = [...new Set(ops.flatMap((op) => (op.op === "move" ? [op.file, op.to.file] : [op.file])))];
  const changes = files.flatMap((file): Change[] => {
    const before = snapshot.text(file);
    const result = documentAfter(file, ops, snapshot);
    const after = typeof result === "object" && result !== null ? result.text : result;
    // An empty file comes into being only where somebody asks for just that.
    const isNothing = before === null && after === "" && !ops.some((op) => op.op === "write" && op.file === file);
    if (after === before || isNothing) return [];
    const edited = typeof result === "object" ? result : undefined;
    return [withDocuments({ file, before, after }, edited ? { before: snapshot.document(file), after: edited } : {})];
  });
  return { ops, changes, findings };
}

/**
 * The same ops on files that have moved on since; a file that was to be replaced as a whole gets what would have changed
 * in it, value by value. Throws `stale-plan` unless every path they touch still holds what the plan saw there, or holds
 * already what the plan would put there.
 */
export function replan(plan: Plan, seen: Snapshot, now: Snapshot): Plan {
  const wanted = seen.after(plan.changes);
  const ops = plan.ops.flatMap((op): readonly Op[] => {
    if (op.op !== "write") return [op];
    const { file } = op;
    if ([seen, wanted].some((side) => side.text(file) === now.text(file))) return [op];
    // As if the plan had been made the other way round before, and were to be taken back.
    const merged = invert([{ file, before: op.text, after: seen.text(file) }], now);
    for (const { path } of merged.conflicts) throw stale(file, path);
    return merged.ops;
  });
  for (const op of ops) {
    if (op.op === "write") continue;
    for (const { file, path } of op.op === "move" ? [op, op.to] : [op]) {
      const value = now.document(file).get(path);
      if (![seen, wanted].some((side) => sameValue(side.document(file).get(path), value))) throw stale(file, path);
    }
  }
  return planOps(ops, now, plan.findings);
}

/** The paths that a plan alters, as history remembers them. */
export function touchesOf(changes: readonly Change[]): Touch[] {
  return changes.flatMap((change): Touch[] => {
    const { after: now, before: old } = documentsOf(change);
    const { file } = change;
    // Of a text that did not parse nobody can say what it said.
    if (!old || !now) return [{ file, path: [], kind: "changed" }];
    return deltas(old.data, now.data).map(({ path, kind }) => ({ file, path, kind }));
  });
}

/** What becomes of a file: the document edited, or the text that takes its place. */
function documentAfter(file: FileRole, ops: readonly Op[], snapshot: Snapshot): Document | string | null {
  const whole = ops.find((op) => op.op === "write" && op.file === file);
  if (whole?.op === "write") {
    if (whole.text !== null && !whole.image) {
      parseDocument(whole.text, file);
      checkWritable([fileName(file)], whole.text);
    }
    return whole.text;
  }
  return snapshot.document(file).edit(ops.flatMap((op) => editsOf(op, file, snapshot)));
}

/** What one op means for one file. */
function editsOf(op: Op, file: FileRole, snapshot: Snapshot): Edit[] {
  if (op.op === "move") return editsOfMove(op, file, snapshot);
  return op.file !== file || op.op === "write" ? [] : [op];
}

type Move = Extract<Op, { op: "move" }>;

function editsOfMove({ file: source, path, to }: Move, file: FileRole, snapshot: Snapshot): Edit[] {
  const from = snapshot.document(source);
  const value = from.get(path);
  if (value === undefined) return [];
  // A key comes under its own name.
  const target = isTable(value) ? to.path : [...to.path, ...path.slice(-1)];
  if (source === to.file && staysPut(path, value, target)) return [];
  const edits: Edit[] = [];
  if (to.file === file) edits.push({ op: "put", path: to.path, fragment: from.fragment(path), eol: from.source.eol });
  if (source === file) edits.push({ op: "unset", path, comments: true, tail: true });
  return edits;
}

/** Whether a value is at its target already. Throws `unsupported-edit` where taking it out would take out what was put. */
function staysPut(path: KeyPath, value: TomlValue, target: KeyPath): boolean {
  if (isInside(target, path)) {
    if (target.length === path.length) return true;
    throw new CfgError("unsupported-edit", `${renderKey(path)} cannot move into itself`);
  }
  if (isInside(path, target) && valueAt(value, path.slice(target.length)) !== undefined)
    throw new CfgError("unsupported-edit", `${renderKey(path)} holds something that would come into its place`);
  return false;
}

function isInside(path: KeyPath, table: KeyPath): boolean {
  return table.every((part, i) => part === path[i]);
}

function stale(file: FileRole, path: KeyPath): CfgError {
  const what = path.length === 0 ? "the file" : renderKey(path);
  return new CfgError("stale-plan", `${what} has changed since the preview; nothing was written`, {
    path: fileName(file),
    hints: ["run the same command again to see the new preview"],
  });
}

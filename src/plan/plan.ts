/**
 * Turns ops and a snapshot into the exact change of every file. Pure: the preview shows these changes, and the commit writes
 * the same ones. Knows op and document, not the disk.
 */

import { fileName } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Change, Label, Touch } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, KeyPath, Op, TomlValue } from "../model/op.ts";
import { type Document, parseDocument } from "../toml/document.ts";
import type { Edit } from "../toml/edit.ts";
import { corrected } from "../toml/slips/read-tolerantly.ts";
import { isTable, renderKey, sameValue, valueAt } from "../toml/value.ts";
import { checkWritable } from "../toml/writable.ts";
import { invert } from "./invert.ts";
import { type Snapshot, textOf } from "./snapshot.ts";
import { valueChanges } from "./value-changes.ts";

/** What history is to remember of a plan: the command and, where they apply, its preset, its reverts, its search. */
export type Purpose = Omit<Label, "touched">;

/**
 * What is going to happen, before it does. Steps are applied one after the other, each on what the one before it leaves; the
 * ops of one step all count from the same texts.
 */
export type Plan = {
  readonly purpose: Purpose;
  readonly steps: readonly (readonly Op[])[];
  /** Only files that really change; empty when there is nothing to do. */
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  /** The files as the plan found them, and as it leaves them. */
  readonly before: Snapshot;
  readonly after: Snapshot;
};

/** What steps make of a home's files. */
export type Outcome = Pick<Plan, "changes" | "before" | "after">;

/** Applies steps to files and verifies each edited file in each step. Throws what the edits throw. Writes nothing. */
export function applySteps(steps: readonly (readonly Op[])[], before: Snapshot): Outcome {
  const after = steps.reduce((files, ops) => applyOps(ops, files), before);
  const touched = [...new Set(steps.flat().flatMap(filesOf))];
  const changes = touched.flatMap((file): Change[] => {
    const [old, now] = [before.text(file), after.text(file)];
    return old === now ? [] : [{ file, before: old, after: now }];
  });
  return { changes, before, after };
}

/**
 * What the same steps make of files that have changed since; of a file that was to be replaced as a whole, only
 * the values that would have changed are written. Throws `stale-plan` unless every path that a step touches still holds
 * what the plan saw there, or already what the plan would write there.
 */
export function replan(plan: Pick<Plan, "steps" | "before">, now: Snapshot): Outcome {
  let seen = plan.before;
  const steps: (readonly Op[])[] = [];
  let moved = now;
  for (const ops of plan.steps) {
    const wanted = applyOps(ops, seen);
    const fresh = ops.flatMap((op) => rebaseWrite(op, seen, wanted, moved));
    for (const op of fresh) refuseStale(op, seen, wanted, moved);
    steps.push(fresh);
    moved = applyOps(fresh, moved);
    seen = wanted;
  }
  return applySteps(steps, now);
}

/** The paths that a plan alters, as history remembers them. */
export function touchesOf({ after, before, changes }: Outcome): Touch[] {
  return changes.flatMap(({ file }): Touch[] => {
    const [old, now] = [before.readable(file), after.readable(file)];
    // The keys of a text that does not parse are not known, so the whole file counts as changed.
    if (!old || !now) return [{ file, path: [], kind: "changed" }];
    return valueChanges(old.data, now.data).map(({ path, kind }) => ({ file, path, kind }));
  });
}

/** The ops for a file that was to be replaced as a whole and has changed since: value by value, as a revert does it. */
function rebaseWrite(op: Op, seen: Snapshot, wanted: Snapshot, now: Snapshot): readonly Op[] {
  if (op.op !== "write") return [op];
  const { file } = op;
  if ([seen, wanted].some((side) => side.text(file) === now.text(file))) return [op];
  const merged = invert([{ file, before: op.text, after: seen.text(file) }], now);
  for (const { path } of merged.conflicts) throw stale(file, path);
  return merged.ops;
}

function refuseStale(op: Op, seen: Snapshot, wanted: Snapshot, now: Snapshot): void {
  if (op.op === "write") return;
  if (op.op === "splice") {
    // Places in a text mean nothing in another text.
    if (seen.text(op.file) !== now.text(op.file)) throw stale(op.file, []);
    return;
  }
  for (const { file, path } of op.op === "move" ? [op, op.to] : [op]) {
    const value = now.document(file).get(path);
    if (![seen, wanted].some((side) => sameValue(side.document(file).get(path), value))) throw stale(file, path);
  }
}

function filesOf(op: Op): FileRole[] {
  return op.op === "move" ? [op.file, op.to.file] : [op.file];
}

/** The files after the ops of one step. */
function applyOps(ops: readonly Op[], files: Snapshot): Snapshot {
  const results = [...new Set(ops.flatMap(filesOf))].flatMap((file): [FileRole, Document | string | null][] => {
    const before = files.text(file);
    const result = contentAfter(file, ops, files);
    // An empty new file is created only by a `write` op.
    const isAsked = ops.some((op) => op.op === "write" && op.file === file);
    return before === null && textOf(result) === "" && !isAsked ? [] : [[file, result]];
  });
  return files.with(new Map(results));
}

/** The file after the ops: its edited document, or the text that replaces it. */
function contentAfter(file: FileRole, ops: readonly Op[], files: Snapshot): Document | string | null {
  const whole = ops.find((op) => op.op === "write" && op.file === file);
  if (whole?.op === "write") {
    if (whole.text !== null && !whole.image) {
      checkWritable([fileName(file)], whole.text);
      parseDocument(whole.text, file);
    }
    return whole.text;
  }
  const corrections = ops.flatMap((op) => (op.op === "splice" && op.file === file ? [op] : []));
  const splices = corrections.flatMap((op) => op.splices);
  const joins = corrections.flatMap((op) => op.joins ?? []);
  const document =
    corrections.length > 0
      ? parseDocument(corrected(files.text(file) ?? "", splices, joins), fileName(file))
      : files.document(file);
  return document.edit(ops.flatMap((op) => editsOf(op, file, files)));
}

/** The edits that one op makes in one file. */
function editsOf(op: Op, file: FileRole, files: Snapshot): Edit[] {
  if (op.op === "move") return editsOfMove(op, file, files);
  return op.file !== file || op.op === "write" || op.op === "splice" ? [] : [op];
}

type Move = Extract<Op, { op: "move" }>;

function editsOfMove({ copy = false, file: source, path, to }: Move, file: FileRole, files: Snapshot): Edit[] {
  const from = files.document(source);
  const value = from.get(path);
  if (value === undefined) return [];
  // A table is merged into the target; a key is put below it under its own name.
  const target = isTable(value) ? to.path : [...to.path, ...path.slice(-1)];
  if (source === to.file && staysPut(path, value, target)) return [];
  const edits: Edit[] = [];
  if (to.file === file) edits.push({ op: "put", path: to.path, fragment: from.fragment(path), eol: from.source.eol });
  if (source === file && !copy) edits.push({ op: "unset", path, comments: true, tail: true });
  return edits;
}

/**
 * Whether a value is at its target already. Throws `unsupported-edit` where removing the old path would remove the new
 * one, too.
 */
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

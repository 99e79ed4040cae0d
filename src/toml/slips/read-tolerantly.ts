/**
 * Reads what can be read of a text that does not parse. Slips with one reading are read that way; others are passed over up
 * to the next line that begins a key or a header. The second parser has the last word.
 */

import { CfgError, orNull } from "../../model/error.ts";
import type { Join, KeyPath, Splice } from "../../model/op.ts";
import { Document } from "../document.ts";
import type { LineIndex } from "../line-index.ts";
import { lineStartsOf, readToml } from "../read.ts";
import type { Range } from "../scan.ts";
import { CONTROLS } from "./characters.ts";
import type { Collision, Place } from "./collisions.ts";
import { joined, type Keep, MOST_JOINS, waysOut, withJoins } from "./joins.ts";
import { commented } from "./lines.ts";
import type { Expects, Reading, ReadingName, Slip } from "./slip.ts";
import { type Statement, statementsOf } from "./statements.ts";
import { originOf, type Traced, type TracedSplice, untouched, withSplices } from "./traced.ts";

/** A text as far as it can be read. */
export type Tolerant = {
  /** What can be read. Its text is another one than the file's, its places are those in the file. */
  readonly document: Document;
  /** In the order of the text; empty for a text that parses. */
  readonly slips: readonly Slip[];
};

/** A limit: of a text with more places that only the parser refuses, or more definitions of one key, nothing is read. */
const MOST = 100;

/**
 * `expects` says what a key takes, where somebody knows; `name` is the file that an error names. Throws `unsafe-file` alone,
 * where names lead too deep.
 */
export function readTolerantly(text: string, expects: Expects = () => null, name = ""): Tolerant {
  let statements: readonly Statement[] =
    text.includes("\0") && isNothing(text) ? [nothing(text)] : statementsOf(text, expects);
  for (let i = 0; i < MOST; i++) {
    const start = withSplices(untouched(text), splicesOf(text, statements));
    const { now, slips } = withoutCollisions(start, expects);
    if (slips.length >= MOST_JOINS) break;
    const all = [...statements.flatMap((one) => folded(one.slips)), ...slips].sort((a, b) => a.at - b.at);
    const origin = { text, at: (offset: number) => originOf(now, offset) };
    try {
      return {
        document: new Document(now.text, readToml(now.text, name), undefined, origin),
        slips: withoutVain(text, all),
      };
    } catch (error) {
      if (!(error instanceof CfgError) || error.code !== "invalid-toml") throw error;
      const offset = (lineStartsOf(now.text)[(error.line ?? 1) - 1] ?? 0) + (error.column ?? 1) - 1;
      const refused = withRefused(text, statements, originOf(now, offset));
      if (!refused) return { document: new Document("", {}, undefined, origin), slips: all.map(unsure) };
      statements = refused;
    }
  }
  const range = { start: 0, end: text.length };
  const slip: Slip = { kind: "unreadable", ...range, at: 0, found: null, readings: [], isSure: false, path: [] };
  return { document: new Document("", {}), slips: [slip] };
}

/** Of a text that does not parse even so, nothing is sure. */
function unsure(slip: Slip): Slip {
  return { ...slip, isSure: false };
}

/** Whether a crash has left no text at all. */
function isNothing(text: string): boolean {
  return text.replace(CONTROLS, "").trim() === "";
}

function nothing(text: string): Statement {
  const range = { start: 0, end: text.length };
  const readings: Reading[] = [{ as: "empty", splices: [{ ...range, text: "" }] }];
  const slip: Slip = { kind: "nul", ...range, at: 0, found: null, readings, isSure: false, path: [] };
  return { kind: "other", ...range, slips: [slip] };
}

/** The text after readings that somebody has chosen. */
export function corrected(text: string, splices: readonly Splice[], joins: readonly Join[]): string {
  const now = withSplices(untouched(text), splices);
  // What still does not parse cannot be joined either; whoever wants to use it parses it.
  return joins.length === 0 ? now.text : (orNull(() => withJoins(now, joins)) ?? now).text;
}

/** Of the only slip that is in doubt, the readings that make a text that parses. */
function withoutVain(text: string, slips: readonly Slip[]): readonly Slip[] {
  const doubtful = slips.filter(({ isSure }) => !isSure);
  if (doubtful.length !== 1) return slips;
  const sure = slips.flatMap(({ isSure, readings }) => (isSure ? readings.slice(0, 1) : []));
  const parses = (reading: Reading) => {
    const all = [...sure, reading];
    const made = corrected(
      text,
      all.flatMap(({ splices }) => splices),
      all.flatMap(({ joins }) => joins ?? []),
    );
    return orNull(() => readToml(made, "")) !== null;
  };
  return slips.map((slip) => (slip.isSure ? slip : { ...slip, readings: slip.readings.filter(parses) }));
}

/** A text with blanks in the place of each statement that has a slip, and where those are; what goes below one goes with it. */
export function withoutSlips(text: string): { readonly text: string; readonly passed: readonly Range[] } {
  const unsure = statementsOf(text, () => null).map((one) => ({
    ...one,
    slips: one.slips.map((slip) => ({ ...slip, isSure: false })),
  }));
  const splices = splicesOf(text, unsure);
  return { text: withSplices(untouched(text), splices).text, passed: splices };
}

/** What makes a text readable: the readings that are sure, and blanks in the place of the rest. */
function splicesOf(text: string, statements: readonly Statement[]): TracedSplice[] {
  const splices: TracedSplice[] = [];
  let passed = 0;
  for (const [i, { kind, slips, ...range }] of statements.entries()) {
    if (range.start < passed || slips.length === 0) continue;
    if (slips.every(({ isSure }) => isSure)) {
      splices.push(...slips.flatMap(({ readings }) => readings[0]?.splices ?? []));
      continue;
    }
    const opens = kind === "header" || /^[ \t]*\[/m.test(text.slice(range.start, range.end));
    const next = opens ? statements.slice(i + 1).find((one) => one.kind === "header" && one.start >= range.end) : null;
    const end = opens ? (next?.start ?? text.length) : range.end;
    splices.push({ start: range.start, end, text: blank(text.slice(range.start, end)), from: range.start });
    passed = end;
  }
  return splices;
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ").replace(/\r(?!\n)/g, " ");
}

/** Sure slips of one kind that follow each other in a statement are one, at the place of the first. */
function folded(slips: readonly Slip[]): Slip[] {
  const found: Slip[][] = [];
  for (const slip of slips) {
    const same = found.at(-1);
    if (same?.[0]?.kind === slip.kind && same[0].isSure && slip.isSure) same.push(slip);
    else found.push([slip]);
  }
  return found.flatMap((same): Slip[] => {
    const [first, ...more] = same;
    if (!first || more.length === 0) return same;
    const splices = same.flatMap(({ readings }) => readings[0]?.splices ?? []);
    const end = same.reduce((last, slip) => Math.max(last, slip.end), first.end);
    return [{ ...first, end, readings: [{ as: first.readings[0]?.as ?? "correct", splices }] }];
  });
}

/** The statements with one more that cannot be read, at a place where the parser refuses the text; null for none there. */
function withRefused(text: string, statements: readonly Statement[], offset: number): readonly Statement[] | null {
  const i = statements.findLastIndex(({ start }) => start <= offset);
  const refused = statements[i];
  if (!refused || refused.slips.some(({ isSure }) => !isSure)) return null;
  const range: Range = { start: refused.start, end: refused.end };
  const slip: Slip = {
    kind: "unreadable",
    ...range,
    at: Math.min(offset, range.end),
    found: null,
    readings: [{ as: "comment", splices: commented(text, range) }],
    isSure: false,
    path: refused.slips[0]?.path ?? [],
  };
  return statements.with(i, { ...refused, kind: refused.kind === "header" ? "header" : "lost", slips: [slip] });
}

const READING: Readonly<Record<Keep, ReadingName>> = {
  both: "both",
  first: "first",
  second: "second",
  "as-list": "as-list-of-tables",
  "as-table": "as-table",
  "by-name": "as-table",
};

/** Joins what goes together; of the rest the first definition is read. */
function withoutCollisions(start: Traced, expects: Expects): { readonly now: Traced; readonly slips: readonly Slip[] } {
  const slips: Slip[] = [];
  const decide = (collision: Collision, index: LineIndex, now: Traced): Keep => {
    const { isSure, keeps } = waysOut(collision, index, expects);
    const { first, path, second } = collision;
    const [other, at] = [first, second].map((place) => originOf(now, placeOf(place)));
    const readings = keeps.map((keep): Reading => ({ as: READING[keep], splices: [], joins: [{ path, keep }] }));
    const range = { start: Math.min(other ?? 0, at ?? 0), end: Math.max(other ?? 0, at ?? 0) };
    const found: Slip = {
      kind: "defined-twice",
      ...range,
      at: at ?? 0,
      other: other ?? 0,
      found: null,
      readings,
      isSure,
      path: path as KeyPath,
    };
    const last = slips.at(-1);
    // What becomes a table of the same kind may have to become one with the other as well.
    if (last?.at === at && last?.isSure && isSure) slips[slips.length - 1] = { ...last, readings: [both(last, found)] };
    else slips.push(found);
    return keeps[0] ?? "first";
  };
  try {
    return { now: joined(start, decide), slips };
  } catch (error) {
    // The scanner expects a text that parses; where this one does not, the parser says at which place.
    if (error instanceof CfgError && error.code === "internal") return { now: start, slips: [] };
    throw error;
  }
}

function both(one: Slip, other: Slip): Reading {
  const joins = [one, other].flatMap(({ readings }) => readings[0]?.joins ?? []);
  return { as: "both", splices: [], joins };
}

function placeOf({ entry, section }: Place): number {
  return entry?.start ?? section.key?.start ?? 0;
}

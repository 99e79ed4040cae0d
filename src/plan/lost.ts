/**
 * What a file has lost of its earlier states, and the ops that bring it back: every key with its last value, spelling,
 * comments and place, while what others added or changed since stays. Pure; does not know where states are kept.
 */
import { CfgError } from "../model/error.ts";
import type { FileRole, KeyPath, Op, TomlTable } from "../model/op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { readTolerantly, withoutSlips } from "../toml/slips/read-tolerantly.ts";
import { leavesOf, sameValue } from "../toml/value.ts";
import { isCut } from "./described.ts";
import { isBack, isPartOf, type LostUnit, lostUnits, reinsertsOf } from "./lost-units.ts";
import { valueChanges } from "./value-changes.ts";

/** What is wrong with a file of which something is lost; `keys`: it parses, and some of its keys are gone. */
export type LossKind = "missing" | "empty" | "nul" | "nuls" | "cut" | "unreadable" | "keys";

export type RecoverOptions = {
  /** Bring back these keys only; where they are there with another value, that one goes. */
  readonly only?: readonly KeyPath[] | undefined;
  /** Keys that stay away. */
  readonly except?: readonly KeyPath[];
  /** Keys that somebody has set or taken away on purpose since: of a file that parses they are not lost. */
  readonly decided?: readonly KeyPath[];
  /** Take the file as it was before the first loss, and drop what came since. */
  readonly whole?: boolean;
  /** Whether Codex loads the home with this text in the file; of two states that parse one that loads is preferred. */
  readonly loads?: (text: string) => boolean;
};

export type Recovered = {
  readonly file: FileRole;
  readonly kind: LossKind;
  readonly text: string;
  readonly steps: readonly (readonly Op[])[];
  /** What comes back. */
  readonly keys: readonly KeyPath[];
  /** How many values those are, and how many the file has as it is. */
  readonly values: { readonly back: number; readonly there: number };
  /** What stays of a file that does not parse, as far as that can be read. */
  readonly stays: readonly KeyPath[];
  /** What differs in a newer state that is not taken, because Codex does not load it. */
  readonly passedOver: readonly KeyPath[];
  /** What cannot come back into the file as it is now. */
  readonly stuck: readonly KeyPath[];
};

/** `states`: what the file held, the oldest first. Null where nothing of them is lost. */
export function recover(
  file: FileRole,
  states: readonly (string | null)[],
  now: string | null,
  options: RecoverOptions = {},
): Recovered | null {
  const distinct = [...new Set(states)].flatMap((text) => {
    const document = text === null || isBlank(text) ? null : documentOf(text);
    return document === null ? [] : [document];
  });
  // A state that comes again counts from the last time.
  const last = new Map(states.map((text, i) => [text, i]));
  const known = distinct.sort((a, b) => (last.get(a.text) ?? 0) - (last.get(b.text) ?? 0));
  const kind = kindOf(now, known);
  const present = now === null || isBlank(now) ? null : documentOf(now);
  const whole = options.whole ? beforeLoss(known, present) : null;
  if (whole) return whole.text === now ? null : asItWas(file, kind, whole, present);
  if (present !== null) return built({ file, kind, known, now, options, present, states }, null);
  // A state that lacks something may load again once older ones have been asked for it.
  let newest: Recovered | null = null;
  for (const base of [...known].reverse().slice(0, MOST_TRIED)) {
    const one = built({ file, kind, known, now, options, present, states }, base);
    if (one === null || !options.loads || options.loads(one.text)) return one ?? newest;
    newest ??= one;
  }
  return newest;
}

/** So many states are tried to find one that Codex loads. */
const MOST_TRIED = 8;

type Known = {
  readonly file: FileRole;
  readonly kind: LossKind;
  readonly known: readonly Document[];
  readonly states: readonly (string | null)[];
  readonly now: string | null;
  readonly present: Document | null;
  readonly options: RecoverOptions;
};

/** What comes back; `base` is the state that a file which does not parse starts from again. */
function built({ file, kind, known, now, options, present, states }: Known, base: Document | null): Recovered | null {
  const work: Work = {
    file,
    options,
    isBase: base !== null,
    cuts: [...new Set([...states, now])],
    steps: [],
    stuck: [],
  };
  if (base) work.steps.push([{ op: "write", file, text: base.text, image: true }]);
  let result = (base ?? present) as Document;
  const older = base ? known.slice(0, known.indexOf(base)) : known;
  for (const state of [...older].reverse()) result = broughtBack(work, state, result);
  if (base) result = without(work, result);
  const rest = base && kind !== "cut" ? salvaged(work, result, now) : { document: result, stays: [] };
  if (work.steps.length === 0) return null;
  const newest = known.at(-1);
  return {
    file,
    kind,
    text: rest.document.text,
    steps: work.steps,
    ...keysBack(present ?? readable(now), rest),
    stays: rest.stays,
    passedOver: base && newest && base !== newest ? changedKeys(base, newest) : [],
    stuck: work.stuck,
  };
}

/** What can be read of a text that does not parse, where nothing earlier is known; null for one that parses. */
export function salvage(file: FileRole, now: string): Recovered | null {
  if (documentOf(now) !== null && !isBlank(now)) return null;
  const kind = kindOf(now, []);
  const document = readableIn(now);
  const text = document.text
    .split("\n")
    .map((line) => (line.endsWith("\r") ? `${line.trimEnd()}\r` : line.trimEnd()))
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trimStart();
  const isNothing = Object.keys(document.data).length === 0;
  const steps: Op[][] = [[{ op: "write", file, text: isNothing ? null : `${text.trimEnd()}\n`, image: isNothing }]];
  const stays = valueChanges({}, document.data).map(({ path }) => path);
  return { file, kind, text, steps, keys: [], values: { back: 0, there: 0 }, stays, passedOver: [], stuck: [] };
}

export function isBlank(text: string): boolean {
  return /^[\s\0\ufeff]*$/.test(text);
}

type Work = {
  readonly file: FileRole;
  readonly options: RecoverOptions;
  /** The file does not parse and starts again from an earlier state. */
  readonly isBase: boolean;
  /** All states and the present one, among them those that are the beginning of another. */
  readonly cuts: readonly (string | null)[];
  readonly steps: Op[][];
  readonly stuck: KeyPath[];
};

function kindOf(now: string | null, known: readonly Document[]): LossKind {
  if (now === null) return "missing";
  if (now.includes("\0") && isBlank(now)) return "nul";
  if (isBlank(now)) return "empty";
  const text = now.replace(/\0+$/, "");
  if (known.some((state) => isCut(state.text, text))) return "cut";
  if (documentOf(now) !== null) return "keys";
  return now.includes("\0") ? "nuls" : "unreadable";
}

/** A file that does not parse as far as it can be read. */
function readable(now: string | null): Document | null {
  return now === null || isBlank(now) ? null : readableIn(now);
}

/** Lines with a slip are passed over, not corrected: what they were to say nobody knows. */
function readableIn(text: string): Document {
  return documentOf(withoutSlips(text).text) ?? readTolerantly(text).document;
}

/** The newest state from before the first time that something was lost. */
function beforeLoss(known: readonly Document[], present: Document | null): Document | null {
  const all = [...known, ...(present ? [present] : [])];
  const first = known.findIndex((state, i) => {
    const next = all[i + 1];
    return next === undefined || isCut(state.text, next.text) || lostUnits(state.data, next.data).length > 0;
  });
  return known[first] ?? null;
}

function asItWas(file: FileRole, kind: LossKind, state: Document, present: Document | null): Recovered {
  const steps: Op[][] = [[{ op: "write", file, text: state.text, image: true }]];
  const back = keysBack(present, { document: state, stays: [] });
  return { file, kind, text: state.text, steps, ...back, stays: [], passedOver: [], stuck: [] };
}

/** The file with what an earlier state has and it has not. */
function broughtBack(work: Work, state: Document, there: Document): Document {
  const { file, options, steps, stuck } = work;
  const all = [...lostUnits(state.data, there.data), ...remnants(work, state, there)];
  const except = [...(options.except ?? []), ...(work.isBase ? [] : (options.decided ?? []))];
  const units = all.flatMap((unit) => wantedOf(unit, state, { ...options, except }));
  for (const path of options.only ?? [])
    if (isChanged(path, state, there) && !units.some((unit) => isWithin(path, unit.path))) units.push({ path });
  // A comment at the end is no key, and comes back with the rest of a file that was cut.
  const isWhole = all.length === 0 && !options.only && except.length === 0 && isCut(state.text, there.text);
  if (units.length === 0 && !isWhole) return there;
  const isAll = units.length === all.length && units.every((unit, i) => unit === all[i]);
  if (isAll && isRestOf(there, state)) {
    steps.push([{ op: "write", file, text: state.text, image: true }]);
    return state;
  }
  let result = there;
  for (const unit of units) {
    if (isBack(unit, state, result)) continue;
    const after = firstOf(reinsertsOf(unit, state, result), result);
    if (after === null) {
      stuck.push(unit.path);
      continue;
    }
    steps.push([{ ...after.edit, file } as Op]);
    result = after.document;
  }
  return result;
}

type Edited = { readonly edit: Edit; readonly document: Document };

function firstOf(edits: readonly Edit[], there: Document): Edited | null {
  for (const edit of edits) {
    const after = edited(there, edit);
    if (after !== null) return after;
  }
  return null;
}

type Edit = Parameters<Document["edit"]>[0][number];

/** Null where an edit cannot be made in this file, or is not proven to do what it should: then another one is tried. */
function edited(document: Document, edit: Edit): Edited | null {
  try {
    const after = document.edit([edit]);
    return after === document ? null : { edit, document: after };
  } catch (error) {
    if (error instanceof CfgError) return null;
    throw error;
  }
}

/** A unit as far as it is wanted. */
function wantedOf(unit: LostUnit, state: Document, { except = [], only }: RecoverOptions): LostUnit[] {
  if (except.some((path) => isWithin(unit.path, path))) return [];
  const inside = except.filter((path) => isWithin(path, unit.path));
  const table = inside.length > 0 ? state.table(unit.path) : undefined;
  if (table !== undefined && (only === undefined || only.length === 0))
    return Object.keys(table).flatMap((name) => wantedOf({ path: [...unit.path, name] }, state, { except }));
  if (only === undefined || only.length === 0 || only.some((path) => isWithin(unit.path, path))) return [unit];
  return only.flatMap((path) => (isWithin(path, unit.path) && state.get(path) !== undefined ? [{ path }] : []));
}

function isChanged(path: KeyPath, state: Document, there: Document): boolean {
  const was = state.get(path);
  return was !== undefined && there.get(path) !== undefined && !sameValue(was, there.get(path));
}

/** Whether a path is another one or leads further. */
function isWithin(path: KeyPath, above: KeyPath): boolean {
  return above.length <= path.length && above.every((part, i) => part === path[i]);
}

/** The last key of a file that was cut, where it holds the shortened value still. */
function remnants({ cuts }: Work, state: Document, there: Document): LostUnit[] {
  return cuts.flatMap((text) => {
    const cut = isCut(state.text, text) ? documentOf(text ?? "") : null;
    if (cut === null) return [];
    return valueChanges(state.data, cut.data).flatMap(({ kind, path }) =>
      kind === "changed" && sameValue(cut.get(path), there.get(path)) ? [{ path }] : [],
    );
  });
}

/** Whether a file is an earlier state with nothing but lines missing, so that the state itself can come back. */
function isRestOf(there: Document, state: Document): boolean {
  if (isCut(state.text, there.text)) return true;
  if (!isPartOf(there.data, state.data)) return false;
  const lines = new Set(linesOf(state.text));
  return linesOf(there.text).every((line) => lines.has(line));
}

const linesOf = (text: string): string[] =>
  text
    .replace(/^\ufeff/, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** A base that came back as a whole, without the keys that are to stay away. */
function without({ file, options: { except = [] }, steps }: Work, result: Document): Document {
  return except.reduce((now, path) => {
    const after = now.get(path) === undefined ? null : edited(now, { op: "unset", path });
    if (after === null) return now;
    steps.push([{ op: "unset", file, path }]);
    return after.document;
  }, result);
}

/** What can be read of the present text, put over what comes back. */
function salvaged({ file, steps }: Work, result: Document, now: string | null) {
  if (now === null || isBlank(now)) return { document: result, stays: [] };
  const read = readableIn(now);
  const stays: KeyPath[] = [];
  let document = result;
  const changed = valueChanges(result.data, read.data).filter(({ kind }) => kind === "changed");
  for (const unit of [...lostUnits(read.data, result.data), ...changed.map(({ path }) => ({ path }))]) {
    const after = firstOf(reinsertsOf(unit, read, document), document);
    if (after === null) continue;
    steps.push([{ ...after.edit, file } as Op]);
    stays.push(unit.path);
    document = after.document;
  }
  return { document, stays };
}

function keysBack(
  present: Document | null,
  { document, stays }: { readonly document: Document; readonly stays: readonly KeyPath[] },
): Pick<Recovered, "keys" | "values"> {
  const isRead = (path: KeyPath) => stays.some((one) => isWithin(path, one) || isWithin(one, path));
  const data = present?.data ?? {};
  const changed = valueChanges(data, document.data).filter(({ kind }) => kind === "changed");
  const keys = [...lostUnits(document.data, data), ...changed].flatMap(({ path }) => (isRead(path) ? [] : [path]));
  const count = (table: TomlTable) => leavesOf(table).length;
  const there = count(data);
  return { keys, values: { back: count(document.data) - there, there } };
}

function changedKeys(a: Document, b: Document): KeyPath[] {
  return valueChanges(a.data, b.data).map(({ path }) => path);
}

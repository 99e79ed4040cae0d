/**
 * A text on its way to another one: splices that have nothing to do with each other share one scan, and a new round
 * begins where one needs to see what others have done.
 */
import type { KeyPath } from "../model/op.ts";
import { lastWhere } from "./outline.ts";
import { applySplices, Source, type Splice } from "./source.ts";
import { nodeAt } from "./tree.ts";

/** Paths as a tree, part by part; each of them ends in a leaf. */
type Paths = Map<string | number, Paths>;

/** `reach` is how far it has a say. */
type Pending = Splice & { readonly reach: number };

const LEAF: Paths = new Map();
const LF = 10;

export class Rewrite {
  readonly #first: Source;
  #source: Source;
  #pending: Pending[] = [];
  /** No pending splice reaches behind this. */
  #reach = -1;
  /** What the pending splices are about. */
  #paths: Paths | undefined;
  /** How much of the first text is still there at either end, once there was more than one round. */
  #front = Number.POSITIVE_INFINITY;
  #back = Number.POSITIVE_INFINITY;

  constructor(source: Source) {
    this.#first = source;
    this.#source = source;
  }

  /** What the next splices are computed against. */
  get source(): Source {
    return this.#source;
  }

  /** Lets what comes next see all that has been done to `path`, to what is above it and to what is below. */
  turnTo(path: KeyPath): void {
    if (this.#isTaken(path)) this.#settle();
  }

  /** Adds what `compute` finds to do about `path`, after a new scan where there is nothing to find without one. */
  add(path: KeyPath, compute: (source: Source) => Splice[]): void {
    let splices = compute(this.#source).map((splice) => this.#withReach(splice));
    if (splices.length === 0 || splices.some((splice) => this.#touches(splice))) {
      this.#settle();
      splices = compute(this.#source).map((splice) => this.#withReach(splice));
    }
    this.#pending.push(...splices);
    for (const { reach } of splices) this.#reach = Math.max(this.#reach, reach);
    if (splices.length > 0) this.#take(path);
  }

  /** What it comes to for the first text, all at once. */
  get splices(): readonly Splice[] {
    if (this.#source === this.#first) return this.#pending;
    this.#settle();
    const { text } = this.#source;
    const end = this.#first.text.length - this.#back;
    return [{ start: this.#front, end, text: text.slice(this.#front, text.length - this.#back) }];
  }

  #settle(): void {
    if (this.#pending.length === 0) return;
    const { text } = this.#source;
    for (const { start, end } of this.#pending) {
      this.#front = Math.min(this.#front, start);
      this.#back = Math.min(this.#back, text.length - end);
    }
    this.#source = new Source(applySplices(text, this.#pending), this.#source.eol);
    this.#pending = [];
    this.#paths = undefined;
    this.#reach = -1;
  }

  #take(path: KeyPath): void {
    const scope = scopeOf(path);
    this.#paths ??= new Map();
    let at = this.#paths;
    for (const [i, part] of scope.entries()) {
      const below = at.get(part) ?? (i + 1 < scope.length ? new Map() : LEAF);
      at.set(part, below);
      if (below === LEAF) return;
      at = below;
    }
  }

  /** Whether a pending splice is about `path`, what is above it or below it, or brings into being what both need. */
  #isTaken(path: KeyPath): boolean {
    if (!this.#paths) return false;
    const scope = scopeOf(path);
    let at: Paths | undefined = this.#paths;
    let shared = 0;
    for (; at && at.size > 0 && shared < scope.length; shared++) at = at.get(scope[shared] as string | number);
    return at !== undefined || !nodeAt(this.#source.root, scope.slice(0, shared - 1));
  }

  #touches({ reach, start }: Pending): boolean {
    return start <= this.#reach && this.#pending.some((other) => start <= other.reach && other.start <= reach);
  }

  /** Blank lines and comments behind whole lines belong to what is above or below, so they count as part of either. */
  #withReach({ end, start, text }: Splice): Pending {
    const { lines } = this.#source;
    if (end > lines.textStart(0) && lines.text.charCodeAt(end - 1) !== LF) return { end, start, text, reach: end };
    let line = lastWhere(lines.length, (index) => lines.start(index) <= end);
    while (lines.kind(line) === "comment" || lines.kind(line) === "blank") line++;
    return { end, start, text, reach: Math.max(end, lines.start(line)) };
  }
}

/** Where an element comes or goes, those behind it move: it stands for all of them. */
function scopeOf(path: KeyPath): KeyPath {
  return typeof path.at(-1) === "number" ? path.slice(0, -1) : path;
}

/**
 * A text on its way to another one: splices that have nothing to do with each other share one scan, and a new round
 * begins where one needs to see what others have done.
 */
import { applySplices, Source, type Splice } from "./source.ts";

export class Rewrite {
  readonly #first: Source;
  #source: Source;
  #pending: Splice[] = [];
  /** No pending splice reaches behind this. */
  #reach = -1;
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

  /** Adds what `compute` finds to do, after a new scan where it has to be or where there is nothing to find without one. */
  add(compute: (source: Source) => Splice[]): void {
    let splices = compute(this.#source);
    if (splices.length === 0 || splices.some((splice) => this.#touches(splice))) {
      this.#settle();
      splices = compute(this.#source);
    }
    this.#pending.push(...splices);
    for (const { end } of splices) this.#reach = Math.max(this.#reach, end);
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
    this.#reach = -1;
  }

  #touches({ end, start }: Splice): boolean {
    return start <= this.#reach && this.#pending.some((other) => start <= other.end && other.start <= end);
  }
}

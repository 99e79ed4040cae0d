/**
 * What is wrong with a text that does not parse, as data: where, of which kind, and how it can be read. Knows neither how
 * slips are found nor how they are told.
 */
import type { Join, KeyPath, Splice } from "../../model/op.ts";
import type { SlipKind } from "../../model/slip.ts";
import type { Range } from "../scan.ts";

/** How a reading takes the text; `comment` keeps it without effect. */
export type ReadingName =
  | "as-text"
  | "as-true"
  | "as-false"
  | "as-list"
  | "as-one"
  | "as-number"
  | "as-table"
  | "as-list-of-tables"
  | "close"
  | "close-before-comment"
  | "close-at-line-end"
  | "comment"
  | "empty"
  | "first"
  | "second"
  | "both"
  | "correct"
  | "remove";

/** One way to read a slip; its splices stay inside of the slip's range. */
export type Reading = {
  readonly as: ReadingName;
  readonly splices: readonly Splice[];
  /** For what is defined twice: how that becomes one, once the splices are in. */
  readonly joins?: readonly Join[];
};

/** A stretch of a text that is no TOML. */
export type Slip = Range & {
  /** `defined-twice`: in order by itself, and it does not go together with what stands at `other`. */
  readonly kind: SlipKind | "defined-twice";
  /** Where it shows. */
  readonly at: number;
  /** The character or the sign that is met there, by its name, where that says more than the kind. */
  readonly found: string | null;
  readonly readings: readonly Reading[];
  /** The first reading is the only one that there is. */
  readonly isSure: boolean;
  /** The key that it is about, where that is known. */
  readonly path: KeyPath;
  readonly other?: number;
};

/** What a key takes, as far as somebody knows who asks for a reading. */
export type Expected = {
  readonly kinds: ReadonlySet<"array" | "boolean" | "number" | "string" | "table">;
  /** The only strings that it takes; null where it takes any. */
  readonly words: readonly string[] | null;
};

/** Null for a key that nobody knows. */
export type Expects = (path: KeyPath) => Expected | null;

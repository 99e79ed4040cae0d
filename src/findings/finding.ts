/** What a check has to say, as data: a code of the table and what that row carries. */
import type { FileRole, KeyPath, Op } from "../model/op.ts";
import type { Row } from "./row.ts";
import type { FINDINGS } from "./table.ts";

export type { Action } from "./table/action.ts";
export type { LogEventKind } from "./table/doctor.ts";

export type FindingCode = keyof typeof FINDINGS;

type ArgsOf<Code extends FindingCode> = (typeof FINDINGS)[Code] extends Row<infer Args> ? Args : never;

export type Finding = {
  [Code in FindingCode]: {
    readonly code: Code;
    readonly severity: "error" | "warning" | "info";
    readonly args: ArgsOf<Code>;
    readonly file?: FileRole;
    readonly path?: KeyPath;
    /** Where it stands in the file, both from 1. */
    readonly at?: { readonly line: number; readonly column: number };
    /** What refuses it: the normal load of Codex, or only `--strict-config`. */
    readonly stops?: "load" | "strict";
    readonly fix?: Fix;
  };
}[FindingCode];

/**
 * What makes a finding go away. `safe`: what Codex uses afterwards is what it used before, or the file did not load and
 * its text has one reading. `choice`: several readings, or Codex will do something else; only a person takes one.
 */
export type Fix =
  | { readonly kind: "safe"; readonly reason: string; readonly ops: readonly Op[] }
  | { readonly kind: "choice"; readonly reason: string; readonly options: readonly FixOption[] };

/** One way out of several, with what it does in a few words. */
export type FixOption = { readonly label: string; readonly ops: readonly Op[] };

/** A finding without severity or place. */
export type Cause = { readonly code: string; readonly args: object };

/** What a rule finds before the file is known; `fix` makes the fix for that file. */
export type Violation = {
  [Code in FindingCode]: {
    readonly code: Code;
    readonly args: ArgsOf<Code>;
    readonly path: KeyPath;
    /** `null`: Codex loads it, and it goes wrong later. */
    readonly stops: "load" | "strict" | null;
    readonly fix?: (file: FileRole) => Fix;
  };
}[FindingCode];

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
    /** Ops that make the finding go away. */
    readonly fix?: readonly Op[];
  };
}[FindingCode];

/** A finding without severity or place. */
export type Cause = { readonly code: string; readonly args: object };

/** What a rule finds before the file is known; `fix` makes the ops for that file. */
export type Violation = {
  [Code in FindingCode]: {
    readonly code: Code;
    readonly args: ArgsOf<Code>;
    readonly path: KeyPath;
    /** `null`: Codex loads it, and it goes wrong later. */
    readonly stops: "load" | "strict" | null;
    readonly fix?: (file: FileRole) => readonly Op[];
  };
}[FindingCode];

/** The sentence of a finding and its hints, out of its row in the table. */
import { CfgError } from "../model/error.ts";
import type { Form } from "../model/form.ts";
import type { Hint } from "../model/hint.ts";
import { checkWish } from "../model/wish.ts";
import type { Cause, Finding, FindingCode } from "./finding.ts";
import { type Given, hintText } from "./hints.ts";
import type { Row } from "./row.ts";
import { FINDINGS } from "./table.ts";

/**
 * The sentence of a finding, without severity or place; where another finding is its cause, that one's sentence follows.
 */
export function sentence(finding: Cause): string {
  checkWish<Pick<Cause, "code" | "args">>("sentence", finding, { code: "text", args: "object" });
  const { args, code } = finding;
  const message = rowOf(code).message(args);
  return "because" in args ? `${message}: ${sentence(args.because as Cause)}` : message;
}

/** What helps against it. */
export function hintsOf(finding: Cause): readonly Hint[] {
  checkWish<Pick<Cause, "code" | "args">>("textOf", finding, { code: "text", args: "object" });
  const { args, code } = finding;
  return rowOf(code).hints(args);
}

/** The sentence and what helps, as one line. */
export function textOf(finding: Finding, given: Given = {}): string {
  const [first, ...more] = hintsOf(finding);
  if (first === undefined) return sentence(finding);
  const sign = typeof first === "object" && first.note === "" ? ":" : ";";
  const rest = more.map((hint) => `   ${hintText(hint, given)}`);
  return `${sentence(finding)}${sign} ${hintText(first, given)}${rest.join("")}`;
}

/** A finding of a code with made-up arguments, for a page about the code. */
export function sampleOf(code: FindingCode): Cause {
  const { args } = rowOf(code);
  return { code, args: Object.fromEntries(Object.entries(args).map(([name, form]) => [name, sampleFor(name, form)])) };
}

function sampleFor(name: string, { items, of, schema }: Form): unknown {
  const { enum: words, type } = schema as { readonly enum?: readonly unknown[]; readonly type?: string };
  if (of) return sampleFor(name, of);
  if (words) return words[0];
  if (items) return [sampleFor(name, items)];
  if (type === "integer") return 2;
  if (type === "boolean") return true;
  if (type === "object") return { code: "provider-name", args: { id: "ID" } };
  return name.toUpperCase();
}

/** A finding's arguments are those of its code, which the compiler cannot follow through a table. */
function rowOf(code: string): Row<unknown> {
  if (!Object.hasOwn(FINDINGS, code)) throw new CfgError("usage", `no code of a finding: ${JSON.stringify(code)}`);
  return FINDINGS[code as FindingCode] as Row<unknown>;
}

/** What lines of Codex's logs tell. The first pattern that fits counts; its first group is what the line is about. */
import { always } from "../codex/facts.ts";
import type { LogSign } from "../findings/finding.ts";

export const LOG_SIGNS: readonly { readonly sign: LogSign; readonly pattern: RegExp }[] = always("logSigns").map(
  ({ flags, pattern, sign }) => ({ sign, pattern: new RegExp(pattern, flags) }),
);

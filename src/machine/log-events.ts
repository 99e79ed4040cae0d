/** The patterns of log lines by kind. The first pattern that fits counts; its first group is what the line is about. */
import { always } from "../codex/facts.ts";
import type { LogEventKind } from "../findings/finding.ts";

export const LOG_EVENTS: readonly { readonly kind: LogEventKind; readonly pattern: RegExp }[] = always("logEvents").map(
  ({ flags, kind, pattern }) => ({ kind, pattern: new RegExp(pattern, flags) }),
);

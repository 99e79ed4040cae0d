/**
 * The findings of a text that does not parse: each slip with its place, the line as it may be shown, and the fix that makes
 * the text readable. Pure.
 */
import type { Finding, Fix, FixOption } from "../findings/finding.ts";
import type { FileRole, KeyPath } from "../model/op.ts";
import { redactBrokenLine } from "../redact/broken-line.ts";
import { lineStartsOf, positionIn } from "../toml/read.ts";
import type { Reading, ReadingName, Slip } from "../toml/slips/slip.ts";
import { renderKey } from "../toml/value.ts";

export function slipFindings(file: FileRole, text: string, slips: readonly Slip[]): Finding[] {
  const starts = lineStartsOf(text);
  const shared = new Set(slips.map(nameOf).filter((name, i, all) => all.indexOf(name) !== i));
  return slips.map((slip): Finding => {
    const at = positionIn(starts, slip.at);
    const where = { severity: "error", file, at, stops: "load" } as const;
    const fix = fixOf(file, slip);
    if (slip.kind === "defined-twice") {
      const args = { key: renderKey(slip.path), line: positionIn(starts, slip.other ?? 0).line };
      return { code: "duplicate-key", ...where, path: slip.path, args, ...fix };
    }
    const start = starts[at.line - 1] ?? 0;
    const line = /[^\r\n]*/.exec(text.slice(start, start + LONGEST))?.[0] ?? "";
    const shown = redactBrokenLine(line, at.column - 1, slip.path.slice(0, -1));
    const args = { problem: slip.kind, found: slip.found, source: shown.text, caret: shown.at + 1 };
    // Two slips at one key are told apart by their places; a word without a value may be no key, and is not shown.
    const isKey = slip.kind !== "missing-value" || shown.text.includes(String(slip.path.at(-1)));
    return { code: "not-toml", ...where, path: isKey && !shared.has(nameOf(slip)) ? slip.path : [], args, ...fix };
  });
}

/** A line that is longer is no line that somebody wrote. */
const LONGEST = 1000;

function nameOf({ kind, path }: Slip): string {
  return `${kind === "defined-twice" ? kind : ""} ${renderKey(path)}`;
}

function fixOf(file: FileRole, slip: Slip): { readonly fix?: Fix } {
  const { isSure, path, readings } = slip;
  const [first] = readings;
  if (!first) return {};
  const ops = ({ joins, splices }: Reading) => [{ op: "splice" as const, file, splices, ...(joins ? { joins } : {}) }];
  if (isSure && !(isDropped(slip) && isGuard(path)))
    return { fix: { kind: "safe", reason: "the file did not load, and its text has one reading", ops: ops(first) } };
  const options = readings.map((reading): FixOption => ({ label: LABELS[reading.as], ops: ops(reading) }));
  const reason = isSure ? "without it Codex may be allowed more" : "the text can be read in several ways";
  return { fix: { kind: "choice", reason, options } };
}

/** Whether a setting has no effect any more when the slip is fixed. */
function isDropped({ kind, readings }: Slip): boolean {
  return kind === "cut-off" || kind === "no-value" || readings[0]?.as === "comment";
}

/** Whether Codex may be allowed more without a setting. */
function isGuard(path: KeyPath): boolean {
  const [root, , key] = path;
  if (root === "mcp_servers") return /^(?:enabled|enabled_tools|disabled_tools)$/.test(String(key));
  return GUARDS.has(String(root));
}

const GUARDS: ReadonlySet<string> = new Set([
  "approval_policy",
  "approvals_reviewer",
  "default_permissions",
  "permissions",
  "sandbox_mode",
  "sandbox_workspace_write",
  "shell_environment_policy",
]);

const LABELS: Readonly<Record<ReadingName, string>> = {
  "as-text": "take it as text",
  "as-true": "take it as true",
  "as-false": "take it as false",
  "as-list": "take it as a list of several",
  "as-one": "take it as one text",
  "as-number": "take it as a number without its unit",
  "as-table": "take it as a table",
  "as-list-of-tables": "take it as an element of a list of tables",
  close: "close it there",
  "close-before-comment": "close it before the sign of a comment",
  "close-at-line-end": "close it at the end of the line",
  comment: "keep it as a comment, without effect",
  empty: "start with an empty file",
  first: "take the first, and leave the second out",
  second: "take the second, and leave the first out",
  both: "make one of both",
  correct: "correct the sign alone",
  remove: "remove it",
};

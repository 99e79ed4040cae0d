/** The rules of `hooks` and `settings`: what somebody has written, and what does not take effect all the same. Pure. */
import type { Finding, FindingCode } from "../findings/finding.ts";
import { isOfLogin } from "./auth.ts";
import type { Evidence } from "./evidence.ts";
import { first, rowsOf, toFix } from "./rows.ts";

export function hookAction(_: Evidence, rows: readonly Finding[]): Finding {
  const [damaged] = rowsOf(rows, "damaged-file");
  if (damaged) return first("mend-file", damaged.args.file);
  const reasons = rowsOf(rows, "hooks-idle").map(({ args }) => args.reason);
  if (reasons.includes("feature")) return first("hooks-feature");
  if (reasons.includes("untrusted")) return first("trust-hooks");
  return reasons.includes("off") ? first("hook-switch") : first("watch");
}

/** The findings of `validate` about settings that somebody has written and that do nothing. */
const TRAPS: readonly FindingCode[] = ["base-url-form", "beaten-setting", "project-ignores"];

/** Beside files and policies: settings of a name that Codex does not know, and that is nearly one it knows. */
export function settingRows({ around, config }: Evidence): Finding[] {
  const near = rowsOf(config, "unknown-key").filter(({ args, stops }) => stops !== "load" && args.near !== null);
  const traps = config.filter(({ code }) => TRAPS.includes(code));
  return [...around.filter((row) => !isOfLogin(row)), ...traps, ...near];
}

export function settingAction(_: Evidence, rows: readonly Finding[]): Finding {
  const [refused] = rowsOf(rows, "policy-refuses");
  if (refused) return first("ask-administrator", refused.args.key);
  const [damaged] = rowsOf(rows, "damaged-file");
  if (damaged) return first("mend-file", damaged.args.file);
  const [form] = rowsOf(rows, "base-url-form");
  if (form) return first("look-at-address", `model_providers.${form.args.id}.base_url`);
  if (rows.some(({ code }) => code === "project-ignores")) return first("to-home");
  const [fixed] = rows.filter(({ fix }) => fix !== undefined);
  if (fixed) return toFix(rows);
  if (rows.some(({ code }) => code === "unknown-key")) return first("rename-key");
  const [link] = rowsOf(rows, "config-unwritable");
  if (link) return first("change-at-source", link.args.file);
  return first("validate", "");
}

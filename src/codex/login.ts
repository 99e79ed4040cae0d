/** The kinds of login that Codex knows, and the settings that make it delete a stored one. Never looks for a login. */
import type { Violation } from "../findings/finding.ts";
import type { TomlTable } from "../model/op.ts";
import { valueAt } from "../toml/value.ts";

export type Login = {
  /** `unknown` also covers logins kept in a keyring, which nobody can see from here. */
  readonly mode: "chatgpt" | "apikey" | "none" | "unknown";
  readonly apiKeyInEnvironment: boolean;
  /** The workspace that a ChatGPT login belongs to, where it is known; for comparisons, never to be shown. */
  readonly workspace?: string;
};

/** Settings with which `codex exec` logs out and deletes auth.json (measured 0.117.0 to 0.169.0). */
export function loginPitfalls(config: TomlTable, { mode, workspace }: Login): Violation[] {
  const found: Violation[] = [];
  const method = valueAt(config, ["forced_login_method"]);
  const ofMethod = (reason: "api-key" | "chatgpt-login") =>
    found.push({ code: "deletes-login", args: { reason }, path: ["forced_login_method"], stops: null });
  if (mode === "apikey" && method === "chatgpt") ofMethod("api-key");
  if (mode !== "chatgpt") return found;
  if (method === "api") ofMethod("chatgpt-login");
  const path = ["forced_chatgpt_workspace_id"];
  const wanted = [valueAt(config, path)].flat().flatMap((id) => (typeof id === "string" && id.trim()) || []);
  // A login that names no workspace is deleted, too.
  if (wanted.length > 0 && !wanted.some((id) => id === workspace))
    found.push({ code: "deletes-login", args: { reason: "other-workspace" }, path, stops: null });
  return found;
}

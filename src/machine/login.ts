/**
 * How the user is signed in: the kind of login that Codex has stored, never its content, and whether the environment has
 * a key beside it.
 */
import { join } from "node:path";
import { isSet } from "../codex/environment.ts";
import { always } from "../codex/facts.ts";
import type { Login } from "../codex/login.ts";
import type { Host } from "../host/host.ts";
import type { Document } from "../toml/document.ts";
import { CLI_STORE } from "./auth-store.ts";
import { clientEnvironment } from "./environment.ts";
import { statAt, textAt } from "./try-read.ts";

/** The login that Codex uses with a config; without a config, that of auth.json. */
export function readLogin(host: Host, home: string, config?: Document | null): Login {
  const apiKeyInEnvironment = isSet(clientEnvironment(host, home).values, "OPENAI_API_KEY");
  const store = config?.get([CLI_STORE.key]);
  // With these two stores Codex does not read auth.json (measured 0.117.0 to 0.169.0).
  if (store === "ephemeral") return { mode: "none", apiKeyInEnvironment };
  if (store === "keyring") return { mode: "unknown", apiKeyInEnvironment };
  const stored = storedLogin(host, home);
  // Codex removes auth.json when it has put a login into the keyring.
  const mode = store === "auto" && stored.mode === "none" ? "unknown" : stored.mode;
  return { ...stored, mode, apiKeyInEnvironment };
}

function storedLogin(host: Host, home: string): Pick<Login, "mode" | "workspace"> {
  const path = join(home, "auth.json");
  const text = textAt(host, path);
  if (text === null) return { mode: statAt(host, path) === null ? "none" : "unknown" };
  const mode = modeIn(text);
  const workspace = mode === "chatgpt" ? workspaceIn(text) : undefined;
  return workspace === undefined ? { mode } : { mode, workspace };
}

const AUTH_FILE = always("authFile");

function modeIn(text: string): Login["mode"] {
  const mode = new RegExp(AUTH_FILE.mode).exec(text)?.[1]?.toLowerCase();
  if (mode !== undefined) return mode.startsWith("chatgpt") ? "chatgpt" : mode === "apikey" ? "apikey" : "unknown";
  // A file without `auth_mode`, of an older release, is of the kind of what it holds; a key beats tokens.
  if (new RegExp(AUTH_FILE.key).test(text)) return "apikey";
  return new RegExp(AUTH_FILE.tokens).test(text) ? "chatgpt" : "unknown";
}

/** The workspace in the token, which Codex compares; the `account_id` beside it does not count. */
function workspaceIn(text: string): string | undefined {
  const claims = new RegExp(AUTH_FILE.claims).exec(text)?.[1] ?? "";
  return new RegExp(AUTH_FILE.workspace).exec(Buffer.from(claims, "base64url").toString())?.[1];
}

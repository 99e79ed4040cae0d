/**
 * How the user is signed in: the kind of login in auth.json, never what it holds, and whether a key stands in the
 * environment beside it.
 */
import { join } from "node:path";
import type { Host } from "../host.ts";
import { isSet } from "./environment.ts";
import { statAt, textAt } from "./peek.ts";

export type Login = {
  /** `none` also covers logins kept in a keyring, which nobody can see from here. */
  readonly mode: "chatgpt" | "apikey" | "none" | "unknown";
  readonly apiKeyInEnvironment: boolean;
};

export function readLogin(host: Host, home: string): Login {
  return { mode: storedMode(host, home), apiKeyInEnvironment: isSet(host.env, "OPENAI_API_KEY") };
}

function storedMode(host: Host, home: string): Login["mode"] {
  const path = join(home, "auth.json");
  const text = textAt(host, path);
  if (text === null) return statAt(host, path) === null ? "none" : "unknown";
  const mode = /"auth_mode"\s*:\s*"([A-Za-z]+)"/.exec(text)?.[1]?.toLowerCase();
  if (mode !== undefined) return mode.startsWith("chatgpt") ? "chatgpt" : mode === "apikey" ? "apikey" : "unknown";
  // Releases before `auth_mode` tell by what is there.
  if (/"tokens"\s*:\s*\{/.test(text)) return "chatgpt";
  return /"OPENAI_API_KEY"\s*:\s*"/.test(text) ? "apikey" : "unknown";
}

/** The types of what `doctor` looks at, and the symptoms that it knows. Holds no rules. */

import type { Login } from "../codex/login.ts";
import type { Codex } from "../codex/release.ts";
import type { Server } from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { installMethod } from "../machine/install.ts";
import type { Logs } from "../machine/logs.ts";
import type { Sessions } from "../machine/sessions.ts";
import type { Wsl } from "../machine/wsl.ts";

/** What users see, in the order of the report: what keeps Codex from starting comes first. */
export const SYMPTOMS = [
  "lost",
  "start",
  "reconnect",
  "auth",
  "mcp",
  "idle",
  "subagents",
  "sessions",
  "wsl",
  "leftovers",
  "chats",
] as const;
export type Symptom = (typeof SYMPTOMS)[number];

/** A provider that some start chooses: without a profile, or with one. */
export type ProviderInUse = {
  readonly id: string;
  readonly profile: string | null;
  /** Codex tries a WebSocket first. */
  readonly websocket: boolean;
};

export type Evidence = {
  readonly codex: Codex;
  /** The newest release known on this machine or in the facts, and the command that installs it. */
  readonly newest: string;
  readonly update: string;
  /** How Codex was installed, as far as its path tells. */
  readonly installed: ReturnType<typeof installMethod>;
  readonly login: Login;
  /** Variables that are set and count instead of the login. */
  readonly loginVariables: readonly { readonly name: string; readonly scope: "all" | "exec" }[];
  /** Where credentials are kept: `cli_auth_credentials_store`. */
  readonly store: string;
  readonly providers: readonly ProviderInUse[];
  readonly proxies: readonly string[];
  /** Proxies without a scheme: requests go through one, and WebSockets fail (measured 0.134.0 to 0.169.0). */
  readonly bareProxies: readonly string[];
  /** Codex uses the system's proxy settings; null where this release cannot. */
  readonly systemProxy: boolean | null;
  /** What others have taken from the files. */
  readonly lost: readonly Finding[];
  /** The findings of `validate` for the home and each profile. */
  readonly config: readonly Finding[];
  readonly logs: Logs;
  readonly sessions: Sessions | null;
  readonly servers: readonly Server[];
  /** Programs of MCP servers that are not there, by server. */
  readonly missingPrograms: readonly { readonly server: string; readonly program: string }[];
  /** The setting that lets fewer agents run at once, and its value. */
  readonly agents: { readonly key: string; readonly value: string | null } | null;
  readonly wsl: Wsl | null;
  /** The checks of `codex doctor` that failed; empty when it was not run. */
  readonly codexDoctor: readonly Finding[];
  /** What other tools left behind, and chats that cannot be resumed. */
  readonly leftovers: readonly Finding[];
  readonly chats: readonly Finding[];
};

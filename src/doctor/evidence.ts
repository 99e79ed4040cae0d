/** The types of what `doctor` looks at, and the symptoms that it knows. Holds no rules. */

import type { Login } from "../codex/login.ts";
import type { Codex } from "../codex/release.ts";
import type { Server } from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { ProxyVariable } from "../machine/addresses.ts";
import type { installMethod } from "../machine/install.ts";
import type { Logs } from "../machine/logs.ts";
import type { Sessions } from "../machine/sessions.ts";
import type { Wsl } from "../machine/wsl.ts";
import type { FileRole, KeyPath } from "../model/op.ts";

/** What users see, in the order of the report: what keeps Codex from starting comes first. */
export const SYMPTOMS = [
  "lost",
  "start",
  "reconnect",
  "auth",
  "mcp",
  "hooks",
  "settings",
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
  /** One of Codex's own. */
  readonly builtIn: boolean;
  /** Host and port of its requests; null where Codex picks OpenAI's own address, and where it is no address. */
  readonly host: string | null;
  /** The setting that names its address, and where it stands; null where there is none. */
  readonly setting: { readonly file: FileRole; readonly path: KeyPath } | null;
  /** Its address on this machine, where a request goes straight to one; `dead` where nobody answers. */
  readonly local: { readonly address: string; readonly dead: boolean } | null;
  /** The variable whose proxy its requests take. */
  readonly proxy: string | null;
  /** The variable that its key comes from. */
  readonly key: string | null;
  /** It gets a token of its own, or that of the login. */
  readonly hasToken: boolean;
  /** What it sets about trying again, as it is shown. */
  readonly retries: readonly string[];
};

export type Evidence = {
  readonly codex: Codex;
  /** The profile of the start that it is about; null for a plain one. */
  readonly profile: string | null;
  /** How a run that was watched ended; null where none was. */
  readonly run: { readonly status: number | null; readonly timedOut: boolean } | null;
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
  /** One without a scheme takes requests and no WebSockets; a SOCKS one takes WebSockets and no requests (0.134.0 to 0.171.0). */
  readonly proxies: readonly ProxyVariable[];
  /** The names that `.env` of the home sets. */
  readonly inEnvFile: readonly string[];
  /** Findings about what `.env` sets. */
  readonly envFile: readonly Finding[];
  /** A connection that cannot be made is tried for ever. */
  readonly retriesForEver: boolean;
  /** Codex uses the system's proxy settings; null where this release cannot. */
  readonly systemProxy: boolean | null;
  /** What others have taken from the files. */
  readonly lost: readonly Finding[];
  /** The findings of `validate` for the home and each profile. */
  readonly config: readonly Finding[];
  readonly logs: Logs;
  readonly sessions: Sessions | null;
  readonly servers: readonly Server[];
  /** What plugins bring. */
  readonly plugins: readonly Finding[];
  readonly hooks: readonly Finding[];
  /** Files beside the config, policies, and settings that lose. */
  readonly around: readonly Finding[];
  /** Programs of MCP servers that are not there, by server. */
  readonly missingPrograms: readonly { readonly server: string; readonly program: string }[];
  /** The setting that lets fewer agents run at once, and its value. */
  readonly agents: { readonly key: string; readonly value: string | null } | null;
  readonly wsl: Wsl | null;
  /** The checks of `codex doctor` that did not end well; null when it was not run. */
  readonly codexDoctor: readonly Finding[] | null;
  /** What other tools left behind, and chats that cannot be resumed. */
  readonly leftovers: readonly Finding[];
  readonly chats: readonly Finding[];
};

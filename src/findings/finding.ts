/**
 * What a check has to say, as data. The sentences are written in one place, `sentences.ts`; this file only fixes
 * which codes there are and what each of them carries.
 */
import type { FileRole, KeyPath, Op } from "../model/op.ts";

type Args = {
  /** No Codex was found; the layout of the newest known release is taken. */
  "codex-assumed": { readonly version: string; readonly mute: string | null };
  /** The installed Codex is newer than the facts. */
  "codex-newer": { readonly version: string; readonly newest: string };
  /** The Codex home is not there yet; the commit creates it. */
  "home-will-be-created": { readonly dir: string };
  /** This release does not start with a WebSocket, so the preset cures nothing here. */
  "no-websocket": { readonly version: string };
  "start-with-profile": { readonly profile: string; readonly behind: boolean };
  "start-plainly": Record<never, never>;
  /** `--profile` never reaches the app-server. */
  "apps-need-default": { readonly preset: string };
  /** A table of this id differs from a built-in one only by case. */
  "provider-case": { readonly id: string; readonly builtIn: string };
  /** A table of a published recipe is brought to the right values. */
  adopted: { readonly id: string; readonly keys: readonly string[] };
  /** `[profiles.x]` moves into the profile's file. */
  "legacy-moved": { readonly profile: string };
  /** `profile = "x"` leaves; there is no default profile any more. */
  "legacy-selector-removed": { readonly profile: string };
  /** `profile = "y"` stays, and this Codex does not start with it. */
  "legacy-selector-left": { readonly profile: string };
  "api-key-beside-chatgpt": Record<never, never>;
  /** `openai_base_url` counts for the built-in provider alone, so the new one gets that address. */
  "keeps-address": { readonly host: string };
  /** A profile that config.toml chooses has a provider of its own. */
  "profile-wins": { readonly profile: string; readonly provider: string };
  /** The stored login goes to an address that is not OpenAI's. */
  "login-to-other-host": { readonly host: string };
  "plain-http": { readonly host: string };
  "environment-key-unset": { readonly name: string };
  /** A trusted project's config beats the profile. */
  "project-wins": { readonly folder: string; readonly keys: readonly string[] };
  /** `codex` was not asked whether it loads the result. */
  "not-asked": { readonly reason: "other-version" | "disabled" | "no-answer" };
  /** Codex refuses the home after the change, as it did before. */
  "still-refused": { readonly words: string };
  /** Codex refuses the home that comes back, as it did when the home was last like this. */
  "refused-again": { readonly words: string };
  /** Chats need the provider, so a revert leaves its table. */
  "provider-kept": { readonly id: string; readonly chats: number; readonly more: boolean; readonly entry: string };
  "conflicts-skipped": { readonly count: number };
  "hard-links": { readonly count: number };
  /** What the recovery of an interrupted change did. */
  recovered: { readonly id: string; readonly outcome: "discarded" | "completed" | "conflict" | "damaged" };
  /** Changing the store moves nothing. */
  "credentials-stay": { readonly next: string };
  /** A setting that the stored login does not meet, so that `codex exec` deletes auth.json; what is stored. */
  "deletes-login": { readonly reason: "api-key" | "chatgpt-login" | "other-workspace" };

  /** A preset switches servers that this home does not have. */
  "unknown-servers": { readonly servers: readonly string[] };
  /** A trusted project's own config keeps Codex from starting in it, because of what a check of that file finds. */
  "project-stops": { readonly path: string; readonly line: number | null; readonly because: Cause };
  /** A trusted project's config has the last word on these servers. */
  "project-servers": { readonly folder: string; readonly servers: readonly string[] };
  /** Servers turned off although Codex must not start without them. */
  "required-servers": { readonly servers: readonly string[] };
  /** A search by halving goes on: these servers are on for the next look. */
  "bisect-step": { readonly on: readonly string[]; readonly off: readonly string[]; readonly left: number };
  "bisect-found": { readonly servers: readonly string[] };
  /** It fails with every server off. */
  "bisect-no-server": Record<never, never>;
  /** It does not fail with every server on. */
  "bisect-no-failure": Record<never, never>;

  // What `doctor` sees on a machine. Times are UTC, to the minute.
  /** Lines of Codex's logs that tell something, and what they name. */
  "log-sign": {
    readonly sign: LogSign;
    readonly count: number;
    readonly last: string;
    readonly subjects: readonly string[];
  };
  "log-unread": { readonly file: string; readonly reason: "node" | "too-large" | "broken" };
  /** Failures right after a long silence. */
  "log-gap": { readonly minutes: number; readonly count: number; readonly last: string };
  /** Several of them failed within two minutes. */
  "at-once": { readonly what: "threads" | "processes"; readonly count: number; readonly last: string };
  /** Connections of agents failed, and none of the user's own turns. */
  "agents-fail": { readonly count: number; readonly last: string };
  /** Ids that OpenAI's support can look up. */
  "request-ids": { readonly ids: readonly string[] };
  "provider-transport": { readonly id: string; readonly profile: string | null; readonly websocket: boolean };
  /** `heeded`: Codex asks the system for a proxy; null where this release cannot. */
  "proxies-set": { readonly names: readonly string[]; readonly heeded: boolean | null };
  /** A proxy without a scheme serves requests and no WebSocket. */
  "proxy-without-scheme": { readonly name: string };
  "newer-release": { readonly installed: string; readonly newest: string; readonly update: string };
  "login-state": { readonly mode: "chatgpt" | "apikey" | "none" | "unknown"; readonly store: string };
  /** A variable that counts instead of the login: everywhere, or for `codex exec` alone. */
  "login-variable": { readonly name: string; readonly scope: "all" | "exec" };
  running: { readonly sessions: number; readonly servers: number };
  "agents-setting": { readonly key: string; readonly value: string | null };
  "server-program": { readonly server: string; readonly program: string };
  "servers-at-start": { readonly enabled: number; readonly required: readonly string[] };
  "wsl-crossing": { readonly what: "home" | "program" | "other-home"; readonly path: string };
  /** An address on this machine, where a program of that port must run; null when nobody has looked. */
  "loopback-address": { readonly key: string; readonly address: string; readonly dead: boolean | null };
  /** A line or a file that another tool has made. */
  "foreign-mark": { readonly tool: string; readonly line: number | null };
  "chats-without-provider": { readonly id: string; readonly chats: number };
  /** What `codex doctor` itself minds. */
  "codex-doctor": { readonly check: string; readonly words: string };
  /** The first thing to do about a symptom; `subject` is what the sentence names. */
  "first-action": { readonly action: Action; readonly subject: string };

  // What `migrate` says of profiles.
  "profile-renamed": { readonly profile: string; readonly name: string };
  /** A file of that name brings keys of its own. */
  "profile-joins": { readonly profile: string; readonly keys: readonly string[] };
  /** `profile = "x"` chose it, for the IDE extension and the desktop app, too. */
  "profile-was-default": { readonly profile: string };
  "profile-is-default": { readonly profile: string };
  /** What one profile set stands in the root now, under all others. */
  "default-shows-through": {
    readonly profile: string;
    readonly others: readonly string[];
    readonly keys: readonly string[];
  };
  "profile-to-table": { readonly profile: string; readonly name: string };
  /** A key that `[profiles.x]` ignored, and a profile's file does not. */
  "waking-key": { readonly profile: string; readonly key: string };
  /** A table over a plain value, or the reverse. */
  "mixed-kinds": { readonly profile: string; readonly key: string };
  /** One setting by an older name in the profile, and by the one that wins in config.toml. */
  "losing-name": { readonly profile: string; readonly key: string; readonly other: string };

  // What `validate` says of a config.
  "not-toml": Record<never, never>;
  /** No file, no UTF-8, or nobody may look: why, in words. */
  "unreadable-file": { readonly words: string };
  /** A table or key that is there already, from `line` on. */
  "said-twice": { readonly key: string; readonly line: number };
  "wrong-type": { readonly key: string; readonly expected: string };
  "missing-key": { readonly key: string };
  "unknown-key": { readonly key: string; readonly near: string | null };
  /** A key of the root that stands under a table header. */
  "stranded-key": { readonly key: string; readonly table: string };
  /** The key is known and does nothing any more. */
  "no-effect": { readonly key: string };
  "reserved-provider": { readonly id: string };
  "restricted-provider": { readonly id: string; readonly keys: readonly string[]; readonly allowed: readonly string[] };
  "provider-name": { readonly id: string };
  "wire-api": { readonly id: string; readonly allowed: readonly string[] };
  "provider-auth-conflict": { readonly id: string; readonly key: string };
  "provider-auth-command": { readonly id: string };
  "provider-aws": { readonly id: string };
  "provider-gateway": {
    readonly id: string;
    readonly reason: "source" | "command" | "client" | "base-url" | "url" | "header";
  };
  "provider-file": { readonly id: string; readonly key: string };
  "provider-catalog-host": { readonly id: string };
  "provider-no-token": { readonly id: string };
  "provider-wrong-service": { readonly id: string; readonly host: string; readonly login: "chatgpt" | "apikey" };
  "provider-leaks-key": {
    readonly id: string;
    readonly host: string;
    readonly login: "chatgpt" | "apikey" | "unknown";
  };
  "undefined-provider": { readonly id: string; readonly near: string | null };
  "removed-provider": { readonly id: string; readonly instead: string };
  "legacy-selector": { readonly profile: string };
  /** `--profile x` without such a file: Codex silently goes on without it. */
  "no-profile-file": { readonly profile: string };
  "undefined-profile": { readonly profile: string };
  /** `[profiles.x]` beside `--profile x`, since 0.134. */
  "legacy-table": { readonly profile: string };
  "server-transport": { readonly server: string; readonly profile: string | null };
  "server-mixed": { readonly server: string; readonly key: string; readonly transport: "stdio" | "http" };
  "server-bearer-token": { readonly server: string };
  "server-timeout": { readonly server: string; readonly key: string };
  "server-cwd": { readonly server: string };
  /** One setting by its older and its newer name. */
  "two-names": { readonly key: string; readonly other: string };
  "server-oauth": { readonly server: string; readonly key: string; readonly needs: string };
  "preset-slot": { readonly name: string };
  "server-disabled-key": { readonly server: string };
  "server-name": { readonly server: string };
  "removed-value": { readonly key: string };
  "removed-key": { readonly key: string };
  "permissions-default": { readonly reason: "missing" | "no-table" | "undefined" | "unknown-builtin" };
  "permissions-name": { readonly name: string };
  "permissions-extends": { readonly name: string; readonly reason: "undefined" | "built-in" | "cycle" };
  /** A place of the chosen permission profile that Codex does not take. */
  "permissions-path": { readonly name: string };
  "permissions-domain": { readonly name: string };
  "too-small": { readonly key: string; readonly least: number };
  /** The least, the usual and the most of something, not in this order. */
  "wait-order": { readonly key: string };
  "empty-value": { readonly key: string };
  "threads-conflict": Record<never, never>;
  "filters-conflict": { readonly key: string };
  keybinding: { readonly key: string };
  /** TOML's integers have 64 bits. */
  "integer-range": { readonly key: string };
  "missing-file": { readonly key: string };
  "not-json": { readonly key: string };
};

/** What a finding says, without severity or place. */
export type Cause = { [Code in FindingCode]: { readonly code: Code; readonly args: Args[Code] } }[FindingCode];

/** What a line of Codex's logs tells. */
export type LogSign =
  | "certificate"
  | "unauthorized"
  | "overloaded"
  | "stream-idle"
  | "websocket-lost"
  | "retry"
  | "no-network"
  | "fallback"
  | "websocket-refused"
  | "variable-missing"
  | "server-failed"
  | "database-locked";

/** What `doctor` advises. */
export type Action =
  | "fix"
  | "fix-leftovers"
  | "edit-line"
  | "plain-file"
  | "validate"
  | "apply-http-sse"
  | "update-then-apply"
  | "proxy-scheme"
  | "ca-certificate"
  | "start-profile"
  | "report"
  | "set-variable"
  | "drop-variable"
  | "log-in"
  | "log-in-keyring"
  | "disable-server"
  | "bisect"
  | "restart-app"
  | "single-agent"
  | "stop-sessions"
  | "wsl-shutdown"
  | "look-at-network"
  | "add-provider";

export type FindingCode = keyof Args;

export type Finding = {
  [Code in FindingCode]: {
    readonly code: Code;
    readonly severity: "error" | "warning" | "info";
    readonly args: Args[Code];
    readonly file?: FileRole;
    readonly path?: KeyPath;
    /** Where it stands in the file, both from 1. */
    readonly at?: { readonly line: number; readonly column: number };
    /** What does not accept it: Codex itself, or only `--strict-config`. */
    readonly stops?: "load" | "strict";
    /** Ops that make the finding go away. */
    readonly fix?: readonly Op[];
  };
}[FindingCode];

/** What a rule says of a config before anybody knows which file it stands in: the fix is for that file. */
export type Violation = {
  [Code in FindingCode]: {
    readonly code: Code;
    readonly args: Args[Code];
    readonly path: KeyPath;
    /** `null`: Codex takes it, and it still goes wrong. */
    readonly stops: "load" | "strict" | null;
    readonly fix?: (file: FileRole) => readonly Op[];
  };
}[FindingCode];

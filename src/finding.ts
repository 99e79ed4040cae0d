/**
 * What a check has to say, as data. The sentences are written in one place, `cli/sentences.ts`; this file only fixes
 * which codes there are and what each of them carries.
 */
import type { FileRole, KeyPath, Op } from "./op.ts";

type Args = {
  /** No Codex was found; the layout of the newest known release is taken. */
  "codex-assumed": { readonly version: string };
  /** The installed Codex is newer than the facts. */
  "codex-newer": { readonly version: string; readonly newest: string };
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
  "chatgpt-login-api-address": { readonly host: string };
  "api-key-chatgpt-address": { readonly host: string };
  "api-key-beside-chatgpt": Record<never, never>;
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
  /** Chats need the provider, so a revert leaves its table. */
  "provider-kept": { readonly id: string; readonly chats: number; readonly more: boolean; readonly entry: string };
  "conflicts-skipped": { readonly count: number };
  "hard-links": { readonly count: number };
  /** What the recovery of an interrupted change did. */
  recovered: { readonly id: string; readonly outcome: "discarded" | "completed" | "conflict" | "damaged" };
};

export type FindingCode = keyof Args;

export type Finding = {
  [Code in FindingCode]: {
    readonly code: Code;
    readonly severity: "error" | "warning" | "info";
    readonly args: Args[Code];
    readonly file?: FileRole;
    readonly path?: KeyPath;
    readonly fix?: readonly Op[];
  };
}[FindingCode];

/** The library: everything a program may import. */

export type { Judgement } from "./check/check.ts";
export type { CodexConfig } from "./codex/config-type.ts";
export type { Codex } from "./codex/release.ts";
export type { Finding, FindingCode } from "./findings/finding.ts";
export { type Given, hintText } from "./findings/hints.ts";
export { hintsOf, sentence, textOf } from "./findings/messages.ts";
export type { Home, HomeOptions, Undo } from "./home.ts";
export type { Host } from "./host/host.ts";
export { realHost } from "./host/node/host.ts";
export { checkConfig, openHome, type ParsedConfig, parseConfig } from "./library.ts";
export type { Change, Entry, Label, Touch } from "./model/change.ts";
export { CfgError, type ErrorCode } from "./model/error.ts";
export type { Hint } from "./model/hint.ts";
export type { FileRole, KeyPath, Op, TomlTable, TomlValue } from "./model/op.ts";
export { diffOf, type FileDiff } from "./plan/diff.ts";
export type { Plan } from "./plan/plan.ts";
export { Document, parseDocument } from "./toml/document.ts";

/** The library: everything a program may import. */
export type { Change, Entry, Label, Touch } from "./change.ts";
export type { CodexConfig } from "./codex/config-type.ts";
export type { Codex } from "./codex/detect.ts";
export { CfgError, type ErrorCode } from "./errors.ts";
export type { Finding, FindingCode } from "./finding.ts";
export type { Home, HomeOptions, Undo } from "./home.ts";
export type { Host } from "./host.ts";
export { checkConfig, openHome, type ParsedConfig, parseConfig } from "./library.ts";
export type { FileRole, KeyPath, Op, TomlTable, TomlValue } from "./op.ts";
export type { Judgement } from "./plan/check.ts";
export { diffOf, type FileDiff } from "./plan/diff.ts";
export type { Plan } from "./plan/plan.ts";
export { realHost } from "./real-host.ts";
export { sentence } from "./sentences.ts";
export { Document, parseDocument } from "./toml/document.ts";

/** The library: everything a program may import. */
export type { Change, Entry, Label, Touch } from "./change.ts";
export { type Codex, detectCodex } from "./codex/detect.ts";
export { CfgError, type ErrorCode } from "./errors.ts";
export type { Finding, FindingCode } from "./finding.ts";
export { Home, type HomeOptions, openHome, type Undo } from "./home.ts";
export type { Host } from "./host.ts";
export type { FileRole, KeyPath, Op, TomlTable, TomlValue } from "./op.ts";
export { diffOf, type FileDiff } from "./plan/diff.ts";
export type { Plan } from "./plan/plan.ts";
export { realHost } from "./real-host.ts";
export { Document, parseDocument } from "./toml/document.ts";

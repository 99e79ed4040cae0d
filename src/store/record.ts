/**
 * The journal's one record: what a transaction does to which roles, by digest, with a checksum. Holds no value of any
 * setting and never a path. Reading is strict: a record with one member of the wrong kind is no record.
 */

import type { Attributes } from "../host/host.ts";
import type { BisectState, Digest, Entry, Label, Touch } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, KeyPath } from "../model/op.ts";
import { isNewerFormat } from "./format.ts";
import { digestOf } from "./safe-read.ts";

/** What happens to one file. `attributes` is null for a file that is given the default ones. */
export type Step = {
  readonly file: FileRole;
  readonly before: Digest;
  readonly after: Digest;
  readonly attributes: Attributes | null;
};

export type TxRecord = Omit<Entry, "files"> & { readonly files: readonly Step[] };

/**
 * Goes up when an older build would misread what is written; records of all earlier formats stay readable. 2 is for merged
 * changes alone, which may hold one file several times, so that an older build still reads all others.
 */
const FORMAT = 2;

/** Time, counter and randomness, each of fixed width, so that ids sort by age. */
export const ID = /^[0-9a-z]{11}-[0-9a-f]{6}$/;
export const MAX_RECORD = 16 * 1024 * 1024;
/** Of more touched paths, or longer ones, only their tables are remembered. */
const MOST_TOUCHES = 10_000;
const LONGEST_TOUCHES = MAX_RECORD / 4;
const LONGEST_COMMAND = 1000;

/** When the change of an id was made, in milliseconds since the epoch. */
export const timeOf = (id: string): number => Number.parseInt(id.slice(0, 9), 36);

/** Throws `usage` for a label that could not be read again, which would leave a change without a way back. */
export function makeRecord(id: string, time: string, label: Label, files: readonly Step[]): TxRecord {
  const record: TxRecord = { v: label.merged ? FORMAT : 1, id, time, ...knownLabel(label), files };
  const text = printRecord(record);
  if (text.length > MAX_RECORD / 3 || parseRecord(text, id) === null)
    throw new CfgError("usage", "what is to be remembered of this change is no label, or too long");
  return record;
}

/** The command of a label as history and the lock remember it: an argument may be long. */
export const commandOf = ({ command }: Pick<Label, "command">): string =>
  command.length > LONGEST_COMMAND ? `${command.slice(0, LONGEST_COMMAND)}…` : command;

export function toEntry(record: TxRecord): Entry {
  const files = record.files.map(({ file, before, after }) => ({ file, before, after }));
  return { ...record, files };
}

/**
 * One JSON document whose last member is the digest of the rest. Records of every format to come are framed like this,
 * so that an older codex-cfg can tell a newer one from a damaged one.
 */
export function printRecord(record: TxRecord): string {
  const body = JSON.stringify(record);
  return `${body.slice(0, -1)},"checksum":"${checksum(body)}"}\n`;
}

/** Null unless it is exactly what {@link printRecord} wrote for this id. */
export function parseRecord(text: string, id: string): TxRecord | null {
  const record = unframe(text);
  return isRecord(record, id) ? record : null;
}

/** Whether a text is a sound record of a format that only a newer codex-cfg understands. */
export function isNewerRecord(text: string): boolean {
  return isNewerFormat(unframe(text), FORMAT);
}

/** What stands in the frame; null unless the checksum fits. */
function unframe(text: string): unknown {
  const match = /^(\{.*),"checksum":"([0-9a-f]{64})"\}\n$/s.exec(text);
  if (match === null || checksum(`${match[1]}}`) !== match[2]) return null;
  try {
    return JSON.parse(`${match[1]}}`);
  } catch {
    return null;
  }
}

const checksum = (body: string): string => digestOf(new TextEncoder().encode(body));

/** A caller's label may carry more than was agreed; only what holds no value is remembered. */
function knownLabel(label: Label): Label {
  return {
    command: commandOf(label),
    ...(label.preset === undefined ? {} : { preset: label.preset }),
    ...(label.reverts === undefined ? {} : { reverts: [...label.reverts] }),
    ...(label.kept === undefined ? {} : { kept: label.kept.map(({ file, path }) => ({ file, path })) }),
    ...(label.bisect === undefined ? {} : { bisect: knownBisect(label.bisect) }),
    ...(label.merged === undefined ? {} : { merged: [...label.merged] }),
    touched: fewer(label.touched.map(({ file, path, kind }) => ({ file, path, kind }))),
  };
}

/** The same places, told by the tables around them where they are too many. */
function fewer(touched: readonly Touch[]): readonly Touch[] {
  const depth = touched.reduce((most, { path }) => Math.max(most, path.length), 0);
  if (depth === 0 || (touched.length <= MOST_TOUCHES && JSON.stringify(touched).length <= LONGEST_TOUCHES))
    return touched;
  const around = new Map<string, Touch>();
  for (const one of touched) {
    const path = one.path.slice(0, depth - 1);
    const kind = path.length === one.path.length ? one.kind : "changed";
    around.set(JSON.stringify([one.file, path]), { file: one.file, path, kind });
  }
  return fewer([...around.values()]);
}

function knownBisect({ servers, answers, testing }: BisectState): BisectState {
  return {
    servers: [...servers],
    answers: answers.map(({ on, fails }) => ({ on: [...on], fails })),
    testing: [...testing],
  };
}

function isRecord(value: unknown, id: string): value is TxRecord {
  if (!isObject(value) || (value.v !== 1 && value.v !== FORMAT) || value.id !== id || !ID.test(id)) return false;
  const { time, command, preset, reverts, kept, bisect, merged, touched, files } = value;
  return (
    isString(time) &&
    /^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time) &&
    isString(command) &&
    (preset === undefined || isString(preset)) &&
    (reverts === undefined || isList(reverts, isString)) &&
    (kept === undefined || isList(kept, isPlace)) &&
    (bisect === undefined || isBisect(bisect)) &&
    (merged === undefined || isList(merged, isString)) &&
    isList(touched, isTouch) &&
    isList(files, isStep) &&
    (files.length > 0 || (isList(reverts, isString) && reverts.length > 0)) &&
    (merged !== undefined || new Set(files.map((step) => step.file)).size === files.length)
  );
}

function isStep(value: unknown): value is Step {
  if (!isObject(value) || !isRole(value.file) || !isDigest(value.before) || !isDigest(value.after)) return false;
  const attributes = value.attributes;
  if (value.before === value.after) return false;
  if (attributes === null) return true;
  if (!isObject(attributes)) return false;
  return isBelow(attributes.mode, 0o777) && isBelow(attributes.uid, 2 ** 32) && isBelow(attributes.gid, 2 ** 32);
}

function isPlace(value: unknown): value is { file: FileRole; path: KeyPath } {
  const isKey = (key: unknown): key is string | number => isString(key) || Number.isInteger(key);
  return isObject(value) && isRole(value.file) && isList(value.path, isKey);
}

function isBisect(value: unknown): value is BisectState {
  if (!isObject(value) || !hasOnly(value, "servers", "answers", "testing") || !isList(value.servers, isString))
    return false;
  const servers = new Set(value.servers);
  const isSome = (names: unknown): names is readonly string[] =>
    isList(names, isString) && new Set(names).size === names.length && names.every((name) => servers.has(name));
  const isAnswer = (answer: unknown): answer is BisectState["answers"][number] =>
    isObject(answer) && hasOnly(answer, "on", "fails") && isSome(answer.on) && typeof answer.fails === "boolean";
  return servers.size > 0 && isSome(value.servers) && isSome(value.testing) && isList(value.answers, isAnswer);
}

export function isTouch(value: unknown): value is Touch {
  return isPlace(value) && ["added", "changed", "removed"].some((kind) => "kind" in value && kind === value.kind);
}

export const isRole = (value: unknown): value is FileRole =>
  isString(value) && /^(config|profile:[A-Za-z0-9_-]{1,64})$/.test(value);
export const isDigest = (value: unknown): value is Digest =>
  value === null || (isString(value) && /^[0-9a-f]{64}$/.test(value));
const isBelow = (value: unknown, limit: number): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= limit;
const isString = (value: unknown): value is string => typeof value === "string";
const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const hasOnly = (value: object, ...names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name));
const isList = <T>(value: unknown, is: (item: unknown) => item is T): value is readonly T[] =>
  Array.isArray(value) && value.every(is);

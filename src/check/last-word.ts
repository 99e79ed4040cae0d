/**
 * The last word of the installed client, where its release is not one that the rules were measured on: what it takes has no
 * finding, what it refuses has one, in its own words. Asks about copies of the files; each question takes some 16 ms.
 */
import { always, forVersion } from "../codex/facts.ts";
import type { Finding, FindingCode } from "../findings/finding.ts";
import { askAboutFile, type FileVerdict, featuresOf } from "../machine/preflight.ts";
import { scratchPlace } from "../machine/scratch.ts";
import type { FileRole, KeyPath } from "../model/op.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { redactedWords } from "../redact/redactor.ts";
import type { Document } from "../toml/document.ts";
import { renderKey } from "../toml/value.ts";
import type { Subject } from "./context.ts";
import { identityOf } from "./identity.ts";

/** Whether the installed client is the one that counts, and not one that the rules know already. */
export function isToBeAsked({ codex }: Pick<Subject, "codex">): boolean {
  return codex.program !== null && !always("measuredReleases").includes(codex.version);
}

/** What a start with one profile, or a file by itself, has to say: these depend on more than the file. */
const OF_STARTS: readonly FindingCode[] = [
  "legacy-table",
  "undefined-profile",
  "undefined-provider",
  "no-profile-file",
  "missing-file",
  "not-json",
  "project-stops",
];

/** More than this in one file is no mistake in a few keys, and would take seconds. */
const MOST = 24;

/** The findings after the client was asked about the files that they are of. */
export async function withLastWord(
  subject: Subject,
  snapshot: Snapshot,
  findings: readonly Finding[],
  files: readonly FileRole[],
): Promise<readonly Finding[]> {
  if (!isToBeAsked(subject)) return findings;
  let result = findings;
  for (const file of files) {
    const document = snapshot.parsed(file);
    if (document && snapshot.exists(file)) result = await askedAbout(subject, file, document, result);
  }
  return result;
}

async function askedAbout(
  subject: Subject,
  file: FileRole,
  document: Document,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const ask = askerOf(subject);
  const isSuspect = (one: Finding) =>
    one.file === file && one.stops !== undefined && (one.path ?? []).length > 0 && !OF_STARTS.includes(one.code);
  const suspects = findings.filter(isSuspect);
  if (forVersion("startupProbe", subject.codex.version).length === 0)
    return withoutListed(subject, suspects.length > 0 ? findings : [], findings, file);
  const whole = await ask(document.text, true);
  if (whole.answer === "none" || suspects.length > MOST) return findings;
  if (whole.answer === "takes") return findings.filter((one) => !isSuspect(one));
  const ofStarts = findings.filter((one) => one.stops !== undefined && !isSuspect(one));
  const { found, rest } = await unknownProblems(ask, file, document, suspects, ofStarts.length === 0);
  if (rest === null) return [...findings, ...found];
  const verdicts = new Map<string, Finding | null>();
  for (const suspect of suspects) {
    const own = suspect.path ?? [];
    const others = suspects.filter(({ path = [] }) => !isInside(path, own) && !isInside(own, path));
    const text = without(document, [...others, ...found]);
    verdicts.set(identityOf(suspect), text === null ? suspect : await judged(ask, suspect, text));
  }
  const kept = findings.flatMap((one) => {
    const verdict = verdicts.get(identityOf(one));
    return verdict === undefined ? [one] : verdict === null ? [] : [verdict];
  });
  return [...kept, ...found];
}

type Ask = (text: string, strict: boolean) => Promise<FileVerdict>;

function askerOf({ codex, dir, host }: Subject): Ask {
  const question = { codex, home: dir, scratch: scratchPlace(host, dir) };
  return (text, strict) => askAboutFile(host, question, text, strict);
}

/** A finding as the client sees it, alone in its file: null where it takes the key. */
async function judged(ask: Ask, suspect: Finding, text: string): Promise<Finding | null> {
  const strict = await ask(text, true);
  if (strict.answer === "takes") return null;
  if (strict.answer === "none") return suspect;
  const plain = await ask(text, false);
  if (plain.answer === "takes") return { ...suspect, severity: "warning", stops: "strict" };
  // Codex does not start with a key that was only thought to be unknown to it: then it is known, and its value wrong.
  if (plain.answer === "refuses" && suspect.stops === "strict")
    return refused(suspect.file ?? "config", suspect.path ?? [], suspect.at, plain.words, "load");
  return suspect;
}

/** What the client refuses in a file without the suspects; `rest` is null where nobody can tell what its words are about. */
async function unknownProblems(
  ask: Ask,
  file: FileRole,
  document: Document,
  suspects: readonly Finding[],
  isAlone: boolean,
): Promise<{ readonly found: readonly Finding[]; readonly rest: string | null }> {
  const found: Finding[] = [];
  for (let round = 0; round < MOST; round++) {
    const text = without(document, [...suspects, ...found]);
    if (text === null) return { found, rest: null };
    const strict = await ask(text, true);
    if (strict.answer !== "refuses") return { found, rest: strict.answer === "takes" ? text : null };
    // By itself a profile's file may lack what config.toml has: its provider's table, its server's program.
    if (file !== "config") return { found, rest: null };
    const words = redactedWords(strict.words, [document]);
    const plain = await ask(text, false);
    const stops = plain.answer === "refuses" && plain.words === strict.words ? "load" : "strict";
    const path = strict.line === null ? null : pathAt(text, document, strict.line);
    // Without a place it may be one of the findings that depend on more than the file.
    if (path === null) {
      const one = refused(file, [], undefined, words, stops);
      return { found: isAlone ? [...found, one] : found, rest: null };
    }
    found.push(refused(file, path, document.position(document.range(path)?.start ?? 0), words, stops));
  }
  return { found, rest: null };
}

function refused(file: FileRole, path: KeyPath, at: Finding["at"], words: string, stops: "load" | "strict"): Finding {
  const severity = stops === "load" ? "error" : "warning";
  return {
    code: "codex-says",
    severity,
    args: { key: path.length === 0 ? null : renderKey(path), words },
    file,
    path,
    stops,
    ...(at && { at }),
  };
}

/** The text without the keys of some findings; null where one cannot be taken out. */
function without(document: Document, findings: readonly Pick<Finding, "path">[]): string | null {
  const paths = findings.map(({ path = [] }) =>
    path.slice(0, path.findIndex((part) => typeof part === "number") >>> 0),
  );
  const outer = paths.filter((path) => !paths.some((one) => one.length < path.length && isInside(path, one)));
  const once = [...new Map(outer.map((path) => [renderKey(path), path])).values()];
  try {
    return document.edit(once.filter((path) => document.get(path) !== undefined).map((path) => ({ op: "unset", path })))
      .text;
  } catch {
    return null;
  }
}

/** The key in a line of a text that is the document less some keys. */
function pathAt(text: string, document: Document, line: number): KeyPath | null {
  const start =
    text
      .split("\n")
      .slice(0, line - 1)
      .join("\n").length + (line > 1 ? 1 : 0);
  const spelled = text.slice(start).split("\n")[0]?.trim() ?? "";
  for (const section of document.source.sections) {
    const table = section.kind === "array" ? null : (section.key?.parts ?? []);
    if (table === null) continue;
    for (const { key, value, start: from } of section.entries) {
      const own = document.text.slice(from, value.end).split("\n")[0]?.trim() ?? "";
      if (own !== "" && spelled.startsWith(own)) return [...table, ...key.parts];
    }
    const { key } = section;
    if (key && spelled.startsWith("[") && spelled.includes(document.text.slice(key.start, key.end))) return key.parts;
  }
  return null;
}

/** Releases without a strict question list their features: one that is listed is no unknown key. */
async function withoutListed(
  subject: Subject,
  asked: readonly Finding[],
  findings: readonly Finding[],
  file: FileRole,
): Promise<readonly Finding[]> {
  const isFeature = ({ code, path = [] }: Finding) =>
    code === "unknown-key" && path.length === 2 && path[0] === "features";
  let result = findings;
  if (asked.some(isFeature)) {
    const { codex, dir, host } = subject;
    const listed = await featuresOf(host, { codex, home: dir, scratch: scratchPlace(host, dir) });
    result = result.filter((one) => !isFeature(one) || !listed?.includes(String(one.path?.[1])));
  }
  return result.filter((one) => one.file !== file || one.code !== "codex-says");
}

function isInside(path: KeyPath, table: KeyPath): boolean {
  return table.every((part, i) => part === path[i]);
}

/**
 * Checks a home, one start of it, or any single file for one release of Codex. Reads, never writes; the rules are in
 * `check.ts` and below it.
 */
import { dirname, join, resolve } from "node:path";
import { forVersion } from "../codex/facts.ts";
import { fileName, isProfileName, namedFile, profileRole } from "../codex/file-role.ts";
import { loadShape } from "../codex/load-schema.ts";
import { mergeTables } from "../codex/merge.ts";
import type { Codex } from "../codex/release.ts";
import type { Finding } from "../findings/finding.ts";
import { sentence } from "../findings/messages.ts";
import type { Host } from "../host/host.ts";
import { readLogin } from "../machine/login.ts";
import { administrators, projectConfigs } from "../machine/projects.ts";
import { bytesAt } from "../machine/try-read.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { Snapshot } from "../plan/snapshot.ts";
import { readTextFile } from "../store/store.ts";
import { Document, documentOf } from "../toml/document.ts";
import { fixDuplicates } from "../toml/duplicates.ts";
import { renderKey, tablesIn } from "../toml/value.ts";
import { type CheckContext, type CheckResult, check, codeAt, identityOf, inOrder, type Layer } from "./check.ts";

/** What is checked: a home's files as `snapshot` has them, relative names counting from `dir`. */
export type Subject = {
  readonly host: Host;
  readonly dir: string;
  readonly codex: Codex;
  readonly snapshot: Snapshot;
  /** Names of the profiles that have a file. */
  readonly profileFiles: readonly string[];
  /** A file by itself and no home: no other file has a say. */
  readonly alone?: boolean;
};

/**
 * Checks a home's plain start, and says of each profile with a file or a legacy table what it adds. `failing` are the
 * profiles with which Codex does not start although it does without.
 */
export async function checkHome(
  subject: Subject,
  snapshot: Snapshot = subject.snapshot,
): Promise<CheckResult & { readonly failing: readonly string[] }> {
  const plain = await checkStart(subject, null, snapshot);
  // Where profiles are tables of config.toml, there is no further file to check.
  if (!subject.codex.layout.ownFiles) return { ...plain, failing: [] };
  const found = new Map(plain.findings.map((finding) => [identityOf(finding), finding]));
  const tables = snapshot.parsed("config")?.table(["profiles"]) ?? {};
  const names = [...new Set([...subject.profileFiles, ...Object.keys(tables).filter(isProfileName)])];
  const failing: string[] = [];
  for (const name of names) {
    const { findings, loads } = await checkStart(subject, name, snapshot);
    if (plain.loads && !loads) failing.push(name);
    // What a start without the profile would say too has been said.
    for (const finding of findings)
      if (finding.file === `profile:${name}` || finding.code === "legacy-table")
        found.set(identityOf(finding), finding);
  }
  return { ...plain, findings: inOrder([...found.values()], ["config", ...names.map(profileRole)]), failing };
}

/** Checks one start: config.toml, with a profile's file on top when one is named. */
export async function checkStart(
  subject: Subject,
  profile: string | null,
  snapshot: Snapshot = subject.snapshot,
): Promise<CheckResult> {
  const { codex, dir, host } = subject;
  const role = profile === null ? null : codex.layout.fileOf(profile);
  const layers: Layer[] = [];
  const broken: Finding[] = [];
  for (const file of role === null ? (["config"] as const) : (["config", role] as const)) {
    const document = read(file, subject, snapshot);
    if ("code" in document) broken.push(document);
    else layers.push({ file, document });
  }
  const context: CheckContext = {
    version: codex.version,
    shape: await loadShape(),
    login: readLogin(host, dir, layers.find(({ file }) => file === "config")?.document),
    profile,
    fileText: (name) => fileText(host, dir, name),
    below: (subject.alone ? null : administrators(host, "config.toml"))?.data ?? {},
  };
  const own = check(layers, context);
  const stopped = subject.alone ? [] : projectsThatStop(subject, layers, context, own);
  const result = { ...own, loads: own.loads && stopped.length === 0, findings: [...stopped, ...own.findings] };
  const missing: Finding[] =
    role === null || broken.some(({ file }) => file === role) || snapshot.exists(role)
      ? []
      : [{ code: "no-profile-file", severity: "warning", args: { profile: profile ?? "" } }];
  if (broken.length === 0) return { ...result, findings: [...missing, ...result.findings] };
  return { loads: false, strict: false, findings: [...broken, ...result.findings] };
}

/** Trusted projects around that keep Codex from starting in them, each with the first thing that does. */
function projectsThatStop(
  { codex, dir, host }: Subject,
  layers: readonly Layer[],
  context: CheckContext,
  own: CheckResult,
): Finding[] {
  const { version } = codex;
  const documents = layers.map(({ document }) => document);
  const projects = projectConfigs(host, dir, documents, version);
  if (projects.length === 0) return [];
  const below = documents.reduce((data, { data: above }) => mergeTables(data, above), context.below ?? {});
  const known = own.findings.map(codeAt);
  const ignored = forVersion("projectIgnores", version);
  return projects.flatMap(({ path, text }): Finding[] => {
    const stop = (words: string): Finding[] => [
      { code: "project-stops", severity: "error", args: { path, words }, stops: "load" },
    ];
    const document = documentOf(text);
    if (document === null) return stop("it is not valid TOML");
    const heeded = Object.entries(document.data).filter(([key]) => !ignored.includes(key));
    const layer: Layer = { file: "config", document: new Document(text, Object.fromEntries(heeded)) };
    const { findings } = check([layer], { ...context, below });
    const first = findings.find((finding) => finding.stops === "load" && !known.includes(codeAt(finding)));
    return first ? stop(sentence(first)) : [];
  });
}

/** One file as a subject of its own, as if it were config.toml. Throws `unsafe-file` for what is none that can be read. */
export function fileSubject(host: Host, codex: Codex, name: string): Subject {
  const path = resolve(host.cwd, name);
  const hints = [{ note: "name a file of UTF-8 text", argv: ["validate", "./config.toml"] }];
  try {
    const text = readTextFile(host, path);
    if (text === null) throw new CfgError("unsafe-file", "there is no such file", { path });
    const snapshot = new Snapshot((role) => (role === "config" ? text : null));
    return { host, dir: dirname(path), codex, snapshot, profileFiles: [], alone: true };
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new CfgError(error.code, isUtf16(host, path) ? UTF_16 : error.message, { path, hints });
  }
}

/** Why nobody can tell what a file says; null for one that can be read, and for none at all. */
export function faultOf(file: FileRole, snapshot: Snapshot): CfgError | null {
  try {
    snapshot.text(file);
    return null;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
}

/** A file that is being written is none: it can be read in a moment. */
function isFault(error: unknown): error is CfgError {
  return error instanceof CfgError && (error.code === "unsafe-file" || error.code === "io");
}

function read(file: FileRole, { dir, host }: Subject, snapshot: Snapshot): Document | Finding {
  const fault = faultOf(file, snapshot);
  if (fault === null) return parsed(file, snapshot);
  const words = isUtf16(host, join(dir, fileName(file))) ? UTF_16 : fault.message;
  return { code: "unreadable-file", severity: "error", args: { words }, file, path: [], stops: "load" };
}

const UTF_16 = "it is UTF-16; save it as UTF-8";

/** What older PowerShells write unless told otherwise, and no Codex reads. */
function isUtf16(host: Host, path: string): boolean {
  const [first, second] = bytesAt(host, path, 2) ?? [];
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function parsed(file: FileRole, snapshot: Snapshot): Document | Finding {
  try {
    return snapshot.document(file);
  } catch (error) {
    if (!(error instanceof CfgError) || error.code !== "invalid-toml") throw error;
    const mended = fixDuplicates(snapshot.text(file) ?? "");
    if (mended) {
      const { first, path, second } = mended.duplicate;
      const args = { key: renderKey(path), line: first };
      const at = { line: second, column: 1 };
      const found: Finding = { code: "duplicate-key", severity: "error", args, file, path: [], at, stops: "load" };
      const isSure = !mended.differs && !hasMixedServer(mended.text);
      return isSure ? { ...found, fix: [{ op: "write", file, text: mended.text }] } : found;
    }
    const at = { line: error.line ?? 1, column: error.column ?? 1 };
    return { code: "not-toml", severity: "error", args: {}, file, path: [], at, stops: "load" };
  }
}

/** Two tables of a server, one with a program and one with an address, are two servers and no halves of one. */
function hasMixedServer(text: string): boolean {
  const servers = documentOf(text)?.table(["mcp_servers"]) ?? {};
  return tablesIn(servers, []).some(([, server]) => server.command !== undefined && server.url !== undefined);
}

function fileText(host: Host, dir: string, name: string): string | null {
  try {
    return readTextFile(host, namedFile(name, dir, host.userHome));
  } catch {
    return null;
  }
}

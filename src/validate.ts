/**
 * Judges a home, one profile of it, or any single file for one release of Codex. Reads, never writes; the judgement
 * itself is `plan/check`.
 */
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Codex } from "./codex/detect.ts";
import { profileRole } from "./codex/layout.ts";
import { loadShape } from "./codex/load-shape.ts";
import { readLogin } from "./codex/login.ts";
import { CfgError } from "./errors.ts";
import type { Finding } from "./finding.ts";
import type { Host } from "./host.ts";
import type { FileRole, Op } from "./op.ts";
import { type CheckContext, check, type Judgement, type Layer } from "./plan/check.ts";
import { Snapshot } from "./plan/snapshot.ts";
import { readTextFile } from "./store/store.ts";
import type { Document } from "./toml/document.ts";
import { mendDuplicates } from "./toml/duplicates.ts";
import { renderKey } from "./toml/value.ts";

/** What is judged: the files as `snapshot` has them, relative names counting from `dir`. */
export type Subject = { readonly host: Host; readonly dir: string; readonly codex: Codex; readonly snapshot: Snapshot };

/** Judges config.toml, with a profile's file on top when one is named. */
export async function judge(subject: Subject, profile: string | null): Promise<Judgement> {
  const { codex, dir, host, snapshot } = subject;
  const role = profile !== null && codex.layout === "file" ? profileRole(profile) : null;
  const layers: Layer[] = [];
  const broken: Finding[] = [];
  for (const file of role === null ? (["config"] as const) : (["config", role] as const)) {
    const document = parsed(file, snapshot);
    if ("code" in document) broken.push(document);
    else layers.push({ file, document });
  }
  const context: CheckContext = {
    version: codex.version,
    shape: await loadShape(),
    login: readLogin(host, dir),
    profile,
    fileText: (name) => fileText(host, dir, name),
  };
  const judgement = check(layers, context);
  const missing: Finding[] =
    role === null || snapshot.exists(role)
      ? []
      : [{ code: "no-profile-file", severity: "warning", args: { profile: profile ?? "" } }];
  if (broken.length === 0) return { ...judgement, findings: [...missing, ...judgement.findings] };
  return { loads: false, strict: false, findings: [...broken, ...judgement.findings] };
}

/** One file as a subject of its own, as if it were config.toml. Throws `unsafe-file` for what is none that can be read. */
export function fileSubject(host: Host, codex: Codex, name: string): Subject {
  const path = resolve(host.cwd, name);
  const text = readTextFile(host, path);
  if (text === null) throw new CfgError("unsafe-file", "there is no such file", { path });
  return { host, dir: dirname(path), codex, snapshot: new Snapshot((role) => (role === "config" ? text : null)) };
}

function parsed(file: FileRole, snapshot: Snapshot): Document | Finding {
  try {
    return snapshot.document(file);
  } catch (error) {
    if (!(error instanceof CfgError) || error.code !== "invalid-toml") throw error;
    const mended = mendDuplicates(snapshot.text(file) ?? "");
    if (mended) {
      const { first, path, second } = mended.duplicate;
      const args = { key: renderKey(path), line: first };
      const fix: Op[] = [{ op: "write", file, text: mended.text }];
      const at = { line: second, column: 1 };
      return { code: "said-twice", severity: "error", args, file, path: [], at, stops: "load", fix };
    }
    const at = { line: error.line ?? 1, column: error.column ?? 1 };
    return { code: "not-toml", severity: "error", args: {}, file, path: [], at, stops: "load" };
  }
}

function fileText(host: Host, dir: string, name: string): string | null {
  const path = name.startsWith("~/") ? join(host.userHome, name.slice(2)) : isAbsolute(name) ? name : join(dir, name);
  try {
    return readTextFile(host, path);
  } catch {
    return null;
  }
}

/** Reads a file of a home for a check: a document, or the finding that says why there is none. */
import { join } from "node:path";
import { fileName } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import { bytesAt } from "../machine/try-read.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { fixDuplicates } from "../toml/duplicates.ts";
import { renderKey, tablesIn } from "../toml/value.ts";
import type { Subject } from "./context.ts";

export function readLayer(file: FileRole, { dir, host }: Subject, snapshot: Snapshot): Document | Finding {
  const fault = faultOf(file, snapshot);
  if (fault === null) return parsed(file, snapshot);
  const words = isUtf16(host, join(dir, fileName(file))) ? UTF_16 : fault.message;
  return { code: "unreadable-file", severity: "error", args: { words }, file, path: [], stops: "load" };
}

/** Why a file cannot be read or parsed; null for one that can, and where there is no file. */
export function faultOf(file: FileRole, snapshot: Snapshot): CfgError | null {
  try {
    snapshot.text(file);
    return null;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
}

/** True of errors about the file itself; a file that is just being written is no fault, as it can be read in a moment. */
export function isFault(error: unknown): error is CfgError {
  return error instanceof CfgError && (error.code === "unsafe-file" || error.code === "io");
}

export const UTF_16 = "it is UTF-16; save it as UTF-8";

/** Whether a file is UTF-16, the default of older PowerShells, which no Codex reads. */
export function isUtf16(host: Host, path: string): boolean {
  const [first, second] = bytesAt(host, path, 2) ?? [];
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function parsed(file: FileRole, snapshot: Snapshot): Document | Finding {
  try {
    return snapshot.document(file);
  } catch (error) {
    if (!(error instanceof CfgError) || error.code !== "invalid-toml") throw error;
    const fixed = fixDuplicates(snapshot.text(file) ?? "");
    if (fixed) {
      const { first, path, second } = fixed.duplicate;
      const args = { key: renderKey(path), line: first };
      const at = { line: second, column: 1 };
      const found: Finding = { code: "duplicate-key", severity: "error", args, file, path: [], at, stops: "load" };
      const isSure = !fixed.differs && !hasMixedServer(fixed.text);
      return isSure
        ? {
            ...found,
            fix: { kind: "safe", reason: "both say the same", ops: [{ op: "write", file, text: fixed.text }] },
          }
        : found;
    }
    const at = { line: error.line ?? 1, column: error.column ?? 1 };
    return { code: "not-toml", severity: "error", args: {}, file, path: [], at, stops: "load" };
  }
}

/**
 * Whether joining duplicate tables gives a server both a program and an address: then they were two servers of one name.
 */
function hasMixedServer(text: string): boolean {
  const servers = documentOf(text)?.table(["mcp_servers"]) ?? {};
  return tablesIn(servers, []).some(([, server]) => server.command !== undefined && server.url !== undefined);
}

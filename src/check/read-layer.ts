/** Reads a file of a home for a check: a document, and the findings that say what of it cannot be read. */
import { join } from "node:path";
import { fileName } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import { bytesAt } from "../machine/try-read.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Document } from "../toml/document.ts";
import { readTolerantly } from "../toml/slips/read-tolerantly.ts";
import type { Expects, Slip } from "../toml/slips/slip.ts";
import type { Subject } from "./context.ts";
import { slipFindings } from "./slips.ts";

/** A file as far as it can be read; findings say what of it cannot. */
export type Read = { readonly document: Document | null; readonly findings: readonly Finding[] };

/** `expects` says what Codex takes where. */
export function readLayer(file: FileRole, { dir, host }: Subject, snapshot: Snapshot, expects: Expects): Read {
  const fault = faultOf(file, snapshot);
  if (fault === null) return parsed(file, snapshot, expects);
  const words = isUtf16(host, join(dir, fileName(file))) ? UTF_16 : fault.message;
  const found: Finding = { code: "unreadable-file", severity: "error", args: { words }, file, path: [], stops: "load" };
  return { document: null, findings: [found] };
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

function parsed(file: FileRole, snapshot: Snapshot, expects: Expects): Read {
  try {
    return { document: snapshot.document(file), findings: [] };
  } catch (error) {
    if (!(error instanceof CfgError) || error.code !== "invalid-toml") throw error;
  }
  const text = snapshot.text(file) ?? "";
  const read = readTolerantly(text, expects, fileName(file));
  const slips = read.slips.map((slip) => (isOfTwoServers(slip, read.document) ? apart(slip) : slip));
  return { document: read.document, findings: slipFindings(file, text, slips) };
}

/** Whether joining two tables gives a server both a program and an address: then they are two servers of one name. */
function isOfTwoServers({ kind, path }: Slip, document: Document): boolean {
  const server = kind === "defined-twice" && path[0] === "mcp_servers" ? document.table(path.slice(0, 2)) : undefined;
  return server?.command !== undefined && server.url !== undefined;
}

function apart(slip: Slip): Slip {
  return { ...slip, isSure: false, readings: slip.readings.filter(({ as }) => as !== "both") };
}

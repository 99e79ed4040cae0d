/**
 * One look at a file that others may be writing: follows links itself, takes regular files only, tells a reading that
 * raced with a writer, and turns bytes into text without losing one. Knows nothing of locks or journals.
 */
import { createHash } from "node:crypto";
import { dirname, isAbsolute, join, parse, sep } from "node:path";
import type { Disk, Stat } from "../host/host.ts";
import type { Digest } from "../model/change.ts";
import { CfgError, isErrno } from "../model/error.ts";
import { encodeAny } from "./any-bytes.ts";

/** Where a name leads. `stat` is null when there is nothing yet. */
export type ResolvedPath = { readonly realPath: string; readonly linked: boolean; readonly stat: Stat | null };

/** A target and its bytes at one moment. */
export type FileRead = ResolvedPath & { readonly bytes: Uint8Array | null; readonly digest: Digest };

/** No larger file is read or written. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MAX_LINKS = 40;

/** Reads a file once; null when that raced with a writer. Throws for what must not be touched, such as a pipe. */
export function readOnce(disk: Disk, path: string): FileRead | null {
  const target = resolveLinks(disk, path);
  if (target.stat === null) return { ...target, bytes: null, digest: null };
  refuseOdd(target.stat, path);
  try {
    const { bytes, stat, after } = disk.read(target.realPath, MAX_FILE_BYTES + 1);
    if (stat.kind !== "file" || !sameFile(stat, after) || bytes.length !== stat.size) return null;
    let digest: string | undefined;
    return {
      ...target,
      stat,
      bytes,
      // Made when it is asked for: most callers need the text alone, and the module for digests is slow to load.
      get digest() {
        digest ??= digestOf(bytes);
        return digest;
      },
    };
  } catch (error) {
    // It was replaced between the two calls.
    if (isErrno(error, "ENOENT", "ELOOP", "ENXIO")) return null;
    throw error;
  }
}

/** Follows the links at the end of `path`, so that the file is replaced where it really is and the link stays. */
export function resolveLinks(disk: Disk, path: string): ResolvedPath {
  const stat = disk.stat(path);
  if (stat?.kind !== "link") return { realPath: path, linked: false, stat };
  const real = realPath(disk, path);
  return { realPath: real, linked: true, stat: disk.stat(real) };
}

/** Where a path really leads, links in the middle of it followed, too. Throws `unsafe-file` where that is nowhere. */
export function realPath(disk: Disk, path: string): string {
  let real = parse(path).root;
  let links = 0;
  const rest = parts(path);
  // Name by name, because `..` after a linked folder means the parent of where that link leads.
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === "..") {
      real = dirname(real);
      continue;
    }
    const next = join(real, name);
    const found = disk.stat(next);
    if (found?.kind === "link") {
      links += 1;
      if (links > MAX_LINKS) throw unsafe(path, "its links lead in a circle");
      const to = found.target ?? "";
      if (isAbsolute(to)) real = parse(to).root;
      rest.unshift(...parts(to));
      continue;
    }
    if (found === null && rest.length > 0) throw unsafe(path, "it is a link into a folder that does not exist");
    real = next;
  }
  return real;
}

const parts = (path: string): string[] =>
  path
    .slice(parse(path).root.length)
    .split(sep === "\\" ? /[\\/]/ : "/")
    .filter((name) => name !== "" && name !== ".");

function refuseOdd(stat: Stat, path: string): void {
  if (stat.kind === "dir") throw unsafe(path, "it is a folder, not a file");
  if (stat.kind !== "file") throw unsafe(path, "it is not a regular file");
  if (stat.size > MAX_FILE_BYTES) throw unsafe(path, "it is larger than 16 MiB");
}

/** Whether nobody has written between two looks. */
export function sameFile(a: Stat, b: Stat): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

const unsafe = (path: string, message: string): CfgError => new CfgError("unsafe-file", message, { path });

/** SHA-256 in hex. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Strict: a byte that is no UTF-8 is an error, and a BOM stays as U+FEFF. */
export function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const lossy = encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
    let offset = lossy.findIndex((byte, i) => byte !== bytes[i]);
    // The replacement character may begin with the same bytes as what it replaces.
    while (((lossy[offset] ?? 0) & 0xc0) === 0x80) offset -= 1;
    throw unsafe(path, `it is not valid UTF-8 (byte ${offset})`);
  }
}

/** The exact bytes of a text that {@link decode} or `decodeAny` would give back. */
export function encode(text: string): Uint8Array {
  if (!/[\uD800-\uDFFF]/u.test(text)) return new TextEncoder().encode(text);
  return encodeAny(text);
}

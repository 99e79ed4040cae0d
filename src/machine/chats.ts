/**
 * Which stored chats belong to a provider. A chat cannot be resumed once its provider's table is gone (measured with
 * 0.169.0), so a revert asks here first.
 */
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { bytesAt, namesIn } from "./try-read.ts";

/**
 * How much of a file is read: the first record names the provider within its first kilobyte, and is far longer itself.
 */
const HEAD_BYTES = 4096;

/** How many chats name this provider; the count stops at `limit`. */
export function countChats(host: Host, home: string, provider: string, limit = 100): number {
  let count = 0;
  for (const file of chatFiles(host, home)) {
    if (providerOf(headOf(host, file)) === provider) count++;
    if (count >= limit) break;
  }
  return count;
}

/** The providers that the newest chats name, each with how many of these chats, looking at no more than `limit`. */
export function providersOfChats(host: Host, home: string, limit = 1000): Map<string, number> {
  const found = new Map<string, number>();
  let left = limit;
  for (const file of chatFiles(host, home)) {
    if (left-- === 0) break;
    const provider = providerOf(headOf(host, file));
    if (provider !== null) found.set(provider, (found.get(provider) ?? 0) + 1);
  }
  return found;
}

/** Which provider a chat's first record names; null where it names none. */
function providerOf(head: string): string | null {
  const spelled = /"model_provider"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(head)?.[1];
  try {
    return spelled === undefined ? null : (JSON.parse(spelled) as string);
  } catch {
    return null;
  }
}

/** Chat files, newest first: their folders and names begin with the date. */
export function* chatFiles(host: Host, home: string): Generator<string> {
  for (const folder of ["sessions", "archived_sessions"]) yield* filesBelow(host, join(home, folder), 4);
}

function* filesBelow(host: Host, folder: string, depth: number): Generator<string> {
  for (const name of [...namesIn(host, folder)].reverse()) {
    const path = join(folder, name);
    if (name.startsWith("rollout-") && name.endsWith(".jsonl")) yield path;
    else if (depth > 0 && /^\d+$/.test(name)) yield* filesBelow(host, path, depth - 1);
  }
}

function headOf(host: Host, path: string): string {
  return new TextDecoder().decode(bytesAt(host, path, HEAD_BYTES) ?? new Uint8Array());
}

/**
 * Folders of one's own for a moment: copies of the user's files that Codex is asked about, and the empty folder that it is
 * started in. Copies say whose they are, so that a later command removes what a dead process left.
 */
import { basename, dirname, join } from "node:path";
import type { Host } from "../host/host.ts";
import { orNull } from "../model/error.ts";
import { identityIn, isDead } from "../store/alive.ts";
import { STATE } from "../store/paths.ts";
import { realPath } from "../store/safe-read.ts";
import { namesIn, statAt, textAt } from "./try-read.ts";

/** Where copies of a home's files go: in its state folder, where that is there and nobody else's. */
export function scratchPlace(host: Host, home: string): string | null {
  const state = orNull(() => realPath(host.disk, join(home, STATE)));
  const stat = state === null ? null : statAt(host, state);
  const isOwn = stat?.kind === "dir" && (host.uid < 0 || (stat.uid === host.uid && (stat.mode & 0o077) === 0));
  return isOwn && state !== null ? join(state, PLACE) : null;
}

type Files = Readonly<Record<string, string | Uint8Array>>;

/**
 * Makes a folder with these files for as long as `use` takes: in `place`, the state folder's own, if there is one, else in
 * the user's cache. Throws what the disk throws; the folder goes in any case, also when a signal comes.
 */
export function withScratch<T>(
  host: Host,
  place: string | null,
  files: Files,
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  // The owner comes first, so that what is left behind is never without one.
  const owned = { [OWNER]: JSON.stringify(host.self), ...files };
  return withFolder(host, [place, cachePlace(host), host.tmp], owned, (folder) => {
    // Earlier builds had all of theirs there, and did not say whose. By the disk's own clock, which is right for all.
    sweep(host, host.tmp, modifiedAt(host, folder));
    return use(folder);
  });
}

/**
 * Makes an empty folder for as long as `use` takes. Codex takes a `.codex` above its working directory for a project's, and
 * a repository for a project, so neither is above this one. Throws where there is no such place.
 */
export function withEmptyFolder<T>(host: Host, use: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(host, outsideOfProjects(host), {}, use);
}

function* outsideOfProjects(host: Host): Generator<string> {
  for (const place of [host.tmp, cachePlace(host), "/tmp", "/var/tmp", "/dev/shm"]) {
    const real = place === null ? null : orNull(() => realPath(host.disk, place));
    if (real !== null && !isInProject(host, real)) yield real;
  }
}

/** Removes what processes that are dead left in a place of {@link withScratch}, and in the cache's. */
export function sweepScratch(host: Host, place: string | null): void {
  for (const one of new Set([place, cachePlace(host)])) if (one !== null) sweep(host, one, host.now());
}

/** The name of a place of our own, in the state folder and in the cache. */
const PLACE = "scratch";

const isOurs = (place: string): boolean => basename(place) === PLACE;

function cachePlace({ cache }: Host): string | null {
  return cache && join(cache, PLACE);
}

/** In the first place that takes it. */
function withFolder<T>(
  host: Host,
  places: Iterable<string | null>,
  files: Files,
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  return host.guarded(async () => {
    const folder = makeFolder(host, places, files);
    try {
      return await use(folder);
    } finally {
      removeTree(host, folder);
      leave(host, dirname(folder));
    }
  });
}

const OWNER = "owner";

function makeFolder(host: Host, places: Iterable<string | null>, files: Files): string {
  const name = `codex-cfg-${host.randomHex(16)}`;
  let failure: unknown = new Error("no place for a scratch folder");
  for (const place of places) {
    if (place === null) continue;
    const folder = join(place, name);
    try {
      if (isOurs(place) && statAt(host, place) === null) host.disk.mkdir(place, 0o700);
      if (!isSafePlace(host, place)) continue;
      host.disk.mkdir(folder, 0o700);
      for (const [file, content] of Object.entries(files)) writeFile(host, join(folder, file), content);
      return folder;
    } catch (error) {
      failure = error;
      removeTree(host, folder);
    }
  }
  throw failure;
}

/** What else is in a place, at most; the rest is left to the next command. */
const MOST_LEFT = 50;
/** A folder without an owner is an empty one, or of an earlier build. None is needed as long. */
const LONGEST_MS = 10 * 60 * 1000;

function sweep(host: Host, place: string, now: number): void {
  if (statAt(host, place) === null) return;
  const names = namesIn(host, place).filter((name) => /^codex-cfg-[0-9a-f]{16}$/.test(name));
  if (names.length === 0 || !isSafePlace(host, place)) return;
  for (const name of names.slice(0, MOST_LEFT))
    if (isLeft(host, join(place, name), now)) removeTree(host, join(place, name));
  leave(host, place);
}

/** A place of our own goes with the last folder in it. */
function leave(host: Host, place: string): void {
  if (isOurs(place)) orNull(() => host.disk.remove(place));
}

function isLeft(host: Host, folder: string, now: number): boolean {
  const stat = statAt(host, folder);
  if (stat?.kind !== "dir" || (host.uid >= 0 && stat.uid !== host.uid)) return false;
  const owner = identityIn(orNull(() => JSON.parse(textAt(host, join(folder, OWNER)) ?? "")));
  return owner === null ? now - modifiedAt(host, folder) > LONGEST_MS : isDead(host, owner);
}

function modifiedAt(host: Host, path: string): number {
  return Number((host.disk.stat(path)?.mtimeNs ?? 0n) / 1_000_000n);
}

/** Where nobody else can exchange a folder of ours for a link: one's own, or one where everybody may only add. */
function isSafePlace(host: Host, place: string): boolean {
  if (host.uid < 0) return true;
  const stat = orNull(() => host.disk.stat(realPath(host.disk, place)));
  if (stat?.kind !== "dir") return false;
  const isClosed = (stat.mode & 0o022) === 0 && (stat.uid === host.uid || stat.uid === 0);
  return isClosed || (stat.mode & 0o1000) !== 0;
}

/** Whether Codex would find a project here. */
function isInProject(host: Host, place: string): boolean {
  const above = dirname(place);
  if ([".codex", ".git"].some((name) => statAt(host, join(place, name)) !== null)) return true;
  return above !== place && isInProject(host, above);
}

/** What cannot be removed is left to the next command. */
function removeTree(host: Host, path: string): void {
  orNull(() => {
    if (host.disk.stat(path)?.kind === "dir") {
      for (const name of host.disk.list(path)) removeTree(host, join(path, name));
    }
    host.disk.remove(path);
  });
}

function writeFile(host: Host, path: string, content: string | Uint8Array): void {
  const writer = host.disk.create(path, 0o600);
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    while (rest.length > 0) rest = rest.subarray(writer.write(rest));
  } finally {
    writer.close();
  }
}

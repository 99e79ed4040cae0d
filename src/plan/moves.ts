/** Which keys a change has carried to another place under the same name, as a migration does. */
import { type Change, isRelated, type KeyPlace } from "../model/change.ts";
import type { FileRole, KeyPath } from "../model/op.ts";
import { documentOf } from "../toml/document.ts";
import { valueChanges } from "./value-changes.ts";

export function startsWith(path: KeyPath, start: KeyPath): boolean {
  return start.every((part, i) => part === path[i]);
}

/** Tells of a key whether a change has moved it elsewhere. */
export type Moves = (file: FileRole, path: KeyPath) => boolean;

/** The moves of some changes, each given by its images, which are read when somebody first asks. */
export function movesOf(changes: Iterable<readonly Change[]>): Moves {
  let known: readonly Move[] | undefined;
  return (file, path) => {
    known ??= [...changes].map(moveOf);
    return known.some(({ came, gone }) =>
      gone.some((was) => was.file === file && isRelated(was.path, path) && came.some((to) => isTail(was.path, to))),
    );
  };
}

type Move = { readonly gone: readonly KeyPlace[]; readonly came: readonly KeyPath[] };

function moveOf(images: readonly Change[]): Move {
  const changes = images.flatMap(({ after, before, file }) => {
    const [old, now] = [documentOf(before ?? ""), documentOf(after ?? "")];
    // From a text that does not parse all keys are gone, as far as anybody can read it.
    return old ? valueChanges(old.data, now?.data ?? {}).map((change) => ({ file, ...change })) : [];
  });
  return {
    gone: changes.filter(({ kind }) => kind === "removed"),
    came: changes.flatMap(({ kind, path }) => (kind === "added" ? [path] : [])),
  };
}

function isTail(a: KeyPath, b: KeyPath): boolean {
  const [tail, path] = a.length <= b.length ? [a, b] : [b, a];
  return tail.every((part, i) => part === path[path.length - tail.length + i]);
}

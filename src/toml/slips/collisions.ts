/**
 * What a text defines in two ways that do not go together: a key as a value and as a table, a table twice, a table in
 * braces and under a header, a table and a list of tables. Finds them one after the other; `joins.ts` knows what to do.
 */
import type { KeyPath } from "../../model/op.ts";
import type { LineIndex, Section } from "../line-index.ts";
import type { Entry } from "../scan.ts";
import { renderKey } from "../value.ts";

export type CollisionKind =
  | "header-header"
  | "same-key"
  /** A value in braces and a header of the same table, or of one below it. */
  | "inline-header"
  /** A dotted key in one table and the header of another that it goes into. */
  | "dotted-header"
  | "inline-dotted"
  | "value-table"
  | "table-list";

/** One of two places: a key with its value, or a section by its header. */
export type Place = { readonly section: Section; readonly entry: Entry | null };

export type Collision = {
  readonly kind: CollisionKind;
  readonly path: KeyPath;
  readonly first: Place;
  readonly second: Place;
};

type Known = Place & { readonly as: "header" | "list" | "value" | "inline" | "dotted" | "implied"; count: number };

/** The first collision of a text whose statements are in order one by one; null where there is none. */
export function firstCollision({ sections }: Pick<LineIndex, "sections">): Collision | null {
  const known = new Map<string, Known>();
  const at = (path: KeyPath) => known.get(renderKey(path));
  for (const section of sections) {
    const place: Place = { section, entry: null };
    const path: (string | number)[] = [];
    const parts = section.key?.parts ?? [];
    const put = (as: Known["as"], own: Place) => known.set(renderKey(path), { ...own, as, count: 0 });
    const hit = (kind: CollisionKind, first: Place, second: Place): Collision => ({
      kind,
      path: [...path],
      first,
      second,
    });
    for (const [i, part] of parts.entries()) {
      path.push(part);
      const there = at(path);
      const isLast = i === parts.length - 1;
      if (there?.as === "value") return hit("value-table", there, place);
      if (there?.as === "inline")
        return hit(isLast && section.kind === "array" ? "value-table" : "inline-header", there, place);
      if (!isLast) {
        if (!there) put("implied", place);
        if (there?.as === "list") path.push(there.count);
      } else if (section.kind === "array") {
        if (!there) put("list", place);
        else if (there.as !== "list") return hit("table-list", there, place);
        else there.count++;
        path.push(at(path)?.count ?? 0);
      } else {
        if (there?.as === "header") return hit("header-header", there, place);
        if (there?.as === "list") return hit("table-list", there, place);
        if (there?.as === "dotted") return hit("dotted-header", there, place);
        put("header", place);
      }
    }
    const depth = path.length;
    for (const entry of section.entries) {
      path.length = depth;
      const own: Place = { section, entry };
      for (const [i, part] of entry.key.parts.entries()) {
        path.push(part);
        const there = at(path);
        if (i < entry.key.parts.length - 1) {
          if (!there) put("dotted", own);
          else if (there.as === "value") return hit("value-table", there, own);
          else if (there.as === "inline") return hit("inline-dotted", there, own);
          else if (there.as === "header") return hit("dotted-header", there, own);
        } else if (!there) put(entry.value.kind === "inline" ? "inline" : "value", own);
        else if (there.as === "value" || there.as === "inline") return hit("same-key", there, own);
        else if (entry.value.kind !== "inline" || there.as === "list") return hit("value-table", there, own);
        else return hit(there.as === "dotted" ? "inline-dotted" : "inline-header", there, own);
      }
    }
  }
  return null;
}

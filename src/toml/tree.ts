/**
 * The tables of a scanned text by key path, whatever form they are written in: header, dotted keys, inline, implied by
 * sub-tables, split over the file. Built once per scan; holds references into it, never text.
 */
import type { KeyPath } from "../op.ts";
import type { Entry, Scan, Section } from "./scan.ts";

/** An entry whose dotted key passes through a table; `depth` parts of the key lead up to and name that table. */
export type Passage = { readonly entry: Entry; readonly depth: number };

export type Node = {
  readonly path: KeyPath;
  readonly parent: Node | null;
  readonly children: Map<string, Node>;
  /** The elements, when this is an array of tables. */
  elements: Node[] | null;
  /** The section that defines this very table: its `[header]`, an element's `[[header]]`, the root's. */
  section: Section | null;
  /** The entry whose value this is. */
  entry: Entry | null;
  /** Dotted entries that imply this table. */
  readonly passages: Passage[];
};

/** A document's tables. The root's section is the one before the first header. */
export function buildTree(scan: Scan): Node {
  const root = newNode([], null);
  for (const section of scan.sections) {
    let node = root;
    const parts = section.key?.parts ?? [];
    parts.forEach((part, i) => {
      node = child(node, part);
      // A header below `[[a]]` belongs to the newest element of `a`.
      if (i < parts.length - 1) node = node.elements?.at(-1) ?? node;
    });
    if (section.kind === "array") {
      node.elements ??= [];
      const element = newNode([...node.path, node.elements.length], node);
      node.elements.push(element);
      node = element;
    }
    node.section = section;
    for (const entry of section.entries) addEntry(node, entry);
  }
  return root;
}

/** The node at a path; numbers pick elements of arrays of tables. */
export function nodeAt(root: Node, path: KeyPath): Node | null {
  let node: Node | undefined = root;
  for (const part of path) {
    node = typeof part === "number" ? node.elements?.[part] : node.children.get(part);
    if (!node) return null;
  }
  return node;
}

/** All sections that define a table or anything below it, in no particular order. */
export function sectionsUnder(node: Node): Section[] {
  const found = node.section ? [node.section] : [];
  for (const below of [...node.children.values(), ...(node.elements ?? [])]) found.push(...sectionsUnder(below));
  return found;
}

function newNode(path: KeyPath, parent: Node | null): Node {
  return { path, parent, children: new Map(), elements: null, section: null, entry: null, passages: [] };
}

function child(node: Node, name: string): Node {
  let found = node.children.get(name);
  if (!found) {
    found = newNode([...node.path, name], node);
    node.children.set(name, found);
  }
  return found;
}

function addEntry(table: Node, entry: Entry): void {
  let node = table;
  entry.key.parts.forEach((part, i) => {
    node = child(node, part);
    if (i < entry.key.parts.length - 1) node.passages.push({ entry, depth: i + 1 });
  });
  node.entry = entry;
  if (entry.value.kind === "inline") for (const inner of entry.value.entries) addEntry(node, inner);
}

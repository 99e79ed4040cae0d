/**
 * The tables of a scanned text by key path, whatever form they are written in: header, dotted keys, inline, implied by
 * sub-tables, split over the file. Knows where each of them is written, never its value.
 */
import type { KeyPath } from "../model/op.ts";
import type { Section } from "./line-index.ts";
import type { Entry } from "./scan.ts";

/** An entry whose dotted key implies a table; the first `depth` parts of the key name that table. */
export type DottedKeyUse = { readonly entry: Entry; readonly depth: number };

export type Tree = {
  readonly root: Node;
  /** By line: the table whose header, or the key whose value, stands there. */
  readonly byLine: readonly (Node | undefined)[];
};

/** A table, an array of tables, an element of one, or a key with a value. */
export class Node {
  readonly parent: Node | null;
  /** Its name in its parent, or its index in an array of tables; null for the root. */
  readonly name: string | number | null;
  /** The entry whose value this is. */
  entry: Entry | null = null;
  /** The section that defines this very table: its `[header]`, an element's `[[header]]`, the root's. */
  section: Section | null = null;
  /** The sections that define this table or anything below it, in file order. */
  readonly sections: Section[] = [];
  /** Dotted entries that imply this table. */
  readonly dottedKeyUses: DottedKeyUse[] = [];
  readonly children = new Map<string, Node>();
  /** The elements, when this is an array of tables. */
  elements: Node[] | null = null;

  constructor(parent: Node | null, name: string | number | null) {
    this.parent = parent;
    this.name = name;
  }

  get path(): KeyPath {
    return this.parent === null || this.name === null ? [] : [...this.parent.path, this.name];
  }
}

/** The root's section is the one before the first header. */
export function treeOf(sections: readonly Section[]): Tree {
  const root = new Node(null, null);
  const byLine: (Node | undefined)[] = [];
  for (const section of sections) {
    let node = root;
    const enter = (next: Node) => {
      next.sections.push(section);
      node = next;
    };
    enter(root);
    for (const part of section.key?.parts ?? []) {
      // A header below `[[a]]` belongs to the newest element of `a`.
      const element = node.elements?.at(-1);
      if (element) enter(element);
      enter(childOf(node, part));
    }
    if (section.kind === "array") enter(newElement(node));
    node.section = section;
    if (section.key) byLine[section.line] = node;
    for (const entry of section.entries) byLine[entry.line] = addEntry(node, entry);
  }
  return { root, byLine };
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

function addEntry(table: Node, entry: Entry): Node {
  let node = table;
  const { parts } = entry.key;
  parts.forEach((part, i) => {
    node = childOf(node, part);
    if (i + 1 < parts.length) node.dottedKeyUses.push({ entry, depth: i + 1 });
  });
  node.entry = entry;
  if (entry.value.kind === "inline") for (const inner of entry.value.entries) addEntry(node, inner);
  return node;
}

function childOf(table: Node, name: string): Node {
  let child = table.children.get(name);
  if (!child) {
    child = new Node(table, name);
    table.children.set(name, child);
  }
  return child;
}

function newElement(array: Node): Node {
  array.elements ??= [];
  const element = new Node(array, array.elements.length);
  array.elements.push(element);
  return element;
}

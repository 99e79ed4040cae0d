/**
 * The tables of a scanned text by key path, whatever form they are written in: header, dotted keys, inline, implied by
 * sub-tables, split over the file. Built once per scan; holds references into it, never text.
 */
import type { KeyPath } from "../op.ts";
import type { Entry, Scan, Section } from "./scan.ts";

/** An entry whose dotted key passes through a table; `depth` parts of the key lead up to and name that table. */
export type Passage = { readonly entry: Entry; readonly depth: number };

/** Most nodes are plain keys, and a large file has many: they share what they do not have. */
const NO_CHILDREN: ReadonlyMap<string, Node> = new Map();
const NO_PASSAGES: readonly Passage[] = [];

export class Node {
  readonly parent: Node | null;
  /** Its name in its parent, or its index in an array of tables; null for the root. */
  readonly name: string | number | null;
  children: ReadonlyMap<string, Node> = NO_CHILDREN;
  /** The elements, when this is an array of tables. */
  elements: Node[] | null = null;
  /** The section that defines this very table: its `[header]`, an element's `[[header]]`, the root's. */
  section: Section | null = null;
  /** The entry whose value this is. */
  entry: Entry | null = null;
  /** Dotted entries that imply this table. */
  passages: readonly Passage[] = NO_PASSAGES;

  constructor(parent: Node | null, name: string | number | null) {
    this.parent = parent;
    this.name = name;
  }

  get path(): KeyPath {
    return this.parent === null || this.name === null ? [] : [...this.parent.path, this.name];
  }
}

/** A document's tables. The root's section is the one before the first header. */
export function buildTree(scan: Scan): Node {
  const root = new Node(null, null);
  for (const section of scan.sections) {
    let node = root;
    const parts = section.key?.parts ?? [];
    for (let i = 0; i < parts.length; i++) {
      node = child(node, parts[i] as string);
      // A header below `[[a]]` belongs to the newest element of `a`.
      if (i < parts.length - 1 && node.elements) node = node.elements.at(-1) ?? node;
    }
    if (section.kind === "array") {
      node.elements ??= [];
      const element = new Node(node, node.elements.length);
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

function child(node: Node, name: string): Node {
  let found = node.children.get(name);
  if (!found) {
    found = new Node(node, name);
    if (node.children === NO_CHILDREN) node.children = new Map();
    (node.children as Map<string, Node>).set(name, found);
  }
  return found;
}

function addEntry(table: Node, entry: Entry): void {
  let node = table;
  const { parts } = entry.key;
  for (let depth = 1; depth <= parts.length; depth++) {
    node = child(node, parts[depth - 1] as string);
    if (depth < parts.length) node.passages = [...node.passages, { entry, depth }];
  }
  node.entry = entry;
  if (entry.value.kind === "inline") for (const inner of entry.value.entries) addEntry(node, inner);
}

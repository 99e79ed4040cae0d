/**
 * The tables of a scanned text by key path, whatever form they are written in: header, dotted keys, inline, implied by
 * sub-tables, split over the file. A table is taken apart when somebody looks into it; nodes hold references, never text.
 */
import type { KeyPath } from "../model/op.ts";
import { lastWhere, type Section, type Sections } from "./outline.ts";
import type { Entry } from "./scan.ts";

/** An entry whose dotted key passes through a table; `depth` parts of the key lead up to and name that table. */
export type Passage = { readonly entry: Entry; readonly depth: number };

/** Most nodes are plain keys, and a large file has many: they share what they do not have. */
const NO_CHILDREN: ReadonlyMap<string, Node> = new Map();
const NO_PASSAGES: readonly Passage[] = [];
const NO_SECTIONS: readonly number[] = [];

export class Node {
  readonly parent: Node | null;
  /** Its name in its parent, or its index in an array of tables; null for the root. */
  readonly name: string | number | null;
  /** The entry whose value this is. */
  entry: Entry | null = null;
  readonly #all: Sections;
  #passages: readonly Passage[] = NO_PASSAGES;
  #under: readonly number[] = NO_SECTIONS;
  #opened = false;
  #children: ReadonlyMap<string, Node> = NO_CHILDREN;
  #elements: Node[] | null = null;
  #section: Section | null = null;

  private constructor(all: Sections, parent: Node | null, name: string | number | null) {
    this.#all = all;
    this.parent = parent;
    this.name = name;
  }

  /** A document's tables. The root's section is the one before the first header. */
  static rootOf(sections: Sections): Node {
    const root = new Node(sections, null, null);
    root.#under = Array.from({ length: sections.length }, (_, index) => index);
    return root;
  }

  get path(): KeyPath {
    return this.parent === null || this.name === null ? [] : [...this.parent.path, this.name];
  }

  /** Dotted entries that imply this table. */
  get passages(): readonly Passage[] {
    return this.#passages;
  }

  /** The sections that define this table or anything below it, by index, in file order. */
  get under(): readonly number[] {
    return this.#under;
  }

  get children(): ReadonlyMap<string, Node> {
    this.#open();
    return this.#children;
  }

  /** The elements, when this is an array of tables. */
  get elements(): readonly Node[] | null {
    this.#open();
    return this.#elements;
  }

  /** The section that defines this very table: its `[header]`, an element's `[[header]]`, the root's. */
  get section(): Section | null {
    this.#open();
    return this.#section;
  }

  /** Hands the sections below on to those that they belong to, then adds this table's own keys. */
  #open(): void {
    if (this.#opened) return;
    this.#opened = true;
    const depth = this.#depth();
    for (const index of this.#under) {
      const parts = this.#all.partsAt(index);
      const element = this.#elements?.at(-1);
      if (parts.length > depth) {
        // A header below `[[a]]` belongs to the newest element of `a`.
        (element ?? this.#child(parts[depth] as string)).#take(index);
        continue;
      }
      const section = this.#all.at(index) as Section;
      if (section.kind !== "array" || typeof this.name === "number") this.#section = section;
      else this.#addElement().#take(index);
    }
    for (const entry of this.#section?.entries ?? []) this.#add(entry);
  }

  /** How many parts of a header lead here. */
  #depth(): number {
    let depth = 0;
    for (let node: Node = this; node.parent; node = node.parent) if (typeof node.name === "string") depth++;
    return depth;
  }

  #take(index: number): void {
    if (this.#under === NO_SECTIONS) this.#under = [index];
    else (this.#under as number[]).push(index);
  }

  #pass(passage: Passage): void {
    if (this.#passages === NO_PASSAGES) this.#passages = [passage];
    else (this.#passages as Passage[]).push(passage);
  }

  #addElement(): Node {
    this.#elements ??= [];
    const element = new Node(this.#all, this, this.#elements.length);
    this.#elements.push(element);
    return element;
  }

  #child(name: string): Node {
    let found = this.#children.get(name);
    if (!found) {
      found = new Node(this.#all, this, name);
      if (this.#children === NO_CHILDREN) this.#children = new Map();
      (this.#children as Map<string, Node>).set(name, found);
    }
    return found;
  }

  #add(entry: Entry): void {
    let node: Node = this;
    const { parts } = entry.key;
    for (let depth = 1; depth <= parts.length; depth++) {
      node.#open();
      node = node.#child(parts[depth - 1] as string);
      if (depth < parts.length) node.#pass({ entry, depth });
    }
    node.entry = entry;
    if (entry.value.kind === "inline") for (const inner of entry.value.entries) node.#add(inner);
  }
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

/** The table whose header, or the key whose value, stands on a line; null for any other line. */
export function nodeOfLine(root: Node, sections: Sections, line: number): Node | null {
  const index = sections.ofLine(line);
  const section = sections.at(index) as Section;
  let node: Node | null = root;
  for (const part of section.key?.parts ?? []) {
    node = node?.children.get(part) ?? null;
    const elements: readonly Node[] = node?.elements ?? [];
    node = elements[lastWhere(elements.length, (i) => (elements[i]?.under[0] ?? 0) <= index)] ?? node;
  }
  if (section.line === line) return node;
  const { entries } = section;
  const entry = entries[lastWhere(entries.length, (i) => (entries[i]?.line ?? 0) <= line)];
  return node && entry?.line === line ? nodeAt(node, entry.key.parts) : null;
}

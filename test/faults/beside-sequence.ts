/** One sequence of changes by chance, of ours and of others, and what has to hold after each of them. */
import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert";
import { revert } from "../../src/actions/revert.ts";
import type { KeyPath, Op } from "../../src/model/op.ts";
import { documentOf } from "../../src/toml/document.ts";
import { type MemoryHome, memoryHome } from "../memory-home.ts";
import { commentsIn, type Dice, diceFrom, fileOf, partsOf, read, valuesOf } from "./beside-files.ts";
import { diceOf } from "./figures.ts";

export const tally = { sequences: 0, ours: 0, theirs: 0, reverts: 0, undone: 0, lines: 0, refused: 0 };

type Values = ReadonlyMap<string, string>;
/** What one change of ours did. */
type Made = {
  readonly id: string;
  readonly before: Values;
  readonly touched: readonly string[];
  /** The comments that went with what it took away. */
  readonly lost: readonly string[];
};

const CONFIG = "config.toml";

export class Sequence {
  readonly dice: Dice;
  readonly home: MemoryHome;
  readonly start: string;
  readonly log: string[] = [];
  values: Map<string, string>;
  comments: string[];
  made: Made[] = [];
  /** Names that a change of ours has touched once, and elements in which one has. */
  readonly touched = new Set<string>();
  theirLines = 0;
  isTheirs = false;
  isRewritten = false;

  constructor(seed: number) {
    this.dice = diceFrom(diceOf(seed));
    this.start = fileOf(this.dice);
    this.home = memoryHome({ [CONFIG]: this.start });
    this.values = new Map(valuesOf(read(this.start)));
    this.comments = [...commentsIn(this.start)];
  }

  get text(): string {
    return this.home.text(CONFIG) ?? "";
  }

  async run(): Promise<void> {
    const { dice } = this;
    const withOthers = dice.chance(0.8);
    for (let step = 3 + dice.roll(6); step > 0; step--) {
      const die = dice.roll(10);
      if (die < 5) await this.change();
      else if (die < 8 && withOthers) this.others();
      else if (this.made.length > 1) await this.takeBack();
    }
    while (this.made.length > 0) await this.takeBack();
    if (!this.isTheirs) {
      strictEqual(this.text, this.start);
      tally.undone += 1;
    } else if (!this.isRewritten && [...this.values].length === this.theirLines + valuesOf(read(this.start)).size) {
      const left = (text: string) =>
        text
          .split(/\r?\n/)
          .map((line) => line.replace(/,(?= *(#|$))/, "").trim())
          .filter((line) => line.trim() !== "" && !/theirs|^# o/.test(line.trim()));
      const now = left(this.text.replace(/ # o\d+/g, ""));
      // A header of ours stays with what others have put below it.
      const more = left(this.start).reduce(
        (lines, line) => lines.filter((one, i) => one !== line || i !== lines.indexOf(line)),
        now,
      );
      deepStrictEqual(
        [more.filter((line) => !line.startsWith("[")), now.length - more.length],
        [[], left(this.start).length],
      );
      tally.lines += 1;
    }
  }

  async change(): Promise<void> {
    const before = this.text;
    const op = this.wish();
    if (op === null) return;
    const known = new Map(this.values);
    let id: string;
    try {
      id = await this.home.change("test", [op]);
    } catch (error) {
      if (!/unsupported-edit|would-overwrite|changed nothing/.test(`${(error as { code?: string }).code} ${error}`))
        throw error;
      tally.refused += 1;
      return;
    }
    this.log.push(`ours ${JSON.stringify(op, (_, one) => (typeof one === "bigint" ? Number(one) : one))}`, this.text);
    const now = valuesOf(read(this.text));
    const ids = [...new Set([...known.keys(), ...now.keys()])].filter((key) => known.get(key) !== now.get(key));
    for (const key of ids) this.touched.add(key);
    const lost = this.comments.filter((one) => !commentsIn(this.text).includes(one));
    this.values = new Map(now);
    this.comments = this.comments.filter((one) => !lost.includes(one));
    this.made.push({ id, before: known, touched: ids, lost });
    notStrictEqual(this.text, before);
    tally.ours += 1;
  }

  wish(): Op | null {
    const { dice } = this;
    const parts = partsOf(read(this.text)).filter(({ ids }) => !ids.some((id) => this.touched.has(id)));
    const all = partsOf(read(this.text));
    const tables: KeyPath[] = [[], ...all.filter(({ kind }) => /table|element/.test(kind)).map(({ path }) => path)];
    const on = (path: KeyPath | undefined, op: object): Op | null =>
      path ? ({ file: "config", path, ...op } as Op) : null;
    const inside = (path: KeyPath) =>
      path.forEach((part, i) => {
        const names = typeof part === "number" ? namesIn(path.slice(0, i + 1), all) : [];
        for (const name of names) this.touched.add(`in ${name}`);
      });
    const some = (kinds: RegExp) => {
      const found = parts.filter(
        ({ ids, kind, path }) =>
          kinds.test(kind) &&
          ids.length > 0 &&
          !/^(path|name|id|matcher)$/.test(String(path.at(-1))) &&
          !ids.some((id) => this.touched.has(`in ${id}`)),
      );
      return found.length === 0 ? undefined : dice.pick(found).path;
    };
    switch (dice.roll(7)) {
      case 0:
      case 1: {
        const path = some(/key/);
        if (path) inside(path);
        return on(path, { op: "set", value: `s${dice.next()}` });
      }
      case 2: {
        const path = some(/key/);
        if (path) inside(path);
        return on(path, { op: "unset" });
      }
      case 3: {
        const path = some(/table|element/);
        if (path) inside(path.slice(0, -1));
        return on(path, { op: "unset" });
      }
      case 4: {
        const table = dice.pick(tables);
        inside(table);
        return on([...table, `u${dice.next()}`], { op: "set", value: BigInt(dice.roll(99)) });
      }
      case 5: {
        const value = { [`u${dice.next()}`]: true, [`u${dice.next()}`]: "x" };
        const table = dice.chance(0.5) ? [] : dice.pick(tables);
        inside(table);
        return on([...table, `t${dice.next()}`], { op: "set", value });
      }
      default: {
        const arrays = all.filter(({ kind }) => kind === "array");
        if (arrays.length === 0) return null;
        const { path } = dice.pick(arrays);
        inside(path);
        const length = all.filter(
          (one) =>
            one.kind === "element" &&
            one.path.length === path.length + 1 &&
            path.every((part, i) => part === one.path[i]),
        ).length;
        return on([...path, length], { op: "set", value: { path: `n${dice.next()}`, enabled: true } });
      }
    }
  }

  /** Something that others write, on lines of their own or behind what stands there. */
  others(): void {
    const { dice } = this;
    const lines = this.text.split("\n");
    const eol = this.text.includes("\r\n") ? "\r" : "";
    const at = dice.roll(lines.length);
    const line = lines[at] ?? "";
    const tail = `${this.text}${this.text === "" || this.text.endsWith("\n") ? "" : `${eol}\n`}`;
    const id = dice.next();
    const comment = `# o${id}`;
    const arrays = partsOf(read(this.text)).filter(({ kind, path }) => kind === "array" && path.length === 1);
    const insert = (text: string) => [...lines.slice(0, at), text + eol, ...lines.slice(at)].join("\n");
    const kind = dice.roll(8);
    const next =
      kind < 2
        ? insert(comment)
        : kind === 2 && !line.includes("#") && line.trim() !== ""
          ? [...lines.slice(0, at), `${line.trimEnd()} ${comment}${eol}`, ...lines.slice(at + 1)].join("\n")
          : kind < 6
            ? insert(`u${id} = "theirs"`)
            : kind === 6 && arrays.length > 0
              ? `${tail}${eol}\n[[${dice.pick(arrays).path[0]}]]${eol}\nu${id} = "theirs"${eol}\n`
              : kind === 7 && dice.chance(0.2)
                ? this.text.replaceAll("\r\n", "\n")
                : `${tail}${eol}\n[theirs${id}]${eol}\nu${id} = "theirs"${eol}\n`;
    const [old, now] = [documentOf(this.text), documentOf(next)];
    if (!old || !now || next === this.text) return;
    const values = valuesOf(now.data);
    // A line may have landed inside a string, or below a header that it is not about.
    if ([...this.values].some(([key, value]) => values.get(key) !== value)) return;
    if (commentsIn(next).length < this.comments.length + (next.includes(comment) ? 1 : 0)) return;
    const isRewrite = next === this.text.replaceAll("\r\n", "\n");
    const isInHeader = /^\s*\[/.test(line) && next.includes(comment) && kind === 2;
    if (/\[\[?theirs|\[\[/.test(next.slice(this.text.length)) || isInHeader || isRewrite)
      this.isRewritten ||= !isInHeader;
    this.home.write(CONFIG, next);
    this.log.push("others", next);
    this.values = new Map(values);
    this.comments = [...commentsIn(next)];
    this.theirLines += values.has(`u${id}`) ? 1 : 0;
    this.isTheirs = true;
    tally.theirs += 1;
  }

  async takeBack(): Promise<void> {
    const at = this.dice.roll(this.made.length);
    const [made] = this.made.splice(at, 1);
    if (!made) return;
    this.log.push(`revert ${made.touched.join(" ")} ${made.lost.join(" ")}`);
    try {
      await this.home.commit((home) => revert(home, { change: made.id }));
    } catch (error) {
      // In a file with mixed line ends a long string may have no place any more where it would be the same.
      if (
        (error as { code?: string }).code !== "unsupported-edit" ||
        !/[^\r]\n/.test(this.start) ||
        !this.start.includes("\r\n")
      )
        throw error;
      tally.refused += 1;
      this.made = [];
      this.isTheirs = true;
      this.isRewritten = true;
      return;
    }
    this.log.push(this.text);
    for (const id of made.touched) {
      const was = made.before.get(id);
      if (was === undefined) this.values.delete(id);
      else this.values.set(id, was);
    }
    this.comments = [...this.comments, ...made.lost].sort();
    deepStrictEqual(Object.fromEntries(valuesOf(read(this.text))), Object.fromEntries(this.values));
    deepStrictEqual(commentsIn(this.text), this.comments);
    tally.reverts += 1;
  }
}

/** The names in an element, so that taking it away as a whole is known to take away what a change was made in. */
function namesIn(path: KeyPath, parts: ReturnType<typeof partsOf>): readonly string[] {
  const isIt = (one: (typeof parts)[number]) =>
    one.kind === "element" && one.path.length === path.length && one.path.every((part, i) => part === path[i]);
  return parts.find(isIt)?.ids ?? [];
}

/** No pattern takes more than twice as long for twice as much of anything that it looks for. */
import { expect, test } from "vitest";
import { cpuTime } from "../cpu-time.ts";
import { isDrawn } from "../sample.js";
import { figures } from "./figures.ts";
import { built, known, written } from "./patterns.ts";

/** What a text is made of that keeps a pattern busy: signs of every kind, and the words that it looks for. */
const SIGNS = [..."aAZ0_-.,:;=/\\@#?&%+*$<(){}[]\"'`\t\n \u00e9"];
const PAIRS = [
  "a.",
  "a-",
  "a_",
  "a=",
  "a1",
  "a ",
  "a: ",
  "a@",
  "://",
  '\\"',
  "a/",
  "a\n",
  "--a ",
  "u:p@",
  "a://",
  '{"',
  "[a",
  "a,",
];
const ENDS = [
  ["", ""],
  ["x", "!"],
  ["", "\0"],
] as const;

/** A short one for patterns that are worse than quadratic, and one at which those are slow. */
const LENGTHS = [1 << 11, 1 << 15] as const;
/** Milliseconds in which a linear pattern is through with either; what takes longer is timed closely. */
const SOON = 20;

function* textsFor({ source }: RegExp): Iterable<(length: number) => string> {
  const words = source.match(/[A-Za-z_]{2,16}[-_.]?|-----[A-Z ]*/g) ?? [];
  for (const part of new Set([...SIGNS, ...PAIRS, ...words, ...words.map((word) => `${word} `)]))
    for (const [head, tail] of ENDS)
      yield (length: number) => head + part.repeat(Math.ceil(length / part.length)) + tail;
}

/** Milliseconds of processor time until all matches in a text are found; the least of a few times. */
function timeOf(pattern: RegExp, text: string, times = 1): number {
  const all = new RegExp(pattern, pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`);
  let last = -1;
  const find = () => {
    for (all.lastIndex = 0; all.test(text); )
      if (all.lastIndex === last) last = ++all.lastIndex;
      else last = all.lastIndex;
  };
  return Math.min(...Array.from({ length: times }, () => cpuTime(find)));
}

function slowText(pattern: RegExp): string | null {
  for (const text of textsFor(pattern)) {
    const length = LENGTHS.find((one) => timeOf(pattern, text(one)) > SOON);
    if (length === undefined) continue;
    // Others work on this machine, too: it is slow when it is so each time.
    const isSlow = () => timeOf(pattern, text(2 * length), 2) > 2.5 * timeOf(pattern, text(length), 2);
    if (isSlow() && isSlow() && isSlow()) return JSON.stringify(text(12).slice(0, 24));
  }
  return null;
}

const patterns = new Map([...written(), ...(await built()), ...known()].map((one) => [String(one.pattern), one]));
const drawn = [...patterns.values()].filter(({ pattern }) => isDrawn(String(pattern)));
let tried = 0;

figures(
  "patterns",
  () => `${tried} of ${patterns.size} patterns, each over texts that keep it busy: 0 slower than linear`,
);

test("the program has patterns", () => {
  expect(patterns.size).toBeGreaterThan(200);
});

test.each(drawn)("$pattern of $where is linear", ({ pattern }) => {
  expect(slowText(pattern), "slow for many of this").toBeNull();
  tried++;
});

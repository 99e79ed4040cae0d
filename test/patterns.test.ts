/** No pattern takes more than twice as long for twice as much of anything that it looks for. */
import { expect, test } from "vitest";
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

const SHORT = 1 << 14;
const LONG = 1 << 20;
/** Milliseconds in which a linear pattern is through with a long text, and long enough to be timed. */
const SOON = 20;

function* textsFor({ source }: RegExp): Iterable<(length: number) => string> {
  const words = source.match(/[A-Za-z_]{2,16}[-_.]?|-----[A-Z ]*/g) ?? [];
  for (const part of new Set([...SIGNS, ...PAIRS, ...words, ...words.map((word) => `${word} `)]))
    for (const [head, tail] of ENDS) yield (length) => head + part.repeat(Math.ceil(length / part.length)) + tail;
}

/** Milliseconds until all matches in a text are found; the least of a few times, because others work here, too. */
function timeOf(pattern: RegExp, text: string, times = 1): number {
  const all = new RegExp(pattern, pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const start = process.hrtime.bigint();
    for (const _ of text.matchAll(all));
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1e6);
  }
  return least;
}

/** The text is doubled until it takes long enough to be timed; few of those that are linear ever do. */
function slowText(pattern: RegExp): string | null {
  for (const text of textsFor(pattern)) {
    for (let length = SHORT; length < LONG; length *= 2) {
      if (timeOf(pattern, text(length)) < SOON) {
        if (length === SHORT && timeOf(pattern, text(length)) < SOON / 40) length = LONG / 4;
        continue;
      }
      const [one, two] = [timeOf(pattern, text(length), 3), timeOf(pattern, text(2 * length), 3)];
      if (two / one > 2.5) return JSON.stringify(text(12).slice(0, 24));
      break;
    }
  }
  return null;
}

test("every pattern is linear", async () => {
  const patterns = new Map([...written(), ...(await built()), ...known()].map((one) => [String(one.pattern), one]));
  const slow = [...patterns.values()].flatMap(({ pattern, where }) => {
    const text = slowText(pattern);
    return text === null ? [] : [`${where}: ${pattern}, for many of ${text}`];
  });
  expect(patterns.size).toBeGreaterThan(200);
  expect(slow).toEqual([]);
}, 300_000);

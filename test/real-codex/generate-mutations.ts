/** A realistic file with one or two lines that went wrong, as hands and tools get them wrong. */
import type { Dice } from "./generate-dice.ts";

export function mutated(text: string, roll: Dice): string {
  let lines = text.split("\n");
  const times = 1 + roll.below(2);
  for (let i = 0; i < times; i++) lines = roll.pick(MUTATIONS)(lines, roll);
  return lines.join("\n");
}

type Mutation = (lines: readonly string[], roll: Dice) => string[];

const MUTATIONS: readonly Mutation[] = [
  (lines, roll) => lines.toSpliced(roll.below(lines.length), 1),
  (lines, roll) => {
    const at = roll.below(lines.length);
    return lines.toSpliced(at, 0, lines[at] ?? "");
  },
  // A line in another place, mostly below another header.
  (lines, roll) => {
    const line = roll.pick(lines);
    return lines.toSpliced(roll.below(lines.length), 0, line.startsWith("[") ? "" : line.replace(/^\w/, "x$&"));
  },
  (lines, roll) => {
    const from = roll.below(lines.length);
    const line = lines[from] ?? "";
    return lines.toSpliced(from, 1).toSpliced(roll.below(lines.length), 0, line);
  },
  // A key by another name: a letter less, a letter twice, other case, the other joint.
  changed(/^[\w-]+(?= =)/, (key, roll) => {
    const at = roll.below(key.length);
    return roll.pick([
      key.slice(0, at) + key.slice(at + 1) || "x",
      key.slice(0, at + 1) + key.slice(at),
      key.toUpperCase(),
      key.includes("_") ? key.replaceAll("_", "-") : `${key}_`,
    ]);
  }),
  changed(/^\[[^\]]+\]/, (header, roll) => {
    const name = header.slice(1, -1);
    return `[${roll.pick([name.split(".")[0] ?? name, `${name}.more`, `x${name}`, name.replace("_", "-"), `[${name}]`])}]`;
  }),
  // A value of another type.
  changed(/(?<= = ).+$/, (value, roll) =>
    roll.pick([
      value.startsWith('"') ? value.slice(1, -1) : `"${value}"`,
      "true",
      "1",
      "-1",
      "0.5",
      '""',
      '"other"',
      `[${value}]`,
      "{}",
      "[]",
      value.replace(/"(\w)/, (_, letter: string) => `"${letter.toUpperCase()}`),
    ]),
  ),
];

/** Changes one of the lines that the pattern fits. */
function changed(pattern: RegExp, change: (found: string, roll: Dice) => string): Mutation {
  return (lines, roll) => {
    const fitting = lines.flatMap((line, i) => (pattern.test(line) ? [i] : []));
    if (fitting.length === 0) return [...lines];
    const at = roll.pick(fitting);
    return lines.with(
      at,
      (lines[at] ?? "").replace(pattern, (found) => change(found, roll)),
    );
  };
}

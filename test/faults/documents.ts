/** TOML documents by chance, in every layout that people use: valid always, and no name occurs in one twice. */
import fc from "fast-check";

/** One spelling of a value; `NAME` stands for the key's name, so that each line of it tells whose it is. */
const scalar = fc.constantFrom(
  ...["1", "-17", "0x1F", "1_000", "9223372036854775807", "3.5", "1e3", "inf", "true", "false", '"v"', "'v'", '""'],
  ...[
    '"a \\"b\\" \\u00e9"',
    "'C:\\x'",
    '"""\nNAME\n  NAME"""',
    "'''raw'''",
    '"# no comment"',
    '"é 日本 😀"',
    '"a = 1"',
    '"[t]"',
  ],
  ...["1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "1979-05-27 00:32:00.5-07:00"],
);
const array = fc.oneof(
  fc.array(scalar.filter(isShort), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
  fc
    .array(scalar.filter(isShort), { minLength: 1, maxLength: 3 })
    .map((items) => `[\n${items.map((item) => `  ${item}, # NAME\n`).join("")}]  # NAME`),
);
const value = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: array });

type Key = {
  readonly value: string;
  readonly quote: number;
  readonly equals: string;
  readonly above: boolean;
  readonly behind: boolean;
};
const key: fc.Arbitrary<Key> = fc.record({
  value,
  quote: fc.constantFrom(0, 0, 0, 1, 2),
  equals: fc.constantFrom(" = ", " = ", "=", "   =  "),
  above: fc.boolean(),
  behind: fc.boolean(),
});

type Section = {
  readonly kind: "table" | "inline" | "dotted" | "elements" | "deep" | "below";
  readonly keys: readonly Key[];
  readonly more: readonly Key[];
  readonly indent: string;
  readonly blank: number;
  readonly comment: boolean;
};
const section: fc.Arbitrary<Section> = fc.record({
  kind: fc.constantFrom("table", "table", "table", "inline", "dotted", "elements", "deep", "below"),
  keys: fc.array(key, { maxLength: 3 }),
  more: fc.array(key, { maxLength: 2 }),
  indent: fc.constantFrom("", "", "", "  ", "\t"),
  blank: fc.integer({ min: 0, max: 2 }),
  comment: fc.boolean(),
});

/** A whole document. */
export const document: fc.Arbitrary<string> = fc
  .record({
    head: fc.boolean(),
    keys: fc.array(key, { maxLength: 4 }),
    sections: fc.array(section, { maxLength: 5 }),
    eol: fc.constantFrom("\n", "\n", "\r\n"),
    bom: fc.constantFrom("", "", "", "\ufeff"),
    end: fc.constantFrom("\n", "\n", "", "\n\n"),
  })
  .map(({ head, keys, sections, eol, bom, end }) => {
    const names = counter();
    const inRoot = sections.filter(({ kind }) => kind === "inline" || kind === "dotted");
    const lines = [
      ...(head ? ["# file", ""] : []),
      ...keys.flatMap((one) => keyLines(one, names, "")),
      ...inRoot.flatMap((one) => rootLines(one, names)),
      ...sections.filter((one) => !inRoot.includes(one)).flatMap((one) => tableLines(one, names)),
    ];
    const body = lines.join("\n");
    return bom + (body === "" ? "" : body + end).replaceAll("\n", eol);
  });

/** A new value for an edit. */
export const fresh = fc.oneof(
  fc.integer({ min: -9, max: 9999 }).map(BigInt),
  fc.boolean(),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.constantFrom("\n", "\t\"'", "é\u0000\u001b", "#", "'''", '"""', "\r\n", "\u202e"),
  fc.array(fc.constantFrom<string | bigint>("a", 1n), { maxLength: 2 }),
);

const counter = (): ((kind: string) => string) => {
  let n = 0;
  return (kind) => `${kind}${n++}x`;
};

function isShort(text: string): boolean {
  return !text.includes("\n");
}

function keyLines(
  { value, quote, equals, above, behind }: Key,
  names: (kind: string) => string,
  indent: string,
): string[] {
  const name = names("k");
  const spelled = ["", '"', "'"][quote] ?? "";
  const line = `${indent}${spelled}${name}${spelled}${equals}${value.replaceAll("NAME", name)}`;
  return [...(above ? [`${indent}# about ${name}`] : []), behind && isShort(value) ? `${line} # ${name}` : line];
}

/** What has to stand before the first header. */
function rootLines({ kind, keys, comment }: Section, names: (kind: string) => string): string[] {
  const table = names("t");
  const above = comment ? [`# about ${table}`] : [];
  if (kind === "dotted" && keys.length === 0) return [];
  if (kind === "dotted")
    return [
      ...above,
      ...keys.map(({ value, equals }) => `${table}.${names("k")}${equals}${value.replaceAll("NAME", table)}`),
    ];
  const inner = keys.filter((one) => isShort(one.value)).map(({ value }) => `${names("k")} = ${value}`);
  return [...above, `${table} = ${inner.length === 0 ? "{}" : `{ ${inner.join(", ")} }`}`];
}

function tableLines(section: Section, names: (kind: string) => string): string[] {
  const { kind, keys, more, indent, blank, comment } = section;
  const table = names("t");
  const above = [...Array.from({ length: blank }, () => ""), ...(comment ? [`${indent}# about ${table}`] : [])];
  const body = (some: readonly Key[]): string[] => some.flatMap((one) => keyLines(one, names, indent));
  switch (kind) {
    case "elements":
      return [...above, `${indent}[[${table}]]`, ...body(keys), `${indent}[[${table}]]`, ...body(more)];
    case "deep":
      return [...above, `${indent}[${table}]`, ...body(keys), "", `${indent}[${table}.${names("s")}]`, ...body(more)];
    case "below":
      return [...above, `${indent}[${table}.${names("s")}]`, ...body(more)];
    default:
      return [...above, `${indent}[${table}]`, ...body(keys)];
  }
}

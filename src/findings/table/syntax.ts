/** What is wrong with a text that is no TOML: what was met, and what was expected there. */
import { count, oneOf, orNull, text } from "../../model/form.ts";
import { SLIP_KINDS, type SlipKind } from "../../model/slip.ts";
import { row } from "../row.ts";

type Words = string | ((found: string | null) => string);

const WORDS: Readonly<Record<SlipKind, Words>> = {
  backslash: (found) =>
    found === "path"
      ? "a backslash between double quotes begins an escape; a Windows path is expected between single quotes"
      : "a backslash between double quotes begins an escape, and this is none; expected \\\\, or single quotes",
  "bare-word": "text without quotes; expected a string in quotes, a number, true or false",
  "boolean-case": "no boolean as TOML spells it; expected true or false",
  "carriage-return": "a carriage return without a line feed; expected both, or a line feed",
  colon: "a colon between key and value; expected =",
  "comment-in-header": "a comment inside of a header; expected ] in front of it",
  "conflict-marks": "conflict marks of git; expected one of the two sides alone",
  "control-character": (found) => `${found ?? "a control character"}, which may stand nowhere; expected text`,
  "cut-off": "the text ends in the middle of this; expected the rest of it",
  "extra-comma": "a comma with nothing in front of it; expected a value",
  "extra-equals": "more than one sign between key and value; expected =",
  fence: "a line of another format; expected a key or a header",
  "foreign-comment": "a comment of another language; expected #",
  "inner-quote": 'a quote inside of the string ends it; expected \\" there, or quotes of the other kind around it',
  invisible: (found) => `${found ?? "an invisible character"} outside of a string; expected none, or a space`,
  json: "JSON; expected key = value, and headers for tables",
  "key-characters": (found) =>
    `a key with ${found ?? "characters"} that needs quotes; expected letters, digits, - and _, or quotes around it`,
  "missing-brackets": (found) => `${found ?? "several values in a row"}; expected [ and ] around a list`,
  "missing-comma": "two values without a comma between them; expected ,",
  "missing-equals": "a key without a sign behind it; expected =",
  "missing-quote": "a quote at the end alone; expected one in front as well",
  "missing-value": "a key without a value; expected one in the same line",
  "no-value": "TOML has no word for nothing; expected a value, or no such line",
  nul: "NUL characters, as a crash leaves them; expected text",
  number: "no number as TOML spells it",
  "stray-bracket": (found) => `${found ?? "a bracket"} that closes nothing; expected a line end`,
  "text-behind": "text behind the end; expected a line end or #",
  "trailing-comma": (found) => `${found ?? "a comma"} behind the end; expected a line end or #`,
  "two-on-a-line": "two settings in one line; expected a line end between them",
  "typographic-quote": (found) => `${found ?? "a typographic quote"}; expected " or '`,
  "unclosed-array": "a list without its end; expected ]",
  "unclosed-header": "a header whose brackets do not match; expected as many ] as [",
  "unclosed-string": "a string without its end; expected a quote",
  "unclosed-table": "a table in braces without its end; expected }",
  unreadable: "no TOML; expected a key, = and a value",
};

export const SYNTAX = {
  "not-toml": row(
    {
      problem: oneOf(SLIP_KINDS, "What it is, from a closed list."),
      found: orNull(text("The character that is met, by its name, where that helps.")),
      source: text("The line, with a mask in the place of what may be anything."),
      caret: count("The column in that line, counted from 1."),
    },
    ({ found, problem }) => {
      const words = WORDS[problem];
      return `not valid TOML: ${typeof words === "string" ? words : words(found)}`;
    },
  ),
};

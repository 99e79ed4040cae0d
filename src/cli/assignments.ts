/** Settings as a command line has them: `KEY=VALUE`. Knows where a word is split, not what a key may be. */
import { CfgError } from "../model/error.ts";
import { splitAssignment } from "../text/assignment.ts";

/** Throws `usage` for a word that is no assignment; its text is not repeated, because it may be a secret. */
export function assignments(words: readonly string[]): { readonly key: string; readonly value: string }[] {
  return words.map((word) => {
    const parts = splitAssignment(word);
    if (parts !== null && parts[0] !== "") return { key: parts[0], value: parts[1] };
    throw new CfgError("usage", "a setting is written KEY=VALUE", {
      hints: ["write it like this: --set model=gpt-5.5"],
    });
  });
}

/** The same where the name is no key: of a variable or a header. Undefined where there are none. */
export function namedTexts(flag: string, words: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (words.length === 0) return undefined;
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf("=");
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
      throw new CfgError("usage", `${flag} takes NAME=VALUE`, { hints: [`write it like this: ${flag} NAME=VALUE`] });
    }),
  );
}

/**
 * What `set` was given: words with `=` are settings of their own, else it is one key and its value. Throws `usage` for a
 * mixture, which may be meant either way.
 */
export function settingsIn(words: readonly string[]): { readonly key: string; readonly value: string }[] {
  const parts = words.map(splitAssignment);
  if (parts.length > 0 && parts.every((part) => part !== null && part[0] !== "")) return assignments(words);
  const [key, value] = words;
  if (parts[0] === null && words.length === 2 && key !== undefined && value !== undefined) return [{ key, value }];
  throw new CfgError("usage", "a setting is written in one of two ways", {
    hints: [
      { note: "one setting", argv: ["set", "model", "gpt-5.5"] },
      { note: "or several", argv: ["set", "model=gpt-5.5", "tui.animations=false"] },
    ],
  });
}

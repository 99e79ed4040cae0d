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

/** Takes the names of people out of a text that strangers will read: those that home folders bear, however spelled. */

/** Part of a folder's name as TOML spells it: letters may be escaped, and an apostrophe between two ends no string. */
const NAME = String.raw`(?:[^\s/\\"'${"`"}]|\\u[\da-f]{4}|'(?=\p{L}))+`;
/** Further words belong to it only where the path goes on, or the text ends. */
const NAMES = String.raw`(?:${NAME}(?: ${NAME}){0,4}(?=[/\\"'${"`"}]|$)|${NAME})`;
/** Basic strings spell a backslash as two, and text inside of them as four. */
const HOMES = new RegExp(String.raw`((?:/+|\\+)(?:home|users)(?:/+|\\+))${NAMES}`, "gimu");

/** The user's own home folder becomes `~`; of anybody else's the name goes. */
export function withoutUser(text: string, userHome: string): string {
  const own = ownHome(userHome);
  return (own ? text.replace(own, "~") : text).replace(HOMES, "$1\u2026");
}

/** Null for a root, which names nobody. */
function ownHome(userHome: string): RegExp | null {
  const parts = userHome.replace(/[\\/]{1,9}$/, "").split(/[\\/]+/);
  if (parts.join("") === "") return null;
  const path = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join(String.raw`[\\/]+`);
  // Other names may begin with it: `al` is neither `alice` nor `al.b`, and `John` not `John Smith`.
  const more = String.raw`[\p{L}\p{N}_-]|[.'][\p{L}\p{N}]|\\u[\da-f]{4}|(?: ${NAME}){1,4}[/\\]`;
  return new RegExp(`${path}(?!${more})`, "giu");
}

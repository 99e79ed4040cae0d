/** How a server is reached, in one line for people: its program and arguments, or its address without what follows it. */
import type { Server } from "../codex/servers.ts";
import { redactedValue, SECRET, TEXT } from "./redactor.ts";

export function serverCommand({ name, launch }: Pick<Server, "name" | "launch">, reveals = false): string {
  const { args, command, url } = launch;
  if (reveals)
    return [command, args, url]
      .flat()
      .filter((word) => typeof word === "string")
      .join(" ");
  const shown = (key: string, value: typeof command) =>
    value === undefined ? undefined : redactedValue(value, ["mcp_servers", name, key]);
  if (typeof command !== "string") {
    const address = shown("url", url);
    if (typeof address !== "string") return "";
    return ADDRESS.test(address) ? bareAddress(address) : "(no address)";
  }
  const words = shown("args", args);
  return [shown("command", command), ...(Array.isArray(words) ? words : [])]
    .map((word) => (typeof word === "string" ? listedWord(word) : ""))
    .join(" ");
}

/** A list tells servers apart: programs, packages, paths and flags do that, and a text of another form need not be seen. */
function listedWord(word: string): string {
  if (ADDRESS.test(word)) return bareAddress(word);
  const isPlain = /^(?:-{1,2}[A-Za-z][\w-]*|[@a-z\d._~/\\][@a-z\d._~/\\:+-]*|[A-Z]:\\.*|-)$/.test(word);
  const isPath = /^[.~]?\/|^[A-Z]:\\|\.\w{1,4}$/.test(word);
  return isPlain || isPath || word.includes(SECRET) ? word : TEXT;
}

/** An address in its parts: scheme, name and password, host and path, the rest. */
const ADDRESS = /^([a-z][\w+.-]*:\/\/)([^\s/?#]*@)?([^\s?#]*)(.*)$/is;

/** Scheme, host and path of an address; other texts as they are. */
function bareAddress(text: string): string {
  return text.replace(ADDRESS, "$1$3");
}

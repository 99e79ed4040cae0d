/** How a server is reached, in one line for people: its program and arguments, or its address without what follows it. */
import type { Server } from "../codex/servers.ts";
import { redactedValue } from "./redactor.ts";

export function serverCommand({ name, launch }: Pick<Server, "name" | "launch">): string {
  const { args, command, url } = launch;
  const shown = (key: string, value: typeof command) =>
    value === undefined ? undefined : redactedValue(value, ["mcp_servers", name, key]);
  if (typeof command !== "string") {
    const address = shown("url", url);
    if (typeof address !== "string") return "";
    return ADDRESS.test(address) ? bareAddress(address) : "(no address)";
  }
  const words = shown("args", args);
  return [shown("command", command), ...(Array.isArray(words) ? words : [])]
    .map((word) => (typeof word === "string" ? bareAddress(word) : ""))
    .join(" ");
}

/** An address in its parts: scheme, name and password, host and path, the rest. */
const ADDRESS = /^([a-z][\w+.-]*:\/\/)([^\s/?#]*@)?([^\s?#]*)(.*)$/is;

/** Scheme, host and path of an address; other texts as they are. */
function bareAddress(text: string): string {
  return text.replace(ADDRESS, "$1$3");
}

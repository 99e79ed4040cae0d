/**
 * Whether somebody answers at an address of this machine, and the proxies that variables name. Connects and says nothing;
 * never looks beyond this machine.
 */
import { isLoopback } from "../codex/providers.ts";
import { PROXY_VARIABLES, urlOf } from "../codex/proxies.ts";
import type { Host } from "../host/host.ts";
import type { Environment } from "./environment.ts";

/** Host and port of an address on this machine. */
export type LocalPlace = { readonly host: string; readonly port: number };

/** A proxy that a variable names. */
export type ProxyVariable = {
  readonly name: string;
  /** Set by `.env`, not by the shell. */
  readonly inFile: boolean;
  /** The kind of its address; `bare` has no scheme. */
  readonly kind: "http" | "socks" | "bare";
  /** Host and port where it is on this machine; null for another one. */
  readonly address: string | null;
  readonly dead: boolean;
};

/** Says of a place on this machine whether nobody answers there. */
export type Doorbell = (place: LocalPlace) => Promise<boolean>;

/** Tries each place once at most. */
export function doorbell(host: Host): Doorbell {
  const tried = new Map<string, Promise<boolean>>();
  return async ({ host: name, port }) => {
    const key = `${name}:${port}`;
    const answer = tried.get(key) ?? host.listens(port, name.replace(/^\[|\]$/g, ""));
    tried.set(key, answer);
    return !(await answer);
  };
}

/** Where an address leads on this machine; null for another one and for what is no address. */
export function localPlace(address: string): LocalPlace | null {
  const url = urlOf(address);
  if (url === null || !isLoopback(url.hostname)) return null;
  const usual = /^(?:https|wss):$/.test(url.protocol) ? 443 : url.protocol.startsWith("socks") ? 1080 : 80;
  return { host: url.hostname, port: Number(url.port) || usual };
}

/** The proxies that are set, in the order in which Codex asks for them. */
export function proxiesOf({ inFile, values }: Environment, isDead: Doorbell): Promise<ProxyVariable[]> {
  const set = PROXY_VARIABLES.flatMap((name) => {
    const value = values[name]?.trim() ?? "";
    return value === "" ? [] : [{ name, value }];
  });
  return Promise.all(
    set.map(async ({ name, value }): Promise<ProxyVariable> => {
      const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(value);
      const place = localPlace(hasScheme ? value : `http://${value}`);
      return {
        name,
        inFile: inFile.has(name),
        kind: !hasScheme ? "bare" : /^socks/i.test(value) ? "socks" : "http",
        address: place && `${place.host}:${place.port}`,
        dead: place !== null && (await isDead(place)),
      };
    }),
  );
}

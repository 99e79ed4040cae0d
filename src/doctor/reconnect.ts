/**
 * The rules of `reconnect`: why an answer does not come, or comes late. Addresses and proxies of this machine that do not
 * answer come first, because nothing else can be judged behind them; then what the newest lines of the log say. Pure.
 */
import { compareVersions } from "../codex/facts.ts";
import type { Action, Finding, LogEventKind } from "../findings/finding.ts";
import { renderKey } from "../toml/value.ts";
import type { Evidence, ProviderInUse } from "./evidence.ts";
import { HTTP_FAILURES, newest, reconnects, signs } from "./log-rows.ts";
import { asked, first, note, providerOf, rowsOf, warning } from "./rows.ts";

const WEBSOCKET: readonly LogEventKind[] = ["websocket-lost", "websocket-fatal"];
/** What says by itself that an answer did not come. */
const LOST: readonly LogEventKind[] = [
  "certificate",
  ...WEBSOCKET,
  ...HTTP_FAILURES.filter((kind) => kind !== "unauthorized"),
  "turn-failed",
];

export function reconnectRows(evidence: Evidence): Finding[] {
  const isRefused = newest(evidence, ["unauthorized"]) !== undefined;
  // A key that is refused over HTTP, too, is a matter of the login: what the WebSocket says of it is no second cause.
  const websocket = isRefused ? "info" : "warning";
  return [
    ...addressRows(evidence),
    ...proxyRows(evidence),
    ...LOST.flatMap((kind) => signs(evidence, [kind], WEBSOCKET.includes(kind) ? websocket : "warning")),
    ...signs(evidence, ["retry"], reconnects(evidence) ? websocket : "info"),
    // Notes only: a service without WebSocket answers with one refusal, and Codex goes on over HTTP.
    ...signs(evidence, ["fallback", "websocket-refused"], "info"),
    ...evidence.providers.map(({ id, profile, websocket }) =>
      note({ code: "provider-transport", args: { id, profile, websocket } }),
    ),
    ...policyRows(evidence),
    ...releaseRows(evidence),
    ...asked(evidence, "network."),
  ];
}

/** The first thing to do: about a cause that is sure before one that the log tells, and about a plain start first. */
export function reconnectAction(evidence: Evidence, rows: readonly Finding[]): Finding {
  const { providers } = evidence;
  const plain = providerOf(evidence);
  const proxy = evidence.proxies.find(({ name }) => name === plain?.proxy);
  if (plain?.local?.dead) return startProgram(plain);
  if (proxy?.dead) return first(proxy.inFile ? "drop-proxy-line" : "drop-proxy", proxy.name);
  const [taken] = rowsOf(rows, "proxy-takes-local");
  if (taken) return first("no-proxy");
  const bare = rowsOf(rows, "proxy-without-scheme").find(({ severity }) => severity === "warning");
  if (bare) return first("proxy-scheme", bare.args.name);
  if (newest(evidence, ["certificate"])) return first("ca-certificate");
  const kind = newest(evidence, [...LOST, "retry", "fallback"])?.kind;
  const isOfSocket = kind === undefined || kind === "retry" || kind === "fallback" || WEBSOCKET.includes(kind);
  if (proxy?.kind === "socks" && (!plain?.websocket || isOfSocket)) return first("http-proxy", proxy.name);
  if (plain && kind !== undefined && !isOfSocket) return ofService(plain, kind);
  const silent = providers.find(({ local }) => local?.dead);
  if (silent && kind === undefined) return startProgram(silent);
  return overHttp(evidence, plain, kind !== undefined);
}

/** Where WebSockets fail: the same service over HTTP. */
function overHttp({ providers }: Evidence, plain: ProviderInUse | undefined, isSeen: boolean): Finding {
  const http = providers.find(({ profile, websocket }) => profile !== null && !websocket);
  if (plain && !plain.websocket) return first(isSeen ? "report" : "watch");
  if (plain && !plain.builtIn && http?.id !== plain.id) return first("provider-http", plain.id);
  return http?.profile ? first("start-profile", http.profile) : first("apply-http-sse");
}

const SERVICE: Readonly<Partial<Record<LogEventKind, Action>>> = {
  "bad-request": "look-at-request",
  overloaded: "wait-for-service",
  "closed-stream": "look-at-service",
  "stream-idle": "look-at-service",
  "turn-failed": "look-at-request",
};

/** What a service does wrong over HTTP, where another transport does not help. */
function ofService({ host, id, setting }: ProviderInUse, kind: LogEventKind): Finding {
  if (kind === "no-network") return first("look-at-connection", host ?? "OpenAI");
  if (kind === "not-found" || kind === "bad-address")
    return setting ? first("look-at-address", renderKey(setting.path)) : first("look-at-request", id);
  return first(SERVICE[kind] ?? "report", id);
}

function startProgram({ setting }: ProviderInUse): Finding {
  const key = renderKey(setting?.path ?? []);
  // Without its address a provider of one's own would be OpenAI's.
  return first(key === "openai_base_url" ? "start-program" : "change-provider", key);
}

/** Addresses of this machine that providers in use name. */
function addressRows({ leftovers, providers }: Evidence): Finding[] {
  const silent = providers.filter(({ local }) => local?.dead);
  const isNamed = ({ file, path }: Finding) =>
    silent.some(({ setting }) => setting?.file === file && renderKey(setting?.path ?? []) === renderKey(path ?? []));
  const rows = leftovers.filter(isNamed);
  const own = silent.filter(
    ({ setting }) => setting && !rows.some(({ path }) => renderKey(path ?? []) === renderKey(setting.path)),
  );
  return [
    ...rows,
    ...own.map(({ local, setting }) =>
      warning({
        code: "loopback-address",
        args: { key: renderKey(setting?.path ?? []), address: local?.address ?? "", dead: true },
      }),
    ),
  ];
}

function proxyRows({ providers, proxies, systemProxy }: Evidence): Finding[] {
  const isUsed = (name: string) => providers.some(({ proxy }) => proxy === name);
  const usersOf = (name: string) => providers.filter(({ proxy }) => proxy === name);
  const rows = proxies.flatMap(({ address, dead, inFile, kind, name }): Finding[] => {
    const row = isUsed(name) ? warning : note;
    if (dead && address !== null) return [row({ code: "proxy-dead", args: { name, inFile, address } })];
    if (kind === "socks") {
      const isCut = usersOf(name).some(({ websocket }) => !websocket);
      return [(isCut ? warning : note)({ code: "proxy-socks", args: { name, inFile } })];
    }
    if (kind === "bare") {
      const isCut = usersOf(name).some(({ websocket }) => websocket);
      return [(isCut ? warning : note)({ code: "proxy-without-scheme", args: { name } })];
    }
    return [];
  });
  const taken = providers.flatMap(({ host, proxy, setting }): Finding[] => {
    const far = proxies.find(({ address, name }) => name === proxy && address === null);
    if (!far || host === null || setting === null || !LOCAL.test(host)) return [];
    const args = { name: far.name, inFile: far.inFile, key: renderKey(setting.path), address: host };
    return [warning({ code: "proxy-takes-local", args })];
  });
  const names = proxies.map(({ inFile, name }) => (inFile ? `${name} (.env)` : name));
  const set = names.length === 0 ? [] : [note({ code: "proxies-set", args: { names, heeded: systemProxy } })];
  return [...rows, ...taken, ...set];
}

const LOCAL = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/;

/** How often Codex tries again, where somebody has set it, or where it does so for ever. */
function policyRows(evidence: Evidence): Finding[] {
  const set = evidence.providers.filter(({ profile, retries }) => profile === null && retries.length > 0);
  const isWaiting = newest(evidence, ["no-network"]) !== undefined;
  return [
    ...set.map(({ id, retries }) => note({ code: "retries-set", args: { id, keys: retries } })),
    ...(isWaiting && evidence.retriesForEver ? [note({ code: "retry-for-ever", args: {} })] : []),
  ];
}

/** A release that is newer than the newest known one is not behind. */
function releaseRows({ codex, newest: known, update }: Evidence): Finding[] {
  if (compareVersions(codex.version, known) >= 0) return [];
  return [note({ code: "newer-release", args: { installed: codex.version, newest: known, update } })];
}

/** The rules of `mcp`: why MCP servers are slow or fail at start. The reason decides what helps. Pure. */
import { isRefused } from "../codex/environment.ts";
import { urlOf } from "../codex/proxies.ts";
import type { Action, Finding, FindingCode, LogEventKind } from "../findings/finding.ts";
import type { Evidence } from "./evidence.ts";
import { signs } from "./log-rows.ts";
import { asked, first, note, rowsOf, toFix, warning } from "./rows.ts";

const SERVERS: readonly FindingCode[] = ["server-name", "server-disabled-key"];
const VARIABLES: readonly FindingCode[] = ["server-variable-unset", "literal-text"];

/** What helps against each way to fail, the surest first. */
const CURES: readonly (readonly [LogEventKind, Action])[] = [
  ["server-login", "server-login"],
  ["server-slow", "more-time"],
  ["server-not-found", "server-url"],
  ["server-unreachable", "server-url"],
  ["server-failed", "disable-server"],
];

export function serverRows(evidence: Evidence): Finding[] {
  const { config, leftovers, missingPrograms, plugins, servers } = evidence;
  const enabled = servers.filter((server) => server.enabled);
  const isOn = (name: unknown) => enabled.some((server) => server.name === name);
  const required = enabled.filter((server) => server.required).map(({ name }) => name);
  return [
    ...config.filter(({ code, stops }) => stops !== "load" && SERVERS.includes(code)),
    ...config.filter(({ code, path }) => VARIABLES.includes(code) && isOn(path?.[1])),
    ...missingPrograms.map((args) => warning({ code: "server-program", args })),
    ...leftovers.filter(isOfServer),
    ...CURES.flatMap(([kind]) => signs(evidence, [kind])).map((row) => ofToday(row, evidence)),
    ...plugins,
    ...(enabled.length > 0 ? [note({ code: "servers-at-start", args: { enabled: enabled.length, required } })] : []),
    ...asked(evidence, "mcp."),
  ];
}

export function serverAction({ servers }: Evidence, rows: readonly Finding[]): Finding {
  if (rows.some(({ fix }) => fix?.kind === "safe")) return first("fix");
  const isKnown = (name: unknown): name is string => servers.some((server) => server.name === name && server.enabled);
  const [program] = rowsOf(rows, "server-program").filter(({ args }) => isKnown(args.server));
  if (program) return first("server-install", program.args.server);
  const [unset] = rowsOf(rows, "server-variable-unset");
  if (unset) return first(isRefused(unset.args.name) ? "export-variable" : "set-variable", unset.args.name);
  const [literal] = rowsOf(rows, "literal-text");
  if (literal) return first("pass-variable", String(literal.path?.[1]));
  const silent = rowsOf(rows, "loopback-address").find(({ args, path }) => args.dead && isKnown(path?.[1]));
  if (silent) return first("server-start", String(silent.path?.[1]));
  for (const [kind, action] of CURES) {
    const name = rowsOf(rows, "log-sign")
      .filter(({ args, severity }) => args.sign === kind && severity !== "info")
      .flatMap(({ args }) => args.subjects)
      .map((subject) => servers.find(({ launch }) => isAt(subject, launch.url))?.name ?? subject)
      .find(isKnown);
    if (name !== undefined) return first(action, name);
  }
  if (rows.some(({ fix }) => fix !== undefined)) return toFix(rows);
  return first("bisect");
}

export function isOfServer({ path }: Finding): boolean {
  return path?.[0] === "mcp_servers";
}

/** A server that is off or gone by now is a note; one that nobody here knows may be a plugin's. */
function ofToday(row: Finding, { servers }: Evidence): Finding {
  if (row.code !== "log-sign") return row;
  const isOff = (name: string) => servers.some((server) => server.name === name && !server.enabled);
  return row.args.subjects.length > 0 && row.args.subjects.every(isOff) ? { ...row, severity: "info" } : row;
}

/** Whether a line that knows a server's host alone is about this url. */
function isAt(host: string, url: unknown): boolean {
  return typeof url === "string" && urlOf(url)?.hostname === host;
}

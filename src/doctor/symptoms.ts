/**
 * The rules of each symptom: which rows of evidence show it, and what to do first. A symptom is there when one of its
 * rows is more than a note. Pure.
 */
import { compareVersions } from "../codex/facts.ts";
import { fileName } from "../codex/file-role.ts";
import type { Finding, FindingCode } from "../findings/finding.ts";
import type { Evidence, Symptom } from "./evidence.ts";
import { atOnce, isStreamFailure, MINUTE, minuteOf, reconnects, requestIds, signs } from "./log-rows.ts";
import { first, note, rowsOf, warning } from "./rows.ts";

type Rule = {
  readonly rows: (evidence: Evidence) => Finding[];
  readonly action: (evidence: Evidence, rows: readonly Finding[]) => Finding;
};

/** The findings of `validate` about logins and providers' tables. */
const AUTH: readonly FindingCode[] = [
  "provider-no-token",
  "provider-gets-no-key",
  "provider-wrong-service",
  "provider-leaks-key",
  "deletes-login",
];
/** What providers do with credentials although nothing fails by it. */
const WORTH_KNOWING: readonly FindingCode[] = ["login-to-other-host", "plain-http", "provider-case"];
const SERVERS: readonly FindingCode[] = ["server-name", "server-disabled-key"];
/** The findings of `validate` about settings that Codex ignores without a message, although somebody wanted them. */
const PASSED_OVER: readonly FindingCode[] = ["misplaced-key", "project-ignores"];

/** A pause after which a connection may have been closed because it was idle. */
const IDLE_GAP = 45 * MINUTE;
export const RULES: Readonly<Record<Symptom, Rule>> = {
  lost: {
    rows: ({ lost }) => [...lost],
    action: () => first("restore"),
  },
  start: {
    rows: ({ config }) =>
      config.filter(
        (row) =>
          row.stops === "load" ||
          row.code === "interrupted-change" ||
          PASSED_OVER.includes(row.code) ||
          (row.code === "unknown-key" && row.args.near !== null),
      ),
    action: ({ lost }, rows) => {
      const [interrupted] = rowsOf(rows, "interrupted-change");
      if (interrupted?.args.state === "midway") return first("finish-change", interrupted.args.id);
      if (interrupted) return first("look-at-change");
      const isLost = (row: Finding) =>
        rowsOf(lost, "settings-lost").some(
          ({ args, severity }) => severity !== "info" && args.file === fileName(row.file ?? "config"),
        );
      if (rows.some((row) => (row.code === "not-toml" || row.code === "unreadable-file") && isLost(row)))
        return first("restore");
      const [broken] = rows;
      if (!broken || rows.some(({ fix }) => fix !== undefined)) return first("fix");
      if (broken.code === "unreadable-file") return first("plain-file", fileName(broken.file ?? "config"));
      return first(broken.code === "not-toml" ? "edit-line" : "validate", lineOf(broken));
    },
  },
  reconnect: {
    rows: (evidence) => [
      ...signs(evidence, ["certificate", "websocket-lost"]),
      ...signs(evidence, ["retry"], reconnects(evidence) ? "warning" : "info"),
      // Notes only: a service without WebSocket answers with one refusal, and Codex goes on over HTTP.
      ...signs(evidence, ["fallback", "websocket-refused"], "info"),
      ...evidence.providers.map(({ id, profile, websocket }) =>
        note({ code: "provider-transport", args: { id, profile, websocket } }),
      ),
      ...evidence.bareProxies.map((name) => warning({ code: "proxy-without-scheme", args: { name } })),
      ...proxies(evidence),
      ...release(evidence),
      ...asked(evidence, "network."),
    ],
    action: (evidence, rows) => {
      const { bareProxies, providers, update } = evidence;
      if (bareProxies[0] !== undefined) return first("proxy-scheme", bareProxies[0]);
      if (rowsOf(rows, "log-sign").some(({ args }) => args.sign === "certificate")) return first("ca-certificate");
      const plain = providers.find(({ profile }) => profile === null);
      const http = providers.find(({ profile, websocket }) => profile !== null && !websocket);
      if (plain?.websocket && http?.profile) return first("start-profile", http.profile);
      if (plain && !plain.websocket) return first("report");
      return isBehind(evidence) ? first("update-then-apply", update) : first("apply-http-sse");
    },
  },
  auth: {
    rows: (evidence) => {
      const { config, login, loginVariables, store } = evidence;
      return [
        ...config.filter(({ code, stops }) => stops !== "load" && AUTH.includes(code)),
        // A gateway takes an API key of its own; the login of a plan is nobody's but OpenAI's.
        ...config.filter(({ code }) => code === "login-to-other-host" && login.mode === "chatgpt"),
        ...unsetVariables(evidence),
        ...signs(evidence, ["unauthorized", "variable-missing"]),
        note({ code: "login-state", args: { mode: login.mode, store } }),
        ...loginVariables.map((args) => note({ code: "login-variable", args })),
        ...(login.mode === "chatgpt" && login.apiKeyInEnvironment
          ? [note({ code: "api-key-beside-chatgpt", args: {} })]
          : []),
        ...config
          .filter(({ code }) => WORTH_KNOWING.includes(code))
          .filter(({ code }) => code !== "login-to-other-host" || login.mode !== "chatgpt")
          .map((row) => ({ ...row, severity: "info" as const })),
        ...asked(evidence, "auth."),
      ];
    },
    action: ({ store }, rows) => {
      if (rows.some(({ fix }) => fix !== undefined)) return first("fix");
      const [unset] = rowsOf(rows, "environment-key-unset");
      if (unset) return first("set-variable", unset.args.name);
      const missing = rowsOf(rows, "log-sign").find(({ args }) => args.sign === "variable-missing");
      if (missing) return first("set-variable", missing.args.subjects.at(-1));
      const [other] = rowsOf(rows, "login-variable");
      if (other) return first("drop-variable", other.args.name);
      const [pitfall] = [...rowsOf(rows, "provider-leaks-key"), ...rowsOf(rows, "deletes-login")];
      if (pitfall) return first("validate", lineOf(pitfall));
      return first(store === "file" ? "log-in" : "log-in-keyring", store);
    },
  },
  mcp: {
    rows: (evidence) => {
      const { config, leftovers, missingPrograms, servers } = evidence;
      const enabled = servers.filter((server) => server.enabled);
      const required = enabled.filter((server) => server.required).map(({ name }) => name);
      return [
        ...config.filter(({ code, stops }) => stops !== "load" && SERVERS.includes(code)),
        ...missingPrograms.map((args) => warning({ code: "server-program", args })),
        ...leftovers.filter(isOfServer),
        ...signs(evidence, ["server-failed"]),
        ...(enabled.length > 0
          ? [note({ code: "servers-at-start", args: { enabled: enabled.length, required } })]
          : []),
        ...asked(evidence, "mcp."),
      ];
    },
    action: ({ servers }, rows) => {
      if (rows.some(({ fix }) => fix !== undefined)) return first("fix");
      const named = rows.flatMap((row) =>
        row.code === "server-program" ? row.args.server : row.code === "log-sign" ? row.args.subjects : unanswered(row),
      );
      const known = named.find((name) => servers.some((server) => server.name === name));
      return known === undefined ? first("bisect") : first("disable-server", known);
    },
  },
  idle: {
    rows: (evidence) => {
      const { events, times } = evidence.logs;
      const failures = events.filter(isStreamFailure);
      let next = 0;
      const after = times.flatMap((time, i) => {
        const gap = time - (times[i - 1] ?? time);
        if (gap < IDLE_GAP) return [];
        while ((failures[next]?.time ?? time) < time) next++;
        const failed = failures[next];
        if (!failed || failed.time >= time + 5 * MINUTE) return [];
        return [{ minutes: Math.round(gap / MINUTE), last: minuteOf(failed.time) }];
      });
      const last = after.at(-1);
      return [
        ...(last ? [warning({ code: "log-gap", args: { ...last, count: after.length } })] : []),
        ...running(evidence),
      ];
    },
    action: () => first("restart-app"),
  },
  subagents: {
    rows: (evidence) => {
      const failures = evidence.logs.events.filter(isStreamFailure);
      const burst = atOnce(failures, ({ thread }) => thread);
      const { agents } = evidence;
      const last = failures.at(-1);
      const alone = last !== undefined && failures.every(({ agent }) => agent);
      return [
        ...(alone
          ? [warning({ code: "agents-fail", args: { count: failures.length, last: minuteOf(last.time) } })]
          : []),
        ...(burst.count > 2 ? [warning({ code: "at-once", args: { what: "threads", ...burst } })] : []),
        ...(agents ? [note({ code: "agents-setting", args: agents })] : []),
        ...requestIds(failures),
      ];
    },
    action: ({ agents }) => (agents ? first("single-agent", agents.key) : first("report")),
  },
  sessions: {
    rows: (evidence) => {
      const failures = evidence.logs.events.filter((one) => isStreamFailure(one) || one.kind === "database-locked");
      const burst = atOnce(failures, ({ process }) => process);
      return [
        ...signs(evidence, ["database-locked"]),
        ...(burst.count > 1 ? [warning({ code: "at-once", args: { what: "processes", ...burst } })] : []),
        ...running(evidence),
      ];
    },
    action: () => first("stop-sessions"),
  },
  wsl: {
    rows: ({ wsl }) => {
      if (wsl === null) return [];
      const crossing = (what: "home" | "program" | "other-home", path: string) =>
        ({ code: "wsl-crossing", args: { what, path } }) as const;
      return [
        ...(wsl.homeOnWindows === null ? [] : [warning(crossing("home", wsl.homeOnWindows))]),
        ...(wsl.programOnWindows === null ? [] : [warning(crossing("program", wsl.programOnWindows))]),
        ...wsl.otherHomes.map((path) => note(crossing("other-home", path))),
      ];
    },
    action: () => first("wsl-shutdown"),
  },
  leftovers: {
    rows: ({ leftovers }) => leftovers.filter((row) => !isOfServer(row)),
    action: (_, rows) => first(rows.some(({ fix }) => fix !== undefined) ? "fix-leftovers" : "look-at-network"),
  },
  chats: {
    rows: ({ chats }) => [...chats],
    action: (_, rows) => first(rows.some(({ fix }) => fix !== undefined) ? "fix" : "add-provider"),
  },
};

function isOfServer({ path }: Finding): boolean {
  return path?.[0] === "mcp_servers";
}

/** The server whose local address does not answer. */
function unanswered(row: Finding): string[] {
  return row.code === "loopback-address" && row.args.dead ? [String(row.path?.[1])] : [];
}

/** Variables that the keys of providers in use come from; a provider that no start chooses needs none. */
function unsetVariables({ config, providers }: Evidence): Finding[] {
  const unset = rowsOf(config, "environment-key-unset").filter(({ path }) =>
    providers.some(({ id }) => id === path?.[1]),
  );
  const names = new Set(unset.map(({ args }) => args.name));
  return [...names].map((name) => warning({ code: "environment-key-unset", args: { name } }));
}

function proxies({ proxies: names, systemProxy }: Evidence): Finding[] {
  return names.length === 0 ? [] : [note({ code: "proxies-set", args: { names, heeded: systemProxy } })];
}

/** The results of `codex doctor` about one part. */
function asked({ codexDoctor }: Evidence, part: string): Finding[] {
  return rowsOf(codexDoctor, "codex-doctor").filter(({ args }) => args.check.startsWith(part));
}

/** Whether the installed Codex is older than the newest known one; a newer one is not behind. */
function isBehind({ codex, newest }: Pick<Evidence, "codex" | "newest">): boolean {
  return compareVersions(codex.version, newest) < 0;
}

function release(evidence: Evidence): Finding[] {
  if (!isBehind(evidence)) return [];
  const { codex, newest, update } = evidence;
  return [note({ code: "newer-release", args: { installed: codex.version, newest, update } })];
}

function running({ sessions }: Evidence): Finding[] {
  return sessions === null ? [] : [note({ code: "running", args: sessions })];
}

function lineOf(row: Finding): string {
  const { at, file } = row;
  // A project's config is no file of the home, and says itself where it is.
  if (row.code === "project-stops" || row.code === "project-ignores")
    return row.args.line === null ? `of ${row.args.path}` : `${row.args.line} of ${row.args.path}`;
  return at && file ? `${at.line}` : "";
}

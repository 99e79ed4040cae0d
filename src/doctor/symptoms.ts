/**
 * The rules of each symptom: which rows of evidence show it, and what to do first. A symptom is there when one of its
 * rows is more than a note. Pure.
 */
import { fileName } from "../codex/file-role.ts";
import type { Finding, FindingCode } from "../findings/finding.ts";
import { authAction, authRows } from "./auth.ts";
import type { Evidence, Symptom } from "./evidence.ts";
import { atOnce, isStreamFailure, MINUTE, minuteOf, requestIds, signs } from "./log-rows.ts";
import { reconnectAction, reconnectRows } from "./reconnect.ts";
import { first, lineOf, note, rowsOf, toFix, warning } from "./rows.ts";
import { isOfServer, serverAction, serverRows } from "./servers.ts";
import { hookAction, settingAction, settingRows } from "./settings.ts";

type Rule = {
  readonly rows: (evidence: Evidence) => Finding[];
  readonly action: (evidence: Evidence, rows: readonly Finding[]) => Finding;
};

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
      const [unreadable] = rowsOf(rows, "unreadable-file");
      if (unreadable) return first("plain-file", fileName(unreadable.file ?? "config"));
      const [broken] = rows;
      if (!broken || rows.some(({ fix }) => fix !== undefined)) return toFix(rows);
      return first(broken.code === "not-toml" ? "edit-line" : "validate", lineOf(broken));
    },
  },
  reconnect: { rows: reconnectRows, action: reconnectAction },
  auth: { rows: authRows, action: authAction },
  mcp: { rows: serverRows, action: serverAction },
  hooks: { rows: ({ hooks }) => [...hooks], action: hookAction },
  settings: { rows: settingRows, action: settingAction },
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
    rows: (evidence) => evidence.leftovers.filter((row) => !isOfServer(row) && !reconnectRows(evidence).includes(row)),
    action: (_, rows) => {
      const dead = rowsOf(rows, "loopback-address").find(({ args }) => args.dead);
      return dead ? first("start-program", dead.args.key) : first("watch");
    },
  },
  chats: {
    rows: ({ chats }) => [...chats],
    action: (_, rows) => (rows.some(({ fix }) => fix !== undefined) ? toFix(rows) : first("add-provider")),
  },
};

function running({ sessions }: Evidence): Finding[] {
  return sessions === null ? [] : [note({ code: "running", args: sessions })];
}

/** What the events of Codex's logs come to, as rows of evidence. */
import type { Finding, LogEventKind } from "../findings/finding.ts";
import type { LogEvent } from "../machine/logs.ts";
import type { Evidence } from "./evidence.ts";
import { note } from "./rows.ts";

export const MINUTE = 60_000;
/** Failures this close to each other have one cause. */
const AT_ONCE = 2 * MINUTE;

/** Log events of a connection that was open and broke. */
const FAILURES: readonly LogEventKind[] = [
  "websocket-lost",
  "retry",
  "stream-idle",
  "closed-stream",
  "overloaded",
  "no-network",
];

/**
 * Whether retries were of a WebSocket: older releases do not log what they retry, so a WebSocket's failure in the same
 * process counts, unless an answer over HTTP failed there as well.
 */
export function reconnects({ logs: { events } }: Evidence): boolean {
  const processesOf = (...kinds: readonly LogEventKind[]) =>
    new Set(events.filter(({ kind }) => kinds.includes(kind)).map(({ process }) => process));
  const failed = processesOf("fallback", "websocket-refused");
  const otherwise = processesOf(...HTTP_FAILURES);
  return events.some(({ process, kind }) => kind === "retry" && failed.has(process) && !otherwise.has(process));
}

/** Log events of requests over HTTP that reached nobody, or got no answer. */
export const HTTP_FAILURES: readonly LogEventKind[] = [
  "bad-address",
  "not-found",
  "bad-request",
  "overloaded",
  "closed-stream",
  "stream-idle",
  "no-network",
  "unauthorized",
];

/** Those that are about one provider's service. */
const OF_A_HOST: readonly LogEventKind[] = [...HTTP_FAILURES, "websocket-lost", "websocket-fatal"];
/** Those whose row says which host it was, because the transport cannot help. */
const NAMES_HOST: readonly LogEventKind[] = HTTP_FAILURES.filter((kind) => kind !== "unauthorized");

/** One row for each wanted kind of log event, with the names in its lines; what no provider in use explains is a note. */
export function signs(
  evidence: Evidence,
  wanted: readonly LogEventKind[],
  severity: Finding["severity"] = "warning",
): Finding[] {
  return wanted.flatMap((sign): Finding[] => {
    const seen = evidence.logs.events.filter((one) => one.kind === sign);
    const last = seen.at(-1);
    if (!last) return [];
    const subjects = [...new Set(seen.flatMap((one) => subjectOf(one) ?? []))];
    const args = { sign, count: seen.length, last: minuteOf(last.time), subjects };
    const counted = seen.filter((one) => isOfNow(evidence, one));
    const isMeant = counted.length >= (evidence.logs.named || counted.some(({ final }) => final) ? 1 : least(sign));
    return [{ code: "log-sign", severity: isMeant ? severity : "info", args }];
  });
}

/** How often Codex may have to try again before it is worth a word: once happens to everybody. */
function least(sign: LogEventKind): number {
  return sign === "stream-idle" ? 3 : sign === "closed-stream" || sign === "overloaded" ? 2 : 1;
}

/** The newest event of these kinds that a provider in use explains. */
export function newest(evidence: Evidence, kinds: readonly LogEventKind[]): LogEvent | undefined {
  return evidence.logs.events.findLast((one) => kinds.includes(one.kind) && isOfNow(evidence, one));
}

/** Whether a provider in use may have written an event: one that went to another host is of an earlier config. */
function isOfNow({ logs, providers }: Evidence, { host, kind }: LogEvent): boolean {
  if (host === null || logs.named || !OF_A_HOST.includes(kind)) return true;
  return providers.some((one) => one.host === null || one.host === host);
}

function subjectOf({ host, kind, subject }: LogEvent): string | null {
  if (host === null || !NAMES_HOST.includes(kind)) return subject;
  return subject === null ? host : `${subject} from ${host}`;
}

/** Whether a connection was open and broke. */
export function isStreamFailure({ kind }: LogEvent): boolean {
  return FAILURES.includes(kind);
}

/**
 * The largest number of different threads or processes that failed within a short time, and when; `failures` are oldest
 * first.
 */
export function atOnce(
  failures: readonly LogEvent[],
  of: (one: LogEvent) => string | null,
): { count: number; last: string } {
  /** How often each one failed within the window that ends at the current event. */
  const near = new Map<string, number>();
  const count = (one: LogEvent, by: 1 | -1) => {
    const name = of(one);
    if (name === null) return;
    const times = (near.get(name) ?? 0) + by;
    if (times === 0) near.delete(name);
    else near.set(name, times);
  };
  let most = { count: 0, time: 0 };
  let oldest = 0;
  for (const failure of failures) {
    count(failure, 1);
    for (let one = failures[oldest]; one && one.time <= failure.time - AT_ONCE; one = failures[++oldest])
      count(one, -1);
    if (near.size >= most.count) most = { count: near.size, time: failure.time };
  }
  return { count: most.count, last: minuteOf(most.time) };
}

/** The ids of the newest requests that failed, which OpenAI's support can look up. */
export function requestIds(failures: readonly LogEvent[]): Finding[] {
  const ids = [...new Set(failures.flatMap(({ requests }) => requests))].slice(-5);
  return ids.length === 0 ? [] : [note({ code: "request-ids", args: { ids } })];
}

/** A time in UTC, to the minute. */
export function minuteOf(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace("T", " ");
}

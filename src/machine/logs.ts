/**
 * The newest warnings and errors that Codex logged, from wherever this release keeps them. Reads the ends of files only,
 * and returns no line as it is: older releases log whole requests, keys included.
 */
import { basename, join } from "node:path";
import { VARIABLE_NAME } from "../codex/environment.ts";
import type { LogEventKind } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import { isInterrupted } from "../model/error.ts";
import { chatFiles } from "./chats.ts";
import { LOG_EVENTS } from "./log-events.ts";
import { withScratch } from "./scratch.ts";
import { bytesAt, namesIn } from "./try-read.ts";

/** A line of a log that is of a known kind. */
export type LogEvent = {
  readonly kind: LogEventKind;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** What the line names: an MCP server, a status. */
  readonly subject: string | null;
  /** Host and port of the address in the line. */
  readonly host: string | null;
  readonly process: string | null;
  readonly thread: string | null;
  /** An agent's connection, and not one of the user's own turns. */
  readonly agent: boolean;
  /** A turn ended with it; else Codex tried again. */
  readonly final: boolean;
  readonly requests: readonly string[];
};

export type Logs = {
  /** Oldest first. */
  readonly events: readonly LogEvent[];
  /** Times of all warnings and errors, oldest first. */
  readonly times: readonly number[];
  /** The user has named the file, which may be of another home. */
  readonly named: boolean;
  /** Names of the files read. */
  readonly read: readonly string[];
  /** Files that are there and could not be read, and why. */
  readonly unread: readonly { readonly file: string; readonly reason: "node" | "too-large" | "broken" }[];
};

/** How much of the end of each file is read. */
const TAIL = 4 * 1024 * 1024;
/** SQLite files are copied before they are read, so that the ones in use stay untouched. */
const LARGEST_DATABASE = 256 * 1024 * 1024;
const ROWS = 8000;

export type LogPlaces = {
  readonly home: string;
  /** Where copies of databases go, if the home has such a place. */
  readonly scratch: string | null;
  /** Folders that may hold databases or text logs instead, best first. */
  readonly elsewhere: readonly string[];
  /** A file the user names, read like a text log; it is then the only one. */
  readonly named?: string | undefined;
  /** What a run has just printed; where it says nothing, the other places since its beginning count. */
  readonly printed?: { readonly text: string; readonly began: number } | undefined;
};

/** What Codex has noted since a time, in milliseconds since the epoch. */
export async function readLogs(
  host: Host,
  { elsewhere, home, named, printed, scratch }: LogPlaces,
  since: number,
): Promise<Logs> {
  if (printed !== undefined) {
    const lines = linesIn(printed.text.split("\n"), "the run", host.now());
    const events = lines.flatMap(eventsIn);
    const times = lines.map(({ time }) => time);
    if (events.length > 0) return { events, times, named: true, read: ["the run"], unread: [] };
    const rest = await readLogs(host, { elsewhere, home, scratch }, printed.began);
    return { ...rest, read: ["the run", ...rest.read] };
  }
  const found: Line[] = [];
  const read: string[] = [];
  const unread: { file: string; reason: "node" | "too-large" | "broken" }[] = [];
  const add = (file: string, lines: readonly Line[] | "node" | "too-large" | "broken") => {
    if (typeof lines === "string") unread.push({ file: basename(file), reason: lines });
    else {
      read.push(basename(file));
      found.push(...lines);
    }
  };
  if (named !== undefined) add(named, textLines(host, named));
  else {
    for (const file of databases(host, [...elsewhere, home])) add(file, await databaseLines(host, file, scratch));
    // Text logs are read only without a database: where both exist they hold the same.
    const folders = [...elsewhere, ...["log", "app-server-daemon"].map((folder) => join(home, folder))];
    if (found.length === 0) for (const file of textLogs(host, folders)) add(file, textLines(host, file));
    const logged = found.filter(({ thread }) => thread !== null);
    found.push(...chatEnds(host, home).flatMap((end) => withoutLogged(end, logged)));
  }
  const lines = found.filter(({ time }) => time >= since).sort((a, b) => a.time - b.time);
  return {
    events: lines.flatMap(eventsIn),
    times: lines.map(({ time }) => time),
    named: named !== undefined,
    read,
    unread,
  };
}

type Line = {
  readonly time: number;
  readonly text: string;
  readonly process: string | null;
  readonly thread: string | null;
  /** The end of a turn, as its chat has it. */
  readonly isEnd?: boolean;
};

/** Nearer than that, a failed turn in the log and one at a chat's end are the same. */
const SAME_TURN_MS = 5000;

/** The end of a chat whose process keeps a log counts for that process, and not where the log has it already. */
function withoutLogged(end: Line, logged: readonly Line[]): Line[] {
  const own = logged.filter(({ thread }) => thread === end.thread);
  if (own.some(({ time }) => Math.abs(time - end.time) < SAME_TURN_MS)) return [];
  return [{ ...end, process: own[0]?.process ?? end.process }];
}

function eventsIn({ isEnd = false, process, text, thread, time }: Line): LogEvent[] {
  for (const { kind, pattern } of LOG_EVENTS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const final = isEnd || text.includes("Turn error: ");
    const named = match.slice(1).find(Boolean) ?? null;
    // Where a config names the key itself for its variable, so does the log.
    const subject = kind === "variable-missing" && named !== null && !VARIABLE_NAME.test(named) ? null : named;
    const agent = text.includes('codex.op="inter_agent_communication"');
    return [{ kind, time, subject, host: hostIn(text), process, thread, agent, final, requests: requestsIn(text) }];
  }
  return [];
}

/** The host of an address in a line, never what comes after or before it. */
function hostIn(text: string): string | null {
  return (
    /\b(?:https?|wss?):\/\/(?:[^\s/@]*@)?([\w.-]+(?::\d+)?|\[[\da-f:]+\](?::\d+)?)(?=[/\s),;"']|$)/i.exec(text)?.[1] ??
    null
  );
}

/** Request ids, for the service's support to look up; they are no secrets. */
function requestsIn(text: string): string[] {
  return [...text.matchAll(/\b(?:request[ _-]id:?|x-request-id:|cf-ray:?)\s*"?([A-Za-z0-9_-]{8,64})/gi)].map(
    ([, id]) => id ?? "",
  );
}

/**
 * `logs_1.sqlite` (seen in 0.117.0) and its successors, of the first folder that has one; the highest number is the
 * newest.
 */
function databases(host: Host, folders: readonly string[]): string[] {
  const number = (name: string) => Number(/\d+/.exec(name)?.[0]);
  for (const folder of folders) {
    const names = namesIn(host, folder).filter((name) => /^logs_\d+\.sqlite$/.test(name));
    const newest = names.sort((a, b) => number(a) - number(b)).at(-1);
    if (newest !== undefined) return [join(folder, newest)];
  }
  return [];
}

/** Up to 0.133 the log of the terminal program; since 0.169 the output of the background server. */
function textLogs(host: Host, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    namesIn(host, folder)
      .filter((name) => /^codex-tui[^/]*\.log|\.stderr\.log/.test(name))
      .map((name) => join(folder, name)),
  );
}

async function databaseLines(
  host: Host,
  file: string,
  scratch: string | null,
): Promise<readonly Line[] | "node" | "too-large" | "broken"> {
  try {
    const parts = ["", "-wal"].filter((end) => (host.disk.stat(file + end)?.size ?? 0) > 0);
    const sizes = parts.map((end) => host.disk.stat(file + end)?.size ?? 0);
    if (sizes.reduce((sum, size) => sum + size, 0) > LARGEST_DATABASE) return "too-large";
    const copies = parts.map((end) => [`logs.sqlite${end}`, host.disk.read(file + end, LARGEST_DATABASE).bytes]);
    // Lower levels hold requests as they were sent (seen in 0.130.0 and 0.134.0); of them only how a turn failed counts.
    const rows = await withScratch(host, scratch, Object.fromEntries(copies), (folder) =>
      host.query(
        join(folder, "logs.sqlite"),
        `select ts, feedback_log_body as text, process_uuid as process, thread_id as thread from logs
        where level in ('WARN', 'ERROR')
          or (target = 'codex_core::session::turn' and feedback_log_body like '%Turn error: %')
        order by id desc limit ${ROWS}`,
      ),
    );
    if (rows === null) return "node";
    const textOf = (value: unknown) => (typeof value === "string" ? value : null);
    return rows.map(({ process, text, thread, ts }) => ({
      time: Number(ts) * 1000,
      text: textOf(text) ?? "",
      process: textOf(process),
      thread: textOf(thread),
    }));
  } catch (error) {
    if (isInterrupted(error)) throw error;
    return "broken";
  }
}

/** Of lower levels only what says the status of an answer, and how a turn failed. */
const LOG_LINE =
  /^(?:(\d{4}-\d\d-\d\dT[\d:.]+Z)\s+)?(?:(?:ERROR|WARN|warning)\b:?|INFO(?=.*(?:codex\.(?:api_request|websocket_connect)|Turn error: )))\s+(.*)$/;

function textLines(host: Host, file: string): readonly Line[] | "broken" {
  const lines = tailOf(host, file, TAIL);
  return lines === null ? "broken" : linesIn(lines, basename(file), host.now());
}

/** Lines that `codex exec` prints have no time, so they count as of now. */
function linesIn(lines: readonly string[], process: string, now: number): Line[] {
  return lines.flatMap((line): Line[] => {
    // The background server writes its log with terminal colours.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
    const text = line.replace(/\u001b\[[\d;]*m/g, "");
    const [, dated, rest] = LOG_LINE.exec(text) ?? [];
    if (rest === undefined) return [];
    const thread = /\bthread[._]id=([0-9a-f-]{36})/.exec(rest)?.[1] ?? null;
    return [{ time: dated === undefined ? now : Date.parse(dated), text: rest, process, thread }];
  });
}

/** How many of the newest chats are looked at, and how much of each one's end. */
const CHATS = 30;
const CHAT_TAIL = 64 * 1024;

/** How turns ended that failed: `codex exec` writes no log, and some failures are noted in the chat alone. */
function chatEnds(host: Host, home: string): Line[] {
  const files = [...take(chatFiles(host, home), CHATS)];
  return files.flatMap((file) =>
    (tailOf(host, file, CHAT_TAIL) ?? []).flatMap((line): Line[] => {
      const message = line.includes('"task_complete"') && /"error":\{"message":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
      const time = Date.parse(/"timestamp":"([^"]+)"/.exec(line)?.[1] ?? "");
      const thread = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/.exec(file)?.[1] ?? null;
      return message && !Number.isNaN(time)
        ? [{ time, text: message.replaceAll('\\"', '"'), process: basename(file), thread, isEnd: true }]
        : [];
    }),
  );
}

/** The last lines of a file; null where it cannot be read. */
function tailOf(host: Host, path: string, limit: number): string[] | null {
  const bytes = bytesAt(host, path, limit, "tail");
  return bytes && new TextDecoder().decode(bytes).split("\n");
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}

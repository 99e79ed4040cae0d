/** The rules of `doctor` over logs: what counts as one moment, and that a long log takes no longer than a short one. */
import { expect, test } from "vitest";
import { diagnosesOf } from "../../src/doctor/diagnose.ts";
import type { Evidence } from "../../src/doctor/evidence.ts";
import type { LogEventKind } from "../../src/findings/finding.ts";

const START = Date.UTC(2030, 0, 1);

/** Lines at these seconds, each of a thread and a process of that name. */
function seen(
  lines: readonly (readonly [seconds: number, name: string | null])[],
  kind: LogEventKind = "retry",
): Evidence {
  const events = lines.map(([seconds, name]) => ({
    kind,
    time: START + seconds * 1000,
    subject: null,
    process: name,
    thread: name,
    agent: false,
    requests: [],
  }));
  const times = events.map(({ time }) => time);
  return { logs: { events, times, read: [], unread: [] }, agents: null, sessions: null } as unknown as Evidence;
}

const processesAtOnce = (evidence: Evidence) =>
  diagnosesOf(evidence, "sessions")
    .flatMap((one) => one.evidence)
    .flatMap((row) => (row.code === "at-once" ? [`${row.args.count} at ${row.args.last.slice(11)}`] : []));

test.each([
  [
    "two within two minutes",
    [
      [0, "a"],
      [119, "b"],
    ],
    "2 at 00:01",
  ],
  [
    "two that are two minutes apart",
    [
      [0, "a"],
      [120, "b"],
    ],
    undefined,
  ],
  [
    "two in the same moment",
    [
      [60, "a"],
      [60, "b"],
    ],
    "2 at 00:01",
  ],
  [
    "one again and again",
    [
      [0, "a"],
      [1, "a"],
      [2, "a"],
    ],
    undefined,
  ],
  [
    "one that comes again after it has left",
    [
      [0, "a"],
      [110, "a"],
      [125, "b"],
    ],
    "2 at 00:02",
  ],
  [
    "the most, and of two as many the later",
    [
      [0, "a"],
      [1, "b"],
      [500, "a"],
      [501, "b"],
      [502, "c"],
      [900, "a"],
      [901, "b"],
      [902, "c"],
    ],
    "3 at 00:15",
  ],
  [
    "lines that name nobody",
    [
      [0, null],
      [1, null],
      [2, "a"],
    ],
    undefined,
  ],
] as const)("failures at once: %s", (_, lines, expected) => {
  expect(processesAtOnce(seen(lines))[0]).toBe(expected);
});

test.each([
  [
    "right after a silence",
    [
      [0, "a"],
      [3600, "a"],
    ],
    "1 after 60 minutes",
  ],
  [
    "each silence counts",
    [
      [0, "a"],
      [3600, "a"],
      [3610, "a"],
      [9000, "a"],
    ],
    "2 after 90 minutes",
  ],
  [
    "after a short pause",
    [
      [0, "a"],
      [2600, "a"],
    ],
    undefined,
  ],
] as const)("failures after a silence: %s", (_, lines, expected) => {
  const [gap] = diagnosesOf(seen(lines), "idle").flatMap((one) =>
    one.evidence.filter(({ code }) => code === "log-gap"),
  );
  expect(gap?.code === "log-gap" ? `${gap.args.count} after ${gap.args.minutes} minutes` : undefined).toBe(expected);
});

test("a silence that ends in something else is none of them, and a later one counts", () => {
  const evidence = seen([
    [4000, "a"],
    [9000, "a"],
  ]);
  const times = [0, 3600, 4000, 9000].map((seconds) => START + seconds * 1000);
  const [found] = diagnosesOf({ ...evidence, logs: { ...evidence.logs, times } }, "idle");
  expect(found?.evidence).toMatchObject([{ code: "log-gap", args: { count: 1, minutes: 83 } }]);
});

test.each([
  ["80 ms apart", 0.08],
  ["3 s apart", 3],
  ["an hour apart", 3600],
])("sixty thousand failures %s are looked through at once", (_, pause) => {
  const evidence = seen(Array.from({ length: 60_000 }, (__, i) => [i * pause, `${i % 90}`] as const));
  const start = performance.now();
  for (const symptom of ["subagents", "sessions", "idle"] as const) diagnosesOf(evidence, symptom);
  expect(performance.now() - start).toBeLessThan(2000);
});

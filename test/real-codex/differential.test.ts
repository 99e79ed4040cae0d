import { describe, expect, it } from "vitest";
import { loadSchema } from "../../src/codex/load-schema.ts";
import { seed } from "../sample.js";
import { inParallel, type Verdict, verdict, withHome } from "./differential-client.ts";
import { judgement } from "./differential-judge.ts";
import { type Case, generate } from "./generate.ts";
import type { Version } from "./install.ts";

/** How many cases are drawn beside the tables; more, or another seed, when somebody hunts. */
const AMOUNTS = { keys: 150, unknown: 40, mutations: 80 };
const SEED = seed(169);

/** The share of the cases in which both must say the same. */
const AGREEMENT: readonly (readonly [version: Version, loads: number, strict: number])[] = [
  ["0.134.0", 0.99, 0.99],
  ["0.155.0", 0.99, 0.99],
  ["0.169.0", 1, 0.99],
];

describe.each(AGREEMENT)("what validate says of a config, beside codex %s", (version, loads, strict) => {
  it("is what the client says: it loads, and loads strictly", async () => {
    const cases = generate(await loadSchema(), version, AMOUNTS, SEED);
    const apart: Record<"loads" | "strict", string[]> = { loads: [], strict: [] };
    await inParallel(cases, async (one) => {
      const both = await withHome(one, async (home) => ({
        client: await verdict(version, home, one.profile),
        ours: await judgement(one, version, home),
      }));
      for (const view of ["loads", "strict"] as const) {
        if (both.client[view] !== both.ours[view]) apart[view].push(told(one, both.client, view));
      }
    });
    for (const line of [...apart.loads, ...apart.strict]) console.log(line);
    expect(1 - apart.loads.length / cases.length, apart.loads.join("\n")).toBeGreaterThanOrEqual(loads);
    expect(1 - apart.strict.length / cases.length, apart.strict.join("\n")).toBeGreaterThanOrEqual(strict);
    expect(cases.length).toBeGreaterThan(300);
  });
});

function told({ files, name }: Case, client: Verdict, view: "loads" | "strict"): string {
  const lines = client.words.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("WARNING"));
  const words = lines.slice(0, 4).join(" ");
  return `${view}: the client says ${client[view]} (${words}) of ${name}:\n${Object.values(files).join("\n--\n")}`;
}

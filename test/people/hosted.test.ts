/** What runs where the project is hosted, as far as it can be read here: workflows, templates. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defaultLoaders } from "cosmiconfig";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string) => readFileSync(`${ROOT}/${name}`, "utf8");
const yaml = (name: string) => defaultLoaders[".yaml"](name, read(name));
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

type Step = { readonly run?: string; readonly uses?: string };
type Workflow = { readonly on: unknown; readonly jobs: Record<string, { readonly steps: readonly Step[] }> };

describe.each(readdirSync(`${ROOT}/.github/workflows`))("the workflow %s", (name) => {
  const { jobs, on } = yaml(`.github/workflows/${name}`) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test("says when it runs, and every step runs something", () => {
    expect(on).toBeTruthy();
    expect(steps.length).toBeGreaterThan(2);
    for (const step of steps) expect(Boolean(step.run) !== Boolean(step.uses), JSON.stringify(step)).toBe(true);
  });

  test("names scripts that there are", () => {
    const named = steps.flatMap(({ run = "" }) =>
      [...run.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, script = ""]) => script),
    );
    const own = ["ci", "pack", "publish"];
    expect(named.filter((script) => !own.includes(script) && scripts[script] === undefined)).toEqual([]);
    expect(named.length).toBeGreaterThan(2);
  });
});

test("the hosted checks run all that the local ones run", () => {
  const local = [
    ...read(".ci/run")
      .replace(/^#.*$/gm, "")
      .matchAll(/npm (?:run )?([\w:]+)/g),
  ].map(([, script = ""]) => script);
  const { jobs } = yaml(".github/workflows/ci.yml") as Workflow;
  const hosted = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = "" }) => run));
  expect(
    local.filter(
      (script) => !hosted.some((line) => line.includes(`npm ${script}`) || line.includes(`npm run ${script}`)),
    ),
  ).toEqual([]);
});

test("who reports a fault is asked for the report, and told what not to paste", () => {
  const { body } = yaml(".github/ISSUE_TEMPLATE/bug.yml") as {
    body: { type: string; attributes: Record<string, string> }[];
  };
  expect(body.map(({ attributes }) => attributes.label)).toContain("What `codex-cfg doctor --report` prints");
  expect(body[0]?.attributes.value).toContain("auth.json");
});

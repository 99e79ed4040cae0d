/** The command line's suites once more, against the program that ships; what it cannot run is named at the end. */
import { defineConfig } from "vitest/config";
import type { Reporter, TestCase } from "vitest/node";
import source from "./vitest.config.ts";

const left: string[] = [];
const namesLeft: Reporter = {
  onTestCaseResult(test: TestCase) {
    const result = test.result();
    if (result.state === "skipped") left.push(`${result.note ?? "skipped"}: ${test.fullName}`);
  },
  onTestRunEnd() {
    console.log([`${left.length} not run as a process:`, ...left.sort()].join("\n  "));
  },
};

export default defineConfig({
  test: {
    ...source.test,
    include: ["test/cli/**/*.test.ts", "test/cli-stories/*.test.ts", "test/canary/canary.test.ts"],
    env: { STORY_PROGRAM: "dist" },
    reporters: ["default", namesLeft],
  },
});

/** The command line's suites once more, against the program that ships. */
import { defineConfig } from "vitest/config";
import source from "./vitest.config.ts";

export default defineConfig({
  ...source,
  test: {
    ...source.test,
    include: ["test/cli/**/*.test.ts", "test/cli-stories/*.test.ts"],
    env: { STORY_PROGRAM: "dist" },
  },
});

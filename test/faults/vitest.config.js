import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { mutation } from "./mutants.js";

export default defineConfig({
  plugins: mutation(process.env.FAULTS_MUTANT),
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    // Those of the rooms are here for the mutants; the runner names the files.
    include: ["test/**/*.test.ts"],
    exclude: ["test/real-codex/**", "test/people/**"],
    // Suites of many processes would starve each other.
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});

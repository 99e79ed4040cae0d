import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/people/**/*.test.ts"],
    globalSetup: fileURLToPath(new URL("./install.ts", import.meta.url)),
    // People wait for one terminal at a time; more of them side by side would measure each other.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

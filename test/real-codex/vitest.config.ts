import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/real-codex/**/*.test.ts"],
    setupFiles: fileURLToPath(new URL("../sampled-tests.ts", import.meta.url)),
    globalSetup: fileURLToPath(new URL("./install.ts", import.meta.url)),
    // Some tests time the client: two of them side by side would measure each other.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 30_000,
  },
});

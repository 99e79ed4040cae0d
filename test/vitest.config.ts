import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    exclude: ["test/real-codex/**", "test/faults/**", "test/people/**"],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});

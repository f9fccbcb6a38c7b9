// Owns: the tests that take minutes: every schema, large fuzz runs.
// Promises: each has a short version in `npm test`.
// Must not: be needed for a change to land.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/slow/**/*.test.ts", "test/**/*.slow.test.ts"],
    exclude: ["**/node_modules/**"],
    // The terminal's tests run the packed command.
    globalSetup: "test/acceptance/pack-once.ts",
    fileParallelism: false,
    // The Go programs that tests start and build are short-lived: to collect garbage costs them nearly half of their time.
    env: { GOGC: "off", GOMEMLIMIT: "1GiB" },
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});

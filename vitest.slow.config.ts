// Owns: the tests that take minutes: every schema, large fuzz runs.
// Promises: each has a short version in `npm test`.
// Must not: be needed for a change to land.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/slow/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});

// Owns: the tests that need Debian packages; README.md names them.
// Promises: a missing program is a failure that names its package, never a skip.
// Must not: run beside each other: servers and terminals compete for two cores.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.tools.test.ts"],
    exclude: ["**/node_modules/**"],
    // The terminal's tests run the packed command.
    globalSetup: "test/acceptance/pack-once.ts",
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 900_000,
  },
});

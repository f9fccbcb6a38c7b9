// Owns: the tests that need Debian packages; README.md names them.
// Promises: a missing program is a failure that names its package, never a skip.
// Must not: look at time: two files run beside each other, and most of them wait for servers, terminals and builds.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.tools.test.ts"],
    exclude: ["**/node_modules/**"],
    // The terminal's tests run the packed command.
    globalSetup: "test/acceptance/pack-once.ts",
    maxWorkers: 2,
    // The Go programs that tests start and build are short-lived: to collect garbage costs them nearly half of their time.
    env: { GOGC: "off", GOMEMLIMIT: "1GiB" },
    testTimeout: 300_000,
    hookTimeout: 900_000,
  },
});

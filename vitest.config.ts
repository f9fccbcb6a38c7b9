// Owns: which tests `npm test` runs: everything that needs Node, git and Go only.
// Promises: suites that need other programs, or minutes, have their own configuration and command.
// Must not: build; `npm test` has built before.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/*.tools.test.ts", "**/*.slow.test.ts", "**/*.apiserver.test.ts", "test/apiserver/**", "test/slow/**",
      "test/acceptance/**",
      "test/contract/**",
    ],
    // Every core, and one module graph for each worker: most of these tests are pure, and loading costs more than many of them.
    maxWorkers: "100%",
    isolate: false,
    // The Go programs that tests start and build are short-lived: to collect garbage costs them nearly half of their time.
    env: { GOGC: "off", GOMEMLIMIT: "1GiB" },
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});

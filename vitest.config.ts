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
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});

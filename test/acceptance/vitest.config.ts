// Owns: how the acceptance tests run: on the packed package, with the real tools.
// Promises: the package is built and packed once; a first run has time to build the tools.
// Must not: need a network once the tools are built.
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const minute = 60_000;

export default defineConfig({
  test: {
    root: join(import.meta.dirname, "..", ".."),
    include: ["test/acceptance/**/*.test.ts", "test/contract/**/*.test.ts"],
    globalSetup: join(import.meta.dirname, "pack-once.ts"),
    // The Go programs that tests start and build are short-lived: to collect garbage costs them nearly half of their time.
    env: { GOGC: "off", GOMEMLIMIT: "1GiB" },
    testTimeout: 5 * minute,
    hookTimeout: 10 * minute,
    // Two cores: one test file drives several processes itself.
    fileParallelism: false,
  },
});

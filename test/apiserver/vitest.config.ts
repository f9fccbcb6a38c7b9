// Owns: how the tests against a real API server run: apart from the others, one after the other, with time to build.
// Promises: no two servers compete for the machine, and a first run may compile the control plane.
// Must not: be slower than needed on a second run; programs and CRDs stay in the project's cache.
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const minute = 60_000;

export default defineConfig({
  test: {
    root: join(import.meta.dirname, "..", ".."),
    include: ["test/apiserver/**/*.test.ts", "test/**/*.apiserver.test.ts"],
    fileParallelism: false,
    testTimeout: 2 * minute,
    hookTimeout: 40 * minute,
  },
});

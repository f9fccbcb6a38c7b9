// Owns: how the module's tests run.
// Promises: what ships is what is tested: dist/ and core/, built before.
// Must not: be part of the command's own tests.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Backstage's test utilities expect jest's globals.
    globals: true,
    setupFiles: ["./test/setup.mjs"],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});

// Owns: how the tests of the ApplicationSet renderer run.
// Promises: a first run has time to build the renderer; later ones use the cache.
// Must not: need anything but Go.
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const minute = 60_000;

export default defineConfig({
  test: {
    root: join(import.meta.dirname, "..", ".."),
    include: ["test/applicationset/**/*.test.ts"],
    testTimeout: minute,
    hookTimeout: 10 * minute,
  },
});

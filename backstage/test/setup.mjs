// Owns: the global that Backstage's test utilities call jest.
// Promises: vitest's own mocks behind it.
// Must not: do anything else.

import { vi } from "vitest";

globalThis.jest = vi;

// Owns: every file specification of a stack, in one list.
// Promises: template and view of each file, before anything is rendered.
// Must not: render.

import type { FileSpec } from "../../src/capabilities/capability.js";
import { yieldsOf } from "../../src/render/render-tree.js";
import type { Stack } from "../../src/stack/stack.js";

export function fileSpecsOf(stack: Stack): FileSpec[] {
  return yieldsOf(stack).flatMap(({ files }) => files);
}

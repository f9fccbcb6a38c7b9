// Owns: whether the largest stack that anyone has asked for stays, whole, within what the API server and Argo CD take.
// Promises: 200 services × 5 environments × 20 clusters.
// Must not: measure time; `npm run bench` does.

import { expect, test } from "vitest";
import { renderText } from "../render/build-stacks.js";
import { largeStack } from "./large-stack.js";
import { sizeFaults } from "./size-limits.js";

test("200 services in 5 environments of 20 clusters", () => {
  const { faults, objects } = sizeFaults(renderText(largeStack(200, 5, 20)).tree);
  expect(faults).toEqual([]);
  expect(objects).toBeGreaterThan(3000);
});

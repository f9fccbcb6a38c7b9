// Owns: which changes of a plan take data with them.
// Promises: pure; an object that the user has named is left out.
// Must not: refuse; each door says so in its own words.

import type { Impact } from "./build-both.js";
import type { ObjectChange } from "./compare-objects.js";

/** What happens to the data, by the effect on its object. */
export const LOST = { delete: "deleted", rename: "renamed", replace: "replaced" } as const;

/** @param allowed `Kind/name` of the objects that may go */
export function lostData({ changes }: Impact, allowed: readonly string[]): ObjectChange[] {
  return changes.filter(
    ({ effect, isStateful, id }) => isStateful && effect in LOST && !allowed.includes(id),
  );
}

// Owns: how a repository stays current by default.
// Promises: what a repository of the command had before is what it has.
// Must not: know files.

/** Tuesday, when somebody is there to look at it, at a minute at which GitHub is not busy. */
export const UPGRADE_SCHEDULE = "37 5 * * 2";

// Owns: the version of the generator.
// Promises: the one of package.json, put in when the package is built.
// Must not: be edited by hand.

import manifest from "../package.json" with { type: "json" };

/** What the projen door is tested with, by name: exact versions. */
export const PEERS: Readonly<Record<"constructs" | "projen", string>> = manifest.peerDependencies;

export const VERSION: string = manifest.version;

// Owns: the version of the generator.
// Promises: the one of package.json, put in when the package is built.
// Must not: be edited by hand.

import manifest from "../package.json" with { type: "json" };

export const VERSION: string = manifest.version;

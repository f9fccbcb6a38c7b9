// Owns: that the core is what backstage/src/core.ts says of it.
// Promises: checked by the compiler; a change of the core that the module would notice at run time does not compile.
// Must not: run.

import type { Core, ImpactCore, ValidateCore } from "../../backstage/src/core.js";
import type * as impact from "../../src/impact/index.js";
import type * as core from "../../src/index.js";
import type * as validate from "../../src/validate/index.js";

type Fulfils<Wanted, Given extends Wanted> = Given;

export type Checked = [
  Fulfils<Core, typeof core>,
  Fulfils<ImpactCore, typeof impact>,
  Fulfils<ValidateCore, typeof validate>,
];

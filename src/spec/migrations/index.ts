// Owns: the table of migrations: one row for each version of the schema that there was before today's.
// Promises: a row stays for ever, so that a repository of any age can be upgraded in one step.
// Must not: have two rows that read the same version.

import { API_VERSION } from "../schema/words.js";
import type { Migration, SpecFormat } from "./migration.js";

const MIGRATIONS: readonly Migration[] = [];

export const SPEC_FORMAT: SpecFormat = { current: API_VERSION, migrations: MIGRATIONS };

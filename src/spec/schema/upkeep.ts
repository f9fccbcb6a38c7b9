// Owns: the schema of how a repository stays current.
// Promises: says nothing of what runs; no manifest depends on it.
// Must not: hold defaults; src/stack/presets/upkeep.ts does.

import { Type } from "typebox";
import { annotate, Cron } from "./scalars.js";
import { DOORS } from "./words.js";

export const Upkeep = Type.Object(
  {
    door: Type.Optional(
      annotate(Type.Enum(DOORS), {
        description:
          "How the repository is generated again. command: create-prod-stack; projen: npx projen, with overrides in .projenrc.mjs and versions pinned in package.json.",
      }),
    ),
    pullRequests: Type.Optional(
      Type.Boolean({
        description:
          "A scheduled workflow of GitHub that opens the pull request of an upgrade; on by default with projen.",
      }),
    ),
    schedule: Type.Optional(
      annotate(Cron, { description: "When that workflow looks for a new version, in UTC." }),
    ),
  },
  { additionalProperties: false, description: "How the repository stays current." },
);

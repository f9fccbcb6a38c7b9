// Owns: the schema of what a stack says of Argo CD: where it is, how it syncs, and when it may not.
// Promises: the same words on every layer.
// Must not: hold defaults; those are the tables of src/stack/presets.

import { Type } from "typebox";
import { annotate, Cron, named, objectName } from "./scalars.js";

const closed = { additionalProperties: false } as const;

const SyncWindow = Type.Object(
  {
    kind: Type.Optional(
      annotate(Type.Enum(["deny", "allow"]), {
        description: "deny: no sync inside of the window; allow: no sync outside of it. deny by default.",
      }),
    ),
    schedule: annotate(Cron, { description: "When the window opens." }),
    duration: Type.String({
      pattern: "^([1-9][0-9]*h)?([1-9][0-9]*m)?$",
      minLength: 2,
      expected: "hours and minutes such as 8h, 90m or 1h30m",
      description: "How long it stays open.",
    }),
    timeZone: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$",
        expected: "a time zone such as Europe/Berlin",
        description: "Time zone of the schedule; UTC by default.",
      }),
    ),
    manualSync: Type.Optional(
      Type.Boolean({ description: "Whether a person may sync all the same; yes by default." }),
    ),
  },
  { ...closed, description: "When Argo CD may not sync by itself." },
);

export const ArgoCd = Type.Object(
  {
    namespace: Type.Optional(objectName("Namespace of Argo CD.")),
    url: Type.Optional(
      Type.String({
        pattern: "^https?://[^\\s]+$",
        expected: "a web address",
        description: "Web address of Argo CD, for the links of the catalog.",
      }),
    ),
    automated: Type.Optional(
      Type.Boolean({ description: "Sync on each commit; without it a person starts every sync." }),
    ),
    mode: Type.Optional(
      annotate(Type.Enum(["application-set", "application"]), {
        description:
          "application-set: one set makes the Applications of all places; application: an Application of its own.",
      }),
    ),
    syncWindows: Type.Optional(
      named(SyncWindow, { description: "Windows of the Argo CD project, by name." }),
    ),
  },
  { ...closed, description: "Argo CD.", def: "ArgoCd" },
);

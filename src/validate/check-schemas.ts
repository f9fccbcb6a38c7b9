// Owns: holding the objects of an overlay to the schemas of their kinds.
// Promises: kubeconform where it is found, else the embedded checker, on the same schemas; every object is accounted for:
//           one without a schema, or that the tool did not report, is an error.
// Must not: use schemas from the network or from the machine.

import type { BuiltOverlay } from "./build-overlay.js";
import type { BuiltObject } from "./built-object.js";
import { checkAgainstSchema } from "./check-schema.js";
import type { Tools } from "./find-tools.js";
import { runKubeconform } from "./run-kubeconform.js";
import type { ToolRun } from "./run-tool.js";
import type { SchemaArchive } from "./schema-archive.js";
import { type CheckOutcome, type Finding, outcomeOf } from "./validation-report.js";

/** Name of the checker of this package, where a tool is reported. */
export const EMBEDDED_CHECKER = "embedded checker";

export interface SchemaCheck extends ToolRun {
  readonly tools: Tools;
  readonly archive: SchemaArchive;
  /** Minor version. */
  readonly kubernetes: string;
}

export async function checkSchemas(built: BuiltOverlay, check: SchemaCheck): Promise<CheckOutcome> {
  const path = check.tools.kubeconform;
  if (path === undefined) return checkEmbedded(built.objects, check);
  const findings = await runKubeconform(path, built, check);
  return outcomeOf(built.objects.length, "objects", findings, { name: "kubeconform", path });
}

function checkEmbedded(objects: readonly BuiltObject[], { kubernetes, archive }: SchemaCheck): CheckOutcome {
  const findings = objects.flatMap((object) =>
    checkAgainstSchema(object.data, kubernetes, archive).map(({ rule, path, message, expected }): Finding => {
      const place = path === "" ? {} : { path };
      return { severity: "error", rule, object: object.id, ...place, message, hint: `Expected ${expected}.` };
    }),
  );
  return outcomeOf(objects.length, "objects", findings, { name: EMBEDDED_CHECKER, path: undefined });
}

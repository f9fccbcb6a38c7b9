// Order without a server: what must come first in a sync comes first.
import { describe, expect, test } from "vitest";
import { readManifests } from "./manifest-documents.js";
import { planSyncSteps } from "./sync-order.js";

interface Sketch {
  readonly kind: string;
  readonly name: string;
  readonly wave?: string;
  readonly hook?: string;
  readonly namespace?: string;
}

function order(...sketches: Sketch[]): string[][] {
  const documents = sketches.flatMap(({ kind, name, wave, hook, namespace }) => {
    const annotations = {
      ...(wave !== undefined && { "argocd.argoproj.io/sync-wave": wave }),
      ...(hook !== undefined && { "argocd.argoproj.io/hook": hook }),
    };
    const object = { apiVersion: "v1", kind, metadata: { name, namespace, annotations } };
    return readManifests(JSON.stringify(object), "sketch");
  });
  return planSyncSteps(documents).map((step) =>
    step.map(({ object }) => `${object.kind} ${object.metadata.name}`),
  );
}

describe("objects are applied", () => {
  test("by kind, then by name, unknown kinds last", () => {
    const steps = order(
      { kind: "Widget", name: "a" },
      { kind: "Service", name: "b" },
      { kind: "ConfigMap", name: "z" },
      { kind: "Service", name: "a" },
    );
    expect(steps).toEqual([["ConfigMap z"], ["Service a", "Service b"], ["Widget a"]]);
  });

  test("by wave before kind, negative waves first", () => {
    const steps = order(
      { kind: "ConfigMap", name: "late", wave: "2" },
      { kind: "Job", name: "early", wave: "-1" },
      { kind: "Service", name: "usual" },
    );
    expect(steps).toEqual([["Job early"], ["Service usual"], ["ConfigMap late"]]);
  });

  test("by hook phase before wave, and not at all when the hook is Skip", () => {
    const steps = order(
      { kind: "Job", name: "after", hook: "PostSync", wave: "-5" },
      { kind: "ConfigMap", name: "during" },
      { kind: "Job", name: "before", hook: "PreSync", wave: "5" },
      { kind: "Job", name: "never", hook: "Skip" },
    );
    expect(steps).toEqual([["Job before"], ["ConfigMap during"], ["Job after"]]);
  });

  test("with a namespace before the first object in it, whatever its own wave", () => {
    const steps = order(
      { kind: "Namespace", name: "shop", wave: "3" },
      { kind: "Job", name: "migrate", hook: "PreSync", namespace: "shop" },
    );
    expect(steps).toEqual([["Namespace shop"], ["Job migrate"]]);
  });
});

// Proves that a user's overlay survives when its environment gains clusters, and when it loses them.
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { convertOverlay } from "../../src/plan/convert-overlay.js";
import { mergeRelease } from "../../src/plan/merge-release.js";

const OVERLAY = `# Ours.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - managed
images:
  # Released on Monday.
  - name: ghcr.io/example-org/api
    newTag: 1.2.3 # keep
patches:
  - path: ours.yaml
`;
const COMPONENT = OVERLAY.replace("v1beta1", "v1alpha1")
  .replace("kind: Kustomization", "kind: Component")
  .replace("resources:\n  - managed\n", "");

test("becomes a component, and an overlay again, line by line", () => {
  expect(convertOverlay(OVERLAY, COMPONENT)).toBe(COMPONENT);
  expect(convertOverlay(COMPONENT, OVERLAY)).toBe(OVERLAY);
});

describe("whatever the user made of it", () => {
  test.each([
    ["more resources", OVERLAY.replace("- managed", "- managed\n  - extra.yaml # ours")],
    ["managed last", OVERLAY.replace("- managed", "- extra.yaml\n  - ./managed")],
    ["flow style", OVERLAY.replace("resources:\n  - managed", "resources: [managed, extra.yaml]")],
    ["as kustomize edit writes it", OVERLAY.replace("  - managed", "- managed")],
    ["no kind", OVERLAY.replace("kind: Kustomization\n", "")],
  ])("%s", (_title, edited) => {
    const component = convertOverlay(edited, COMPONENT);
    const before = parse(edited);
    const { resources = [], ...after } = parse(component);
    expect(after).toEqual({
      ...Object.fromEntries(Object.entries(before).filter(([key]) => key !== "resources")),
      apiVersion: "kustomize.config.k8s.io/v1alpha1",
      kind: "Component",
    });
    expect(resources).toEqual(before.resources.filter((one: string) => !/managed/.test(one)));
    expect(component).toContain("# keep");
    expect(component).toContain("# Ours.");
    const back = parse(convertOverlay(component, OVERLAY));
    expect(back.kind).toBe("Kustomization");
    expect([...back.resources].sort()).toEqual(["managed", ...resources].sort());
  });
});

describe("a regeneration", () => {
  const edited = OVERLAY.replace("1.2.3", "7.7.7");

  test("converts where the generator's own kind has changed, and keeps the release", () => {
    const { text, added } = mergeRelease(OVERLAY, edited, COMPONENT);
    expect(text).toBe(COMPONENT.replace("1.2.3", "7.7.7"));
    expect(added).toEqual(["the kind Component"]);
  });

  test("leaves the kind alone otherwise", () => {
    expect(mergeRelease(OVERLAY, edited, OVERLAY)).toEqual({ text: edited, added: [] });
    expect(mergeRelease(COMPONENT, edited, COMPONENT)).toEqual({ text: edited, added: [] });
  });
});

/** Holds which kustomizations become rows, and how names, tags and tools are told apart. */
import { describe, expect, it } from "vitest";
import { isMovingTag, parseImage } from "../../src/validate/check-references/image-reference.js";
import { findOverlays, findStandalone } from "../../src/validate/find-overlays.js";
import { findTools } from "../../src/validate/find-tools.js";
import { mapConcurrently } from "../../src/validate/map-concurrently.js";
import type { StackFile } from "../../src/validate/stack-files.js";
import { environmentOf, readStackSettings } from "../../src/validate/stack-settings.js";

const files = (...paths: string[]): StackFile[] => paths.map((path) => ({ path, text: "" }));
const SPEC: StackFile = {
  path: "prod-stack.yaml",
  text: "kubernetes: 1.36\nenvironments:\n  prod: {tier: production, namespace: shop}\n  prod-eu: {tier: staging}\n",
};

describe("settings of the spec", () => {
  const settings = readStackSettings([SPEC]);

  it("holds version, tiers and namespaces", () => {
    expect(settings.kubernetes).toBe("1.36");
    expect(settings.environments[0]).toEqual({
      name: "prod",
      tier: "production",
      namespace: "shop",
      clusters: [],
    });
  });

  it.each([
    ["prod", "prod"],
    ["prod-west", "prod"],
    ["prod-eu", "prod-eu"],
    ["prod-eu-1", "prod-eu"],
    ["production", undefined],
  ])("puts the overlay %s into the environment %s", (overlay, name) => {
    expect(environmentOf(overlay, settings)?.name).toBe(name);
  });

  it.each(["", "environments: [", "environments: 5", "- a", "kubernetes: {a: b}"])(
    "reads %j as nothing",
    (text) => {
      expect(readStackSettings([{ path: "prod-stack.yaml", text }])).toEqual({
        name: undefined,
        path: ".",
        kubernetes: undefined,
        environments: [],
      });
    },
  );
});

describe("overlays", () => {
  const rowsOf = (...paths: string[]) =>
    findOverlays([SPEC, ...files(...paths)], readStackSettings([SPEC])).map(
      ({ name, problem }) => `${name} ${problem?.rule ?? "ok"}`,
    );

  it("are environments, then what the platform applies", () => {
    const paths = [
      "overlays/prod/kustomization.yaml",
      "overlays/prod-eu/kustomization.yml",
      "bootstrap/b/kustomization.yaml",
      "bootstrap/a/Kustomization",
      "bootstrap/kustomization.yaml",
      "overlays/prod/managed/kustomization.yaml",
    ];
    expect(rowsOf(...paths)).toEqual([
      "prod ok",
      "prod-eu ok",
      "bootstrap ok",
      "bootstrap/a ok",
      "bootstrap/b ok",
    ]);
  });

  it("are missed where the spec declares them", () => {
    expect(rowsOf("overlays/prod-west/kustomization.yaml")).toEqual([
      "prod-eu overlay-missing",
      "prod-west ok",
    ]);
  });

  it("need a kustomization of their own", () => {
    expect(rowsOf("overlays/prod/managed/kustomization.yaml", "overlays/prod-eu/kustomization.yaml")).toEqual(
      ["prod overlay-missing", "prod-eu ok"],
    );
  });

  it("leave out what others load, components and parts", () => {
    const all = [
      ...files(
        "base/kustomization.yaml",
        "overlays/prod/kustomization.yaml",
        "monitoring/dev/kustomization.yaml",
        "monitoring/extra/kustomization.yaml",
        "monitoring/extra/part/kustomization.yaml",
      ),
      { path: "parts/kustomization.yaml", text: "kind: Component\n" },
    ];
    const loadedBy = (directory: string) =>
      directory === "monitoring/extra"
        ? ["monitoring/extra/kustomization.yaml", "monitoring/extra/part/kustomization.yaml"]
        : [`${directory}/kustomization.yaml`];
    const rows = findStandalone(all, loadedBy, new Set(["monitoring/dev/kustomization.yaml"]));
    expect(rows.map(({ name }) => name)).toEqual(["monitoring/extra"]);
  });
});

describe("images", () => {
  it.each([
    ["a", { name: "a", tag: undefined, digest: undefined }],
    ["a:1", { name: "a", tag: "1", digest: undefined }],
    ["host:5000/a", { name: "host:5000/a", tag: undefined, digest: undefined }],
    ["host:5000/a/b:1.2@sha256:00", { name: "host:5000/a/b", tag: "1.2", digest: "sha256:00" }],
  ])("%s", (text, parts) => {
    expect(parseImage(text)).toEqual(parts);
  });

  it.each(["latest", "MAIN", "latest-alpine", "1.0-SNAPSHOT", "stable"])("%s moves", (tag) =>
    expect(isMovingTag(tag)).toBe(true),
  );
  it.each(["1.4.2", "main-4f3c2a1", "2026.1", "v1", "20261121", "nightly-20261121"])("%s stands", (tag) =>
    expect(isMovingTag(tag)).toBe(false),
  );
});

describe("tools", () => {
  it("are not looked for in relative directories, nor taken for directories", async () => {
    expect(await findTools(".:bin::/nonexistent")).toEqual({});
  });
});

describe("doing many at once", () => {
  it("keeps the order, and stops at an error after what is under way", async () => {
    expect(await mapConcurrently([3, 1, 2], 2, async (item) => item * 2)).toEqual([6, 2, 4]);
    const begun: number[] = [];
    const run = mapConcurrently([1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      await Promise.resolve();
      throw new Error("broken");
    });
    await expect(run).rejects.toThrow("broken");
    expect(begun).toEqual([1, 2]);
  });
});

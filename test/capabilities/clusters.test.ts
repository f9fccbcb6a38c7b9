// Owns: environments of several clusters: what each cluster gets, what they share, and whose word counts.
// Promises: by the real Kustomize, over every sample stack that has clusters.
// Must not: look at single capabilities.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { appliedDirectory } from "../../src/capabilities/places.js";
import type { FileTree } from "../../src/render/file-tree.js";
import { renderTree } from "../../src/render/render-tree.js";
import type { Environment, Stack } from "../../src/stack/stack.js";
import { build, type KubernetesObject, renderText, writeTree } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { ensureTool } from "../tools/ensure-tool.js";

/** Without the mesh, which is about other clusters by its nature. */
const SPEC = (SAMPLE_STACKS.clusters as string).replace("    mesh: cilium-clustermesh\n", "");

let folder: string;
let kustomize: string;
let stack: Stack;
let tree: FileTree;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "clusters-"));
  kustomize = await ensureTool("kustomize");
  ({ stack, tree } = renderText(SPEC));
  writeTree(join(folder, "real"), tree);
});
afterAll(() => rmSync(folder, { recursive: true }));

const places = () => stack.environments.filter(({ cluster }) => cluster !== undefined);

/** The same place, as if it were an environment in one cluster. */
function alone(place: Environment): Stack {
  const others = stack.environments.filter(({ name }) => name !== place.name);
  return { ...stack, environments: [...others, { ...place, cluster: undefined, label: place.name }] };
}

/** Dashboards speak of all environments. */
function byName(objects: readonly KubernetesObject[]): Record<string, unknown> {
  const own = objects.filter(({ metadata }) => !metadata.name.includes("-dashboard-"));
  return Object.fromEntries(own.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}

describe("each cluster", () => {
  test("gets exactly what an environment of its own would get", async () => {
    expect(places().length).toBeGreaterThan(3);
    for (const place of places()) {
      const directory = join(folder, `alone-${place.id}`);
      writeTree(directory, renderTree(alone(place)));
      const expected = byName(await build(kustomize, join(directory, `overlays/${place.name}`)));
      const got = byName(await build(kustomize, join(folder, "real", appliedDirectory(place))));
      expect(Object.keys(got).length).toBeGreaterThan(15);
      expect(got).toEqual(expected);
    }
  });

  test("shares what it has in common, and repeats none of it", () => {
    const namesIn = (directory: string) =>
      tree
        .filter(({ path }) => path.startsWith(`${directory}/`))
        .map(({ path }) => path.slice(directory.length + 1))
        .filter((path) => path !== "kustomization.yaml");
    for (const place of places()) {
      const common = namesIn(`overlays/${place.name}/managed`);
      const own = namesIn(`${appliedDirectory(place)}/managed`);
      expect(common.filter((name) => own.includes(name))).toEqual([]);
      expect(common.length).toBeGreaterThan(0);
    }
    const only = stack.environments.find(({ label }) => label === "stage/one") as Environment;
    expect(namesIn(`${appliedDirectory(only)}/managed`)).toEqual([]);
  });
});

describe("the user's word", () => {
  const patchOf = (replicas: number) => ({
    patch: `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  replicas: ${replicas}\n`,
  });
  const change = (copy: string, path: string, more: object) => {
    const file = join(folder, copy, path, "kustomization.yaml");
    const data = parse(readFileSync(file, "utf8"));
    const patches = [...(data.patches ?? []), patchOf((more as { replicas: number }).replicas)];
    writeFileSync(file, JSON.stringify({ ...data, patches }));
  };
  const replicasIn = async (copy: string, cluster: string) =>
    (await build(kustomize, join(folder, copy, `clusters/prod/${cluster}`))).find(
      ({ kind, metadata }) => kind === "Deployment" && metadata.name === "api",
    )?.spec.replicas;

  test("for an environment wins over everything generated, in all of its clusters", async () => {
    writeTree(join(folder, "patched"), tree);
    change("patched", "overlays/prod", { replicas: 11 });
    for (const cluster of ["west", "east", "north"]) expect(await replicasIn("patched", cluster)).toBe(11);
  });

  test("for a cluster wins over that", async () => {
    change("patched", "clusters/prod/west", { replicas: 12 });
    expect(await replicasIn("patched", "west")).toBe(12);
    expect(await replicasIn("patched", "east")).toBe(11);
  });

  test("on a release: one place for all clusters, by kustomize edit", async () => {
    writeTree(join(folder, "released"), tree);
    const image = "ghcr.io/example-org/api";
    await execa(kustomize, ["edit", "set", "image", `${image}=${image}:9.9.9`], {
      cwd: join(folder, "released/overlays/prod"),
    });
    for (const cluster of ["west", "east", "north"]) {
      const objects = await build(kustomize, join(folder, `released/clusters/prod/${cluster}`));
      expect(JSON.stringify(objects)).toContain(`"${image}:9.9.9"`);
      expect(JSON.stringify(objects)).not.toContain(`"${image}:1.0.0"`);
    }
  });
});

describe("what an environment says about its clusters", () => {
  test("loses against what a cluster says", () => {
    const [dev, stage, east, north, west] = stack.environments;
    expect([dev, stage, east, north, west].map((place) => place?.label)).toEqual([
      "dev",
      "stage/one",
      "prod/east",
      "prod/north",
      "prod/west",
    ]);
    const storage = (place: Environment | undefined) =>
      place?.datastores.find(({ name }) => name === "data")?.storageClass;
    expect([storage(dev), storage(east), storage(west)]).toEqual([undefined, "standard", "gp3"]);
    expect(east?.services[0]?.exposure?.host).toBe("api.east.example.com");
    expect(west?.services[0]?.exposure?.host).toBe("api.example.com");
    expect(north?.services.map(({ name }) => name)).toEqual(["api"]);
  });

  test("keeps backups of one cluster apart from those of another", () => {
    const prefixes = stack.environments.flatMap(({ datastores }) =>
      datastores.flatMap(({ backup }) => backup?.store.prefix ?? []),
    );
    expect(prefixes.length).toBeGreaterThan(3);
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });
});

test("the order of clusters in the spec changes nothing", () => {
  const text = SPEC.split("\n");
  const first = text.findIndex((line) => line.startsWith("      west:"));
  const swapped = [...text];
  [swapped[first], swapped[first + 1]] = [text[first + 1] as string, text[first] as string];
  expect(renderText(swapped.join("\n")).tree).toEqual(tree);
});

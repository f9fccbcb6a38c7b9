// Proves each example on a real API server: applied as Argo CD would, nothing is refused, nothing warned of, nothing changes twice.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPackage, ROOT, unpackPackage } from "../acceptance/build-package.js";
import { appliedDirectories } from "../acceptance/packed-package.js";
import { type Application, renderApplicationSet } from "../applicationset/render-application-set.js";
import { ensureTool } from "../tools/ensure-tool.js";
import {
  type ApiServer,
  applyInOrder,
  installCrds,
  type ManifestDocument,
  manifestFromObject,
  readManifests,
  startApiServer,
  submitPodTemplates,
  usualCrdGroups,
} from "./index.js";

/** By name: the file with its answers. */
const stacks: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    readdirSync(join(ROOT, "examples")).map((name) => [
      name,
      join(ROOT, "examples", name, "prod-stack.yaml"),
    ]),
  ),
  clusters: join(import.meta.dirname, "fixtures/clusters.yaml"),
  sql: join(import.meta.dirname, "fixtures/sql.yaml"),
};
const examples = Object.keys(stacks).sort();

/** Namespaces that the platform has; those of the stacks come from bootstrap/. */
const PLATFORM = ["argocd", "gateways", "envoy-gateway-system", "monitoring"];

let folder: string;
let server: ApiServer;
let kustomize: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "prod-stack-apiserver-"));
  kustomize = await ensureTool("kustomize");
  const command = join(unpackPackage(buildPackage(join(folder, "build")), folder), "lib/cli.cjs");
  for (const name of examples) {
    const answers = stacks[name] as string;
    execFileSync(process.execPath, [command, name, "--answers", answers, "--yes", "--no-git"], {
      cwd: folder,
    });
  }
  server = await startApiServer();
  await installCrds(server, [
    ...usualCrdGroups,
    "cilium",
    "cloudnative-pg",
    "barman-cloud",
    "kserve",
    "vertical-pod-autoscaler",
  ]);
  const namespaces = PLATFORM.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
  const made = await applyInOrder(
    server,
    namespaces.map((one) => manifestFromObject(one, "platform")),
  );
  expect(made.rejected).toEqual([]);
});

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

function build(repository: string, directory: string): ManifestDocument[] {
  const text = execFileSync(kustomize, ["build", join(folder, repository, directory)], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return readManifests(text, directory);
}

const identity = ({ object: { apiVersion, kind, metadata } }: ManifestDocument) =>
  [apiVersion, kind, metadata.namespace ?? "", metadata.name].join(" ");

/** Each object once: the namespace of an environment is in the bootstrap of each of its clusters. */
function distinct(documents: readonly ManifestDocument[]): ManifestDocument[] {
  return [...new Map(documents.map((document) => [identity(document), document])).values()];
}

describe.each(examples)("%s", (name) => {
  let bootstrap: ManifestDocument[];
  let overlays: Map<string, ManifestDocument[]>;

  beforeAll(() => {
    const applied = appliedDirectories(join(folder, name));
    const isBootstrap = (path: string) => path.startsWith("bootstrap/");
    bootstrap = distinct(applied.filter(isBootstrap).flatMap((directory) => build(name, directory)));
    overlays = new Map(applied.filter((path) => !isBootstrap(path)).map((path) => [path, build(name, path)]));
  });

  /** The clusters of an environment have one namespace, and here one API server: only the first makes every object. */
  const seen = new Set<string>();
  async function expectApplied(documents: readonly ManifestDocument[]): Promise<void> {
    const first = await applyInOrder(server, documents);
    expect(first.rejected).toEqual([]);
    expect(first.warnings).toEqual([]);
    const names = documents.map(identity);
    expect(first.created).toHaveLength(names.filter((one) => !seen.has(one)).length);
    for (const one of names) seen.add(one);
    const second = await applyInOrder(server, documents);
    expect(second.warnings).toEqual([]);
    expect(second.unchanged.map(({ name: object }) => object)).toEqual(
      second.objects.map(({ name: object }) => object),
    );
  }

  test("its bootstrap is taken, and is unchanged the second time", async () => {
    expect(bootstrap.length).toBeGreaterThan(4);
    await expectApplied(bootstrap);
  });

  test("its overlays are taken, and are unchanged the second time", async () => {
    expect(overlays.size).toBeGreaterThan(0);
    for (const documents of overlays.values()) {
      expect(documents.length).toBeGreaterThan(20);
      await expectApplied(documents);
    }
  });

  test("its Pods would run under Pod Security restricted, within the quota, with accounts that exist", async () => {
    for (const documents of overlays.values()) {
      const { pods, rejected, warnings } = await submitPodTemplates(server, documents);
      expect(rejected).toEqual([]);
      expect(warnings).toEqual([]);
      expect(pods.filter(({ missingServiceAccount }) => missingServiceAccount !== undefined)).toEqual([]);
      // KServe makes the pods of models itself.
      expect(pods.length).toBeGreaterThanOrEqual(1);
    }
  });

  function find(kind: string): ManifestDocument {
    const found = bootstrap.filter(({ object }) => object.kind === kind);
    expect(found).toHaveLength(1);
    return found[0] as ManifestDocument;
  }

  const namespaceOf = (path: string) => [
    ...new Set((overlays.get(path) ?? []).map(({ object }) => object.metadata.namespace)),
  ];

  test("its ApplicationSet yields one Application per environment, each where its overlay belongs", async () => {
    const applications: Application[] = await renderApplicationSet(find("ApplicationSet").text);
    const project = find("AppProject").object.metadata.name;
    const sources = applications.map(({ spec }) => spec.source ?? spec.sources?.[0]);
    expect(sources.map((source) => source?.path).sort()).toEqual([...overlays.keys()]);
    for (const [index, { metadata, spec }] of applications.entries()) {
      expect(metadata.namespace).toBe("argocd");
      expect(spec.project).toBe(project);
      expect(spec.destination?.namespace).toBeDefined();
      expect(namespaceOf(sources[index]?.path ?? "")).toContain(spec.destination?.namespace);
    }
  });

  test("its AppProject allows exactly what the overlays hold, and where", async () => {
    const { spec } = find("AppProject").object as unknown as { spec: ProjectSpec };
    const documents = [...overlays.values()].flat();
    const groupKind = ({ object }: ManifestDocument) => {
      const group = object.apiVersion.includes("/") ? object.apiVersion.split("/")[0] : "";
      return `${group}/${object.kind}`;
    };
    const allowed = (spec.namespaceResourceWhitelist ?? []).map(({ group, kind }) => `${group}/${kind}`);
    expect([...allowed].sort()).toEqual([...new Set(documents.map(groupKind))].sort());
    expect(spec.clusterResourceWhitelist ?? []).toEqual([]);
    const destinations = (spec.destinations ?? []).map(({ namespace }) => namespace);
    expect(destinations).toHaveLength(overlays.size);
    expect([...new Set(destinations)].sort()).toEqual(
      [...new Set(documents.map(({ object }) => object.metadata.namespace))].sort(),
    );
    expect(JSON.stringify([spec.sourceRepos, spec.destinations])).not.toContain('"*"');
  });
});

interface ProjectSpec {
  readonly sourceRepos?: readonly string[];
  readonly destinations?: readonly { readonly namespace?: string; readonly server?: string }[];
  readonly namespaceResourceWhitelist?: readonly { readonly group: string; readonly kind: string }[];
  readonly clusterResourceWhitelist?: readonly { readonly group: string; readonly kind: string }[];
}

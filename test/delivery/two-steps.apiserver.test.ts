// Proves the runbook's procedures of two steps on a real API server, with the commands as the page has them: what the short
// way breaks, and that the procedure does not. The controllers that would act in between are played.

import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, kubectlPath, startApiServer } from "../apiserver/index.js";
import { build, type KubernetesObject, ofKind, renderText, writeTree } from "../render/build-stacks.js";
import { ensureTool } from "../tools/ensure-tool.js";

const SPEC = `apiVersion: prod-stack/v1
name: shop
source: { url: "https://github.com/example-org/shop" }
services:
  api: { type: web-api, runtime: go, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, uses: { data: {} } }
datastores: { data: { engine: redis, role: store, storage: 1Gi, storageClass: fast } }
backup: { store: { s3: { bucket: backups } } }
environments: { prod: { tier: production, domain: example.com, services: { api: { scaling: null, replicas: 3 } } } }
`;
const SCALED = SPEC.replace("scaling: null, replicas: 3", "scaling: { min: 2, max: 9 }");
const GROWN = SPEC.replace("storage: 1Gi", "storage: 2Gi");
const NAMESPACE = "shop-prod";

let server: ApiServer;
let folder: string;
let page: string;
/** Objects of prod: as they are, with an autoscaler, with a larger volume. */
let before: readonly KubernetesObject[];
let scaled: readonly KubernetesObject[];
let grown: readonly KubernetesObject[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "two-steps-"));
  const kustomize = await ensureTool("kustomize");
  const objectsOf = async (name: string, spec: string) => {
    const { tree } = renderText(spec);
    writeTree(join(folder, name), tree);
    return build(kustomize, join(folder, name, "overlays/prod"));
  };
  before = await objectsOf("before", SPEC);
  scaled = await objectsOf("scaled", SCALED);
  grown = await objectsOf("grown", GROWN);
  page = renderText(SPEC).tree.find(({ path }) => path === "docs/runbook/README.md")?.contents ?? "";
  server = await startApiServer();
  symlinkSync(await kubectlPath(), join(folder, "kubectl"));
  await sh(`kubectl create namespace ${NAMESPACE}`);
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function sh(script: string, input = "") {
  const env = { PATH: `${folder}:${process.env.PATH}`, KUBECONFIG: server.kubeconfig };
  return execa("bash", ["-euc", script], { env, input, reject: false, all: true });
}

async function ok(script: string, input = ""): Promise<string> {
  const { stdout, exitCode, all } = await sh(script, input);
  expect(exitCode, all).toBe(0);
  return stdout;
}

/** As Argo CD does with ServerSideApply=true. */
const SYNC = `kubectl apply --server-side --force-conflicts --field-manager=argocd-controller -n ${NAMESPACE} -f -`;
const objectOf = (objects: readonly KubernetesObject[], kind: string) =>
  JSON.stringify(ofKind(objects, kind)[0]);
const sync = (objects: readonly KubernetesObject[], kind: string) => ok(SYNC, objectOf(objects, kind));
const pods = () => ok(`kubectl -n ${NAMESPACE} get deployment api -o jsonpath='{.spec.replicas}'`);

/** The commands of a section, without those that watch, or talk to Argo CD. */
function commandsOf(title: string): string {
  const [, section = ""] = page.split(`### ${title}\n`);
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  expect(block).toContain("kubectl");
  return block
    .split("\n")
    .filter((line) => !/^argocd | -w( |$)/.test(line))
    .join("\n");
}

test("an autoscaler takes over the pods that run; without the procedure one is left", async () => {
  await sync(before, "Deployment");
  expect(await pods()).toBe("3");
  await sync(scaled, "Deployment");
  expect(await pods()).toBe("1");

  await ok(`kubectl -n ${NAMESPACE} delete deployment api --cascade=background`);
  await sync(before, "Deployment");
  await ok(commandsOf("Turn autoscaling on"));
  await sync(before, "Deployment");
  expect(await pods()).toBe("3");
  await sync(scaled, "Deployment");
  expect(await pods()).toBe("3");
  await sync(scaled, "HorizontalPodAutoscaler");
  // What the autoscaler does, by the subresource that it uses.
  await ok(`kubectl -n ${NAMESPACE} scale deployment api --replicas=5`);
  await sync(scaled, "Deployment");
  expect(await pods()).toBe("5");
});

test("a volume grows under a running pod; without the procedure the sync is refused", async () => {
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data-data-0", namespace: NAMESPACE },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "fast",
      resources: { requests: { storage: "1Gi" } },
    },
  };
  const fast = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "fast" },
    provisioner: "example.org/fast",
    allowVolumeExpansion: true,
  };
  await ok("kubectl apply -f -", JSON.stringify(fast));
  await sync(before, "StatefulSet");
  await ok("kubectl apply -f -", JSON.stringify(claim));
  // Provisioned, as the storage's controller says; only such a claim may grow.
  await ok(
    `kubectl -n ${NAMESPACE} patch pvc data-data-0 --subresource=status --type merge -p '{"status":{"phase":"Bound"}}'`,
  );

  const naive = await sh(SYNC, objectOf(grown, "StatefulSet"));
  expect(naive.exitCode).not.toBe(0);
  expect(naive.all).toContain("Forbidden: updates to statefulset spec for fields other than");

  // The garbage collector, which nobody plays here, would take the finalizer away that lets the pods live on.
  const collect = `kubectl -n ${NAMESPACE} patch statefulset data --type merge -p '{"metadata":{"finalizers":null}}'`;
  const commands = commandsOf("Grow a volume")
    .replaceAll("NEW_SIZE", "2Gi")
    .replace(/^(kubectl .* --cascade=orphan)/m, "$1 --wait=false")
    .concat("\n", collect);
  await ok(commands);
  expect((await sh(`kubectl -n ${NAMESPACE} get statefulset data`)).exitCode).not.toBe(0);
  await sync(grown, "StatefulSet");
  const sizes = await ok(
    `kubectl -n ${NAMESPACE} get pvc data-data-0 -o jsonpath='{.spec.resources.requests.storage}'; ` +
      `kubectl -n ${NAMESPACE} get statefulset data -o jsonpath=' {.spec.volumeClaimTemplates[0].spec.resources.requests.storage}'`,
  );
  expect(sizes).toBe("2Gi 2Gi");
});

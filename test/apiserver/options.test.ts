// Proves options on a real API server: its own policies refuse each bad form and take every good pod; the quota lets the whole peak in.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { SURGE } from "../../src/stack/derive-load.js";
import { demandOf } from "../../src/stack/derive-quota.js";
import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  ofKind,
  overlayOf,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { type ApiClient, createApiClient, jsonBody } from "./api-client.js";
import {
  type ApiServer,
  applyInOrder,
  installCrds,
  type ManifestDocument,
  manifestFromObject,
  startApiServer,
  submitPodTemplates,
  usualCrdGroups,
} from "./index.js";
import { messageOf, resetQuotaUsage } from "./missing-controllers.js";

const NAMESPACE = "scaled-prod";
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;

let server: ApiServer;
let built: BuiltStack;
let overlay: ManifestDocument[];

beforeAll(async () => {
  built = (await buildStacks({ scaled: SAMPLE_STACKS.scaled ?? "" })).get("scaled") as BuiltStack;
  server = await startApiServer();
  await installCrds(server, [...usualCrdGroups, "keda", "vertical-pod-autoscaler"]);
  overlay = overlayOf(built, "prod").map((object) => manifestFromObject(object, "overlays/prod"));
});

afterAll(() => server?.stop());

async function expectTaken(documents: readonly ManifestDocument[]): Promise<void> {
  const report = await applyInOrder(server, documents);
  expect(report.rejected).toEqual([]);
  expect(report.warnings).toEqual([]);
}

test("[SEC-13] the policies, the classes and the namespace are taken", async () => {
  const platform = { apiVersion: "v1", kind: "Namespace", metadata: { name: "gateways" } };
  await expectTaken([manifestFromObject(platform, "platform")]);
  for (const directory of ["bootstrap/cluster", "bootstrap/prod"])
    await expectTaken(
      (built.objects.get(directory) ?? []).map((object) => manifestFromObject(object, directory)),
    );
  // The API server compiles policies in the background.
  await waitUntilRefused(broken("api", (spec) => (spec.containers[0].image = "ghcr.io/example-org/api")));
});

test("[RES-05] [RES-06] [RES-07] the overlay with every autoscaler is taken, and so is each of its pods", async () => {
  await expectTaken(overlay);
  const { pods, rejected, warnings } = await submitPodTemplates(server, overlay);
  expect(rejected).toEqual([]);
  expect(warnings).toEqual([]);
  expect(pods.length).toBeGreaterThanOrEqual(5);
});

function template(service: string): KubernetesObject {
  const found = ofKind(overlayOf(built, "prod"), "Deployment").find(
    ({ metadata }) => metadata.name === service,
  );
  return structuredClone(found.spec.template);
}

function broken(service: string, change: (spec: KubernetesObject) => void): KubernetesObject {
  const { metadata, spec } = template(service);
  change(spec);
  return { apiVersion: "v1", kind: "Pod", metadata: { generateName: "bad-", labels: metadata.labels }, spec };
}

async function submit(pod: KubernetesObject): Promise<{ status: number; message: string }> {
  await resetQuotaUsage(server.client, NAMESPACE);
  const answer = await server.client.send("POST", `${PODS}?dryRun=All`, jsonBody(pod));
  return { status: answer.status, message: messageOf(answer) };
}

async function waitUntilRefused(pod: KubernetesObject): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { status, message } = await submit(pod);
    if (status === 403 && message.includes("ValidatingAdmissionPolicy")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the policy is not in force");
}

const BAD: readonly [string, (spec: KubernetesObject) => void, RegExp][] = [
  ["no tag", (spec) => (spec.containers[0].image = "ghcr.io/example-org/api"), /exact tag or a digest/],
  [
    "a registry's port for a tag",
    (spec) => (spec.containers[0].image = "r.example.com:5000/api"),
    /exact tag/,
  ],
  [
    "latest",
    (spec) => (spec.containers[0].image = "ghcr.io/example-org/api:latest"),
    /exact tag or a digest/,
  ],
  [
    "a writable root file system",
    (spec) => delete spec.containers[0].securityContext.readOnlyRootFilesystem,
    /readOnlyRootFilesystem/,
  ],
  [
    "the default service account",
    (spec) => (spec.serviceAccountName = "default"),
    /service account of its own/,
  ],
];

describe("[SEC-13] [SEC-12] a pod with", () => {
  test.each(BAD)("%s is refused", async (_title, change, message) => {
    const answer = await submit(broken("heap", change));
    expect(answer.message).toMatch(message);
    expect(answer.status).toBe(403);
    expect((await submit(broken("heap", () => undefined))).status).toBe(201);
  });
});

test("[SEC-13] a Deployment without requests is refused, and so is one that adds privileges", async () => {
  const deployment = structuredClone(
    ofKind(overlayOf(built, "prod"), "Deployment").find(({ metadata }) => metadata.name === "heap"),
  );
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments?dryRun=All`;
  deployment.metadata.name = "bad";
  const [container] = deployment.spec.template.spec.containers;
  container.resources = { limits: { memory: "64Mi" } };
  container.securityContext.allowPrivilegeEscalation = true;
  const answer = await server.client.send("POST", path, jsonBody(deployment));
  expect(answer.status).toBe(403);
  expect(messageOf(answer)).toMatch(/needs requests of CPU and memory|allowPrivilegeEscalation/);
});

test("[SEC-13] a Service that opens a port of every node is refused", async () => {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "bad" },
    spec: { type: "NodePort", ports: [{ port: 80 }], selector: { a: "b" } },
  };
  const answer = await server.client.send(
    "POST",
    `/api/v1/namespaces/${NAMESPACE}/services?dryRun=All`,
    jsonBody(service),
  );
  expect(answer.status).toBe(403);
  expect(messageOf(answer)).toContain("opens a port of every node");
});

/** A service account that may do everything: what it is refused, a policy has refused. */
async function clientOf(namespace: string): Promise<ApiClient> {
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "operator", namespace } };
  const subject = { kind: "ServiceAccount", name: "operator", namespace };
  await applyInOrder(
    server,
    [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      account,
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: `operator-${namespace}` },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [subject],
      },
    ].map((object) => manifestFromObject(object, "operator")),
  );
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/operator/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const { body } = await server.client.send("POST", path, jsonBody(request));
  const { token } = (body as { status: { token: string } }).status;
  const { clusters } = parse(readFileSync(server.kubeconfig, "utf8"));
  const authority = readFileSync(clusters[0].cluster["certificate-authority"], "utf8");
  return createApiClient({ url: server.url, authority, token });
}

test("[SEC-13] an operator's label counts from the operator alone, on a pod and on what makes pods", async () => {
  const pod = broken("heap", (spec) => delete spec.containers[0].securityContext.readOnlyRootFilesystem);
  pod.metadata.labels = { ...pod.metadata.labels, "cnpg.io/cluster": "data" };
  const replicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "bad", labels: { "cnpg.io/cluster": "data" } },
    spec: {
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b", "cnpg.io/cluster": "data" } }, spec: pod.spec },
    },
  };
  const operator = await clientOf("cnpg-system");
  const somebody = await clientOf("elsewhere");
  const other = await clientOf("cert-manager");
  const send = async (client: ApiClient, path: string, object: object) => {
    await resetQuotaUsage(server.client, NAMESPACE);
    return (await client.send("POST", `${path}?dryRun=All`, jsonBody(object))).status;
  };
  const replicaSets = `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets`;
  expect(await send(operator, PODS, pod)).toBe(201);
  expect(await send(operator, replicaSets, replicaSet)).toBe(201);
  for (const client of [server.client, somebody, other]) {
    expect(await send(client, PODS, pod)).toBe(403);
    expect(await send(client, replicaSets, replicaSet)).toBe(403);
  }
  for (const client of [operator, somebody, other]) client.close();
});

test("[SEC-13] an exception lets exactly whom it is for through", async () => {
  const writable = (service: string) =>
    broken(service, (spec) => delete spec.containers[0].securityContext.readOnlyRootFilesystem);
  expect((await submit(writable("sizer"))).status).toBe(201);
  expect((await submit(writable("jobs"))).status).toBe(403);
});

test("[RES-02] the quota lets in the peak of everything at once, and not twice that", async () => {
  const environment = built.stack.environments.find(({ name }) => name === "prod");
  if (environment === undefined) throw new Error("no prod");
  await resetQuotaUsage(server.client, NAMESPACE);
  const create = async (service: string) => {
    const pod = broken(service, () => undefined);
    const answer = await server.client.send("POST", PODS, jsonBody(pod));
    return answer.status === 201 ? undefined : messageOf(answer);
  };
  const peaks = environment.services.map(({ name, scaling, replicas }) => {
    const most = scaling?.max ?? replicas;
    return { name, pods: most + Math.ceil(most * SURGE) };
  });
  const refused: string[] = [];
  for (const { name, pods } of peaks)
    for (let count = 0; count < pods; count += 1) {
      const refusal = await create(name);
      if (refusal !== undefined) refused.push(`${name} ${count}: ${refusal}`);
    }
  expect(refused).toEqual([]);
  expect(demandOf(environment).pods).toBeLessThanOrEqual(environment.quota.pods);
  const more = environment.quota.pods;
  let last: string | undefined;
  for (let count = 0; count < more && last === undefined; count += 1) last = await create("jobs");
  expect(last).toContain("exceeded quota: stack");
});

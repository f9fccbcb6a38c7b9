// Owns: services that are one in all clusters of an environment, so that a failure in one is served by the others.
// Promises: services alone, never datastores; the policies between clusters allow the declared edges and nothing else.
// Must not: make the mesh; the platform does.

import type { Service } from "../stack/service.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { labelsOf, selectorOf, stackLabels } from "./labels.js";
import { managedDirectory, placesByEnvironment } from "./places.js";

const CHANGE = "environments.*.mesh in prod-stack.yaml";
const DOCS = "Cilium docs, Cluster Mesh";

/** Services of a place that another cluster of its environment has too. */
function globalServices({ environments }: Stack, place: Environment): Service[] {
  const others = environments.filter(({ name, id }) => name === place.name && id !== place.id);
  return place.services.filter(
    ({ name, ports }) =>
      ports.length > 0 &&
      others.some(({ services }) => services.some((own) => own.name === name && own.ports.length > 0)),
  );
}

/** Its ports and type decide whether the Service itself is common to all clusters; the patch must go where it goes. */
function serviceFile(stack: Stack, place: Environment, service: Service): FileSpec {
  const kustomization = managedDirectory(place);
  const { name, ports, type, component } = service;
  return file(
    `${kustomization}/${name}.global-service.patch.yaml`,
    "cluster-mesh/global-service.patch.yaml",
    { name, environment: place.name, ports, type, labels: labelsOf(stack, name, component) },
    {
      what: `Makes ${name} one service in all clusters of ${place.name}.`,
      why: "Where no pod of it is ready in one cluster, the others answer.",
      standard: DOCS,
      change: CHANGE,
    },
    { member: { kustomization, as: "patches" } },
  );
}

/** The calls between global services that a place's pods make and get. */
function policies(stack: Stack, place: Environment) {
  const shared = globalServices(stack, place);
  const isGlobal = (name: string) => shared.some((service) => service.name === name);
  const edges = place.services.flatMap(({ name, edges: own }) =>
    own
      .filter(({ kind, target }) => kind === "service" && isGlobal(target))
      .map(({ target, port }) => ({ from: name, to: target, port })),
  );
  const peers = (side: "from" | "to", other: "from" | "to", name: string) =>
    edges
      .filter((edge) => edge[side] === name)
      .map((edge) => ({ selector: selectorOf(stack, edge[other]), ports: [{ number: String(edge.port) }] }));
  return place.services
    .map(({ name }) => ({
      name: `${name}-mesh`,
      description: `${name}, over the borders of clusters.`,
      labels: stackLabels(stack, "cluster-mesh"),
      selector: selectorOf(stack, name),
      ingress: peers("to", "from", name),
      egress: peers("from", "to", name),
    }))
    .filter(({ ingress, egress }) => ingress.length + egress.length > 0);
}

function policyFile(stack: Stack, place: Environment): FileSpec[] {
  const own = policies(stack, place);
  const kustomization = managedDirectory(place);
  if (own.length === 0 || !place.settings.network.policies || stack.disabled.includes("network-policy"))
    return [];
  return [
    file(
      `${kustomization}/cluster-mesh-policies.yaml`,
      "cluster-mesh/policies.yaml",
      { environment: place.name, policies: own },
      {
        what: `What may pass between the clusters of ${place.name}.`,
        why: "NetworkPolicies mean the pods of their own cluster; failover needs the same edges over the border.",
        standard: `${DOCS}, Network Policy`,
        change: "services.*.uses in prod-stack.yaml",
      },
      { member: { kustomization, as: "resources" }, kinds: ["cilium.io/CiliumNetworkPolicy"] },
    ),
  ];
}

function docsFile(stack: Stack, meshed: readonly Environment[]): FileSpec {
  const environments = placesByEnvironment({ environments: meshed }).map((places) => {
    const [first] = places as [Environment];
    const names = [...new Set(places.flatMap(({ services }) => services.map(({ name }) => name)))].sort();
    const failover = (name: string) => {
      const having = places.filter((place) => globalServices(stack, place).some((one) => one.name === name));
      return having.length === 0
        ? "none: it has no port, or is in one cluster alone"
        : `between ${having.map(({ cluster }) => cluster).join(", ")}`;
    };
    return {
      name: first.name,
      namespace: first.namespace,
      clusters: places.map(
        ({ cluster, region }) => `${cluster}${region === undefined ? "" : ` (${region})`}`,
      ),
      services: names.map((name) => ({ name, failover: failover(name) })),
    };
  });
  return file(
    "docs/cluster-mesh.md",
    "cluster-mesh/cluster-mesh.md",
    { name: stack.name, environments },
    {
      what: "What fails over between clusters, and what the platform must bring for it.",
      why: "Failover that nobody has tried is a hope.",
      standard: DOCS,
      change: CHANGE,
    },
  );
}

export const clusterMesh: Capability = {
  id: "cluster-mesh",
  title: "Cluster mesh",
  summary:
    "Services that are one in all clusters of an environment, with policies for the calls between clusters.",
  rows: ["NET-08"],
  withoutIt: undefined,
  files: (stack) => {
    const meshed = stack.environments.filter(({ mesh }) => mesh !== undefined);
    if (meshed.length === 0) return [];
    return [
      ...meshed.flatMap((place) => [
        ...globalServices(stack, place).map((service) => serviceFile(stack, place, service)),
        ...policyFile(stack, place),
      ]),
      docsFile(stack, meshed),
    ];
  },
};

// Owns: which traffic passes in the built overlays: exactly the declared edges, DNS, scrapes, the gateway and backups.
// Promises: every pair of pods, every address and every port of interest is tried, both ways; what passes is listed from the spec alone.
// Must not: read src/stack/derive-policies: it is what is judged.

import { beforeAll, describe, expect, test } from "vitest";
import type { Environment, Stack } from "../../src/stack/stack.js";
import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  ofKind,
  overlayOf,
  podOf,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { type End, isPod, NetworkSimulator, type Pod } from "./network-simulator.js";

const CHOSEN = [
  "limiter",
  "shop",
  "gateways",
  "removals",
  "stores",
  "oddnames",
  "busy",
  "lateexposure",
  "traefik",
  "nginx",
  "envoy",
  "moving",
  "brokers",
] as const;

let stacks: ReadonlyMap<string, BuiltStack>;
beforeAll(async () => {
  stacks = await buildStacks(Object.fromEntries(CHOSEN.map((name) => [name, SAMPLE_STACKS[name] ?? ""])));
});

const NAME = "app.kubernetes.io/name";
const PUBLIC = "198.51.100.7";

/** Addresses that nobody declared, but attackers try. */
const ADDRESSES = [
  PUBLIC,
  "169.254.169.254",
  "169.254.170.2",
  "10.1.2.3",
  "172.16.9.9",
  "192.168.1.1",
  "100.64.0.1",
  "10.0.0.1",
  "169.254.20.10",
  "2001:db8::1",
  "fd00::1",
  "fe80::1",
  "64:ff9b::a9fe:a9fe",
  "64:ff9b::c633:6407",
];

/** Public ones among them, as a pod with IPv6 sees them. */
const PUBLIC_EVERYWHERE = [PUBLIC, "2001:db8::1", "64:ff9b::c633:6407"];

const isCilium = ({ settings }: Environment) => settings.network.flavour === "cilium";
const publicOf = ({ settings }: Environment) => (settings.network.ipv6 ? PUBLIC_EVERYWHERE : [PUBLIC]);

/** What Cilium knows better than by its address; without Cilium these are nothing but addresses. */
function namedEnds(environment: Environment): End[] {
  if (!isCilium(environment)) return [];
  const hosts = [
    ...environment.externals.map(({ host }) => host),
    ...environment.datastores.flatMap(({ backup }) => (backup === undefined ? [] : storeHosts(backup.store))),
    "evil.example",
    "s3.amazonaws.com",
  ];
  return [
    ...[...new Set(hosts)].map((host) => ({ address: "198.51.100.8", host })),
    { address: "10.0.0.1", entity: "kube-apiserver" },
  ];
}

function storeHosts({
  bucket,
  region,
  endpoint,
}: {
  bucket: string;
  region: string;
  endpoint?: string | undefined;
}) {
  const host = endpoint === undefined ? `s3.${region}.amazonaws.com` : new URL(endpoint).hostname;
  return [host, `${bucket}.${host}`];
}

/** Labels of the proxies: of Envoy Gateway by their Gateway, of the others as their charts have them. */
function proxyLabels({ namespace, settings: { gateway } }: Environment): Readonly<Record<string, string>> {
  if (Object.keys(gateway.proxyLabels).length > 0) return gateway.proxyLabels;
  const [name, home] = gateway.mode === "own" ? ["edge", namespace] : [gateway.name, gateway.namespace];
  return {
    "gateway.envoyproxy.io/owning-gateway-name": name ?? "",
    "gateway.envoyproxy.io/owning-gateway-namespace": home ?? "",
  };
}

function strangers({ namespace, settings }: Environment, stack: Stack): Pod[] {
  const { gateway, monitoring } = settings;
  const labels = proxyLabels({ namespace, settings } as Environment);
  const [first = ""] = Object.keys(labels);
  return [
    { name: "gateway", namespace: gateway.proxyNamespace, labels },
    {
      name: "gateway of another",
      namespace: gateway.proxyNamespace,
      labels: { ...labels, [first]: "other" },
    },
    { name: "false gateway", namespace: "elsewhere", labels },
    { name: "acme-solver", namespace, labels: { "acme.cert-manager.io/http01-solver": "true" } },
    {
      name: "false acme-solver",
      namespace: "elsewhere",
      labels: { "acme.cert-manager.io/http01-solver": "true" },
    },
    { name: "node-local-dns", namespace: "kube-system", labels: { "k8s-app": "node-local-dns" } },
    { name: "prometheus", namespace: monitoring.namespace, labels: { [NAME]: "prometheus" } },
    { name: "grafana", namespace: monitoring.namespace, labels: { [NAME]: "grafana" } },
    { name: "false prometheus", namespace: "elsewhere", labels: { [NAME]: "prometheus" } },
    { name: "false prometheus here", namespace, labels: { [NAME]: "prometheus" } },
    { name: "dns", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
    { name: "false dns", namespace: "elsewhere", labels: { "k8s-app": "kube-dns" } },
    { name: "system", namespace: "kube-system", labels: { [NAME]: "metrics-server" } },
    ...[...stack.base.services, ...stack.base.datastores].map(({ name }) => ({
      name: `${name} of another namespace`,
      namespace: "elsewhere",
      labels: { [NAME]: name, "app.kubernetes.io/part-of": stack.name },
    })),
    { name: "stranger", namespace, labels: {} },
  ];
}

function podsOf(objects: readonly KubernetesObject[], { namespace }: Environment): Pod[] {
  return objects.flatMap((object) => {
    const pod = podOf(object);
    return pod === undefined || object.kind === "Job"
      ? []
      : [{ name: object.metadata.name, namespace, labels: pod.metadata.labels }];
  });
}

const nameOf = (end: End) => (isPod(end) ? end.name : (end.host ?? end.entity ?? end.address));

/** Everything that passes, as "from → to:port/protocol". */
function passing(
  built: BuiltStack,
  environment: Environment,
  ports: readonly number[],
  change = (policies: KubernetesObject[]) => policies,
): string[] {
  const objects = overlayOf(built, environment.label);
  const simulator = new NetworkSimulator(change(ofKind(objects, "NetworkPolicy", "CiliumNetworkPolicy")));
  const others = strangers(environment, built.stack);
  const own = [
    ...podsOf(objects, environment),
    ...others.filter((pod) => pod.namespace === environment.namespace),
  ];
  const ends: End[] = [
    ...own,
    ...others.filter((pod) => !own.includes(pod)),
    ...ADDRESSES.map((address) => ({ address })),
    ...namedEnds(environment),
  ];
  const found: string[] = [];
  const attempt = (from: End, to: End) => {
    for (const port of ports)
      for (const protocol of ["TCP", "UDP"] as const)
        if (simulator.passes({ from, to, port, protocol }))
          found.push(`${nameOf(from)} → ${nameOf(to)}:${port}/${protocol}`);
  };
  for (const pod of own)
    for (const end of ends) {
      if (end !== pod) attempt(pod, end);
      if (!own.includes(end as Pod)) attempt(end, pod);
    }
  return found.sort();
}

const line = (from: string, to: string, port: number, protocol = "TCP") =>
  `${from} → ${to}:${port}/${protocol}`;

function namesOf(name: string, environment: Environment): string[] {
  const local = isCilium(environment) ? "node-local-dns" : "169.254.20.10";
  const servers = environment.settings.network.nodeLocalDns ? ["dns", local] : ["dns"];
  return servers.flatMap((server) => [line(name, server, 53, "TCP"), line(name, server, 53, "UDP")]);
}

function edgesOf(service: Environment["services"][number], environment: Environment): string[] {
  const { name, edges, exposure, metrics, apiAccess } = service;
  const api = isCilium(environment) ? "kube-apiserver" : "10.0.0.1";
  return [
    ...edges.flatMap(({ kind, target, port, host }) =>
      (kind !== "external" ? [target] : isCilium(environment) ? [host] : publicOf(environment)).map((end) =>
        line(name, end, port),
      ),
    ),
    ...(exposure === undefined ? [] : [line("gateway", name, exposure.port.number)]),
    ...(metrics === undefined ? [] : [line("prometheus", name, metrics.port.number)]),
    ...(apiAccess ? [line(name, api, 443), line(name, api, 6443)] : []),
  ];
}

function dataEdgesOf(
  { name, port: { number: port }, metrics, backup }: Environment["datastores"][number],
  environment: Environment,
): string[] {
  if (metrics === undefined) return [];
  const scrape = line("prometheus", name, metrics.port);
  if (backup === undefined) return [scrape];
  const storePort = backup.store.endpoint?.endsWith(":9000") ? 9000 : 443;
  const stores = isCilium(environment) ? storeHosts(backup.store) : publicOf(environment);
  return [
    scrape,
    line(`${name}-backup`, name, port),
    ...stores.map((store) => line(`${name}-backup`, store, storePort)),
  ];
}

/** cert-manager's pods answer an authority's challenges where the certificate lies beside the routes. */
function challengesOf({ settings: { gateway, certManager }, services }: Environment): string[] {
  const isLocal = gateway.implementation !== "envoy-gateway" || gateway.mode !== "shared";
  const byHttp = certManager.ca === undefined && certManager.acme?.dns01 === undefined;
  const isExposed = services.some(({ exposure }) => exposure !== undefined);
  return isLocal && byHttp && isExposed && gateway.https && certManager.mode === "present"
    ? [line("gateway", "acme-solver", 8089)]
    : [];
}

/** What must pass, written down from the resolved topology by hand. */
function declared(built: BuiltStack, environment: Environment): string[] {
  const local = strangers(environment, built.stack).filter((pod) => pod.namespace === environment.namespace);
  const own = [...podsOf(overlayOf(built, environment.label), environment), ...local];
  const lines = [
    ...own.flatMap(({ name }) => namesOf(name, environment)),
    ...environment.services.flatMap((service) => edgesOf(service, environment)),
    ...environment.datastores.flatMap((datastore) => dataEdgesOf(datastore, environment)),
    ...challengesOf(environment),
  ];
  return [...new Set(lines)].sort();
}

function portsOf({ services, datastores }: Environment): number[] {
  const own = [
    ...services.flatMap(({ ports, edges }) => [
      ...ports.map(({ number }) => number),
      ...edges.map(({ port }) => port),
    ]),
    ...datastores.map(({ port }) => port.number),
  ];
  return [
    ...new Set([
      ...own,
      22,
      53,
      80,
      443,
      6443,
      8089,
      8443,
      9000,
      4369,
      9104,
      9121,
      9216,
      10250,
      15672,
      15692,
      25672,
      15000,
    ]),
  ];
}

/** Ports of pods in the smoke tests and the like that other capabilities add are none of this test's business. */
const ofThisRoom = (connection: string) => !/smoke/.test(connection);

describe("exactly what is declared passes", () => {
  test.each(CHOSEN)("in every closed environment of %s", (name) => {
    const built = stacks.get(name);
    if (built === undefined) throw new Error(`no stack ${name}`);
    const closed = built.stack.environments.filter(({ settings }) => settings.network.policies);
    expect(closed.length).toBeGreaterThan(0);
    for (const environment of closed) {
      const found = passing(built, environment, portsOf(environment)).filter(ofThisRoom);
      expect([environment.name, found]).toEqual([
        environment.name,
        declared(built, environment).filter(ofThisRoom),
      ]);
    }
  });
});

describe("members of a cluster", () => {
  const reach = (environment: string, from: string, to: string, port: number) => {
    const built = stacks.get("brokers");
    if (built === undefined) throw new Error("no brokers");
    const objects = overlayOf(built, environment);
    const namespace = built.stack.environments.find(({ name }) => name === environment)?.namespace ?? "";
    const pod = (name: string): Pod => ({
      name,
      namespace,
      labels: { [NAME]: name, "app.kubernetes.io/part-of": "brokers" },
    });
    return new NetworkSimulator(ofKind(objects, "NetworkPolicy")).passes({
      from: pod(from),
      to: pod(to),
      port,
      protocol: "TCP",
    });
  };

  test.each([4369, 25672])("talk to each other on %i, and nobody else to them", (port) => {
    expect(reach("prod", "queue", "queue", port)).toBe(true);
    expect(reach("prod", "api", "queue", port)).toBe(false);
    expect(reach("prod", "queue", "api", port)).toBe(false);
  });

  test("use no other port among them", () => {
    for (const port of [5672, 15672, 15692]) expect(reach("prod", "queue", "queue", port)).toBe(false);
  });

  test("are not let in where there is one", () => {
    expect(reach("staging", "queue", "queue", 25672)).toBe(false);
  });
});

describe("the simulator sees a broken policy", () => {
  const shop = () => {
    const built = stacks.get("shop");
    const environment = built?.stack.environments.at(-1);
    if (built === undefined || environment === undefined) throw new Error("no shop");
    return { built, environment, ports: portsOf(environment), right: declared(built, environment) };
  };
  const named = (policies: KubernetesObject[], name: string) =>
    policies.find(({ metadata }) => metadata.name === name);

  test.each<[string, (policies: KubernetesObject[]) => void]>([
    ["an edge less", (policies) => named(policies, "auth").spec.ingress.shift()],
    [
      "an edge more",
      (policies) =>
        named(policies, "cache").spec.ingress.push({
          from: [{ namespaceSelector: {} }],
          ports: [{ port: 6379, protocol: "TCP" }],
        }),
    ],
    [
      "no default",
      (policies) =>
        policies.splice(
          policies.findIndex(({ metadata }) => metadata.name === "default-deny"),
          1,
        ),
    ],
    [
      "a peer of every namespace",
      (policies) => {
        named(policies, "api").spec.ingress[0].from[0].namespaceSelector = {};
      },
    ],
    [
      "a rule without ports",
      (policies) => {
        named(policies, "api").spec.ingress[0].ports = [];
      },
    ],
    [
      "private addresses",
      (policies) => {
        named(policies, "api")
          .spec.egress.find((rule: KubernetesObject) => rule.to[0].ipBlock)
          .to[0].ipBlock.except.pop();
      },
    ],
    ["no DNS over TCP", (policies) => named(policies, "allow-dns").spec.egress[0].ports.pop()],
    [
      "egress that nobody governs",
      (policies) => {
        for (const { spec } of policies) spec.policyTypes = ["Ingress"];
      },
    ],
  ])("%s", (_title, change) => {
    const { built, environment, ports, right } = shop();
    const found = passing(built, environment, ports, (policies) => {
      const copy = structuredClone(policies);
      change(copy);
      return copy;
    });
    expect(found.filter(ofThisRoom)).not.toEqual(right.filter(ofThisRoom));
  });
});

test("an external with an address may be inside of the company, and only that address is opened", async () => {
  const text = (SAMPLE_STACKS.shop ?? "").replace("host: legacy.example.net", "host: 10.1.2.3");
  const [built] = (await buildStacks({ shop: text })).values();
  const environment = built?.stack.environments.at(-1);
  if (built === undefined || environment === undefined) throw new Error("no shop");
  const toPort = passing(built, environment, [8443]).filter((connection) => connection.startsWith("api → "));
  expect(toPort).toEqual(["api → 10.1.2.3:8443/TCP"]);
});

test("an environment without policies has none", () => {
  const built = stacks.get("limiter");
  expect(ofKind(built?.objects.get("overlays/dev") ?? [], "NetworkPolicy")).toEqual([]);
});

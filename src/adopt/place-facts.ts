// Owns: what an environment says of itself: tier, domain, namespace; and of the gateway and issuer that the cluster has.
// Promises: a namespace of its own, so that old and new run side by side until somebody switches over.
// Must not: look at single workloads.

import { domainOf } from "./exposure-facts.js";
import { Fact, type Facts } from "./facts.js";
import type { Manifest } from "./manifest.js";
import { placeText } from "./manifest.js";
import { labelOf, type Scene } from "./scene.js";

export function hostsOf({ services }: Scene): readonly string[] {
  return services.flatMap(({ workload }) => workload.routes.flatMap(({ host }) => host ?? []));
}

export function environmentFacts(scene: Scene, stack: string): Facts {
  const { place } = scene;
  const origin = place.origin;
  const assumed = "the one environment that the repository has; call it as you like";
  const tierNote = place.isTierAssumed
    ? place.origin === undefined
      ? assumed
      : "a guess: its name does not say"
    : undefined;
  const domain = domainOf(hostsOf(scene));
  const route = scene.services.flatMap(({ workload }) => workload.routes)[0]?.route;
  return {
    tier: new Fact(place.tier, origin, tierNote),
    domain:
      domain === undefined
        ? new Fact(
            placeholderDomain(place.name, place.tier),
            origin,
            "no host is in the repository: give your own domain",
          )
        : new Fact(domain, route?.origin("spec", "rules")),
    namespace: namespaceFact(scene, stack),
  };
}

function placeholderDomain(name: string, tier: string): string {
  return tier === "production" ? "example.com" : `${name}.example.com`;
}

/** Objects of the same names with other selectors cannot share a namespace with today's. */
function namespaceFact({ place, services, datastores }: Scene, stack: string): Fact {
  const workload = [...services, ...datastores].find((one) => one.workload.object.namespace !== "");
  const today = workload?.workload.object.namespace;
  const usual = labelOf(`${stack}-${place.name}`);
  const name = usual === today ? labelOf(`${usual}-next`) : usual;
  const origin = workload?.workload.object.origin("metadata", "namespace");
  const where = today === undefined ? "today's is not said here" : `today's is ${today}`;
  return new Fact(
    name,
    origin,
    `${where}; one of its own, so that old and new run side by side until you switch over`,
  );
}

interface GatewaySign {
  readonly implementation: string;
  readonly holds: (object: Manifest) => boolean;
}

const GATEWAYS: readonly GatewaySign[] = [
  { implementation: "envoy-gateway", holds: ({ kind }) => kind === "HTTPRoute" || kind === "GRPCRoute" },
  {
    implementation: "traefik",
    holds: (object) =>
      object.kind === "IngressRoute" || (object.kind === "Ingress" && classOf(object).includes("traefik")),
  },
  {
    implementation: "ingress-nginx",
    holds: (object) => object.kind === "Ingress" && classOf(object).includes("nginx"),
  },
];

function classOf(ingress: Manifest): string {
  return ingress.text("spec", "ingressClassName") ?? ingress.annotations["kubernetes.io/ingress.class"] ?? "";
}

/** Gateway and issuer that the routes of all places name. */
export function edgeFacts(scenes: readonly Scene[]): Facts {
  const objects = scenes.flatMap(({ place }) => place.objects);
  const facts: Facts = {};
  for (const { implementation, holds } of GATEWAYS) {
    const route = objects.find(holds);
    if (route === undefined) continue;
    if (implementation !== "envoy-gateway") {
      const note =
        implementation === "ingress-nginx"
          ? "as today; ingress-nginx was retired in March 2026, and envoy-gateway is the way on"
          : "as today";
      facts.gateway = { implementation: new Fact(implementation, route.origin("spec"), note) };
    } else facts.gateway = parentFacts(route);
    break;
  }
  if (Object.keys(facts.gateway ?? {}).length === 0) delete facts.gateway;
  const issuer = issuerFact(objects);
  return issuer === undefined ? facts : { ...facts, certManager: { issuer } };
}

function parentFacts(route: Manifest): Facts {
  const [parent] = route.list("spec", "parentRefs");
  const { name, namespace } = (parent ?? {}) as Record<string, unknown>;
  const origin = route.origin("spec", "parentRefs");
  return {
    ...(typeof name === "string" ? { name: new Fact(name, origin) } : {}),
    ...(typeof namespace === "string" ? { namespace: new Fact(namespace, origin) } : {}),
  };
}

const ISSUER = "cert-manager.io/cluster-issuer";

function issuerFact(objects: readonly Manifest[]): Fact | undefined {
  const route = objects.find(({ annotations }) => annotations[ISSUER] !== undefined);
  if (route !== undefined)
    return new Fact(route.annotations[ISSUER], route.origin("metadata", "annotations", ISSUER));
  const certificate = objects.find(
    (one) => one.kind === "Certificate" && one.text("spec", "issuerRef", "kind") === "ClusterIssuer",
  );
  const name = certificate?.text("spec", "issuerRef", "name");
  return name === undefined ? undefined : new Fact(name, certificate?.origin("spec", "issuerRef"));
}

/** Says where a fact was read, for a comment. */
export function withPlace({ note, origin }: Fact): string | undefined {
  if (note === undefined) return undefined;
  return origin === undefined ? note : `${note} (${placeText(origin)})`;
}

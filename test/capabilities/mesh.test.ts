// Proves mutual TLS: strict in the environment that asks for it, the tunnel open to the declared peers alone, ports checked again behind it.
import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  ofKind,
  overlayOf,
  podOf,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { stackProblems } from "../spec/problems-of.js";

let built: BuiltStack;
let plain: BuiltStack;

beforeAll(async () => {
  const text = SAMPLE_STACKS.meshed ?? "";
  const stacks = await buildStacks({ meshed: text, plain: text.replace("mtls: istio", "mtls: off") });
  [built, plain] = ["meshed", "plain"].map((name) => stacks.get(name)) as [BuiltStack, BuiltStack];
});

const policies = (of: BuiltStack, kind = "NetworkPolicy") =>
  new Map(ofKind(overlayOf(of, "prod"), kind).map((policy) => [policy.metadata.name, policy.spec]));

const isTunnel = ({ port }: { port: number }) => port === 15008;

/** Rules with the tunnel taken away, and whether it was there. */
function withoutTunnel(rules: readonly KubernetesObject[] = []) {
  return rules.map(({ ports = [], ...rule }) => ({
    rule: { ...rule, ports: ports.filter((port: { port: number }) => !isTunnel(port)) },
    tunnel: ports.some(isTunnel),
  }));
}

const inCluster = (peers: readonly KubernetesObject[]) =>
  peers.some(
    ({ podSelector, namespaceSelector }) =>
      podSelector !== undefined &&
      namespaceSelector?.matchLabels["kubernetes.io/metadata.name"] !== "kube-system",
  );

describe("[SEC-10] mutual TLS", () => {
  test("is strict where an environment asks for it, and nothing of it is anywhere else", () => {
    const [authentication] = ofKind(overlayOf(built, "prod"), "PeerAuthentication");
    expect(authentication.spec).toEqual({ mtls: { mode: "STRICT" } });
    const [namespace] = ofKind(built.objects.get("bootstrap/prod") ?? [], "Namespace");
    expect(namespace.metadata.labels["istio.io/dataplane-mode"]).toBe("ambient");
    expect(JSON.stringify([overlayOf(built, "dev"), built.objects.get("bootstrap/dev")])).not.toMatch(
      /istio|15008/,
    );
    const pods = (of: BuiltStack) => overlayOf(of, "prod").map(podOf).filter(Boolean);
    expect(pods(built)).toEqual(pods(plain));
  });

  test("opens the tunnel to exactly the peers of the policies, and probes from their one source", () => {
    const own = policies(built);
    const before = policies(plain);
    expect([...own.keys()].filter((name) => !before.has(name))).toEqual(["allow-mesh-probes"]);
    expect(own.get("allow-mesh-probes").ingress).toEqual([
      {
        from: [
          { ipBlock: { cidr: "169.254.7.127/32" } },
          { ipBlock: { cidr: "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128" } },
        ],
      },
    ]);
    for (const [name, spec] of before)
      for (const [direction, side] of [
        ["ingress", "from"],
        ["egress", "to"],
      ] as const) {
        const found = withoutTunnel(own.get(name)[direction]);
        expect(found.map(({ rule }) => rule)).toEqual(withoutTunnel(spec[direction]).map(({ rule }) => rule));
        for (const { rule, tunnel } of found)
          expect(tunnel, `${name} ${direction}`).toBe(inCluster(rule[side]));
      }
  });

  test("checks behind the tunnel who connects to which port, by identity", () => {
    const own = policies(built, "AuthorizationPolicy");
    expect(own.get("api").rules).toContainEqual({
      from: [{ source: { principals: ["*/ns/meshed-prod/sa/web"] } }],
      to: [{ operation: { ports: ["8080"] } }],
    });
    expect(own.get("web").rules).toContainEqual({
      from: [{ source: { namespaces: ["envoy-gateway-system"] } }],
      to: [{ operation: { ports: ["8080"] } }],
    });
    expect(own.get("alone")).toMatchObject({ action: "ALLOW" });
    expect(own.get("data").selector.matchLabels["app.kubernetes.io/name"]).toBe("data");
    expect(JSON.stringify([...own.values()])).not.toContain("15008");
    const accounts = ofKind(overlayOf(built, "prod"), "ServiceAccount").map(({ metadata }) => metadata.name);
    const named = JSON.stringify([...own.values()]).match(/(?<=\/sa\/)[a-z0-9-]+/g) ?? [];
    expect(accounts).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  test("every component with a network policy has a rule in the mesh, with the same ports", () => {
    const own = policies(built, "AuthorizationPolicy");
    const components = [...policies(plain)].filter(([, spec]) => spec.podSelector.matchLabels !== undefined);
    expect([...own.keys()].sort()).toEqual(components.map(([name]) => name).sort());
    for (const [name, spec] of components) {
      const ports = (spec.ingress ?? []).flatMap((rule: KubernetesObject) =>
        rule.ports.map(({ port }: { port: number }) => String(port)),
      );
      const checked = (own.get(name).rules ?? []).flatMap(
        ({ to }: KubernetesObject) => to[0].operation.ports,
      );
      expect(checked).toEqual(ports);
    }
  });

  test("says which of the platform's namespaces have to be in the mesh, and preflight looks for it", () => {
    const page = built.tree.find(({ path }) => path === "docs/mesh.md")?.contents ?? "";
    for (const name of ["envoy-gateway-system", "monitoring", "cnpg-system"]) expect(page).toContain(name);
    const needs = built.tree.find(({ path }) => path === "scripts/needs.sh")?.contents ?? "";
    expect(needs).toContain("peerauthentications.security.istio.io");
    expect(plain.tree.some(({ path }) => path === "docs/mesh.md")).toBe(false);
  });

  test("is refused where Cilium joins clusters, whose traffic has no identity of Istio's", () => {
    const spec = (mtls: string) => `apiVersion: prod-stack/v1
name: a
source: { url: "https://github.com/example-org/a" }
services: { api: { type: web-api, image: example/a, ports: { http: 80 } } }
environments:
  prod: { tier: production, domain: example.com, network: { mtls: ${mtls} }, mesh: cilium-clustermesh, clusters: { a: { name: a }, b: { name: b } } }
`;
    expect(stackProblems(spec("off"))).toEqual([]);
    expect(stackProblems(spec("istio")).map(({ message }) => message)).toEqual([
      expect.stringMatching(/Cilium joins the clusters of prod/),
    ]);
  });
});

// Owns: the proofs of the rows SEC on a built stack of three tiers.
// Promises: one test a row, which fails when the row is broken.
// Must not: repeat what other rooms test in depth.

import { beforeAll, expect, test } from "vitest";
import { restrictedFaults } from "../capabilities/pod-security.js";
import type { KubernetesObject } from "../render/build-stacks.js";
import { type Built, build, containersOf, ENVIRONMENTS } from "./built-shop.js";

let shop: Built;

beforeAll(async () => {
  shop = await build("shop");
});

const everyPod = () => ENVIRONMENTS.flatMap((environment) => shop.pods(environment));
const everyContainer = () => everyPod().flatMap(containersOf);

test("[SEC-01] no process is root, or can become it", () => {
  expect(everyPod().length).toBeGreaterThan(15);
  for (const pod of everyPod()) expect(restrictedFaults(pod)).toEqual([]);
});

test("[SEC-02] every capability is dropped", () => {
  for (const { securityContext } of everyContainer())
    expect(securityContext.capabilities).toEqual({ drop: ["ALL"] });
});

test("[SEC-03] the root file system is read-only, and what is written to has a size", () => {
  for (const { securityContext } of everyContainer())
    expect(securityContext.readOnlyRootFilesystem).toBe(true);
  const scratch = everyPod().flatMap(({ spec }) =>
    (spec.volumes ?? []).filter(({ emptyDir }: KubernetesObject) => emptyDir),
  );
  expect(scratch.length).toBeGreaterThan(0);
  for (const { emptyDir } of scratch) expect(emptyDir.sizeLimit).toMatch(/[0-9]+[MG]i/);
});

test("[SEC-04] every namespace enforces restricted, in a pinned version", () => {
  for (const environment of ENVIRONMENTS) {
    const [namespace] = shop.bootstrap(environment, "Namespace");
    expect(namespace.metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
    expect(namespace.metadata.labels["pod-security.kubernetes.io/enforce-version"]).toMatch(/^v1\.[0-9]+$/);
  }
});

test("[SEC-05] each component has an account of its own, and a token only where the API is called", () => {
  for (const environment of ENVIRONMENTS) {
    const accounts = shop.of(environment, "ServiceAccount").map(({ metadata }) => metadata.name);
    for (const { owner, spec } of shop.pods(environment)) {
      expect(accounts).toContain(spec.serviceAccountName);
      expect(spec.automountServiceAccountToken).toBe(false);
      const projected = (spec.volumes ?? []).some(({ name }: { name: string }) => name === "api-token");
      expect(projected).toBe(owner === "mailer");
    }
  }
});

test("[SEC-06] all traffic is denied, in and out, before any is allowed", () => {
  const [deny] = shop.of("prod", "NetworkPolicy").filter(({ metadata }) => metadata.name === "default-deny");
  expect(deny.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  for (const { spec } of shop.of("prod", "NetworkPolicy"))
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      expect(rule.from ?? rule.to).not.toEqual(undefined);
      expect(rule.ports?.length).toBeGreaterThan(0);
    }
});

test("[SEC-07] secrets are fetched from a store, and no Secret is in git", () => {
  for (const environment of ENVIRONMENTS) {
    expect(shop.of(environment, "Secret")).toEqual([]);
    const secrets = shop.of(environment, "ExternalSecret");
    expect(secrets.length).toBeGreaterThan(2);
    for (const { apiVersion, spec } of secrets) {
      expect(apiVersion).toBe("external-secrets.io/v1");
      expect(spec.secretStoreRef.name).toBe("platform");
    }
  }
});

test("[SEC-08] secrets are fetched again in time, and what uses them is restarted", () => {
  for (const { spec } of shop.of("prod", "ExternalSecret")) expect(spec.refreshInterval).toBe("1h");
  for (const { metadata } of shop.of("prod", "Deployment"))
    expect(metadata.annotations["reloader.stakater.com/auto"]).toBe("true");
});

test("[SEC-11] certificates of the edge renew themselves", () => {
  const kinds = ["Certificate", "ListenerSet", "Gateway"];
  const all = [...shop.bootstrap("prod", ...kinds), ...shop.of("prod", ...kinds)];
  expect(all.map(({ kind }) => kind)).toContain("Certificate");
  for (const { spec } of all.filter(({ kind }) => kind === "Certificate"))
    expect(spec.issuerRef).toMatchObject({ kind: "ClusterIssuer", name: "letsencrypt" });
});

test("[SEC-12] no image follows a moving tag", () => {
  for (const { image } of everyContainer())
    expect(image).toMatch(/@sha256:[a-f0-9]{64}$|:(?!latest$)[^/:]+$/);
});

// Owns: what stands in built overlays where an operator runs a datastore, or somebody else does in one environment alone.
// Promises: traffic of the operator's pods is tried in the simulator; a change of the way in an environment leaves nothing behind.
// Must not: read src/stack/derive-policies: it is what is judged.
import { beforeAll, describe, expect, test } from "vitest";
import { type BuiltStack, buildStacks, ofKind, overlayOf } from "../render/build-stacks.js";
import { NetworkSimulator, type Pod } from "./network-simulator.js";

const SPEC = `apiVersion: prod-stack/v1
name: shop
source: { url: "https://github.com/example-org/shop" }
network: { apiServer: [10.0.0.1/32] }
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1.2.3, ports: { http: 8080 }, uses: { ledger: {} } }
  web: { type: web-api, runtime: nodejs, image: ghcr.io/example-org/web:1.2.3, ports: { http: 8080 }, uses: { moving: {}, mail: {} } }
datastores:
  ledger: { engine: postgresql, mode: operator }
  moving: { engine: postgresql }
externals: { mail: { host: smtp.example.net, port: 587, addresses: [10.30.0.0/24, 198.51.100.0/28] } }
environments:
  dev: { tier: development, domain: dev.example.com, datastores: { moving: { mode: operator }, ledger: { mode: statefulset } } }
  staging: { tier: staging, domain: staging.example.com }
  prod: { tier: production, domain: example.com, datastores: { moving: { mode: external, host: db.example.com, addresses: [10.20.0.4/32] } } }
backup: { store: { s3: { bucket: shop-backups } } }
`;

let built: BuiltStack;
beforeAll(async () => {
  const stacks = await buildStacks({ shop: SPEC });
  built = stacks.get("shop") as BuiltStack;
}, 120_000);

const NAMESPACE = "shop-prod";
const pod = (name: string, labels: Record<string, string>, namespace = NAMESPACE): Pod => ({
  name,
  namespace,
  labels,
});
const component = (name: string) =>
  pod(name, { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "shop" });
const member = (number: number) => pod(`ledger-${number}`, { "cnpg.io/cluster": "ledger" });
const operatorLabels = { "app.kubernetes.io/name": "cloudnative-pg" };

describe("the members of a cluster", () => {
  const cases: [string, Pod | string, Pod | string, number, boolean][] = [
    ["its client", component("api"), member(1), 5432, true],
    ["another service", component("web"), member(1), 5432, false],
    ["its client on the status port", component("api"), member(1), 8000, false],
    ["the operator's status", pod("o", operatorLabels, "cnpg-system"), member(1), 8000, true],
    ["a false operator", pod("o", operatorLabels, "elsewhere"), member(1), 8000, false],
    ["replication", member(1), member(2), 5432, true],
    ["replication into another cluster", member(1), pod("x", { "cnpg.io/cluster": "other" }), 5432, false],
    ["the API server", member(1), "10.0.0.1", 6443, true],
    ["another address of the company", member(1), "10.1.2.3", 443, false],
    ["the object store", member(1), "198.51.100.7", 443, true],
    ["the metadata service", member(1), "169.254.169.254", 80, false],
    ["scrapes", pod("p", { "app.kubernetes.io/name": "prometheus" }, "monitoring"), member(1), 9187, true],
    ["a stranger's scrape", pod("p", {}), member(1), 9187, false],
  ];
  test.each(cases)("%s", (_what, from, to, port, passes) => {
    const simulator = new NetworkSimulator(ofKind(overlayOf(built, "prod"), "NetworkPolicy"));
    const end = (of: Pod | string) => (typeof of === "string" ? { address: of } : of);
    expect(simulator.passes({ from: end(from), to: end(to), port, protocol: "TCP" })).toBe(passes);
  });
});

describe("what runs elsewhere", () => {
  test.each([
    ["a database's private endpoint", "10.20.0.4", 5432, true],
    ["its neighbour", "10.20.0.5", 5432, false],
    ["any public address", "203.0.113.9", 5432, false],
    ["an external in a private range", "10.30.0.9", 587, true],
    ["the same in its public range", "198.51.100.7", 587, true],
    ["an address beyond", "198.51.100.77", 587, false],
  ])("%s", (_what, address, port, passes) => {
    const simulator = new NetworkSimulator(ofKind(overlayOf(built, "prod"), "NetworkPolicy"));
    expect(simulator.passes({ from: component("web"), to: { address }, port, protocol: "TCP" })).toBe(passes);
  });
});

describe("the way to run it differs by environment", () => {
  const names = (environment: string, ...kinds: string[]) =>
    ofKind(overlayOf(built, environment), ...kinds)
      .map(({ metadata }) => metadata.name as string)
      .sort();

  test("each environment has the objects of its own way alone", () => {
    expect(names("dev", "Cluster", "ScheduledBackup", "ObjectStore")).toEqual([
      "moving",
      "moving-backup",
      "moving-backup",
    ]);
    expect(names("dev", "StatefulSet", "CronJob")).toEqual(["ledger", "ledger-backup"]);
    expect(names("staging", "Cluster")).toEqual(["ledger"]);
    expect(names("staging", "StatefulSet", "CronJob")).toEqual(["moving", "moving-backup"]);
    expect(names("prod", "Cluster")).toEqual(["ledger"]);
    expect(names("prod", "StatefulSet", "CronJob")).toEqual([]);
    for (const environment of ["dev", "staging", "prod"])
      expect(
        names(environment, "ConfigMap", "Service").filter((name) =>
          /^(ledger|moving)-(config|headless)/.test(name),
        ),
      ).toHaveLength(environment === "prod" ? 0 : 2);
  });

  test("an operator's user and password come as the secret that it asks for", () => {
    const secret = ofKind(overlayOf(built, "prod"), "ExternalSecret").find(
      ({ metadata }) => metadata.name === "ledger-owner",
    );
    expect(secret.spec.target.template).toMatchObject({
      type: "kubernetes.io/basic-auth",
      data: { username: "shop" },
    });
    expect(secret.spec.data).toEqual([
      { secretKey: "password", remoteRef: { key: "shop/prod/ledger", property: "password" } },
    ]);
    const [cluster] = ofKind(overlayOf(built, "prod"), "Cluster");
    expect(cluster.spec.bootstrap.initdb.secret.name).toBe("ledger-owner");
    // What the stack does not run needs no passwords of its server.
    const other = ofKind(overlayOf(built, "prod"), "ExternalSecret").find(
      ({ metadata }) => metadata.name === "moving",
    );
    expect(other.spec.data.map(({ secretKey }: { secretKey: string }) => secretKey)).toEqual(["password"]);
  });

  test("members by tier, and clients that follow", () => {
    const instances = (environment: string) =>
      ofKind(overlayOf(built, environment), "Cluster")[0].spec.instances;
    expect(["dev", "staging", "prod"].map(instances)).toEqual([1, 2, 3]);
    const url = (environment: string) =>
      ofKind(overlayOf(built, environment), "Deployment", "ConfigMap")
        .map((object) => JSON.stringify(object))
        .join("\n");
    expect(url("prod")).toContain("jdbc:postgresql://ledger-rw:5432/shop?sslmode=require");
    expect(url("dev")).toContain("jdbc:postgresql://ledger:5432/shop?sslmode=disable");
  });
});

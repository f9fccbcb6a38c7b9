// Proves a stack of each gateway, and one of Kafka by Strimzi, on a real API server: what it validates (CEL of Gateway API, Envoy Gateway and
// Strimzi included), taken without a warning.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltStack, buildStacks } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import {
  type ApiServer,
  applyInOrder,
  installCrds,
  manifestFromObject,
  readManifests,
  startApiServer,
  usualCrdGroups,
} from "./index.js";

const CHOSEN = ["envoy", "gateways", "traefik", "nginx", "moving", "kafka"];

let server: ApiServer;
let stacks: ReadonlyMap<string, BuiltStack>;

beforeAll(async () => {
  stacks = await buildStacks(Object.fromEntries(CHOSEN.map((name) => [name, SAMPLE_STACKS[name] ?? ""])));
  server = await startApiServer();
  await installCrds(server, [...usualCrdGroups, "traefik", "cilium", "strimzi"]);
  const namespaces = ["argocd", "gateways", "monitoring"].map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  await applyInOrder(
    server,
    namespaces.map((one) => manifestFromObject(one, "platform")),
  );
});

afterAll(async () => {
  await server?.stop();
});

describe.each(CHOSEN)("%s", (name) => {
  test("is taken, bootstrap and overlays, and is unchanged the second time", async () => {
    const all = [...(stacks.get(name)?.objects.entries() ?? [])];
    const directories = [
      ...all.filter(([path]) => path.startsWith("bootstrap/")),
      ...all.filter(([path]) => !path.startsWith("bootstrap/")),
    ];
    expect(directories.length).toBeGreaterThan(3);
    for (const [path, objects] of directories) {
      const documents = readManifests(objects.map((object) => JSON.stringify(object)).join("\n---\n"), path);
      const first = await applyInOrder(server, documents);
      expect(first.rejected).toEqual([]);
      expect(first.warnings).toEqual([]);
      const second = await applyInOrder(server, documents);
      expect(second.unchanged).toHaveLength(second.objects.length);
    }
  });
});

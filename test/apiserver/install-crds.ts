// Owns: teaching a running server the custom kinds of upstream projects.
// Promises: when it resolves, objects of every version of every kind can be applied.
// Must not: install operators, webhooks or anything but definitions.
import { setTimeout as delay } from "node:timers/promises";
import type { CrdGroup } from "./crd-groups.js";
import { createResourceCatalog } from "./discover-resources.js";
import { fetchCrds } from "./fetch-crds.js";
import type { ManifestDocument } from "./manifest-documents.js";
import { expectStatus } from "./missing-controllers.js";
import type { ApiServer } from "./start-api-server.js";

const servedWithinMilliseconds = 60_000;

/**
 * Installs the CRDs of `groups`, those that are there already excepted, and waits until they are served. Returns the names of the definitions.
 * Throws when the server refuses one, or does not serve it in time.
 */
export async function installCrds(server: ApiServer, groups: readonly CrdGroup[]): Promise<string[]> {
  const definitions = await fetchCrds(groups);
  await Promise.all(definitions.map((definition) => createDefinition(server, definition)));
  await waitUntilServed(server, definitions.flatMap(servedKinds));
  return definitions.map(({ object }) => object.metadata.name ?? "");
}

/** Definitions are not what is tested: creating one takes the server half as long as applying it. */
async function createDefinition({ client }: ApiServer, { text, object }: ManifestDocument): Promise<void> {
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const answer = await client.send("POST", path, { type: "application/json", text });
  expectStatus(answer, [201, 409], `definition ${object.metadata.name}`);
}

async function waitUntilServed(
  server: ApiServer,
  kinds: readonly (readonly [string, string])[],
): Promise<void> {
  const deadline = performance.now() + servedWithinMilliseconds;
  let missing = kinds;
  while (true) {
    const catalog = createResourceCatalog(server.client);
    const found = await Promise.all(missing.map(([apiVersion, kind]) => catalog.find(apiVersion, kind)));
    missing = missing.filter((_, index) => found[index] === undefined);
    if (missing.length === 0) return;
    if (performance.now() > deadline)
      throw new Error(`Not served in time: ${missing.map((kind) => kind.join(" ")).join(", ")}`);
    await delay(200);
  }
}

interface CrdSpec {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}

function servedKinds({ object }: ManifestDocument): [apiVersion: string, kind: string][] {
  const { group, names, versions } = object.spec as CrdSpec;
  return versions.filter(({ served }) => served).map(({ name }) => [`${group}/${name}`, names.kind]);
}

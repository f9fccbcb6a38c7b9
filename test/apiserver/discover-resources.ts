// Owns: which kinds the server serves, and the path of each object.
// Promises: the same answer kubectl would find, asked again when a kind is unknown and CRDs may have come since.
// Must not: guess plurals or scopes.
import type { ApiClient } from "./api-client.js";
import { isRecord, type KubernetesObject } from "./manifest-documents.js";

/** How one kind is served. `base` is the path of its group and version. */
export interface ServedResource {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly base: string;
}

/** Finds how kinds are served. */
export interface ResourceCatalog {
  /** Undefined when the server does not serve this kind in this version, as after an API was removed. */
  find(apiVersion: string, kind: string): Promise<ServedResource | undefined>;
}

/** Aggregated discovery: every group in two requests (Kubernetes API concepts, "Aggregated discovery"). */
const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** Makes a catalogue of what `client`'s server serves. */
export function createResourceCatalog(client: ApiClient): ResourceCatalog {
  let known = new Map<string, ServedResource>();
  return {
    find: async (apiVersion, kind) => {
      const key = `${apiVersion} ${kind}`;
      if (!known.has(key)) known = await discover(client);
      return known.get(key);
    },
  };
}

/** Path of an object, or of its collection when it has no name. `namespace` is what applies where the object says none. */
export function pathOf(resource: ServedResource, object: KubernetesObject, namespace: string): string {
  const { name } = object.metadata;
  const scope = resource.namespaced ? `/namespaces/${object.metadata.namespace ?? namespace}` : "";
  return `${resource.base}${scope}/${resource.plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

async function discover(client: ApiClient): Promise<Map<string, ServedResource>> {
  const answers = await Promise.all(
    ["/api", "/apis"].map((path) => client.send("GET", path, undefined, aggregated)),
  );
  const found = new Map<string, ServedResource>();
  for (const { status, body } of answers) {
    if (status !== 200) throw new Error(`Discovery failed with status ${status}: ${JSON.stringify(body)}`);
    for (const group of (body as GroupDiscoveryList).items) addGroup(found, group);
  }
  return found;
}

function addGroup(found: Map<string, ServedResource>, group: GroupDiscovery): void {
  const name = group.metadata.name ?? "";
  for (const { version, resources = [] } of group.versions) {
    const apiVersion = name === "" ? version : `${name}/${version}`;
    const base = name === "" ? `/api/${version}` : `/apis/${apiVersion}`;
    for (const { resource, responseKind, scope } of resources) {
      if (!isRecord(responseKind)) continue;
      found.set(`${apiVersion} ${responseKind.kind}`, {
        plural: resource,
        namespaced: scope === "Namespaced",
        base,
      });
    }
  }
}

interface GroupDiscoveryList {
  readonly items: readonly GroupDiscovery[];
}

interface GroupDiscovery {
  readonly metadata: { readonly name?: string };
  readonly versions: readonly {
    readonly version: string;
    readonly resources?: readonly {
      readonly resource: string;
      readonly responseKind?: { readonly kind: string };
      readonly scope: "Namespaced" | "Cluster";
    }[];
  }[];
}

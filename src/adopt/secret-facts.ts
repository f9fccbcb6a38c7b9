// Owns: the secrets that services refer to, as facts: their keys, and the store that keeps them already.
// Promises: names and places only.
// Must not: look at a value.

import { asRecord, textAt } from "../validate/values.js";
import { Fact, type Facts } from "./facts.js";
import type { Manifest } from "./manifest.js";
import { labelOf, type Scene } from "./scene.js";

/** @param wanted keys by secret, as the services of the place ask for them */
export function secretFacts(
  wanted: ReadonlyMap<string, ReadonlyMap<string, Fact>>,
  { place }: Scene,
): ReadonlyMap<string, Facts> {
  return new Map(
    [...wanted].map(([name, keys]) => {
      const [first] = keys.values();
      const notes = [...keys.values()].flatMap(({ note }) => note ?? []);
      return [
        name,
        {
          keys: new Fact([...keys.keys()].sort(), first?.origin, notes[0]),
          ...storeFacts(name, place.objects),
        },
      ];
    }),
  );
}

const STORE = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const PATH = /^[A-Za-z0-9._/-]+$/;

/** What an ExternalSecret says already. */
function storeFacts(name: string, objects: readonly Manifest[]): Facts {
  const object = objects.find(
    (one) =>
      one.kind === "ExternalSecret" && labelOf(one.text("spec", "target", "name") ?? one.name) === name,
  );
  if (object === undefined) return {};
  const facts: Facts = {};
  const store = object.text("spec", "secretStoreRef", "name");
  const kind = object.text("spec", "secretStoreRef", "kind");
  if (store !== undefined && STORE.test(store))
    facts.store = new Fact(store, object.origin("spec", "secretStoreRef", "name"));
  if (kind === "ClusterSecretStore" || kind === "SecretStore")
    facts.storeKind = new Fact(kind, object.origin("spec", "secretStoreRef", "kind"));
  const paths = new Set(object.list("spec", "data").map((item) => textAt(asRecord(item.remoteRef), "key")));
  const [path] = paths;
  if (paths.size === 1 && path !== undefined && PATH.test(path))
    facts.path = new Fact(path, object.origin("spec", "data"));
  return facts;
}

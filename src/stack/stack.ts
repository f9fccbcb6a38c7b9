// Owns: the nouns that capabilities and templates read: the spec with every default made concrete.
// Promises: plain values; lists sorted by name (environments by tier), so that the order in the spec changes nothing.
// Must not: hold optional answers; what may be absent is `undefined` on purpose, and always a key.

import type { TierName } from "../spec/schema/spec-types.js";
import type { Datastore, External } from "./datastore.js";
import type { EffectiveSpec, Settings } from "./effective.js";
import type { Previews } from "./previews.js";
import type { Service } from "./service.js";
import type { Upkeep } from "./upkeep.js";

export interface Stack {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly source: { readonly url: string; readonly revision: string; readonly path: string };
  /** Version of the generator, written into what it generates. */
  readonly generator: string;
  /** What holds wherever no environment says otherwise; base/ is made of it. */
  readonly base: View;
  /** The places where it runs: one for each environment, or one for each cluster of an environment that has several. */
  readonly environments: readonly Environment[];
  /** What pull requests get; none of `environments`, so that nothing of theirs is made for it by accident. */
  readonly previews: Previews | undefined;
  readonly upkeep: Upkeep;
  /** Whether the catalog's Components of the services are declared here, or by the applications' own repositories. */
  readonly catalog: "declare" | "reference";
  /** Capabilities that the user switched off. */
  readonly disabled: readonly string[];
}

/** The stack as one place sees it. */
export interface View {
  readonly services: readonly Service[];
  readonly datastores: readonly Datastore[];
  readonly externals: readonly External[];
  readonly secrets: readonly Secret[];
  readonly settings: Settings;
  /** The merged spec itself, for `show`. */
  readonly effective: EffectiveSpec;
}

export interface Environment extends View {
  /** Name of the environment, which its clusters share. */
  readonly name: string;
  /** Which of the environment's clusters; undefined for an environment in one cluster. */
  readonly cluster: string | undefined;
  /** Unique among the places, for names of objects: prod, prod-west. */
  readonly id: string;
  /** The same for people: prod, prod/west. */
  readonly label: string;
  readonly region: string | undefined;
  /** How the clusters of the environment reach each other. */
  readonly mesh: "cilium-clustermesh" | undefined;
  readonly tier: TierName;
  readonly namespace: string;
  readonly domain: string;
  /** The cluster as Argo CD knows it: what `destination` names, by address or by name. */
  readonly server: string;
  readonly destination: { readonly server: string } | { readonly name: string };
  readonly promotesFrom: string | undefined;
  readonly quota: Quota;
}

export interface Secret {
  readonly name: string;
  readonly store: string;
  readonly storeKind: "ClusterSecretStore" | "SecretStore";
  /** Path in the store; in the base without an environment. */
  readonly path: string;
  readonly keys: readonly string[];
  readonly refresh: string;
  /** Type of the secret; Opaque without it. */
  readonly type?: string;
  /** Labels by which an operator finds it. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Keys that have another name in the store. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Values that are made of the fetched ones, by a template of External Secrets. */
  readonly made: readonly { readonly key: string; readonly template: string }[];
}

export interface Quota {
  readonly requestsCpu: string;
  readonly requestsMemory: string;
  readonly limitsCpu: string;
  readonly limitsMemory: string;
  readonly pods: number;
  readonly services: number;
  readonly storage: string;
  readonly requestsEphemeral: string;
  readonly limitsEphemeral: string;
  /** Bounds of the storage classes that are named, sorted. */
  readonly storageByClass: readonly { readonly name: string; readonly storage: string }[];
  /** The default was too small for the stack and has been raised. */
  readonly raised: boolean;
}

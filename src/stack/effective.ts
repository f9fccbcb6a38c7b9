// Owns: the shape of a spec after its layers are merged: what was optional is there.
// Promises: types only.
// Must not: hold values.

import type { DatastoreSpec, EnvValueSpec, ServiceSpec, StackSpec } from "../spec/schema/spec-types.js";
import type { OPERATORS } from "../spec/schema/words.js";

type Required1<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
type DeepRequired<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]-?: DeepRequired<NonNullable<T[K]>> }
    : T;

type Gateway = NonNullable<StackSpec["gateway"]>;
type CertManager = NonNullable<StackSpec["certManager"]>;
export type RequestDefaults = NonNullable<Gateway["defaults"]>;
type Monitoring = NonNullable<StackSpec["monitoring"]>;
type Backup = NonNullable<StackSpec["backup"]>;
type ArgoCd = NonNullable<StackSpec["argocd"]>;

/** All settings; only what has no sensible default may be missing. */
export interface Settings {
  readonly kubernetes: NonNullable<StackSpec["kubernetes"]>;
  readonly logLevel: NonNullable<StackSpec["logLevel"]>;
  readonly namespaces: NonNullable<StackSpec["namespaces"]>;
  readonly reloader: NonNullable<StackSpec["reloader"]>;
  readonly gateway: DeepRequired<Omit<Gateway, "defaults" | "loadBalancer">> & {
    readonly defaults: RequestDefaults;
    readonly loadBalancer?: NonNullable<Gateway["loadBalancer"]>;
  };
  readonly certManager: Required1<CertManager, "mode" | "issuer" | "issuerKind">;
  readonly network: DeepRequired<NonNullable<StackSpec["network"]>>;
  readonly monitoring: DeepRequired<Omit<Monitoring, "grafana" | "runbooks" | "receivers">> &
    Pick<Monitoring, "grafana" | "runbooks" | "receivers">;
  readonly backup: Required1<Backup, "schedule">;
  readonly quota: DeepRequired<NonNullable<StackSpec["quota"]>>;
  readonly argocd: DeepRequired<Omit<ArgoCd, "syncWindows" | "url">> & {
    readonly url?: string;
    readonly syncWindows: NonNullable<ArgoCd["syncWindows"]>;
  };
  readonly secretStore: DeepRequired<NonNullable<StackSpec["secretStore"]>>;
  readonly policy: DeepRequired<NonNullable<StackSpec["policy"]>>;
  readonly exceptions: NonNullable<StackSpec["exceptions"]>;
  readonly keda: DeepRequired<NonNullable<StackSpec["keda"]>>;
  readonly nodes: NonNullable<StackSpec["nodes"]>;
  readonly priorityClasses: NonNullable<StackSpec["priorityClasses"]>;
  readonly registries: Readonly<Record<string, string>>;
  readonly pullSecrets: readonly string[];
  readonly storageClass?: string;
  readonly operators: Readonly<Record<(typeof OPERATORS)[number], "present" | "install">>;
}

export type EffectiveService = Required1<ServiceSpec, "runtime" | "replicas" | "shutdown" | "resources"> & {
  readonly env?: Readonly<Record<string, EnvValueSpec>>;
};
export type EffectiveDatastore = Required1<DatastoreSpec, "version" | "role" | "storage" | "resources">;

/** A spec merged for the base, or for one environment. */
export interface EffectiveSpec extends Settings {
  readonly services: Readonly<Record<string, EffectiveService>>;
  readonly datastores: Readonly<Record<string, EffectiveDatastore>>;
  readonly externals: NonNullable<StackSpec["externals"]>;
  readonly secrets: NonNullable<StackSpec["secrets"]>;
}

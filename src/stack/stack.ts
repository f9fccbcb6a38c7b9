// Owns: the nouns that capabilities and templates read: the spec with every default made concrete.
// Promises: plain values; lists sorted by name (environments by tier), so that the order in the spec changes nothing.
// Must not: hold optional answers; what may be absent is `undefined` on purpose, and always a key.

import type { DatastoreSpec, TierName } from "../spec/schema/spec-types.js";
import type { EffectiveSpec, Settings } from "./effective.js";
import type {
  DatastoreMode,
  EngineBackup,
  EngineConfiguration,
  EngineExporter,
  EngineServer,
  EngineSymptom,
} from "./engines/engine.js";
import type {
  EngineOperator,
  OperatorMember,
  OperatorObject,
  OperatorTraffic,
} from "./engines/engine-operator.js";
import type { RequestMetrics } from "./presets/runtimes.js";

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

export interface Image {
  readonly repository: string;
  /** Exact tag; for a service the one that seeds the first release. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** Full reference as a manifest has it. */
  readonly reference: string;
  /** Why there is no digest, for images that the generator chose. */
  readonly exception: string | undefined;
}

export interface Port {
  readonly name: string;
  readonly number: number;
}

export interface Amounts {
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorage: string;
}

export interface Resources {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

export interface Probe {
  readonly kind: "http" | "tcp" | "grpc" | "exec";
  readonly path: string | undefined;
  readonly port: Port;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

export interface SecretRef {
  readonly secret: string;
  readonly key: string;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
}

export interface SecretVariable extends SecretRef {
  readonly name: string;
}

/** Something that a service talks to. */
export interface Edge {
  readonly kind: "service" | "datastore" | "external";
  readonly target: string;
  readonly port: number;
  /** Host name that the service uses. */
  readonly host: string;
  /** Ranges in which an external one is; empty where nobody says. */
  readonly addresses: readonly string[];
}

export interface Exposure {
  /** Complete host name in an environment, as declared in the base. */
  readonly host: string;
  readonly path: string;
  readonly port: Port;
  readonly rateLimit: { readonly requests: number; readonly unit: "Second" | "Minute" | "Hour" } | undefined;
  readonly timeout: string | undefined;
  readonly allow: readonly string[];
  readonly cors:
    | {
        readonly origins: readonly string[];
        readonly methods: readonly string[];
        readonly headers: readonly string[];
        readonly credentials: boolean;
      }
    | undefined;
  readonly contentSecurityPolicy: string | undefined;
}

export interface Service {
  readonly name: string;
  readonly type: string;
  readonly runtime: string;
  readonly component: string;
  readonly description: string;
  readonly image: Image;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly ports: readonly Port[];
  /** Literal settings, which go into a ConfigMap. */
  readonly config: readonly Variable[];
  readonly secretVariables: readonly SecretVariable[];
  readonly edges: readonly Edge[];
  /** Names of the services that talk to this one. */
  readonly clients: readonly string[];
  readonly exposure: Exposure | undefined;
  readonly replicas: number;
  readonly scaling:
    | {
        readonly min: number;
        readonly max: number;
        readonly cpu: number | undefined;
        readonly memory: number | undefined;
      }
    | undefined;
  readonly resources: Resources;
  readonly probes: {
    readonly startup: Probe | undefined;
    readonly readiness: Probe | undefined;
    readonly liveness: Probe | undefined;
  };
  readonly metrics: { readonly path: string; readonly port: Port; readonly interval: string } | undefined;
  readonly requestMetrics: RequestMetrics | undefined;
  readonly writable: readonly { readonly name: string; readonly path: string; readonly size: string }[];
  readonly user: number;
  readonly shutdown: { readonly delaySeconds: number; readonly graceSeconds: number };
  readonly pullSecrets: readonly string[];
  readonly priorityClass: string | undefined;
  readonly apiAccess: boolean;
  readonly slo: { readonly availability: number; readonly latency: string };
}

/** A variable of a datastore's container. */
export interface ServerVariable {
  readonly name: string;
  readonly value: string | undefined;
  readonly secret: SecretRef | undefined;
}

export interface Datastore {
  readonly name: string;
  readonly engine: DatastoreSpec["engine"];
  /** The engine's name for people. */
  readonly engineName: string;
  /** Engines of one protocol. */
  readonly family: string;
  readonly mode: DatastoreMode;
  readonly version: string;
  readonly role: "store" | "cache";
  readonly image: Image;
  /** Host that clients use. */
  readonly host: string;
  readonly port: Port;
  readonly user: number;
  readonly group: number;
  readonly replicas: number;
  readonly storage: string;
  readonly storageClass: string | undefined;
  readonly resources: Resources;
  /** The server's container; undefined where the stack does not run it itself. */
  readonly server:
    | (Omit<EngineServer, "variables" | "writable"> & {
        readonly variables: readonly ServerVariable[];
        readonly writable: Service["writable"];
      })
    | undefined;
  /** What makes an operator run it; undefined where none does. */
  readonly operator:
    | (Pick<EngineOperator, "summary" | "namespace" | "labels" | "extra" | "metrics" | "imageFields"> & {
        readonly objects: readonly OperatorObject[];
        /** Labels of the pods that it makes. */
        readonly members: Readonly<Record<string, string>>;
        readonly traffic: readonly OperatorTraffic[];
        readonly sidecar: Resources | undefined;
        readonly first: OperatorMember;
        /** The backups that it makes itself. */
        readonly backup: BackupPlan | undefined;
      })
    | undefined;
  readonly configuration: EngineConfiguration | undefined;
  readonly exporter:
    | (Omit<EngineExporter, "variables" | "image"> & {
        readonly image: Image;
        readonly variables: readonly ServerVariable[];
        readonly resources: Resources;
      })
    | undefined;
  /** Client program, and a shell command that answers when all is well. */
  readonly client: string;
  readonly check: string;
  readonly symptoms: readonly EngineSymptom[];
  /** Memory that data may take, in bytes. */
  readonly dataMemoryBytes: number | undefined;
  /** Where its secret values live, by credential. */
  readonly credentials: Readonly<Record<string, SecretRef>> & { readonly password: SecretRef };
  /** Names of the services that talk to it. */
  readonly clients: readonly string[];
  readonly backup: Backup | undefined;
}

/** When, where to and how long. */
export interface BackupPlan {
  readonly schedule: string;
  readonly timeZone: string;
  readonly retentionDays: number;
  readonly store: {
    readonly bucket: string;
    readonly region: string;
    readonly endpoint: string | undefined;
    readonly prefix: string;
  };
  /** Secret with access-key-id and secret-access-key. */
  readonly credentials: string;
}

/** A backup by a job of the stack. */
export interface Backup extends BackupPlan {
  readonly uploader: Image;
  /** Suffix of a dump's file, without a dot. */
  readonly extension: string;
  readonly restore: EngineBackup["restore"];
  /** Variables of the container that takes the dump. */
  readonly variables: readonly ServerVariable[];
  /** What a crash of the server alone loses. */
  readonly crash: string;
  readonly steps: readonly string[];
  readonly kept: ReturnType<EngineBackup["kept"]>;
}

export interface External {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly clients: readonly string[];
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
  /** The default was too small for the stack and has been raised. */
  readonly raised: boolean;
}

// Owns: the nouns that capabilities and templates read: the spec with every default made concrete.
// Promises: plain values; lists sorted by name (environments by tier), so that the order in the spec changes nothing.
// Must not: hold optional answers; what may be absent is `undefined` on purpose, and always a key.

import type { DatastoreSpec, TierName } from "../spec/schema/spec-types.js";
import type { Placement } from "./derive-placement.js";
import type { EffectiveSpec, Settings } from "./effective.js";
import type {
  DatastoreMode,
  EngineBackup,
  EngineConfiguration,
  EngineExporter,
  EngineMetrics,
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
import type { WorkloadKind } from "./presets/service-types.js";
import type { Scaling, Vertical } from "./scaling.js";

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
  /** Undefined where a command is asked. */
  readonly port: Port | undefined;
  readonly command: readonly string[];
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
  /** Complete host name in an environment, as declared in the base: the one that people are told. */
  readonly host: string;
  /** That one and its aliases; a leading "*." stands for any host below. */
  readonly hosts: readonly string[];
  readonly path: string;
  readonly match: "prefix" | "exact";
  /** What the service sees in the path's place. */
  readonly rewrite: string | undefined;
  readonly port: Port;
  readonly rateLimit: { readonly requests: number; readonly unit: "Second" | "Minute" | "Hour" } | undefined;
  /** As Go writes durations; undefined where a stream has none. */
  readonly timeout: string | undefined;
  readonly idleTimeout: string | undefined;
  readonly streaming: boolean;
  readonly maxBodyBytes: number | undefined;
  /** Undefined where the gateway may do as it likes. */
  readonly buffering: boolean | undefined;
  readonly compression: boolean;
  readonly allow: readonly string[];
  readonly cors:
    | {
        readonly origins: readonly string[];
        readonly methods: readonly string[];
        readonly headers: readonly string[];
        readonly exposedHeaders: readonly string[];
        readonly credentials: boolean;
        readonly maxAgeSeconds: number;
      }
    | undefined;
  /** Headers of every answer, Content-Security-Policy among them. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly affinity: "cookie" | "client-ip" | undefined;
  /** Names of its answers that have no meaning for gRPC; none for what speaks HTTP. */
  readonly httpOnly: readonly string[];
}

export interface Probes {
  readonly startup: Probe | undefined;
  readonly readiness: Probe | undefined;
  readonly liveness: Probe | undefined;
}

/** A directory or file in a container. */
export interface Mount {
  readonly volume: string;
  readonly path: string;
  /** One file of the volume; undefined for all of it. */
  readonly file: string | undefined;
  readonly readOnly: boolean;
}

/** What every container of a pod says of itself. */
export interface Container {
  readonly name: string;
  /** Undefined where somebody else chooses it, as KServe does. */
  readonly image: Image | undefined;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Ports of this container alone. */
  readonly ports: readonly Port[];
  readonly variables: readonly Variable[];
  readonly secretVariables: readonly SecretVariable[];
  readonly resources: Resources;
  readonly probes: Probes;
  readonly mounts: readonly Mount[];
  /** Undefined: as the pod. */
  readonly user: number | undefined;
  readonly group: number | undefined;
  /** Linux capabilities that are added back. */
  readonly capabilities: readonly string[];
}

export interface FurtherContainer extends Container {
  readonly kind: "sidecar" | "init";
  readonly image: Image;
  /** Its image is chosen by the user and released with the service; else the generator pins it. */
  readonly isRelease: boolean;
}

export interface Volume {
  readonly name: string;
  readonly kind: "emptyDir" | "claim" | "secret" | "configMap";
  /** Of an emptyDir or a claim. */
  readonly size: string;
  readonly storageClass: string | undefined;
  readonly mode: string;
  /** Secret, ConfigMap or claim that it shows. */
  readonly source: string;
}

/** A configuration file of a service. */
export interface ConfigFile {
  readonly path: string;
  /** Key in the ConfigMap. */
  readonly key: string;
  /** Content, or undefined where it is a file of the user's. */
  readonly content: string | undefined;
  /** File of the user's below config/. */
  readonly from: string | undefined;
}

/** A schedule of a scheduled job: one CronJob. */
export interface RunSchedule {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  /** Undefined: those of the service. */
  readonly args: readonly string[] | undefined;
  readonly suspend: boolean;
  readonly startingDeadlineSeconds: number;
}

export interface Identity {
  readonly cloud: "aws" | "azure" | "gcp";
  readonly value: string;
}

/** A model and who serves it. */
export interface Model {
  readonly framework: string;
  readonly storage: string;
  readonly secret: string | undefined;
}

export interface Service {
  readonly name: string;
  readonly type: string;
  readonly runtime: string;
  readonly kind: WorkloadKind;
  readonly component: string;
  readonly description: string;
  /** Undefined where KServe chooses it. */
  readonly image: Image | undefined;
  /** All ports of its pods, the most usual first; sidecars' after its own. */
  readonly ports: readonly Port[];
  /** Its own container. Literal settings are in `config`. */
  readonly main: Container;
  readonly containers: readonly FurtherContainer[];
  readonly volumes: readonly Volume[];
  readonly files: readonly ConfigFile[];
  /** Literal settings, which go into a ConfigMap. */
  readonly config: readonly Variable[];
  readonly edges: readonly Edge[];
  /** Names of the services that talk to this one. */
  readonly clients: readonly string[];
  readonly exposure: Exposure | undefined;
  readonly replicas: number;
  readonly scaling: Scaling | undefined;
  readonly vertical: Vertical | undefined;
  readonly placement: Placement;
  /** false: the pods have a user namespace of their own. */
  readonly hostUsers: boolean;
  readonly schedules: readonly RunSchedule[];
  /** Of a run of a job. */
  readonly run: { readonly deadlineSeconds: number; readonly retries: number };
  /** Place in Argo CD's order; 0 as a rule. */
  readonly wave: number;
  /** Services that wait for this job. */
  readonly before: readonly string[];
  readonly model: Model | undefined;
  readonly identity: Identity | undefined;
  readonly resources: Resources;
  readonly probes: Probes;
  readonly metrics: { readonly path: string; readonly port: Port; readonly interval: string } | undefined;
  readonly requestMetrics: RequestMetrics | undefined;
  readonly user: number;
  readonly group: number;
  readonly shutdown: { readonly delaySeconds: number; readonly graceSeconds: number };
  readonly disruption: 1 | "50%";
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
        readonly writable: readonly { readonly name: string; readonly path: string; readonly size: string }[];
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
  /** Where Prometheus finds its metrics; undefined where nobody tells them. */
  readonly metrics: EngineMetrics | undefined;
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
  /** Why the engine has no backup; undefined where it has one. */
  readonly noBackup: string | undefined;
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

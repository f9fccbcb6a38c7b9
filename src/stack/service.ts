// Owns: what a service is, with every default made concrete, and what it talks to.
// Promises: plain values; lists sorted by name, so that the order in the spec changes nothing.
// Must not: hold optional answers; what may be absent is `undefined` on purpose, and always a key.

import type {
  ConfigFile,
  Container,
  FurtherContainer,
  Image,
  Port,
  Probes,
  Resources,
  Variable,
  Volume,
} from "./container.js";
import type { Placement } from "./derive-placement.js";
import type { RequestMetrics } from "./presets/runtimes.js";
import type { WorkloadKind } from "./presets/service-types.js";
import type { Scaling, Vertical } from "./scaling.js";

/** Something that a service talks to. */
export interface Edge {
  readonly kind: "service" | "datastore" | "external";
  readonly target: string;
  readonly port: number;
  /** Host name that the service uses. */
  readonly host: string;
  /** That one, and those of the same cluster. */
  readonly hosts: readonly string[];
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

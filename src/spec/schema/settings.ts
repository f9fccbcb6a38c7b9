// Owns: the schema of the settings that a company, a stack, a tier or an environment may give.
// Promises: the same words in platform.yaml, at the top of prod-stack.yaml, in `tiers` and in `environments`.
// Must not: hold defaults; those are the tables of src/stack/presets.

import { type TEnum, type TOptional, Type } from "typebox";
import { ArgoCd } from "./argocd.js";
import { CertManager, Gateway, Network } from "./edge.js";
import { Nodes, PriorityClasses } from "./placement.js";
import { Exceptions, Policy } from "./policy.js";
import {
  annotate,
  Cron,
  Duration,
  LABEL_NAME,
  LabelValue,
  mapOf,
  OBJECT_NAME,
  objectName,
  quantity,
} from "./scalars.js";
import { OPERATORS } from "./words.js";

const closed = { additionalProperties: false } as const;
const count = (description: string) =>
  Type.Integer({ minimum: 1, expected: "a whole number from 1", description });
const Receiver = Type.Object(
  {
    webhook: Type.Object(
      { secret: Type.String({ expected: "the name of an entry of `secrets`" }), key: Type.String() },
      closed,
    ),
  },
  { ...closed, description: "Where alerts of this severity go; the address is in a secret." },
);

const Monitoring = Type.Object(
  {
    prometheus: Type.Optional(
      annotate(Type.Enum(["operator", "plain"]), {
        description:
          "operator: objects of the Prometheus Operator; plain: configuration files for a Prometheus of your own.",
      }),
    ),
    namespace: Type.Optional(objectName("Namespace in which Prometheus runs.")),
    serviceAccount: Type.Optional(
      objectName("Service account of Prometheus, which may discover targets here."),
    ),
    labels: Type.Optional(
      mapOf(LabelValue, LABEL_NAME, "a label name", {
        description: "Labels by which Prometheus selects monitors and rules.",
      }),
    ),
    interval: Type.Optional(
      Type.Object(
        { critical: Type.Optional(Duration), standard: Type.Optional(Duration) },
        { ...closed, description: "Time between scrapes, of what is exposed and of the rest." },
      ),
    ),
    sampleLimit: Type.Optional(count("Samples of one target that Prometheus accepts in a scrape.")),
    blackbox: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9.-]+:[0-9]+$",
        expected: "host:port of the blackbox exporter",
        description: "Address of the platform's blackbox exporter.",
      }),
    ),
    grafanaLabel: Type.Optional(
      mapOf(LabelValue, LABEL_NAME, "a label name", {
        description: "Label by which Grafana's sidecar finds dashboards.",
      }),
    ),
    grafana: Type.Optional(
      Type.String({
        pattern: "^https?://[^\\s]+$",
        expected: "a web address",
        description: "Web address of Grafana, for the links of the catalog.",
      }),
    ),
    runbooks: Type.Optional(
      Type.String({
        pattern: "^https?://[^\\s]+$",
        expected: "a web address",
        description: "Web address of docs/runbook; derived from the source by default.",
      }),
    ),
    receivers: Type.Optional(
      Type.Object(
        { page: Type.Optional(Receiver), ticket: Type.Optional(Receiver) },
        { ...closed, description: "Receivers of alerts, by severity." },
      ),
    ),
    slo: Type.Optional(
      Type.Object(
        {
          availability: Type.Optional(
            Type.Number({
              exclusiveMinimum: 0,
              exclusiveMaximum: 100,
              expected: "a percentage such as 99.9",
            }),
          ),
          latency: Type.Optional(Duration),
        },
        { ...closed, description: "Service level objective of services without their own." },
      ),
    ),
    logRetention: Type.Optional(annotate(Duration, { description: "How long the platform keeps logs." })),
    metricRetention: Type.Optional(
      annotate(Duration, { description: "How long the platform keeps metrics." }),
    ),
  },
  { ...closed, description: "Metrics, alerts and dashboards.", def: "Monitoring" },
);

const S3 = Type.Object(
  {
    bucket: Type.String({
      pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
      expected: "a bucket name",
      description: "Bucket.",
    }),
    region: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9-]+$",
        expected: "a region such as eu-central-1",
        description: "Region.",
      }),
    ),
    endpoint: Type.Optional(
      Type.String({
        pattern: "^https?://[^\\s/]+$",
        expected: "an address such as https://s3.example.com",
        description: "Endpoint of a store that is not AWS.",
      }),
    ),
    prefix: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z0-9._/-]+$",
        expected: "a key prefix",
        description: "Prefix of the keys.",
      }),
    ),
    credentials: Type.Optional(
      Type.String({
        pattern: OBJECT_NAME,
        expected: "the name of an entry of `secrets`",
        description: "Secret with access-key-id and secret-access-key.",
      }),
    ),
  },
  { ...closed, description: "An S3-compatible object store." },
);

const Backup = Type.Object(
  {
    store: Type.Optional(Type.Object({ s3: S3 }, { ...closed, description: "Where backups go." })),
    schedule: Type.Optional(annotate(Cron, { description: "Schedule of datastores without their own." })),
    retention: Type.Optional(Duration),
  },
  { ...closed, description: "Backups.", def: "Backup" },
);

const quotaAmounts = Type.Object(
  {
    cpu: Type.Optional(quantity(["4"], "CPU cores.")),
    memory: Type.Optional(quantity(["8Gi"], "Memory.")),
    "ephemeral-storage": Type.Optional(quantity(["10Gi"], "Scratch space on nodes.")),
  },
  closed,
);
const Quota = Type.Object(
  {
    requests: Type.Optional(quotaAmounts),
    limits: Type.Optional(quotaAmounts),
    pods: Type.Optional(count("Pods.")),
    services: Type.Optional(count("Services.")),
    storage: Type.Optional(quantity(["100Gi"], "Storage of all volume claims.")),
    storageClasses: Type.Optional(
      mapOf(
        quantity(["100Gi"], "Storage of the claims of this class."),
        "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "the name of a StorageClass",
        { description: "Bounds by storage class; what the stack needs of a class without one." },
      ),
    ),
  },
  { ...closed, description: "ResourceQuota of a namespace; the stack must fit into it.", def: "Quota" },
);

/** Settings that every layer may give. */
export const settings = {
  gateway: Type.Optional(Gateway),
  certManager: Type.Optional(CertManager),
  network: Type.Optional(Network),
  monitoring: Type.Optional(Monitoring),
  backup: Type.Optional(Backup),
  quota: Type.Optional(Quota),
  argocd: Type.Optional(ArgoCd),
  policy: Type.Optional(Policy),
  exceptions: Type.Optional(Exceptions),
  keda: Type.Optional(
    Type.Object(
      { namespace: Type.Optional(objectName("Namespace in which KEDA runs.")) },
      { ...closed, description: "KEDA, for services that scale on events." },
    ),
  ),
  nodes: Type.Optional(Nodes),
  priorityClasses: Type.Optional(PriorityClasses),
  secretStore: Type.Optional(
    Type.Object(
      {
        name: Type.Optional(objectName("Name of the store.")),
        kind: Type.Optional(Type.Enum(["ClusterSecretStore", "SecretStore"])),
        refresh: Type.Optional(Duration),
      },
      { ...closed, description: "Store of secrets that do not name one." },
    ),
  ),
  reloader: Type.Optional(
    annotate(Type.Enum(["present", "off"]), {
      description: "present: Stakater Reloader restarts workloads when a secret has been rotated.",
    }),
  ),
  operators: Type.Optional(
    Type.Object(
      Object.fromEntries(
        OPERATORS.map((name) => [name, Type.Optional(Type.Enum(["present", "install"]))]),
      ) as Record<(typeof OPERATORS)[number], TOptional<TEnum<["present", "install"]>>>,
      {
        ...closed,
        description:
          "What the platform runs for its stacks. present: it does; install: this stack brings it, as an Application with a pinned chart.",
      },
    ),
  ),
  storageClass: Type.Optional(
    objectName("StorageClass of datastores that name none; the cluster's default without it."),
  ),
  namespaces: Type.Optional(
    annotate(Type.Enum(["managed", "external"]), {
      description: "managed: bootstrap/ makes the namespaces; external: the platform makes them elsewhere.",
    }),
  ),
  logLevel: Type.Optional(
    annotate(Type.Enum(["debug", "info", "warn", "error"]), {
      description: "Log level of services whose runtime takes one.",
    }),
  ),
  registries: Type.Optional(
    mapOf(
      Type.String({
        pattern: "^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._/-]+)?$",
        expected: "a registry, with an optional path",
      }),
      "^[a-z0-9.-]+(:[0-9]+)?$",
      "a registry host such as docker.io",
      { description: "Mirrors: registry → where its images are pulled from." },
    ),
  ),
  pullSecrets: Type.Optional(
    Type.Array(objectName("Name of a Secret."), {
      description: "Secrets with credentials of the registries.",
    }),
  ),
  kubernetes: Type.Optional(
    annotate(Type.Enum(["1.35", "1.36", "1.37"]), {
      description: "Oldest Kubernetes version that the stack runs on.",
    }),
  ),
};

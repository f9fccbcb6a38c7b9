// Owns: the schema of datastores, externals and secrets in prod-stack.yaml.
// Promises: no field takes a secret value, only the place where one lives.
// Must not: hold defaults; those are the tables of src/stack/presets.

import { Type } from "typebox";
import { Resources } from "./container.js";
import { annotate, Cidr, Cron, DataKey, DnsName, Duration, named, Port, quantity } from "./scalars.js";
import { SecretKey } from "./secret-key.js";
import { DATASTORE_MODES, ENGINES, SASL_MECHANISMS } from "./words.js";

const closed = { additionalProperties: false } as const;

const Schedule = Type.Object(
  {
    schedule: Type.Optional(annotate(Cron, { description: "When a backup is taken." })),
    timeZone: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$",
        expected: "an IANA time zone such as Europe/Berlin",
        description: "Time zone of the schedule.",
      }),
    ),
    retention: Type.Optional(
      annotate(Duration, {
        description: "Age after which a backup is deleted; the newest verified ones always stay.",
      }),
    ),
  },
  { ...closed, description: "Backups of this datastore." },
);

const addresses = Type.Optional(
  Type.Array(Cidr, {
    minItems: 1,
    description:
      "Address ranges behind the name, for network policies: a private endpoint, for instance. Any public address without it.",
    examples: [["10.20.0.0/24"]],
  }),
);

const Topic = Type.Object(
  {
    partitions: Type.Optional(
      Type.Integer({
        minimum: 1,
        expected: "a whole number from 1",
        description:
          "Partitions: as many consumers of one group can share the work. It may grow, never shrink.",
      }),
    ),
    retention: Type.Optional(
      annotate(Duration, {
        description: "Age after which records are deleted; the cluster's default without it.",
      }),
    ),
    compact: Type.Optional(
      Type.Boolean({ description: "Keep the newest record of each key instead of deleting by age." }),
    ),
  },
  { ...closed, description: "A topic of a Kafka cluster." },
);

const fields = {
  version: Type.Optional(
    Type.String({
      pattern: "^[0-9]+(\\.[0-9]+)*$",
      expected: 'a version in quotes, such as "7.4"',
      description: "Version of the engine.",
    }),
  ),
  role: Type.Optional(
    annotate(Type.Enum(["store", "cache"]), {
      description:
        "store: data that must survive, with persistence and backups; cache: data that may be lost, with eviction.",
      flag: "role",
      question: "Store or cache?",
    }),
  ),
  mode: Type.Optional(
    annotate(Type.Enum(DATASTORE_MODES), {
      description:
        "statefulset: the stack runs the server itself; operator: an operator does; external: it runs elsewhere, and services only connect to it.",
    }),
  ),
  host: Type.Optional(
    annotate(DnsName, { description: "Where an external one is reached.", examples: ["db.example.com"] }),
  ),
  hosts: Type.Optional(
    Type.Array(DnsName, {
      minItems: 1,
      uniqueItems: true,
      description: "Further hosts of an external cluster, such as Kafka's other brokers.",
      examples: [["broker-2.example.com", "broker-3.example.com"]],
    }),
  ),
  sasl: Type.Optional(
    annotate(Type.Enum(SASL_MECHANISMS), { description: "How clients log in to an external Kafka." }),
  ),
  port: Type.Optional(
    annotate(Port, { description: "Port of an external one; the engine's own by default." }),
  ),
  addresses,
  tls: Type.Optional(Type.Boolean({ description: "Clients of an external one connect with TLS." })),
  database: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z_][A-Za-z0-9_-]{0,62}$",
      expected: "a database name of letters, digits, '_' and '-'",
      description: "Database in it that the services use; the stack's name by default.",
    }),
  ),
  username: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z_][A-Za-z0-9_-]{0,31}$",
      expected: "a user name of letters, digits, '_' and '-'",
      description: "User as whom the services connect; the stack's name by default.",
    }),
  ),
  replicas: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 15,
      expected: "a whole number from 1",
      description: "Members of the cluster, where the engine has one.",
    }),
  ),
  controllers: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 5,
      expected: "0, 1, 3 or 5",
      description:
        "Nodes of a Kafka cluster that hold its state and no records; 0 has the members do both. Not to be changed once it runs.",
    }),
  ),
  topics: Type.Optional(
    annotate(named(Topic), {
      description: "Topics of a Kafka cluster that an operator runs; with any declared, no others are made.",
    }),
  ),
  storage: Type.Optional(quantity(["8Gi"], "Size of the volume.")),
  storageClass: Type.Optional(
    Type.String({
      pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
      expected: "the name of a StorageClass",
      description: "Storage class; the cluster's default one without it.",
    }),
  ),
  resources: Type.Optional(Resources),
  password: Type.Optional(SecretKey),
  backup: Type.Optional(Schedule),
};

export const Datastore = Type.Object(
  {
    engine: annotate(Type.Enum(ENGINES), {
      description: "What it is.",
      flag: "engine",
      question: "Which engine?",
    }),
    ...fields,
  },
  { ...closed, description: "A datastore of the stack.", def: "Datastore" },
);
export const DatastoreOverrides = Type.Object(fields, {
  ...closed,
  description: "What differs for a datastore here.",
  def: "DatastoreOverrides",
});

export const External = Type.Object(
  {
    host: annotate(DnsName, { description: "DNS name." }),
    port: Type.Optional(annotate(Port, { description: "TCP port.", default: 443 })),
    addresses,
  },
  { ...closed, description: "Something outside of the cluster that services talk to.", def: "External" },
);

export const Secret = Type.Object(
  {
    store: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        expected: "the name of a secret store",
        description: "Name of the External Secrets store.",
      }),
    ),
    storeKind: Type.Optional(
      annotate(Type.Enum(["ClusterSecretStore", "SecretStore"]), { description: "Kind of the store." }),
    ),
    path: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z0-9._/-]+$",
        expected: "a path in the secret store",
        description: "Path in the store; STACK/ENVIRONMENT/NAME by default.",
      }),
    ),
    keys: Type.Array(DataKey, { minItems: 1, uniqueItems: true, description: "Keys to fetch." }),
    refresh: Type.Optional(annotate(Duration, { description: "Time between two looks at the store." })),
  },
  { ...closed, description: "Secret values that External Secrets fetches from a store.", def: "Secret" },
);
export const SecretOverrides = Type.Partial(Secret, { ...closed, def: "SecretOverrides" });

/** The maps of things with names, as a stack declares them and as a layer overrides them. */
export const overridableMaps = {
  datastores: Type.Optional(named(DatastoreOverrides)),
  externals: Type.Optional(named(Type.Partial(External, { ...closed, def: "ExternalOverrides" }))),
  secrets: Type.Optional(named(SecretOverrides)),
};

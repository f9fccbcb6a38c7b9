// Owns: the schema of prod-stack.yaml and platform.yaml as a whole.
// Promises: written once; types, JSON Schema, flags, prompts and the reference page derive from it.
// Must not: hold defaults or rules that look at two fields at once (src/spec/rules).

import { type Static, Type } from "typebox";
import { Datastore, External, overridableMaps, Secret } from "./datastore.js";
import { previewsOf } from "./previews.js";
import { annotate, DnsName, LabelValue, Name, named, Url } from "./scalars.js";
import { Service, ServiceOverrides } from "./service.js";
import { settings } from "./settings.js";
import { Upkeep } from "./upkeep.js";
import { API_VERSION, SWITCHABLE_CAPABILITIES, TIERS } from "./words.js";

const closed = { additionalProperties: false } as const;

/** What a tier, an environment or a cluster may override. */
const overrides = { services: Type.Optional(named(ServiceOverrides)), ...overridableMaps, ...settings };

export const Tier = Type.Object(overrides, {
  ...closed,
  description: "What differs in every environment of this tier.",
  def: "Tier",
});

const server = Type.String({
  pattern: "^https://[^\\s/]+(:[0-9]+)?(/[^\\s]*)?$",
  expected: "the https address of an API server",
  description: "API server of the cluster, as Argo CD knows it.",
});

export const Cluster = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z0-9]([-A-Za-z0-9._]{0,251}[A-Za-z0-9])?$",
        expected: "the name of a cluster in Argo CD",
        description: "The cluster, as Argo CD knows it; this or `server`.",
      }),
    ),
    server: Type.Optional(server),
    domain: Type.Optional(
      annotate(DnsName, {
        description: "Domain below which hosts get their names here; the environment's by default.",
      }),
    ),
    region: Type.Optional(
      annotate(LabelValue, {
        description: "Where the cluster is: a label of its Application, and in the docs.",
      }),
    ),
    ...overrides,
  },
  {
    ...closed,
    description: "One of the clusters of an environment, and what differs in it.",
    def: "Cluster",
  },
);

export const Environment = Type.Object(
  {
    tier: annotate(Type.Enum(TIERS), {
      description: "What it is for; decides replicas, resources and how strict it is.",
      flag: "tier",
      question: "Which tier?",
    }),
    domain: annotate(DnsName, {
      description: "Domain below which hosts get their names.",
      flag: "domain",
      question: "Domain?",
    }),
    namespace: Type.Optional(annotate(Name, { description: "Namespace; STACK-ENVIRONMENT by default." })),
    server: Type.Optional(annotate(server, { default: "https://kubernetes.default.svc" })),
    clusters: Type.Optional(
      named(Cluster, {
        minProperties: 1,
        expected: "at least one cluster",
        description: "Clusters that the environment spans, by name; without them it is in one.",
      }),
    ),
    mesh: Type.Optional(
      annotate(Type.Enum(["cilium-clustermesh"]), {
        description:
          "cilium-clustermesh: the clusters are one mesh, and a service that is down in one is served by the others.",
      }),
    ),
    promotesFrom: Type.Optional(
      annotate(Name, { description: "Environment whose release is promoted to this one." }),
    ),
    ...overrides,
  },
  { ...closed, description: "A place where the stack runs.", def: "Environment" },
);

export const Previews = previewsOf(overrides);

export const StackSpec = Type.Object(
  {
    apiVersion: Type.Enum([API_VERSION], {
      expected: API_VERSION,
      description: "Version of this file's schema.",
    }),
    name: annotate(Name, {
      description: "Name of the stack.",
      flag: "name",
      question: "What is the stack called?",
    }),
    description: Type.Optional(
      Type.String({
        maxLength: 200,
        pattern: "^[^\\r\\n]*$",
        expected: "one line of at most 200 characters",
        description: "One sentence for the docs.",
      }),
    ),
    owner: Type.Optional(
      annotate(Name, {
        description: "Team that owns the stack, as a group of the identity provider.",
        flag: "owner",
        question: "Which team owns it?",
      }),
    ),
    source: Type.Object(
      {
        url: annotate(Url, {
          description: "Git address of the generated repository.",
          flag: "source-url",
          question: "Git address of this repository?",
        }),
        revision: Type.Optional(
          Type.String({
            pattern: "^[A-Za-z0-9][A-Za-z0-9._/-]*$",
            expected: "a branch or tag",
            description: "Branch that Argo CD follows.",
            default: "main",
            flag: "source-revision",
          }),
        ),
        path: Type.Optional(
          Type.String({
            pattern: "^(\\.|[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)$",
            expected: "a path inside the repository, such as stacks/shop",
            description: "Directory of this stack in the repository.",
            default: ".",
            flag: "source-path",
          }),
        ),
      },
      { ...closed, description: "Where the generated repository lives." },
    ),
    services: named(Service, {
      minProperties: 1,
      expected: "at least one service",
      description: "What the stack runs: its services, by name.",
      flag: "service-name",
      question: "What is the service called?",
    }),
    datastores: Type.Optional(
      named(Datastore, {
        description: "Datastores of the stack, by name.",
        flag: "datastore",
        question: "What is the datastore called?",
      }),
    ),
    externals: Type.Optional(named(External, { description: "Things outside of the cluster, by name." })),
    secrets: Type.Optional(named(Secret, { description: "Secrets, by name." })),
    ...settings,
    catalog: Type.Optional(
      Type.Enum(["declare", "reference"], {
        description:
          "declare: catalog-info.yaml declares a Component for each service; reference: the applications' own repositories register Components of the services' names, and it only refers to them.",
        default: "declare",
      }),
    ),
    capabilities: Type.Optional(
      Type.Object(
        Object.fromEntries(SWITCHABLE_CAPABILITIES.map((id) => [id, Type.Optional(Type.Boolean())])),
        { ...closed, description: "Capabilities that are switched off; `explain` lists them." },
      ),
    ),
    tiers: Type.Optional(
      Type.Object(
        { development: Type.Optional(Tier), staging: Type.Optional(Tier), production: Type.Optional(Tier) },
        { ...closed, description: "Overrides by tier." },
      ),
    ),
    environments: named(Environment, {
      minProperties: 1,
      expected: "at least one environment",
      description: "Places where the stack runs, by name.",
      flag: "environment",
      question: "Which environments?",
    }),
    previews: Type.Optional(Previews),
    upkeep: Type.Optional(Upkeep),
  },
  { ...closed, title: "prod-stack.yaml", description: "One source of truth for a production-ready stack." },
);

export const PlatformSpec = Type.Object(
  { apiVersion: Type.Optional(Type.Enum([API_VERSION])), ...settings },
  { ...closed, title: "platform.yaml", description: "What all stacks of a company share." },
);

export type StackSpec = Static<typeof StackSpec>;
export type PlatformSpec = Static<typeof PlatformSpec>;
export type ServiceSpec = Static<typeof Service>;
export type DatastoreSpec = Static<typeof Datastore>;
export type EnvironmentSpec = Static<typeof Environment>;
export type ClusterSpec = Static<typeof Cluster>;
export type PreviewsSpec = Static<typeof Previews>;
export type TierName = (typeof TIERS)[number];
export type EnvValueSpec = string | { readonly secret: string; readonly key: string };

// Owns: what the form asks, on which page, in which order; what is only asked after another answer.
// Promises: names fields of the schema and nothing else about them; titles alone are said here, where the schema has no question.
// Must not: repeat types, patterns, descriptions or choices: derive-form.mjs takes them from the schema.

/** Types that listen. */
const SERVING = ["web-api", "web-frontend", "grpc-service", "stateful-service", "proxy", "third-party"];

const container = {
  runtime: "whole",
  image: "whole",
  ports: "whole",
  uses: "names",
  env: "whole",
  resources: { requests: ["cpu", "memory"], limits: ["cpu", "memory"] },
};
const scaled = { replicas: "whole", scaling: ["min", "max", "cpu", "memory"] };

const services = {
  fields: { type: "whole", description: "whole" },
  after: {
    field: "type",
    cases: [
      { values: SERVING, fields: { ...container, expose: ["host", "path", "rateLimit"], ...scaled } },
      { values: ["worker", "load-generator"], fields: { ...container, ...scaled } },
      { values: ["job"], fields: { ...container, before: "whole" } },
      { values: ["scheduled-job"], fields: { ...container, schedules: ["cron", "timeZone"] } },
      { values: ["model"], fields: { serving: "whole", framework: "whole", storage: "whole", ...container } },
    ],
  },
};

const datastores = {
  fields: {
    engine: "whole",
    version: "whole",
    role: "whole",
    storage: "whole",
    backup: ["schedule", "timeZone", "retention"],
    mode: "whole",
  },
  after: {
    field: "mode",
    cases: [
      { values: ["statefulset", "operator"], fields: { storageClass: "whole" } },
      {
        values: ["external"],
        fields: { host: "whole", port: "whole", tls: "whole", database: "whole", username: "whole" },
      },
    ],
  },
};

/** `repository` on a page stands for the host and the address, which Backstage's own picker asks. */
export const PAGES = [
  {
    title: "What",
    required: ["name", "owner"],
    fields: { name: "whole", description: "whole", owner: "whole" },
  },
  { title: "Where", repository: true, fields: { source: ["revision", "path"] } },
  { title: "Services", required: ["services"], fields: { services } },
  {
    title: "Datastores",
    fields: { datastores, externals: ["host", "port"], secrets: ["store", "path", "keys"] },
  },
  {
    title: "Environments",
    required: ["environments"],
    fields: { environments: ["tier", "domain", "namespace", "promotesFrom"] },
  },
  {
    title: "Options",
    more: true,
    fields: {
      kubernetes: "whole",
      logLevel: "whole",
      gateway: ["implementation", "mode"],
      monitoring: ["prometheus", "namespace"],
      secretStore: ["name", "kind"],
      backup: { store: { s3: ["bucket", "region", "endpoint"] } },
    },
  },
];

export const TITLES = {
  env: "Environment variables",
  kubernetes: "Kubernetes",
  s3: "S3",
  cpu: "CPU",
  tls: "TLS",
  promotesFrom: "Promotes from",
  source: "Branch and directory",
};

/** Hosts of the pickers; a company puts its own here. */
export const HOSTS = { github: ["github.com"], gitlab: ["gitlab.com"] };

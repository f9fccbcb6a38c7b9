// Owns: the schema of a service in prod-stack.yaml.
// Promises: the fields that layers may override are the fields that a service has, less what makes it that service.
// Must not: hold defaults; those are the tables of src/stack/presets.

import { Type } from "typebox";
import { Placement } from "./placement.js";
import {
  annotate,
  Cidr,
  DnsName,
  Duration,
  EnvName,
  Image,
  mapOf,
  named,
  Path,
  Port,
  PortName,
  quantity,
  Rate,
} from "./scalars.js";
import { Scaling, ScalingOverrides, Vertical } from "./scaling.js";
import { CONNECTION_PARTS, RUNTIMES, SERVICE_TYPES } from "./words.js";

const closed = { additionalProperties: false } as const;

const Amounts = Type.Object(
  {
    cpu: Type.Optional(quantity(["100m", "2"], "CPU cores.")),
    memory: Type.Optional(quantity(["256Mi", "1Gi"], "Memory.")),
    "ephemeral-storage": Type.Optional(
      quantity(["64Mi", "1Gi"], "Scratch space on the node, logs included."),
    ),
  },
  { ...closed, def: "Amounts" },
);

export const Resources = Type.Object(
  { requests: Type.Optional(Amounts), limits: Type.Optional(Amounts) },
  { ...closed, description: "What the container asks for and may use at most.", def: "Resources" },
);

/** A literal value, or where a secret value lives. */
export const EnvValue = Type.Unsafe<string | { secret: string; key: string }>({
  anyOf: [
    { type: "string" },
    {
      type: "object",
      properties: { secret: { type: "string" }, key: { type: "string" } },
      required: ["secret", "key"],
      additionalProperties: false,
    },
  ],
  expected: 'a string (quote numbers and booleans: "100", "true") or { secret: NAME, key: KEY }',
});

export const Env = mapOf(EnvValue, EnvName, "an environment variable name: letters, digits and _", {
  description: "Environment variables: literal values, or { secret, key } for values that live in a secret.",
});

const Probe = Type.Object(
  {
    path: Type.Optional(
      annotate(Path, { description: "HTTP path; without it the port is only connected to." }),
    ),
    port: Type.Optional(
      Type.String({
        pattern: PortName,
        expected: "the name of a port of this service",
        description: "Name of the port.",
      }),
    ),
    period: Type.Optional(annotate(Duration, { description: "Time between two probes." })),
    timeout: Type.Optional(annotate(Duration, { description: "Time after which a probe has failed." })),
    failures: Type.Optional(
      Type.Integer({
        minimum: 1,
        expected: "a whole number from 1",
        description: "Failures in a row that count.",
      }),
    ),
  },
  { ...closed, def: "Probe" },
);

const Uses = Type.Object(
  {
    port: Type.Optional(
      Type.String({
        pattern: PortName,
        expected: "the name of a port of the used service",
        description: "Which port of the used service; its first one by default.",
      }),
    ),
    env: Type.Optional(
      mapOf(
        Type.String({ pattern: EnvName, expected: "an environment variable name" }),
        `^(${CONNECTION_PARTS.join("|")})$`,
        `one of ${CONNECTION_PARTS.join(", ")}`,
        {
          description:
            "Names of the environment variables that carry the connection: host, port, url, username, password …",
        },
      ),
    ),
  },
  {
    ...closed,
    description:
      "A service, datastore or external that this one talks to; policies, settings and docs derive from it.",
    def: "Use",
  },
);

const Expose = Type.Object(
  {
    host: Type.Optional(
      annotate(DnsName, {
        description:
          "Host name; one label is completed with the environment's domain. The stack's name by default.",
        flag: "host",
        question: "Host name?",
      }),
    ),
    path: Type.Optional(annotate(Path, { description: "Path prefix on that host.", default: "/" })),
    port: Type.Optional(
      Type.String({
        pattern: PortName,
        expected: "the name of a port of this service",
        description: "Port to route to; the first one by default.",
      }),
    ),
    rateLimit: Type.Optional(annotate(Rate, { description: "Requests per client; more are answered 429." })),
    timeout: Type.Optional(annotate(Duration, { description: "Time for a request at the edge." })),
    allow: Type.Optional(
      Type.Array(Cidr, { description: "Client ranges that may connect; all by default." }),
    ),
    cors: Type.Optional(
      Type.Object(
        {
          origins: Type.Array(
            Type.String({
              pattern: "^(https?://[^\\s/]+|\\*)$",
              expected: "an origin such as https://app.example.com",
            }),
            { minItems: 1 },
          ),
          methods: Type.Optional(
            Type.Array(Type.Enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])),
          ),
          headers: Type.Optional(
            Type.Array(Type.String({ pattern: "^[A-Za-z0-9-]+$", expected: "a header name" })),
          ),
          credentials: Type.Optional(Type.Boolean()),
        },
        { ...closed, description: "Cross-origin requests that browsers may make." },
      ),
    ),
    contentSecurityPolicy: Type.Optional(
      Type.String({
        pattern: "^[\\x20-\\x7e]+$",
        expected: "a Content-Security-Policy in one line",
        description: "Only the application knows it, so there is no default.",
      }),
    ),
  },
  { ...closed, description: "How the world reaches the service.", def: "Expose" },
);

const fields = {
  description: Type.Optional(
    Type.String({
      description: "One sentence for the docs.",
      maxLength: 200,
      pattern: "^[^\\r\\n]*$",
      expected: "one line of at most 200 characters",
    }),
  ),
  command: Type.Optional(Type.Array(Type.String(), { description: "Replaces the image's entry point." })),
  args: Type.Optional(Type.Array(Type.String(), { description: "Arguments of the entry point." })),
  ports: Type.Optional(
    mapOf(Port, PortName, "a port name: a-z, 0-9 and '-', at most 15 characters", {
      description: "Ports that the container listens on, by name.",
      examples: [{ http: 8080 }],
      flag: "port",
      question: "Which port does it listen on?",
    }),
  ),
  uses: Type.Optional(
    named(Uses, {
      description: "Everything that this service talks to, by name.",
      flag: "uses",
      question: "What does it talk to?",
    }),
  ),
  expose: Type.Optional(Expose),
  env: Type.Optional(Env),
  replicas: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      expected: "a whole number between 1 and 1000",
      description: "Pods, where nothing scales them.",
    }),
  ),
  scaling: Type.Optional(Scaling),
  vertical: Type.Optional(Vertical),
  resources: Type.Optional(Resources),
  probes: Type.Optional(
    Type.Object(
      { startup: Type.Optional(Probe), readiness: Type.Optional(Probe), liveness: Type.Optional(Probe) },
      { ...closed, description: "How Kubernetes sees that the service has started, can serve, and lives." },
    ),
  ),
  metrics: Type.Optional(
    Type.Object(
      {
        path: Type.Optional(Path),
        port: Type.Optional(
          Type.String({ pattern: PortName, expected: "the name of a port of this service" }),
        ),
        interval: Type.Optional(Duration),
      },
      { ...closed, description: "Where Prometheus finds the service's own metrics." },
    ),
  ),
  writable: Type.Optional(
    mapOf(quantity(["64Mi"], "Upper limit."), "^/[^\\s:]+$", "an absolute path without ':', such as /tmp", {
      description:
        "Directories that the process writes to, with their size limit; the rest of the file system is read-only.",
    }),
  ),
  user: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 4294967294,
      expected: "a user id that is not 0",
      description: "Numeric user and group that the process runs as.",
    }),
  ),
  shutdown: Type.Optional(
    Type.Object(
      {
        delay: Type.Optional(
          annotate(Duration, {
            description: "Time between the end signal and leaving, so that load balancers forget the pod.",
          }),
        ),
        grace: Type.Optional(
          annotate(Duration, { description: "Time in all before the process is killed." }),
        ),
      },
      { ...closed, description: "Graceful shutdown." },
    ),
  ),
  pullSecrets: Type.Optional(
    Type.Array(
      Type.String({ pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", expected: "the name of a Secret" }),
      { description: "Secrets with the registry's credentials." },
    ),
  ),
  priorityClass: Type.Optional(
    Type.String({ pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", expected: "the name of a PriorityClass" }),
  ),
  placement: Type.Optional(Placement),
  hostUsers: Type.Optional(
    Type.Boolean({
      description:
        "false: a user namespace of its own, so that no id of the container is one of the node (stable since Kubernetes 1.36; nodes with Linux 6.3 and containerd 2.0).",
    }),
  ),
  apiAccess: Type.Optional(
    Type.Boolean({
      description: "The process calls the Kubernetes API: its token is mounted.",
      default: false,
    }),
  ),
  slo: Type.Optional(
    Type.Object(
      {
        availability: Type.Optional(
          Type.Number({
            exclusiveMinimum: 0,
            exclusiveMaximum: 100,
            expected: "a percentage such as 99.9",
            description: "Share of requests that must not fail.",
          }),
        ),
        latency: Type.Optional(
          annotate(Duration, { description: "Time that 95 % of the requests must stay under." }),
        ),
      },
      { ...closed, description: "Service level objective." },
    ),
  ),
};

const identity = {
  type: annotate(Type.Enum(SERVICE_TYPES), {
    description: "What kind of service it is; decides most defaults.",
    flag: "service-type",
    question: "What kind of service is it?",
  }),
  runtime: Type.Optional(
    annotate(Type.Enum(RUNTIMES), {
      description: "What it is written in; decides probes, metrics and writable paths.",
      default: "generic",
      flag: "runtime",
      question: "What does it run on?",
    }),
  ),
  image: annotate(Image, {
    description: "Image repository; a tag in it seeds the first release.",
    flag: "image",
    question: "Container image?",
  }),
};

export const Service = Type.Object(
  { ...identity, ...fields },
  { ...closed, description: "One deployable of the stack.", def: "Service" },
);
const overridableFields = { ...fields, scaling: Type.Optional(ScalingOverrides) };

export const ServiceOverrides = Type.Object(overridableFields, {
  ...closed,
  description: "What differs for a service here.",
  def: "ServiceOverrides",
});

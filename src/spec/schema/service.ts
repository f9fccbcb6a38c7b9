// Owns: the schema of a service in prod-stack.yaml.
// Promises: the fields that layers may override are the fields that a service has, less what makes it that service.
// Must not: hold defaults; those are the tables of src/stack/presets.

import { Type } from "typebox";
import { containerFields } from "./container.js";
import { Expose } from "./exposure.js";
import { Placement } from "./placement.js";
import { podFields, podOverrides } from "./pod.js";
import { annotate, Duration, EnvName, Image, mapOf, named, Path, PortName } from "./scalars.js";
import { Scaling, ScalingOverrides, Vertical } from "./scaling.js";
import { CONNECTION_PARTS, RUNTIMES, SERVICE_TYPES } from "./words.js";

const closed = { additionalProperties: false } as const;

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

const fields = {
  description: Type.Optional(
    Type.String({
      description: "One sentence for the docs.",
      maxLength: 200,
      pattern: "^[^\\r\\n]*$",
      expected: "one line of at most 200 characters",
    }),
  ),
  ...containerFields,
  ...podFields,
  uses: Type.Optional(
    named(Uses, {
      description: "Everything that this service talks to, by name.",
      flag: "uses",
      question: "What does it talk to?",
    }),
  ),
  expose: Type.Optional(Expose),
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
  image: Type.Optional(
    annotate(Image, {
      description:
        "Image repository; a tag in it seeds the first release. Only a model that KServe serves has none.",
      flag: "image",
      question: "Container image?",
    }),
  ),
};

export const Service = Type.Object(
  { ...identity, ...fields },
  { ...closed, description: "One deployable of the stack.", def: "Service" },
);
/** A layer may give one bound of the autoscaling and leave the others to those below; it may declare a service of its own. */
const overridableFields = {
  ...Type.Partial(Type.Object(identity)).properties,
  ...fields,
  ...podOverrides,
  scaling: Type.Optional(ScalingOverrides),
};

export const ServiceOverrides = Type.Object(overridableFields, {
  ...closed,
  description: "What differs for a service here; with `type` and `image`, a service that is only here.",
  def: "ServiceOverrides",
});

// Owns: the schema of what every container may say: the service's own, its sidecars and its init containers.
// Promises: the same words for all of them.
// Must not: hold defaults; those are the tables of src/stack/presets.

import { Type } from "typebox";
import { annotate, Duration, EnvName, mapOf, Path, Port, PortName, quantity } from "./scalars.js";

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
    exec: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        expected: "a command and its arguments, such as [cat, /tmp/ready]",
        description: "Command whose success is the answer; no port is asked then.",
      }),
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

/** Absolute, without what would name the same place twice. */
export const PathKey = "^(/[^\\s:/]+)+$";
export const PATH_EXPECTED = "an absolute path without ':', such as /tmp";

const user = (what: string, description: string) =>
  Type.Integer({ minimum: 1, maximum: 4294967294, expected: `a ${what} id that is not 0`, description });

/** What a service says of its own container, and each of its other containers of itself. */
export const containerFields = {
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
  env: Type.Optional(Env),
  resources: Type.Optional(Resources),
  probes: Type.Optional(
    Type.Object(
      { startup: Type.Optional(Probe), readiness: Type.Optional(Probe), liveness: Type.Optional(Probe) },
      { ...closed, description: "How Kubernetes sees that the container has started, can serve, and lives." },
    ),
  ),
  writable: Type.Optional(
    mapOf(quantity(["64Mi"], "Upper limit."), PathKey, PATH_EXPECTED, {
      description:
        "Directories that the process writes to, with their size limit; the rest of the file system is read-only.",
    }),
  ),
  user: Type.Optional(user("user", "Numeric user that the process runs as.")),
  group: Type.Optional(
    user("group", "Numeric group that the process runs as; the user's number by default."),
  ),
  capabilities: Type.Optional(
    Type.Array(Type.Enum(["NET_BIND_SERVICE"]), {
      description: "Linux capabilities that are added back; Pod Security restricted knows this one only.",
    }),
  ),
};

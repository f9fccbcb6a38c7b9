// Owns: the scalar types of prod-stack.yaml: names, quantities, durations, schedules, references.
// Promises: each says in `expected` what a person should write; the parser's errors quote it.
// Must not: know which field uses them. Runs when the package is built, not when it runs.

import { type TSchema, Type } from "typebox";

/** What a schema may carry beside JSON Schema's own words; read by errors, flags, prompts and the reference page. */
export interface Annotations {
  /** One sentence: what the field is for. */
  readonly description?: string;
  /** What a valid value looks like, quoted in errors after "expected". */
  readonly expected?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** Its command-line flag, without dashes; only simple answers have one. */
  readonly flag?: string;
  /** Its question at a terminal. */
  readonly question?: string;
  /** Name under which the schema stands once in `$defs`, however often it is used. */
  readonly def?: string;
  readonly minProperties?: number;
}

function text(pattern: string, expected: string, more: Annotations & { maxLength?: number } = {}) {
  return Type.String({ pattern, expected, ...more });
}

/** A copy of a schema with further annotations; the type stays. */
export function annotate<S extends TSchema>(schema: S, annotations: Annotations): S {
  return Object.assign(Object.create(Object.getPrototypeOf(schema)), schema, annotations);
}

/** RFC 1123 label, as Kubernetes asks of most names. */
const NAME_PATTERN = "^[a-z]([-a-z0-9]{0,51}[a-z0-9])?$";
const NAME_EXPECTED = "a DNS label: a-z, 0-9 and '-', starting with a letter, at most 53 characters";
export const Name = text(NAME_PATTERN, NAME_EXPECTED);

/** A port's name: IANA_SVC_NAME, at most 15 characters. */
export const PortName = "^(?!.*--)[a-z]([-a-z0-9]{0,13}[a-z0-9])?$";

export const DnsName = text(
  "^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
  "a DNS name in lower case, such as api.example.com",
  { maxLength: 253 },
);

export const Url = text("^(https://|ssh://|git@)[^\\s]+$", "a git address: https://…, ssh://… or git@…");

export const Image = text(
  // The length comes first: backtracking over a long text that almost matches takes minutes.
  "^(?=.{1,512}$)[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[a-f0-9]{64})?$",
  "an image reference: registry/repository, with an optional :tag that seeds the first release",
);

/** A Kubernetes quantity; a bare number is taken as written. */
export function quantity(examples: string[], description: string) {
  return Type.Unsafe<string | number>({
    type: ["string", "number"],
    pattern: "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$",
    minimum: 0,
    expected: `a Kubernetes quantity such as ${examples.join(" or ")}`,
    examples,
    description,
  });
}

export const Duration = text("^[1-9][0-9]*(ms|s|m|h|d|w)$", "a duration such as 30s, 5m, 1h or 30d");

export const Cron = text(
  "^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|\\S+( +\\S+){4})$",
  'a cron schedule of five fields, such as "0 2 * * *"',
);

export const Rate = text("^[1-9][0-9]*/(s|min|h)$", "requests per time: 100/min, 10/s or 5000/h");

export const Path = text("^/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$", "an absolute path such as /api");

export const Port = Type.Integer({
  minimum: 1,
  maximum: 65535,
  expected: "a port number between 1 and 65535",
});

const OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const CIDR4 = `(${OCTET}\\.){3}${OCTET}/(3[0-2]|[12]?[0-9])`;
const CIDR6 =
  "(?=.{4,43}$)(?!.*:::|.*::.*::|:[^:]|.*[^:]:/)(?=.*::|([^:]*:){7}[^:]*$)([0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}/(12[0-8]|1[01][0-9]|[1-9]?[0-9])";
export const Cidr = text(`^(${CIDR4}|${CIDR6})$`, "an address range such as 10.0.0.0/16 or fd00::/64");

/** Environment variable names as the API server takes them since 1.30, less the exotic ones. */
export const EnvName = "^[A-Za-z_][A-Za-z0-9_.-]*$";

/** The value of a Kubernetes label. */
export const LabelValue = text(
  "^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$",
  "a label value: at most 63 letters, digits, '-', '_' and '.'",
);

/** A key of a Secret or ConfigMap. */
export const DataKey = text("^[A-Za-z0-9._-]{1,253}$", "a key of letters, digits, '-', '_' and '.'");

/** A map whose keys are names that the user chooses. */
export function mapOf<S extends TSchema>(
  value: S,
  keys: string,
  keyExpected: string,
  annotations: Annotations = {},
) {
  return Type.Unsafe<Record<string, import("typebox").Static<S>>>({
    type: "object",
    additionalProperties: value,
    propertyNames: { pattern: keys, expected: keyExpected },
    ...annotations,
  });
}

/** A map keyed by DNS labels: services, datastores, environments … */
export function named<S extends TSchema>(value: S, annotations: Annotations = {}) {
  return mapOf(value, NAME_PATTERN, NAME_EXPECTED, annotations);
}

export const OBJECT_NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

/** The name of an object that the platform has. */
export const objectName = (description: string) =>
  Type.String({
    pattern: OBJECT_NAME,
    maxLength: 253,
    expected: "the name of a Kubernetes object",
    description,
  });

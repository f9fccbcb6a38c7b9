// Owns: what each OpenAPI `format` of Kubernetes means, as a bound or a pattern.
// Promises: no `format` is left in a written schema, so that no validator can ignore or reinterpret one.
// Must not: know where a format stands in a schema.

const HEX = "[0-9A-Fa-f]{1,4}";
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
// RFC 4291, section 2.2: full form, one run of zeroes as "::", and an IPv4 tail.
const IPV6 = [
  `(?:${HEX}:){7}${HEX}`,
  `(?:${HEX}:){1,7}:`,
  ...[1, 2, 3, 4, 5, 6].map((tail) => `(?:${HEX}:){1,${7 - tail}}(?::${HEX}){1,${tail}}`),
  `:(?::${HEX}){1,7}`,
  "::",
  `(?:${HEX}:){6}${IPV4}`,
  `::(?:${HEX}:){0,5}${IPV4}`,
  ...[1, 2, 3, 4].map((tail) => `(?:${HEX}:){1,${5 - tail}}(?::${HEX}){1,${tail}}:${IPV4}`),
  `(?:${HEX}:){1,5}:${IPV4}`,
].join("|");
const BASE64 = "[A-Za-z0-9+/][\\r\\n]*";
const PAD = "=[\\r\\n]*";
const DURATION_UNIT =
  "(?:ns|nano|nanos|nanosecond|nanoseconds|us|µs|μs|micro|micros|microsecond|microseconds" +
  "|ms|milli|millis|millisecond|milliseconds|s|sec|secs|second|seconds|m|min|mins|minute|minutes" +
  "|h|hr|hour|hours|d|day|days|w|wk|week|weeks)";

/** RFC 3339, as `metav1.Time` is parsed (`time.RFC3339`). */
const DATE_TIME =
  "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]" +
  "(?:\\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$";

/** `resource.Quantity`; the expression that controller-gen writes into every CustomResourceDefinition. */
export const QUANTITY_PATTERN =
  "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

/** Constraints per format. int64 is bound as exactly as a double can say it: 2^63 itself still passes. */
const CONSTRAINTS: Readonly<Record<string, { pattern?: string; minimum?: number; maximum?: number }>> = {
  int32: { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  int64: { minimum: -(2 ** 63), maximum: 2 ** 63 },
  double: {},
  // Go's encoding/json ignores line breaks inside base64.
  byte: {
    pattern: `^[\\r\\n]*(?:(?:${BASE64}){4})*(?:(?:${BASE64}){2}(?:${PAD}){2}|(?:${BASE64}){3}${PAD})?$`,
  },
  "date-time": { pattern: DATE_TIME },
  // k8s.io/kube-openapi strfmt.ParseDuration: a Go duration, or numbers with spelled-out units.
  duration: {
    pattern: `^[+-]?(?:0|(?:(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)$|^(?:[0-9]+\\s*${DURATION_UNIT}\\s*)+$`,
  },
  ipv4: { pattern: `^${IPV4}$` },
  ipv6: { pattern: `^(?:${IPV6})$` },
  cidr: { pattern: `^(?:${IPV4}/(?:3[0-2]|[12]?[0-9])|(?:${IPV6})/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))$` },
  // Not among the formats that an API server knows (apiextensions-apiserver, validation/formats.go): it ignores it.
  "idn-hostname": {},
};

/**
 * The constraints that a format stands for.
 * @throws Error for a format that no one has looked at yet.
 */
export function constraintsOfFormat(format: string): {
  pattern?: string;
  minimum?: number;
  maximum?: number;
} {
  const constraints = CONSTRAINTS[format];
  if (constraints === undefined) throw new Error(`unknown format "${format}": decide what it means`);
  return constraints;
}

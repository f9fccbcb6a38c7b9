// Owns: checking one object against its schema, for machines without kubeconform.
// Promises: accepts and refuses what kubeconform -strict does with the same schemas; never skips an unknown kind.
// Must not: read files, or judge what a schema cannot say (selectors that match nothing, cron, PromQL).
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { describeViolation, formatPath } from "./describe-violation.js";
import { type ArchivedKind, findKind, type SchemaArchive } from "./schema-archive.js";

/** One thing that is wrong with an object. */
export interface SchemaFinding {
  /** `missing-schema`: nothing was checked. `not-an-object`: not a Kubernetes object at all. */
  readonly rule: "schema" | "missing-schema" | "not-an-object";
  /** Dotted path, e.g. `spec.containers[0].image`; empty for the object itself. */
  readonly path: string;
  readonly message: string;
  /** What would have been right, in words. */
  readonly expected: string;
}

/**
 * Checks an object. A `v1` `List` stands for its items, as for kubectl and kubeconform.
 * @param object a parsed manifest
 * @param kubernetes minor version, e.g. `1.37`
 * @returns every finding; none means that the schema of the kind accepts the object
 */
export function checkAgainstSchema(
  object: unknown,
  kubernetes: string,
  archive: SchemaArchive,
): SchemaFinding[] {
  if (!isKubernetesObject(object)) return [notAnObject];
  if (object.kind === "List" && object.apiVersion === "v1") return checkItems(object, kubernetes, archive);
  const found = findKind(archive, { ...object, kubernetes });
  if (found === undefined) return [missingSchema(object, kubernetes, archive)];
  const validate = compiled(archive, found.index);
  return validate(object) ? [] : describeErrors(validate.errors ?? [], object);
}

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly items?: unknown;
}

const notAnObject: SchemaFinding = {
  rule: "not-an-object",
  path: "",
  message: "is no Kubernetes object",
  expected: "a mapping with the strings apiVersion and kind",
};

function isKubernetesObject(value: unknown): value is KubernetesObject {
  if (typeof value !== "object" || value === null) return false;
  const { apiVersion, kind } = value as Partial<KubernetesObject>;
  return typeof apiVersion === "string" && typeof kind === "string";
}

function checkItems(list: KubernetesObject, kubernetes: string, archive: SchemaArchive): SchemaFinding[] {
  if (!Array.isArray(list.items)) {
    return [{ rule: "schema", path: "items", message: "is missing", expected: "a list of objects" }];
  }
  return list.items.flatMap((item, index) =>
    checkAgainstSchema(item, kubernetes, archive).map((finding) => ({
      ...finding,
      path: formatPath(["items", index], finding.path),
    })),
  );
}

function missingSchema(object: KubernetesObject, kubernetes: string, archive: SchemaArchive): SchemaFinding {
  const { apiVersion, kind } = object;
  const group = (reference: string) => (reference.includes("/") ? reference.split("/")[0] : "");
  const served = archive.kinds
    .filter((known) => known.kind === kind && group(known.apiVersion) === group(apiVersion))
    .filter((known) => known.kubernetes?.includes(kubernetes) ?? true);
  return {
    rule: "missing-schema",
    path: "",
    message: `no schema for ${apiVersion} ${kind} in Kubernetes ${kubernetes}: it was not checked`,
    expected: expectedVersions(served, kubernetes, archive),
  };
}

function expectedVersions(
  served: readonly ArchivedKind[],
  kubernetes: string,
  archive: SchemaArchive,
): string {
  if (!archive.kubernetesVersions.includes(kubernetes)) {
    return `a Kubernetes version among ${archive.kubernetesVersions.join(", ")}`;
  }
  const versions = [...new Set(served.map(({ apiVersion }) => apiVersion))];
  return versions.length > 0 ? `apiVersion ${versions.join(" or ")}` : "a kind that the archive knows";
}

/** Compiled validators: compiling takes far longer than checking, and a repository repeats its kinds. */
const validators = new WeakMap<SchemaArchive, Map<number, ValidateFunction>>();

function compiled(archive: SchemaArchive, index: number): ValidateFunction {
  const known = validators.get(archive) ?? new Map<number, ValidateFunction>();
  validators.set(archive, known);
  const validate = known.get(index) ?? compile(archive.schemaText(index));
  known.set(index, validate);
  return validate;
}

function compile(schemaText: string): ValidateFunction {
  // One instance per kind, so that their definitions cannot meet. The schemas hold no `format`: see
  // projenrc/schemas/format-patterns.ts. Compiling is what takes the time: inlining would write each shared part out
  // again, and optimising costs more than the few objects of a repository give back (measured: 1.8 s against 0.8 s
  // for ten kinds).
  const code = { optimize: false };
  const options = { allErrors: true, strict: false, validateSchema: false, verbose: true, inlineRefs: false };
  return new Ajv({ ...options, code }).compile(JSON.parse(schemaText) as object);
}

function describeErrors(errors: readonly ErrorObject[], object: unknown): SchemaFinding[] {
  const findings = withoutBranches(errors).map((error) => ({
    rule: "schema" as const,
    ...describeViolation(error, object),
  }));
  const seen = new Set<string>();
  return findings.filter(({ path, message }) => {
    const key = `${path}: ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** A failed anyOf or oneOf also reports why each branch failed; the sum of it says more than the parts. */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const branching = errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  return errors.filter(
    (error) =>
      !branching.some((parent) => error !== parent && error.schemaPath.startsWith(`${parent.schemaPath}/`)),
  );
}

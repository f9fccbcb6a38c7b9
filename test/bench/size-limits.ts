// Owns: whether every object of a rendered tree is of a size, and has names, that the API server and Argo CD take.
// Promises: each limit with its source; what is too large is named with its size.
// Must not: render.

import { parseAllDocuments } from "yaml";
import type { FileTree } from "../../src/render/file-tree.js";

const KIB = 1024;

/** validation.TotalAnnotationSizeLimitB in apimachinery. */
const ANNOTATIONS = 256 * KIB;
/** validation.MaxSecretSize, which ConfigMaps have too. */
const CONFIG_MAP = 1024 * KIB;
/** etcd's --max-request-bytes, less what the API server adds. */
const OBJECT = 1400 * KIB;
/** Half of a ConfigMap: the Prometheus Operator makes one of each rule (pkg/operator/rules.go). */
const RULES = 512 * KIB;
/** A label's value, and what becomes one or a DNS label. */
const LABEL = 63;
/** A CronJob's jobs and a StatefulSet's revisions end in 11 characters more. */
const WITH_SUFFIX = 52;

const NAMES: Readonly<Record<string, number>> = {
  CronJob: WITH_SUFFIX,
  Deployment: LABEL,
  Job: LABEL,
  Namespace: LABEL,
  Service: LABEL,
  StatefulSet: WITH_SUFFIX,
};

interface Manifest {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: unknown;
}

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value ?? {}));

function faultsOf(path: string, manifest: Manifest): string[] {
  const { kind = "", metadata = {}, data } = manifest;
  const { name = "", labels = {}, annotations } = metadata;
  const found = (is: boolean, what: string) => (is ? [`${path}: ${kind}/${name} ${what}`] : []);
  return [
    ...found(sizeOf(annotations) > ANNOTATIONS, `has annotations of ${sizeOf(annotations)} bytes`),
    ...found(kind === "ConfigMap" && sizeOf(data) > CONFIG_MAP, `holds ${sizeOf(data)} bytes`),
    ...found(kind === "PrometheusRule" && sizeOf(manifest) > RULES, `is of ${sizeOf(manifest)} bytes`),
    ...found(sizeOf(manifest) > OBJECT, `is of ${sizeOf(manifest)} bytes`),
    ...found(name.length > (NAMES[kind] ?? 253), `has a name of ${name.length} characters`),
    ...Object.entries(labels).flatMap(([key, value]) =>
      found(String(value).length > LABEL, `has the label ${key} of ${String(value).length} characters`),
    ),
  ];
}

/** Files of a generated ConfigMap: those that a kustomization names together. */
function generatedFaults(tree: FileTree): string[] {
  const sizes = new Map(tree.map(({ path, contents }) => [path, Buffer.byteLength(contents)]));
  return tree
    .filter(({ path }) => path.endsWith("kustomization.yaml"))
    .flatMap(({ path, contents }) => {
      const directory = path.slice(0, path.lastIndexOf("/") + 1);
      const [document] = parseAllDocuments(contents);
      const { configMapGenerator = [] } = (document?.toJS() ?? {}) as {
        configMapGenerator?: readonly {
          name: string;
          files?: readonly string[];
          literals?: readonly string[];
        }[];
      };
      return configMapGenerator.flatMap(({ name, files = [], literals = [] }) => {
        const total = files.reduce(
          (sum, file) => sum + (sizes.get(`${directory}${file.split("=").at(-1)}`) ?? 0),
          sizeOf(literals),
        );
        return total > CONFIG_MAP ? [`${path}: ConfigMap/${name} holds ${total} bytes`] : [];
      });
    });
}

/** Everything that would be refused, as text; and how much was looked at. */
export function sizeFaults(tree: FileTree): { readonly faults: string[]; readonly objects: number } {
  const manifests = tree
    .filter(({ path }) => /^(base|overlays|clusters|bootstrap|monitoring)\/.*\.yaml$/.test(path))
    .filter(({ path }) => !path.endsWith("kustomization.yaml"))
    .flatMap(({ path, contents }) =>
      parseAllDocuments(contents, { logLevel: "silent" }).map((document) => [path, document.toJS()] as const),
    )
    .filter((entry): entry is readonly [string, Manifest] => typeof entry[1]?.kind === "string");
  return {
    faults: [...manifests.flatMap(([path, manifest]) => faultsOf(path, manifest)), ...generatedFaults(tree)],
    objects: manifests.length,
  };
}

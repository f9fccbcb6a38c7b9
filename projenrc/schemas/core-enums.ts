// Owns: the enums of the built-in types, which swagger.json has only as prose.
// Promises: finds each `Enum:` of zz_generated.openapi.go with the type and field it belongs to.
// Must not: guess: a line it cannot place is an error.

/** One field with a closed set of values. */
export interface FieldEnum {
  /** Name of the type as swagger.json has it, e.g. `io.k8s.api.core.v1.Container`. */
  readonly definition: string;
  readonly field: string;
  /** Whether the values are those of the field itself, or of what its list or map holds. */
  readonly at: "field" | "elements";
  readonly values: readonly string[];
}

/**
 * Reads the generated Go source. It is formatted by gofmt, so the depth of a line is its count of tabs.
 * @throws Error for an enum at a place that is not understood.
 */
export function readFieldEnums(source: string): FieldEnum[] {
  const enums: FieldEnum[] = [];
  let definition: string | undefined;
  let field: string | undefined;
  for (const line of source.split("\n")) {
    const type = /^func (schema_\w+)\(/.exec(line)?.[1];
    if (type !== undefined) {
      definition = definitionName(type);
      field = undefined;
    }
    field = /^\t{5}"([^"]+)": \{$/.exec(line)?.[1] ?? field;
    const found = /^(\t+)Enum: +\[\]interface\{\}\{(.*)\},$/.exec(line);
    if (!found && /^\t+Enum:/.test(line)) throw new Error(`unreadable enum: ${line.trim()}`);
    if (!found || definition === undefined) continue;
    if (field === undefined) throw new Error(`an enum of ${definition} stands outside a field`);
    enums.push({
      definition,
      field,
      at: depthToPlace(found[1]?.length, definition),
      values: JSON.parse(`[${found[2]}]`),
    });
  }
  return enums;
}

function depthToPlace(tabs: number | undefined, definition: string): FieldEnum["at"] {
  if (tabs === 7) return "field";
  if (tabs === 10) return "elements";
  throw new Error(`an enum of ${definition} stands at an unknown depth (${tabs} tabs)`);
}

/** `schema_k8sio_api_core_v1_Container` → `io.k8s.api.core.v1.Container`; undefined for types not in swagger.json. */
function definitionName(goFunction: string): string | undefined {
  const built = /^schema_k8sio_api_(\w+)_(v\w+?)_(\w+)$/.exec(goFunction);
  if (built) return `io.k8s.api.${built[1]}.${built[2]}.${built[3]}`;
  const extension = /^schema_pkg_apis_apiextensions_(v\w+?)_(\w+)$/.exec(goFunction);
  if (extension) {
    return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${extension[1]}.${extension[2]}`;
  }
  const machinery = /^schema_pkg_apis_meta_(v\w+?)_(\w+)$/.exec(goFunction);
  return machinery ? `io.k8s.apimachinery.pkg.apis.meta.${machinery[1]}.${machinery[2]}` : undefined;
}

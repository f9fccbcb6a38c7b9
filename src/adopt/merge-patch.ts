// Owns: what Kustomize's patches do to an object: strategic merge by the usual keys, and JSON 6902.
// Promises: pure; what a patch does not fit is left alone.
// Must not: be taken for Kustomize: it is for reading a repository where no kustomize is at hand.

import { asRecord, type Values } from "../validate/values.js";

/** By what Kubernetes tells the items of a list apart (patchMergeKey of core/v1). */
const KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  env: "name",
  volumes: "name",
  ports: "containerPort",
  volumeMounts: "mountPath",
  imagePullSecrets: "name",
};

/** Merges a patch into an object, as kubectl does. */
export function mergePatch(old: unknown, patch: unknown, field = ""): unknown {
  if (Array.isArray(patch)) return mergeList(old, patch, KEYS[field]);
  if (patch === null || typeof patch !== "object") return patch;
  const { $patch, ...changes } = patch as Record<string, unknown>;
  if ($patch === "replace") return changes;
  const result: Record<string, unknown> = { ...asRecord(old) };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value, key);
  }
  return result;
}

function mergeList(old: unknown, patch: readonly unknown[], key: string | undefined): unknown {
  const isKeyed = key !== undefined && patch.every((item) => asRecord(item)[key] !== undefined);
  if (!Array.isArray(old) || !isKeyed) return patch;
  const result = [...old];
  for (const item of patch) {
    const wanted = asRecord(item)[key];
    const index = result.findIndex((one) => asRecord(one)[key] === wanted);
    if (asRecord(item).$patch === "delete") {
      if (index >= 0) result.splice(index, 1);
    } else if (index < 0) result.push(mergePatch(undefined, item));
    else result[index] = mergePatch(result[index], item);
  }
  return result;
}

/** Applies add, replace and remove of RFC 6902; anything else leaves the object as it is. */
export function applyOperations(data: Values, operations: readonly unknown[]): Values {
  return operations.reduce<Values>((result, operation) => {
    const { op, path, value } = asRecord(operation);
    if (typeof path !== "string" || !path.startsWith("/")) return result;
    const steps = path
      .slice(1)
      .split("/")
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (op !== "add" && op !== "replace" && op !== "remove") return result;
    return asRecord(setAt(result, steps, { op, value }));
  }, data);
}

function setAt(
  from: unknown,
  [step = "", ...rest]: readonly string[],
  change: { readonly op: "add" | "replace" | "remove"; readonly value: unknown },
): unknown {
  if (Array.isArray(from)) return setInList(from, step, rest, change);
  if (from !== undefined && (from === null || typeof from !== "object")) return from;
  const result: Record<string, unknown> = { ...asRecord(from) };
  if (rest.length > 0) result[step] = setAt(result[step] ?? {}, rest, change);
  else if (change.op === "remove") delete result[step];
  else result[step] = change.value;
  return result;
}

function setInList(
  list: readonly unknown[],
  step: string,
  rest: readonly string[],
  change: { readonly op: "add" | "replace" | "remove"; readonly value: unknown },
): unknown {
  const index = step === "-" ? list.length : Number(step);
  if (!Number.isInteger(index) || index < 0 || index > list.length) return list;
  const result = [...list];
  if (rest.length > 0) result[index] = setAt(result[index], rest, change);
  else if (change.op === "add") result.splice(index, 0, change.value);
  else result.splice(index, 1, ...(change.op === "remove" ? [] : [change.value]));
  return result;
}

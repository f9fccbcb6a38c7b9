// Owns: PersistentVolumeClaims of services whose pods share them.
// Promises: neither Argo CD nor a mistake in git deletes one.
// Must not: make those of StatefulSets; their templates do.

import type { ServiceAcross } from "../../stack/across-environments.js";
import type { Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { labelsOf } from "../labels.js";
import { layeredObject } from "../layered-object.js";
import { changeOf } from "./about.js";

function claimsOf(service: Service | undefined) {
  return service === undefined || service.kind === "StatefulSet"
    ? []
    : service.volumes.filter(({ kind }) => kind === "claim");
}

function viewOf(service: Service | undefined, volume: string, stack: Stack) {
  const claim = claimsOf(service).find(({ name }) => name === volume);
  if (service === undefined || claim === undefined) return undefined;
  return {
    name: claim.source,
    service: service.name,
    volume,
    labels: labelsOf(stack, service.name, service.component),
    // A claim is bound when its first pod comes: in an earlier wave Argo CD would wait for it for ever.
    wave: String(service.wave),
    size: claim.size,
    mode: claim.mode,
    storageClass: claim.storageClass,
  };
}

export function claims(stack: Stack, { name, base, inEnvironment }: ServiceAcross): FileSpec[] {
  const places = [base, ...stack.environments.map(inEnvironment)].flatMap(claimsOf);
  const unique = new Map(places.map((claim) => [claim.name, claim.source]));
  return [...unique].sort().flatMap(([volume, source]) =>
    layeredObject(stack, {
      object: { apiVersion: "v1", kind: "PersistentVolumeClaim", name: source },
      directory: `base/${name}`,
      fileName: "claim.yaml",
      ownDirectory: false,
      template: "workload/claim.yaml",
      about: {
        what: `The volume ${volume} of ${name}.`,
        why: "Data that outlives the pods.",
        standard: "Kubernetes docs, Persistent Volumes",
        change: changeOf(name),
      },
      base: viewOf(base, volume, stack),
      inEnvironment: (environment) => viewOf(inEnvironment(environment), volume, stack),
      patch: (_environment, view) => ({ template: "workload/claim.patch.yaml", view }),
    }),
  );
}

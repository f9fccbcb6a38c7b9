// Owns: what differs between two previews: names, hosts, images of the commit, in Argo CD's template language.
// Promises: the place's namespace and hosts stand nowhere in a preview's objects but in the fields that are patched here.
// Must not: know single gateways; each says itself where it names hosts.

import { PREVIEW_NUMBER } from "../../stack/previews.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { exposedServices, type PlacedField } from "../exposure/implementation.js";
import { IMPLEMENTATIONS } from "../exposure/implementations.js";

/** Name of an Application, and of its namespace. */
export function previewName(stack: Stack, repository: string, number: string): string {
  return `${stack.name}-${repository}-pr-${number}`;
}

/** The tag with Argo CD's names of the commit. */
export function tagOf(tag: string): string {
  return tag.replace("{sha}", "{{ .head_sha }}").replace("{short-sha}", "{{ .head_short_sha_7 }}");
}

/** A text that holds the place's number, for one repository. */
export function numbered(stack: Stack, text: string, repository: string, number: string): string {
  return text
    .replaceAll(`${stack.name}-${PREVIEW_NUMBER}`, previewName(stack, repository, number))
    .replaceAll(`-${PREVIEW_NUMBER}`, `-${repository}-pr-${number}`);
}

/** One patch for each object, with a line for each field. */
export function placedPatches(stack: Stack, place: Environment, repository: string) {
  if (stack.disabled.includes("exposure")) return [];
  const { placed } = IMPLEMENTATIONS[place.settings.gateway.implementation];
  const fields = exposedServices(place.services).flatMap((service) => placed(stack, service, place));
  const objects = new Map<string, PlacedField[]>();
  for (const field of fields) {
    const key = `${field.kind}/${field.name}`;
    objects.set(key, [...(objects.get(key) ?? []), field]);
  }
  return [...objects.values()].map((own) => ({
    kind: own[0]?.kind ?? "",
    object: own[0]?.name ?? "",
    operations: own.map(({ path, value }) => ({
      path,
      value: JSON.parse(numbered(stack, JSON.stringify(value), repository, "{{ .number }}")),
    })),
  }));
}

// Owns: a document of an older version of the schema as one of today's.
// Promises: every step on the way, in order; a version that no way leads from is left alone.
// Must not: validate.

import { type Document, isMap, isScalar } from "yaml";
import { SPEC_FORMAT } from "./index.js";
import type { Migrated, Migration, SpecFormat } from "./migration.js";

/** The migrations from a version to the current one; undefined where there is no way, none where it is current. */
export function wayFrom(
  version: unknown,
  { current, migrations }: SpecFormat,
): readonly Migration[] | undefined {
  const way: Migration[] = [];
  let at = version;
  while (at !== current) {
    const next = migrations.find(({ from }) => from === at);
    if (next === undefined || way.includes(next)) return undefined;
    way.push(next);
    at = next.to;
  }
  return way;
}

export function versionOf(document: Document): unknown {
  return isMap(document.contents) ? document.get("apiVersion") : undefined;
}

/** Edits the document; undefined where it is of today's version, or of one that nobody knows. */
export function migrateDocument(document: Document, format: SpecFormat): Migrated | undefined {
  const from = versionOf(document);
  const way = wayFrom(from, format);
  if (way === undefined || way.length === 0) return undefined;
  for (const { edit, to } of way) {
    edit(document);
    setVersion(document, to);
  }
  return { from: String(from), to: format.current, steps: way.flatMap(({ steps }) => steps) };
}

function setVersion(document: Document, version: string): void {
  const node = document.get("apiVersion", true);
  if (isScalar(node)) node.value = version;
  else document.set("apiVersion", version);
}

const NUMBERED = /^prod-stack\/v(\d+)/;

/** Whether a version that nobody knows is of a program yet to come. */
export function isNewerSpec(version: string, { current }: SpecFormat = SPEC_FORMAT): boolean {
  return numberOf(version) > numberOf(current);
}

function numberOf(version: string): number {
  return Number(NUMBERED.exec(version)?.[1] ?? Number.NaN);
}

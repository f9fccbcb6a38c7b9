// Owns: the text of a spec of any known version as a document of today's, for who reads and who edits it.
// Promises: what a migration left alone stands where it stood in the text.
// Must not: validate.

import type { Document } from "yaml";
import { SpecDocument } from "../spec-document.js";
import { SPEC_FORMAT } from "./index.js";
import { migrateDocument, versionOf, wayFrom } from "./migrate-document.js";
import type { Migrated, SpecFormat } from "./migration.js";

export interface ReadDocument {
  readonly source: SpecDocument;
  /** What had to be done to it; undefined for a document of today's version. */
  readonly migrated: Migrated | undefined;
}

export function readDocument(file: string, text: string, format: SpecFormat = SPEC_FORMAT): ReadDocument {
  const source = SpecDocument.parse(file, text);
  if (source.problems.length > 0 || !isOld(source.document, format)) return { source, migrated: undefined };
  let migrated: Migrated | undefined;
  const edited = SpecDocument.parseEdited(file, text, (document) => {
    migrated = migrateDocument(document, format);
  });
  return { source: edited, migrated };
}

function isOld(document: Document | undefined, format: SpecFormat): boolean {
  if (document === undefined) return false;
  return (wayFrom(versionOf(document), format)?.length ?? 0) > 0;
}

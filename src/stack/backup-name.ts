// Owns: what the backup of a datastore is called.
// Promises: never changes: it is the name of objects, of their pods' label, and in alerts.
// Must not: derive anything else.

/** Name of the pods of a datastore's backup. */
export function backupName(datastore: string): string {
  return `${datastore}-backup`;
}

// Owns: what people have changed in files that the generator keeps current, since they were last rendered.
// Promises: pure; line ends are no edit; seeded files and releases are never edits.
// Must not: judge; every one of these is kept.

import { chooseRecords } from "./choose-records.js";
import type { State } from "./state.js";
import type { DiskFile, Snapshot } from "./write-plan.js";

export interface Edit {
  readonly path: string;
  readonly kind: "edited" | "mode" | "deleted" | "replaced";
  /** As last rendered; undefined where that is lost. */
  readonly before: string | undefined;
  /** As it is; undefined where there is no text. */
  readonly after: string | undefined;
}

export function findEdits(state: State, snapshot: Snapshot): Edit[] {
  const managed = [...chooseRecords(state, snapshot).values()].filter(
    ({ ownership }) => ownership === "managed",
  );
  return managed.flatMap(({ path, hash, mode }) => {
    const disk = snapshot.files.get(path);
    const kind = kindOf(disk, hash, mode);
    return kind === undefined
      ? []
      : [{ path, kind, before: snapshot.bases.get(hash), after: disk?.contents }];
  });
}

function kindOf(disk: DiskFile | undefined, hash: string, mode: number): Edit["kind"] | undefined {
  if (disk === undefined) return "deleted";
  if (disk.kind !== "text" && disk.kind !== "binary") return "replaced";
  if (disk.textHash !== hash) return "edited";
  return disk.executable === (mode === 0o755) ? undefined : "mode";
}

// Owns: what the plan says of files that were renamed or split, and of what they became.
// Promises: edits go with their lines; where they do not fit, the old file stays and names the new ones.
// Must not: look for moves.

import type { Move } from "./follow-moves.js";
import type { PlannedFile } from "./write-plan.js";

type Change = readonly [path: string, change: Partial<PlannedFile>];

export function applyMoves(files: readonly PlannedFile[], moves: readonly Move[]): PlannedFile[] {
  const changes = new Map(moves.flatMap(changesOf));
  return files.map((file) => ({ ...file, ...changes.get(file.path) }));
}

function changesOf(move: Move): Change[] {
  const { from, to, isDeleted } = move;
  const created = to.filter(({ path }) => path !== from.path);
  if (isDeleted) {
    const reason = `you deleted it as ${from.path}, stays deleted`;
    return created.map(({ path }): Change => [path, { action: "keep", reason, contents: undefined }]);
  }
  return created.length < to.length ? splitOff(move) : moved(move);
}

/** The old file is still there, with a part of what it was. */
function splitOff({ from, to, merged }: Move): Change[] {
  if (merged === undefined) return [];
  return to.map(({ path }, index): Change => {
    const contents = merged[index];
    return path === from.path
      ? [path, { action: "merge", reason: "your edits and the generator's", contents }]
      : [path, { reason: `was a part of ${from.path}; your edits are in it`, contents }];
  });
}

function moved({ from, to, merged, mode }: Move): Change[] {
  const names = to.map(({ path }) => path).join(" and ");
  if (merged === undefined) {
    const reason = `became ${names}, where your edits do not fit: carry them over, then delete it`;
    return [[from.path, { action: "conflict", reason }]];
  }
  return [
    [from.path, { action: "delete", reason: `became ${names}, with your edits` }],
    ...to.map(
      ({ path }, index): Change => [
        path,
        {
          reason: `was ${from.path}; your edits are in it`,
          contents: merged[index],
          ...(mode === undefined ? {} : { mode }),
        },
      ],
    ),
  ];
}

// Owns: a conflict as people and tools expect to see it: markers around the lines that differ.
// Promises: without the markers and one of the sides it is exactly the other side; a marked region holds nothing that both share.
// Must not: decide.

import { diffArrays } from "diff";
import { splitLines } from "./merge-text.js";

const OURS = "<<<<<<< yours\n";
const BETWEEN = "=======\n";
const THEIRS = ">>>>>>> generated\n";

/** From a merge whose conflicts are decided for one side, and the same decided for the other. */
export function withMarkers(ours: string, theirs: string): string {
  const result: string[] = [];
  let mine: readonly string[] = [];
  let other: readonly string[] = [];
  const close = () => {
    if (mine.length > 0 || other.length > 0)
      result.push(OURS, ...ended(mine), BETWEEN, ...ended(other), THEIRS);
    mine = [];
    other = [];
  };
  const changes = diffArrays(splitLines(ours), splitLines(theirs), { maxEditLength: 2000 });
  if (changes === undefined) return [OURS, ended([ours]), BETWEEN, ended([theirs]), THEIRS].flat().join("");
  for (const { value, added, removed } of changes) {
    if (removed) mine = value;
    else if (added) other = value;
    else {
      close();
      result.push(value.join(""));
    }
  }
  close();
  return result.join("");
}

/** A marker stands on a line of its own, also after a last line that has no end. */
function ended(lines: readonly string[]): string[] {
  const text = lines.join("");
  return [text === "" || text.endsWith("\n") ? text : `${text}\n`];
}

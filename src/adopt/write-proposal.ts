// Owns: facts → text of a prod-stack.yaml, with a comment where something was assumed.
// Promises: canonical order; a comment is on the line of its value and names the place; pure.
// Must not: judge; parseSpec reads what comes out.

import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, Scalar, type YAMLMap } from "yaml";
import { writeSpec } from "../spec/edit-spec.js";
import { dataOf, type Facts, leavesOf } from "./facts.js";
import { visible } from "./manifest.js";
import { withPlace } from "./place-facts.js";

const HEADER = ` Proposed by create-prod-stack adopt from the manifests of this repository. Lines with "adopt:" say what was assumed, and from
 where: look at each, mend it, and take the comment away. This file is the one to edit from now on.`;

export function writeProposal(facts: Facts): string {
  const document = parseDocument(writeSpec(dataOf(facts)));
  for (const { path, fact } of leavesOf(facts)) {
    const note = withPlace(fact);
    if (note !== undefined) comment(document.contents as YAMLMap, path, ` adopt: ${visible(note, 300)}`);
  }
  // Below the line by which editors find the schema, which goes in front when the file is written.
  document.commentBefore = HEADER;
  return document.toString({ lineWidth: 0 });
}

/** On the value's own line; a map in braces would break around it, so that the maps on the way get lines of their own. */
function comment(root: YAMLMap, path: readonly string[], text: string): void {
  let map: YAMLMap = root;
  for (const [index, key] of path.entries()) {
    map.flow = false;
    const pair = map.items.find((one) => isScalar(one.key) && String(one.key.value) === key);
    if (pair === undefined) return;
    if (index === path.length - 1) attach(pair as Pair<Node, Node | null>, text);
    if (index === path.length - 1 || !isMap(pair.value)) return;
    map = pair.value;
  }
}

function attach(pair: Pair<Node, Node | null>, text: string): void {
  const { value } = pair;
  if (isScalar(value) && !String(value.value).includes("\n")) value.comment = text;
  else if (isScalar(value)) pair.key.commentBefore = text;
  else if (isMap(value) || isSeq(value)) {
    // A list or an empty map in one line has its comment behind it.
    value.flow = true;
    value.comment = text;
  } else pair.value = Object.assign(new Scalar(null), { comment: text });
}

// Owns: what a version of Kubernetes removes, as lines for people.
// Promises: each object once, with its places and what to write instead; what the data knows is said.
// Must not: print, or decide.

import type { RemovalReport, RemovedObject } from "../../validate/index.js";
import { paint, type Terminal } from "../terminal.js";
import { count } from "./tree-report.js";

export function removalLines(report: RemovalReport, terminal: Terminal): string[] {
  const { kubernetes, known, objects, unbuilt, places } = report;
  const removed = objects.filter(({ state }) => state === "removed").length;
  const verdict =
    removed === 0
      ? `Kubernetes ${kubernetes} removes nothing of what ${count(places, "place")} apply.`
      : `Kubernetes ${kubernetes} does not have ${count(removed, "object")} of these: write the newer version first.`;
  return [
    ...objects.map((object) => lineOf(object, terminal)),
    ...unbuilt.map(({ place, message }) => `  ${paint(terminal, "red", "unbuilt")}     ${place}: ${message}`),
    paint(terminal, removed > 0 ? "red" : "green", verdict),
    ...(report.isBeyond
      ? [
          `What is known is of Kubernetes ${known}: what it had announced for ${kubernetes} is in this, and nothing later.`,
        ]
      : []),
  ];
}

function lineOf({ state, id, apiVersion, places, file, message }: RemovedObject, terminal: Terminal): string {
  const word = paint(terminal, state === "removed" ? "red" : "yellow", state.padEnd(10));
  const where = file === undefined ? "" : ` (${file})`;
  return `  ${word}  ${id}${where} in ${places.join(", ")}: ${apiVersion} ${message}`;
}

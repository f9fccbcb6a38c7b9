// Owns: what a plan does to the cluster, as lines for people.
// Promises: what is lost or replaced first; ordinary changes as a count.
// Must not: print, or decide.

import type { Effect, Impact, ObjectChange } from "../../impact/index.js";
import { paint, type Style, type Terminal } from "../terminal.js";
import { count } from "./tree-report.js";

const STYLES: Readonly<Record<Effect, Style>> = {
  delete: "red",
  replace: "red",
  rename: "red",
  unscale: "yellow",
  restart: "yellow",
  create: "green",
  update: "cyan",
};

/** Effects that get a line each, gravest first. */
const SHOWN: readonly Effect[] = ["delete", "replace", "rename", "unscale", "restart"];

export function impactLines({ changes, gaps }: Impact, terminal: Terminal): string[] {
  const shown = SHOWN.flatMap((effect) => changes.filter((change) => change.effect === effect));
  const lines = shown.map((change) => line(change, terminal));
  const rest = (["create", "update"] as const)
    .map((effect) => [effect, changes.filter((change) => change.effect === effect).length] as const)
    .filter(([, number]) => number > 0)
    .map(([effect, number]) => `${count(number, "object")} to ${effect}`);
  const others =
    rest.length === 0 ? [] : [`  ${rest.join(", ")}${shown.length > 0 ? " besides" : ", no pod restarts"}`];
  const notes = gaps.map((gap) => `  not compared: ${gap}`);
  return changes.length + gaps.length === 0 ? [] : ["In the cluster:", ...lines, ...others, ...notes];
}

function line({ effect, place, id, reason, isStateful }: ObjectChange, terminal: Terminal): string {
  const data = isStateful ? " (holds data)" : "";
  return `  ${paint(terminal, STYLES[effect], effect.padEnd(8))}  ${place}  ${id}${data}: ${reason}`;
}

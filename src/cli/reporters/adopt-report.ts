// Owns: a proposal for a repository that nobody generated, as lines for people and as JSON.
// Promises: what is assumed, what is left and what to do stand beside what is gained; nothing of it is invisible in a terminal.
// Must not: print, or decide.

import type { ComparedRow, Remark, StackProposal } from "../../adopt/index.js";
import { paint, type Style, type Terminal, widthOf, wrap } from "../terminal.js";
import { count } from "./tree-report.js";

export interface AdoptionView {
  readonly proposal: StackProposal;
  readonly rows: readonly ComparedRow[];
  /** How overlays were read. */
  readonly notes: readonly string[];
}

export function adoptionLines({ proposal, rows, notes }: AdoptionView, terminal: Terminal): string[] {
  const { scenes, text, leftAsIs, warnings, unread } = proposal;
  const objects = new Set(
    scenes.flatMap(({ place }) => place.objects.map(({ id, group }) => `${group} ${id}`)),
  );
  return [
    `Read ${count(objects.size, "object")} in ${count(scenes.length, "environment")}: ${scenes.map(({ place }) => place.name).join(", ")}.`,
    ...notes,
    "",
    title("The prod-stack.yaml that would be", terminal),
    ...text
      .trimEnd()
      .split("\n")
      .map((line) => `  ${shown(line)}`),
    "",
    title("The checklist, today and afterwards", terminal),
    ...rows.flatMap((row) => rowLines(row, terminal)),
    summaryLine(rows),
    ...section("Left as it is", leftAsIs, terminal),
    ...section("Not read", unread, terminal),
    ...section("Before you switch over", [...warnings, ...EVERYWHERE], terminal),
  ];
}

/** What every first deployment of a generated repository meets. */
const EVERYWHERE: readonly Remark[] = [
  {
    what: "Containers run as another user than root, and their root file systems are read-only: give user and writable where an image needs it",
  },
  { what: "In production nothing may talk to anything but what uses says: look whether every edge is there" },
];

function title(text: string, terminal: Terminal): string {
  return paint(terminal, "bold", text);
}

/** Comments and values come from files of somebody else's. */
function shown(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function section(name: string, remarks: readonly Remark[], terminal: Terminal): string[] {
  if (remarks.length === 0) return [];
  return [
    "",
    title(name, terminal),
    ...remarks.map((remark) => `  - ${wrap(remarkText(remark), widthOf(terminal), "    ")}`),
  ];
}

function remarkText({ what, origin }: Remark): string {
  const place = origin === undefined ? "" : `${origin.file}:${origin.line}`;
  return shown(place === "" || what.includes(place) ? what : `${what} (${place})`);
}

const STYLES: Readonly<Record<ComparedRow["change"], Style>> = {
  gained: "green",
  kept: "cyan",
  lost: "red",
  open: "dim",
};

function rowLines({ id, title: what, before, after, change }: ComparedRow, terminal: Terminal): string[] {
  const states = `${before.state.padEnd(11)}  ${after.state.padEnd(18)}`;
  const head = `  ${id}  ${paint(terminal, STYLES[change], states)}  ${what}`;
  const isQuiet = before.state === "not visible" && after.state !== "met";
  if (isQuiet) return [head];
  const evidence = [
    before.evidence === "" ? "" : `today: ${before.evidence}`,
    after.evidence === "" ? "" : `afterwards: ${after.evidence}`,
  ].filter((part) => part !== "");
  const body = wrap(shown(evidence.join("; ")), widthOf(terminal), " ".repeat(10));
  return [head, `          ${paint(terminal, "dim", body)}`];
}

function summaryLine(rows: readonly ComparedRow[]): string {
  const number = (holds: (row: ComparedRow) => boolean) => rows.filter(holds).length;
  const today = number(({ before }) => before.state === "yes");
  const parts = number(({ before }) => before.state === "partly");
  const after = number(({ after: { state } }) => state === "met" || state === "page");
  const lost = rows.filter(({ change }) => change === "lost").map(({ id }) => id);
  const loss = lost.length === 0 ? "" : ` Not carried over: ${lost.join(", ")}.`;
  return `  Of ${rows.length} rows ${today} are met today and ${parts} in part; ${after} afterwards.${loss}`;
}

/** For scripts; every answer with the place that it comes from. */
export function adoptionJson({ proposal, rows, notes }: AdoptionView): Record<string, unknown> {
  const { text, origins, leftAsIs, warnings, unread, scenes } = proposal;
  const placed = ({ what, origin }: Remark) => ({
    what,
    ...(origin === undefined ? {} : { file: origin.file, line: origin.line }),
  });
  return {
    spec: text,
    environments: scenes.map(({ place: { name, tier } }) => ({ name, tier })),
    notes,
    answers: origins.map(({ path, origin, note }) => ({
      path,
      ...(origin === undefined ? {} : { file: origin.file, line: origin.line }),
      ...(note === undefined ? {} : { assumed: note }),
    })),
    checklist: rows,
    leftAsIs: leftAsIs.map(placed),
    notRead: unread.map(placed),
    warnings: warnings.map(placed),
  };
}

// Owns: pairs of edits of generated files: one by a person, one by a new version of the template.
// Promises: files of the five examples; half of the pairs change the same few lines; the same pairs for the same seed.
// Must not: know the merge.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { renderText } from "../../render/build-stacks.js";
import type { MergeCase } from "../git-merge-file.js";
import { Dice, type Edit } from "./lines.js";
import { JSON_PEOPLE, JSON_TEMPLATES, TEXT_PEOPLE, TEXT_TEMPLATES } from "./other-edits.js";
import { PEOPLE, TEMPLATES } from "./yaml-edits.js";

const EXAMPLES = new URL("../../../examples", import.meta.url).pathname;

export interface EditPair extends MergeCase {
  readonly path: string;
  readonly format: "yaml" | "json" | "text";
  readonly person: string;
  readonly template: string;
  /** Line ends or the end of the file changed, too. */
  readonly form: "LF" | "CRLF" | "no EOL";
}

interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

function generatedFiles(): GeneratedFile[] {
  return readdirSync(EXAMPLES).flatMap((name) => {
    const { tree } = renderText(readFileSync(join(EXAMPLES, name, "prod-stack.yaml"), "utf8"));
    return tree
      .filter(({ ownership, contents }) => ownership === "managed" && contents.length < 60_000)
      .map(({ path, contents }) => ({ path, text: contents }));
  });
}

const KINDS = [
  { format: "yaml", ends: /\.ya?ml$/, people: PEOPLE, templates: TEMPLATES, weight: 1 },
  { format: "json", ends: /\.json$/, people: JSON_PEOPLE, templates: JSON_TEMPLATES, weight: 2 },
  { format: "text", ends: /\.(sh|md|conf|sql)$/, people: TEXT_PEOPLE, templates: TEXT_TEMPLATES, weight: 2 },
] as const;

/** `perClass` pairs of each person's edit with each template's change, where the files have a place for both. */
export function editPairs(perClass: number, seed: number): EditPair[] {
  const files = generatedFiles();
  const dice = new Dice(seed);
  return KINDS.flatMap(({ format, ends, people, templates, weight }) => {
    const ofKind = files.filter(({ path }) => ends.test(path));
    return Object.entries(people as Readonly<Record<string, Edit>>).flatMap(([person, edit]) =>
      Object.entries(templates as Readonly<Record<string, Edit>>).flatMap(([template, change]) => {
        const pairs: EditPair[] = [];
        for (let tries = 0; pairs.length < perClass * weight && tries < perClass * weight * 12; tries += 1) {
          const pair = tryPair(dice.of(ofKind), edit, change, dice, pairs.length % 2 === 0);
          if (pair !== undefined) pairs.push({ ...pair, format, person, template });
        }
        return pairs;
      }),
    );
  });
}

function tryPair(
  { path, text }: GeneratedFile,
  edit: Edit,
  change: Edit,
  dice: Dice,
  isClose: boolean,
): Pick<EditPair, "path" | "form" | "base" | "ours" | "theirs"> | undefined {
  const lines = text.trimEnd().split("\n");
  const near = dice.below(lines.length);
  const mine = edit(lines, near, dice);
  const other = change(
    lines,
    isClose ? Math.max(0, Math.min(lines.length - 1, near + dice.below(5) - 2)) : dice.below(lines.length),
    dice,
  );
  if (mine === undefined || other === undefined) return undefined;
  if (!isValid(path, mine) || !isValid(path, other)) return undefined;
  const form = dice.of(["LF", "LF", "LF", "LF", "LF", "LF", "LF", "LF", "CRLF", "no EOL"] as const);
  const forms = { LF: `${mine.join("\n")}\n`, CRLF: `${mine.join("\r\n")}\r\n`, "no EOL": mine.join("\n") };
  const pair = { path, form, base: text, ours: forms[form], theirs: `${other.join("\n")}\n` };
  return pair.ours === text || pair.theirs === text ? undefined : pair;
}

/** An edit that breaks its file is nobody's: the next try is another file. */
function isValid(path: string, lines: readonly string[]): boolean {
  if (!/\.ya?ml$/.test(path)) return true;
  return parseAllDocuments(lines.join("\n"), { uniqueKeys: true }).every(({ errors }) => errors.length === 0);
}

// Owns: the text of prod-stack.yaml that a projen project stands for: the file, with the answers of the code in it.
// Promises: the file stays the whole truth, so that every verb sees what the code says; comments in it stay.
// Must not: write.

import { basename } from "node:path";
import { editSpec, readSpecDraft, type SpecDraft, type SpecEdit, StackError } from "../../index.js";
import { labelOf, withAnswer } from "../answers/draft.js";
import { draftText } from "../answers/draft-text.js";
import { draftFromFlags } from "../answers/from-flags.js";
import { parseArguments } from "../parse-arguments.js";
import { inspectDirectory, type TargetDirectory } from "../place/target-directory.js";
import { note, type Terminal } from "../terminal.js";
import { completeAnswers } from "./complete-answers.js";
import { assumedLines, placed } from "./create.js";
import { parsedPlatform, readPlatform } from "./stack-files.js";

/** What the constructor of the project was given. */
export interface CodeAnswers {
  /** Keys of prod-stack.yaml. */
  readonly answers: SpecDraft;
  /** Of `create-prod-stack`, for a first prod-stack.yaml. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  /** `projen new` runs. */
  readonly isNew: boolean;
}

export interface SpecText {
  readonly text: string;
  /** It is not what the file says: answers of the code differ. */
  readonly isEdited: boolean;
}

/** @throws StackError (input) for flags that come too late, and what any answer can be wrong in */
export async function specText(code: CodeAnswers, terminal: Terminal): Promise<SpecText> {
  const target = inspectDirectory(terminal.cwd);
  if (target.spec === undefined) return { text: await seeded(code, target, terminal), isEdited: false };
  const said = Object.keys(code.flags).sort();
  if (said.length > 0)
    throw new StackError("input", "SEEDED", `--${said.join(", --")}: there is a prod-stack.yaml already`, {
      hint: "Say it there, or as its keys in the options of ProdStackProject.",
    });
  // `projen new` names every project after its directory.
  const { name: _, ...unnamed } = code.answers;
  const wanted = code.isNew ? { ...unnamed, upkeep: { door: "projen" } } : code.answers;
  const edits = missingIn(readSpecDraft(target.spec, "prod-stack.yaml").data, wanted);
  if (edits.length === 0) return { text: target.spec, isEdited: false };
  return { text: editSpec(target.spec, edits), isEdited: true };
}

async function seeded(
  { answers, flags }: CodeAnswers,
  target: TargetDirectory,
  terminal: Terminal,
): Promise<string> {
  const { name, ...others } = answers;
  const words = Object.entries(flags).flatMap(([flag, values]) =>
    values.map((value) => `--${flag}=${value}`),
  );
  // The directory's name may have to become a DNS label, which the default does.
  const named = name === undefined || name === basename(target.path) ? [] : [`--name=${name}`];
  const args = await parseArguments(["--yes", ...named, ...words]);
  const { draft, assumed } = await completeAnswers(placed(draftFromFlags(args, others), target), {
    args,
    terminal,
    context: { name: labelOf(basename(target.path)), optional: true },
    source: { args, file: undefined },
    platform: parsedPlatform(readPlatform(args, target.path, terminal)),
    confirm: undefined,
  });
  for (const line of assumedLines(assumed, terminal)) note(terminal, line);
  return draftText(withAnswer(draft, ["upkeep", "door"], "projen"), undefined);
}

function isMap(value: unknown): value is SpecDraft {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The least edits after which the data says what is wanted. */
function missingIn(data: unknown, wanted: unknown, path: readonly string[] = []): SpecEdit[] {
  if (isMap(wanted) && isMap(data) && Object.keys(wanted).length > 0)
    return Object.entries(wanted).flatMap(([key, value]) => missingIn(data[key], value, [...path, key]));
  return JSON.stringify(data) === JSON.stringify(wanted) ? [] : [{ path, value: wanted }];
}

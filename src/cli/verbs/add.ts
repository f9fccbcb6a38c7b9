// Owns: `create-prod-stack add service|datastore|environment NAME`: an edit of prod-stack.yaml, then the plan.
// Promises: the user's comments and order stay; what is there already is refused.
// Must not: render or plan; the core does.

import { didYouMean, readSpecDraft, StackError } from "../../index.js";
import { refusal } from "../answers/check-answers.js";
import { withUse } from "../answers/datastore-questions.js";
import {
  type Draft,
  entriesOf,
  type FlowContext,
  type Pending,
  withAnswer,
  withDecision,
} from "../answers/draft.js";
import { draftText } from "../answers/draft-text.js";
import { serviceFields, withSettings } from "../answers/from-flags.js";
import { type Arguments, isOn, listOf, textOf } from "../parse-arguments.js";
import { confirmQuestion } from "../prompts/interview.js";
import { print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { completeAnswers } from "./complete-answers.js";
import { parsedPlatform, readPlatform, readStack, type TextFile } from "./stack-files.js";
import { carryOut, type Proposal, proposalLines, propose } from "./write-stack.js";

const KINDS: Readonly<Record<string, Pending["kind"]>> = {
  service: "services",
  datastore: "datastores",
  environment: "environments",
};

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const [word = "", name = ""] = args.positionals;
  const kind = KINDS[word] ?? "services";
  const { directory, spec } = readStack(args, terminal);
  const { data, source } = readSpecDraft(spec.text, spec.file);
  const platform = readPlatform(args, directory, terminal);
  const start = draftOf({ base: data, edits: [], decided: [] }, kind, name, args);
  const context: FlowContext = { name, optional: true, only: { kind, name } };
  const proposal = (draft: Draft) => proposalOf(draft, { directory, spec, platform, args, source });
  const { draft, assumed, isConfirmed } = await completeAnswers(start, {
    args,
    terminal,
    context,
    source: { args, file: source },
    platform: parsedPlatform(platform),
    confirm: isOn(args, "dry-run")
      ? undefined
      : async (answered) => {
          print(terminal, "");
          for (const line of proposalLines(proposal(answered), terminal)) print(terminal, line);
          print(terminal, "");
          return confirmQuestion(answered, "Make these changes?");
        },
  });
  return carryOut(proposal(draft), args, terminal, assumed, isConfirmed);
}

/** The new entry with what the flags say of it. */
function draftOf(empty: Draft, kind: Pending["kind"], name: string, args: Arguments): Draft {
  const known = entriesOf(empty, kind).map(([other]) => other);
  if (known.includes(name)) {
    throw new StackError("input", "EXISTS", `${args.positionals[0]} ${name} is in prod-stack.yaml already`, {
      hint: "Edit it there, or with --set; then run create-prod-stack.",
    });
  }
  const entry = withAnswer(empty, [kind, name], fieldsOf(kind, args));
  const decided = args.values.has("no-host") ? withDecision(entry, "expose") : entry;
  return withSettings(withUsers(decided, kind, name, args), args);
}

function fieldsOf(kind: Pending["kind"], args: Arguments): object {
  if (kind === "services") return serviceFields(args);
  const flags = kind === "datastores" ? ["engine", "role"] : ["tier", "domain"];
  return Object.fromEntries(
    flags.flatMap((flag) => (textOf(args, flag) === undefined ? [] : [[flag, textOf(args, flag)]])),
  );
}

/** `--used-by` gives services their edge to what is new. */
function withUsers(draft: Draft, kind: Pending["kind"], name: string, args: Arguments): Draft {
  const users = listOf(args, "used-by");
  const known = entriesOf(draft, "services").map(([service]) => service);
  const unknown = users.find((user) => !known.includes(user));
  if (unknown !== undefined) {
    const nearest = didYouMean(unknown, known);
    throw new StackError(
      "input",
      "SERVICE",
      `--used-by: no service is called "${unknown}"${nearest === undefined ? "" : `; ${nearest}`}`,
      { hint: `Services are ${known.join(", ")}.` },
    );
  }
  const result = users.reduce((current, user) => withUse(current, user, name), draft);
  return users.length === 0 ? result : withDecision(result, `${kind}.${name}.used-by`);
}

interface Source {
  readonly directory: string;
  readonly spec: TextFile;
  readonly platform: TextFile | undefined;
  readonly args: Arguments;
  readonly source: ReturnType<typeof readSpecDraft>["source"];
}

function proposalOf(draft: Draft, { directory, spec, platform, args, source }: Source): Proposal {
  try {
    const edited = { text: draftText(draft, spec.text), file: spec.file };
    return propose(directory, edited, platform, {
      force: isOn(args, "force"),
      replaceSpec: true,
      willWrite: !isOn(args, "dry-run"),
    });
  } catch (error) {
    const isOfSpec = error instanceof StackError && error.problems.length > 0;
    throw isOfSpec ? refusal(error.problems, { args, file: source }) : error;
  }
}

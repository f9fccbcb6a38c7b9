// Owns: `create-prod-stack adopt [dir]`: hand-written manifests → a proposed stack, compared with what is there, and written where nothing is.
// Promises: shows first; writes only after yes; never over a file that exists; without a terminal and without --yes it only shows.
// Must not: understand manifests; src/adopt does.

import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  applyPlan,
  createFile,
  type PlannedFile,
  rowStatuses,
  StackError,
  withSchemaLine,
  yieldsOf,
} from "../../index.js";
import { type Arguments, isOff, isOn, textOf } from "../parse-arguments.js";
import { refuseUncommitted } from "../place/refuse-uncommitted.js";
import { remoteOf } from "../place/remote-of.js";
import { findWorkTree, pathInWorkTree } from "../place/work-tree.js";
import { ask, cancelled } from "../prompts/ask.js";
import { type AdoptionView, adoptionJson, adoptionLines } from "../reporters/adopt-report.js";
import { toJson } from "../reporters/json-report.js";
import { nextLines } from "../reporters/summary-report.js";
import { count } from "../reporters/tree-report.js";
import { note, paint, print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { willAsk } from "./complete-answers.js";
import { proposalFrom, type ReadRepository, readRepositoryFiles } from "./read-adoption.js";
import { readPlatform, shortPath } from "./stack-files.js";
import { type Proposal, propose } from "./write-stack.js";

/** What would be written, where, and what is in the way. */
interface Adoption extends AdoptionView {
  readonly target: string;
  readonly planned: Proposal;
  readonly inTheWay: readonly string[];
}

/** What is to be written. */
type Choice = "everything" | "spec" | "nothing";

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const directory = resolve(terminal.cwd, args.positionals[0] ?? ".");
  refuseGenerated(directory);
  const repository = await readRepositoryFiles(directory, terminal);
  const into = textOf(args, "into");
  const target = into === undefined ? directory : resolve(terminal.cwd, into);
  if (into !== undefined) refuseOccupiedTarget(target, terminal);
  let adoption = await prepare(repository, { directory, target }, args, terminal);
  if (!isOn(args, "json")) for (const line of adoptionLines(adoption, terminal)) print(terminal, line);
  let choice: Choice = choiceOf(args);
  if (choice === "nothing" && !isOn(args, "dry-run") && !isOn(args, "json") && willAsk(args, terminal)) {
    const answer = await askWhere(adoption, args, terminal);
    if (answer.target !== target)
      adoption = await prepare(repository, { directory, target: answer.target }, args, terminal);
    choice = answer.choice;
  }
  await write(choice, adoption, args, terminal);
  report(choice, adoption, args, terminal);
  return "done";
}

/** @throws StackError (input, GENERATED) */
function refuseGenerated(directory: string): void {
  if (existsSync(join(directory, ".prod-stack/state.json")))
    throw new StackError(
      "input",
      "GENERATED",
      `${directory} was made by create-prod-stack: there is nothing to adopt`,
      {
        hint: "Bring it up to date: create-prod-stack upgrade",
      },
    );
}

/** @throws StackError (input, COLLISION) */
function refuseOccupiedTarget(target: string, terminal: Terminal): void {
  if (!existsSync(target)) return;
  throw new StackError("input", "COLLISION", `${shortPath(target, terminal)} is there already`, {
    hint: "--into takes a directory that does not exist yet.",
  });
}

interface Places {
  readonly directory: string;
  readonly target: string;
}

async function prepare(
  repository: ReadRepository,
  { directory, target }: Places,
  args: Arguments,
  terminal: Terminal,
): Promise<Adoption> {
  const path = pathInWorkTree(target);
  const isTogether = findWorkTree(target) !== undefined && findWorkTree(target) === findWorkTree(directory);
  const remote = isTogether ? await remoteOf(target, terminal) : {};
  const proposal = await proposalFrom(repository, basename(directory), { ...remote, path });
  const platform = readPlatform(args, target, terminal);
  const planned = propose(target, { text: proposal.text, file: "the proposal" }, platform, {
    force: false,
    replaceSpec: false,
    willWrite: false,
  });
  const { compareChecklist } = await import("../../adopt/index.js");
  const { stack } = planned.rendered;
  const paths = repository.files.map((file) => file.path);
  const rows = compareChecklist(proposal, paths, rowStatuses(stack, yieldsOf(stack)));
  return { proposal, rows, notes: repository.notes, target, planned, inTheWay: collisions(planned) };
}

/** Generated files whose place is taken. What stands at the repository's root for all its stacks may stay as it is. */
function collisions({ plan, location }: Proposal): readonly string[] {
  const prefix = location.path === "." ? "" : `${location.path}/`;
  const isTaken = ({ path, action, before }: PlannedFile) =>
    action !== "create" &&
    (path.startsWith(prefix) || action !== "keep") &&
    (before !== undefined || action === "conflict");
  const twins = plan.files
    .filter(({ path, action }) => action === "create" && path.endsWith("/kustomization.yaml"))
    .flatMap(({ path }) =>
      ["kustomization.yml", "Kustomization"].map((name) => path.replace(/kustomization\.yaml$/, name)),
    )
    .filter((path) => existsSync(join(location.root, path)));
  return [...plan.files.filter(isTaken).map(({ path }) => path), ...twins].sort();
}

function choiceOf(args: Arguments): Choice {
  if (!isOn(args, "yes") || isOn(args, "dry-run")) return "nothing";
  return isOn(args, "spec-only") ? "spec" : "everything";
}

/** Names for a directory of its own, the first free one. */
const FRESH = ["gitops", "prod-stack", "deploy-generated", "gitops-generated"];

async function askWhere(
  { target, planned, inTheWay }: Adoption,
  args: Arguments,
  terminal: Terminal,
): Promise<{ target: string; choice: Choice }> {
  const isFree = inTheWay.length === 0;
  const fresh = FRESH.map((name) => join(target, name)).find((path) => !existsSync(path));
  const specIsFree = !existsSync(join(target, "prod-stack.yaml"));
  const onlySpec = isOn(args, "spec-only");
  const choices = [
    ...(isFree && !onlySpec
      ? [
          {
            value: "here",
            label: `yes, into ${shortPath(target, terminal)}`,
            hint: count(planned.plan.files.length, "file"),
          },
        ]
      : []),
    ...(!isFree && !onlySpec && fresh !== undefined
      ? [
          {
            value: "fresh",
            label: `yes, into ${shortPath(fresh, terminal)}`,
            hint: `here ${inTheWay[0]} is in the way`,
          },
        ]
      : []),
    ...(specIsFree ? [{ value: "spec", label: "prod-stack.yaml alone" }] : []),
    { value: "no", label: "no, leave everything as it is" },
  ];
  print(terminal, "");
  const answer = await ask(
    {
      id: "adopt",
      message: "Write it?",
      hint: "Nothing that exists is changed.",
      flag: "yes",
      choices,
      initial: choices[0]?.value ?? "no",
      required: true,
      accept: () => {
        throw new StackError("internal", "ADOPT", "this question makes no draft");
      },
    },
    terminal,
    { canGoBack: false, problem: () => undefined },
  );
  if (answer === "fresh" && fresh !== undefined) return { target: fresh, choice: "everything" };
  if (answer === "here") return { target, choice: "everything" };
  if (answer === "spec") return { target, choice: "spec" };
  throw cancelled();
}

async function write(choice: Choice, adoption: Adoption, args: Arguments, terminal: Terminal): Promise<void> {
  if (choice === "nothing") return;
  const { planned, inTheWay, target, proposal } = adoption;
  if (choice === "spec") {
    createFile(target, "prod-stack.yaml", withSchemaLine(proposal.text));
    return;
  }
  if (inTheWay.length > 0) throw collision(inTheWay);
  const { plan, location } = planned;
  const created = plan.files.filter(({ contents }) => contents !== undefined).map(({ path }) => path);
  if (!isOff(args, "git") && existsSync(location.root) && findWorkTree(location.root) !== undefined)
    await refuseUncommitted(created, location, terminal);
  applyPlan(plan, location);
}

const SHOWN = 8;

function collision(paths: readonly string[]): StackError {
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : "";
  return new StackError(
    "input",
    "COLLISION",
    `${count(paths.length, "file")} of the generated repository ${paths.length === 1 ? "is" : "are"} there already: ${paths.slice(0, SHOWN).join(", ")}${more}`,
    {
      hint: "Nothing was written. --into DIR writes into a directory of its own, --spec-only writes prod-stack.yaml alone.",
    },
  );
}

function report(choice: Choice, adoption: Adoption, args: Arguments, terminal: Terminal): void {
  const { planned, target, inTheWay } = adoption;
  const isWritten = choice !== "nothing";
  if (isOn(args, "json")) {
    print(
      terminal,
      toJson({
        directory: target,
        dryRun: isOn(args, "dry-run"),
        written: isWritten,
        ...adoptionJson(adoption),
        files: planned.plan.files.map(({ path, action, reason }) => ({ path, action, reason })),
        inTheWay,
      }),
    );
    return;
  }
  print(terminal, "");
  if (isWritten) for (const line of writtenLines(choice, adoption, terminal)) print(terminal, line);
  else for (const line of nothingLines(adoption, isOn(args, "dry-run"))) note(terminal, line);
}

function writtenLines(choice: Choice, { planned, target }: Adoption, terminal: Terminal): string[] {
  const directory = shortPath(target, terminal);
  if (choice === "spec")
    return [
      paint(terminal, "green", "Wrote prod-stack.yaml."),
      "Next: look at the lines with adopt:, mend them, then generate into a directory of its own:",
      `  create-prod-stack my-stack --answers ${directory === "." ? "" : `${directory}/`}prod-stack.yaml`,
    ];
  const { stack, tree } = planned.rendered;
  const number = planned.plan.files.filter(({ contents }) => contents !== undefined).length;
  return [
    paint(terminal, "green", `Wrote ${count(number, "file")}; nothing that was there has changed.`),
    "Look at the lines with adopt: in prod-stack.yaml first; create-prod-stack brings the rest up to date after each change.",
    "",
    ...nextLines({ stack, tree, directory, git: undefined }),
  ];
}

function nothingLines({ inTheWay, planned }: Adoption, isDry: boolean): string[] {
  const files = planned.plan.files.length;
  const way =
    inTheWay.length === 0
      ? `--yes writes ${count(files, "file")}`
      : `--yes --into DIR writes ${count(files, "file")} into a directory of its own, since ${inTheWay[0]} is in the way here`;
  return [
    isDry
      ? "Dry run: nothing was written."
      : `Nothing was written: ${way}; --yes --spec-only writes prod-stack.yaml alone.`,
  ];
}

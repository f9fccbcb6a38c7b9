// Owns: `create-prod-stack explain [topic]`: files, capabilities and rows of the checklist, in words.
// Promises: what it says comes from the capabilities themselves; an unknown topic names the nearest one.
// Must not: render for disk.

import { join, relative, resolve, sep } from "node:path";
import {
  type Capability,
  CHECKLIST,
  capabilities,
  didYouMean,
  indexes,
  type Rendered,
  renderStack,
  rowStatuses,
  StackError,
  type TreeFile,
  yieldsOf,
} from "../../index.js";
import { type Arguments, isOn } from "../parse-arguments.js";
import { findStackDirectory } from "../place/work-tree.js";
import { toJson } from "../reporters/json-report.js";
import { paint, print, type Terminal, widthOf, wrap } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { readPlatform, readStack } from "./stack-files.js";

type Known = Pick<Capability, "id" | "title" | "summary" | "rows" | "withoutIt">;
const ALL: readonly Known[] = [...capabilities, ...indexes];

/** What there is to say of a topic: a title, and named facts. */
interface Explanation {
  readonly topic: string;
  readonly title: string;
  readonly facts: readonly (readonly [name: string, text: string])[];
}

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const rendered = stackHere(args, terminal);
  const files = rendered?.tree ?? [];
  const [topic] = args.positionals;
  if (topic === undefined) return list(args, terminal, files.length);
  const explanation = tryExplainRow(topic, rendered) ?? explainTopic(topic, files, terminal);
  if (isOn(args, "json"))
    print(
      terminal,
      toJson({
        topic: explanation.topic,
        title: explanation.title,
        ...Object.fromEntries(explanation.facts),
      }),
    );
  else for (const line of explanationLines(explanation, terminal)) print(terminal, line);
  return "done";
}

/** The stack in this directory; undefined where there is none. */
function stackHere(args: Arguments, terminal: Terminal): Rendered | undefined {
  if (findStackDirectory(terminal.cwd) === undefined) return undefined;
  const { directory, spec } = readStack(args, terminal);
  return renderStack({ spec, platform: readPlatform(args, directory, terminal) });
}

function list(args: Arguments, terminal: Terminal, files: number): Outcome {
  if (isOn(args, "json")) {
    print(
      terminal,
      toJson({
        capabilities: ALL.map(({ id, title, summary, rows }) => ({ id, title, summary, rows })),
        checklist: CHECKLIST,
      }),
    );
    return "done";
  }
  const section = (title: string, rows: readonly (readonly [string, string])[]) => {
    print(terminal, paint(terminal, "bold", title));
    for (const row of rows) print(terminal, pair(row, 18, terminal));
    print(terminal, "");
  };
  section(
    "Capabilities",
    ALL.map(({ id, summary }) => [id, summary]),
  );
  section(
    "Checklist",
    CHECKLIST.map(({ id, title }) => [id, title]),
  );
  print(
    terminal,
    files === 0
      ? "In a generated repository, explain PATH tells of each file."
      : `explain PATH tells of each of the ${files} files here.`,
  );
  return "done";
}

function explainTopic(topic: string, files: readonly TreeFile[], terminal: Terminal): Explanation {
  const capability = ALL.find(({ id }) => id === topic);
  if (capability !== undefined) return explainCapability(capability, files);
  const path = pathOf(topic, files, terminal);
  const file = files.find((candidate) => candidate.path === path);
  if (file !== undefined) return explainFile(file);
  throw unknownTopic(topic, files);
}

/** A path as the user types it, from where they stand. */
function pathOf(topic: string, files: readonly TreeFile[], terminal: Terminal): string {
  const directory = findStackDirectory(terminal.cwd);
  if (directory === undefined) return topic;
  const spec = files.find(({ capability }) => capability === "spec")?.path ?? "prod-stack.yaml";
  const root = resolve(
    directory,
    ...spec
      .split("/")
      .slice(1)
      .map(() => ".."),
  );
  const typed = relative(root, resolve(terminal.cwd, topic)).split(sep).join("/");
  return files.some(({ path }) => path === typed) ? typed : join(topic).split(sep).join("/");
}

function explainFile({ path, about, ownership, capability }: TreeFile): Explanation {
  const owner = ALL.find(({ id }) => id === capability);
  return {
    topic: path,
    title: about.what,
    facts: present([
      ["why", about.why],
      ["standard", about.standard],
      ["change it in", about.change],
      ["owner", OWNERS[ownership]],
      ["capability", owner && `${owner.id}: ${owner.summary}`],
    ]),
  };
}

const OWNERS: Readonly<Record<TreeFile["ownership"], string>> = {
  managed: "kept current by create-prod-stack, which merges your edits",
  seeded: "yours; it was written once",
  release: "yours and the releases'; new images are added, nothing else changes",
};

function explainCapability(
  { id, title, summary, rows, withoutIt }: Known,
  files: readonly TreeFile[],
): Explanation {
  return {
    topic: id,
    title: `${title}: ${summary}`,
    facts: present([
      ["without it", withoutIt],
      ["switch off", withoutIt && `capabilities: { ${id}: false }`],
      [
        "checklist",
        rows.map((row) => `${row} ${CHECKLIST.find((known) => known.id === row)?.title ?? ""}`).join("\n"),
      ],
      ["files", filesOf([id], files)],
    ]),
  };
}

/** A row of the checklist: what makes it true, and how the stack here stands to it. */
function tryExplainRow(topic: string, rendered: Rendered | undefined): Explanation | undefined {
  const row = CHECKLIST.find(({ id }) => id === topic.toUpperCase());
  if (row === undefined) return undefined;
  const makers = ALL.filter(({ rows }) => rows.includes(row.id));
  const status =
    rendered && rowStatuses(rendered.stack, yieldsOf(rendered.stack)).find(({ id }) => id === row.id);
  return {
    topic: row.id,
    title: row.title,
    facts: present([
      [
        "made true by",
        makers.length === 0
          ? "nothing in this version"
          : makers.map((maker) => `${maker.id}: ${maker.summary}`).join("\n"),
      ],
      [
        "here",
        status &&
          (status.places.length === 0 ? status.state : `${status.state} in ${status.places.join(", ")}`),
      ],
      [status?.files.length === 0 ? "how" : "beside", status?.note],
      ["files", status?.files.map(({ path }) => path).join("\n")],
    ]),
  };
}

function filesOf(ids: readonly string[], files: readonly TreeFile[]): string | undefined {
  const paths = files.filter(({ capability }) => ids.includes(capability)).map(({ path }) => path);
  return paths.length === 0 ? undefined : paths.join("\n");
}

function present(facts: readonly (readonly [string, string | undefined])[]): (readonly [string, string])[] {
  return facts.flatMap(([name, text]) => (text === undefined || text === "" ? [] : [[name, text] as const]));
}

function explanationLines({ topic, title, facts }: Explanation, terminal: Terminal): string[] {
  const head = [paint(terminal, "bold", topic), wrap(title, widthOf(terminal)), ""];
  return [...head, ...facts.map((fact) => pair(fact, 14, terminal))];
}

/** A name and its text, which may have lines of its own, in two columns. */
function pair([name, text]: readonly [string, string], column: number, terminal: Terminal): string {
  const indent = " ".repeat(column + 2);
  const body = text
    .split("\n")
    .map((line) => wrap(line, widthOf(terminal), indent))
    .join(`\n${indent}`);
  return `  ${name.padEnd(column)}${body}`;
}

function unknownTopic(topic: string, files: readonly TreeFile[]): StackError {
  const known = [...ALL.map(({ id }) => id), ...files.map(({ path }) => path)];
  const nearest =
    didYouMean(
      topic.toUpperCase(),
      CHECKLIST.map(({ id }) => id),
    ) ?? didYouMean(topic, known);
  const suffix = nearest === undefined ? "" : `; ${nearest}`;
  const where = files.length === 0 ? "Files can be explained inside of a generated repository. " : "";
  return new StackError("input", "TOPIC", `there is no file, capability or row "${topic}"${suffix}`, {
    hint: `${where}create-prod-stack explain lists everything.`,
  });
}

// Owns: what upkeep costs, for `npm run bench`: a run without anything to do beside `git status`, a merge beside `git merge-file`.
// Promises: ratios of pairs that run in turn. Aim: twice `git status`, three times `git merge-file`.
// Must not: fail because of a figure.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mergeFile } from "../../src/plan/merge-file.js";
import { type Comparison, median } from "./pairs.js";
import { specOf } from "./stacks.js";

/** Services of which three environments make about a thousand files, without what is recorded. */
const SERVICES = 34;
const ENVIRONMENT = { ...process.env, NODE_EXTRA_CA_CERTS: "", GIT_OPTIONAL_LOCKS: "0" };

export interface UpkeepFigure {
  readonly label: string;
  readonly comparison: Comparison;
}

/** @param command path of the built command; @param scratch an empty place */
export function upkeepFigures(command: string, scratch: string, pairs: number): UpkeepFigure[] {
  const { root, files } = repository(command, join(scratch, "upkeep"));
  const status = () => run("git", ["status", "--porcelain"], root);
  const ours = (verb: string) => () => run(process.execPath, [command, verb], root);
  return [
    {
      label: `upgrade of ${files} files, nothing to do ÷ git status`,
      comparison: inTurn(ours("upgrade"), status, pairs),
    },
    { label: `check of ${files} files ÷ git status`, comparison: inTurn(ours("check"), status, pairs) },
    ...mergeFigures(scratch, pairs),
  ];
}

function repository(command: string, root: string): { root: string; files: number } {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "prod-stack.yaml"), specOf(SERVICES, 3));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", ...args], {
      cwd: root,
      encoding: "utf8",
    });
  execFileSync(process.execPath, [command, "--no-git"], { cwd: root, env: ENVIRONMENT, stdio: "ignore" });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "x");
  const own = git("ls-files")
    .split("\n")
    .filter((path) => path !== "" && !path.startsWith(".prod-stack/"));
  return { root, files: own.length };
}

const FIELDS = Array.from(
  { length: 1518 },
  (_, index) =>
    `          field${index}:\n            description: The field ${index}\n            type: string\n            # Agreed.\n            maxLength: 63\n`,
);
/** One document of 7,600 lines, as definitions of custom resources are. */
const MANIFEST = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.org
spec:
  versions:
    - name: v1
      schema:
        properties:
${FIELDS.join("")}`;

function mergeFigures(scratch: string, pairs: number): UpkeepFigure[] {
  const at = (field: number, length: number) =>
    MANIFEST.replace(FIELDS[field] ?? "", (FIELDS[field] ?? "").replace("63", String(length)));
  const figure = (what: string, theirs: string): UpkeepFigure => {
    const texts = { base: MANIFEST, ours: at(400, 64), theirs };
    const directory = join(scratch, `merge-${what}`);
    mkdirSync(directory);
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory, name), text);
    const merge = () => void mergeFile("manifest.yaml", texts.base, texts.ours, texts.theirs);
    const git = () =>
      run("git", ["merge-file", "-p", "--quiet", "ours", "base", "theirs"], directory, [0, 1]);
    return {
      label: `merge of ${MANIFEST.split("\n").length - 1} lines, ${what} ÷ git merge-file`,
      comparison: inTurn(merge, git, pairs),
    };
  };
  return [figure("edits apart", at(1200, 65)), figure("a conflict", at(400, 65))];
}

function run(program: string, args: readonly string[], cwd: string, expected: readonly number[] = [0]): void {
  const { status, stderr } = spawnSync(program, args, { cwd, env: ENVIRONMENT, encoding: "utf8" });
  if (status === null || !expected.includes(status))
    throw new Error(`${program} ${args[0]} ended with ${status}: ${stderr}`);
}

function inTurn(a: () => void, b: () => void, pairs: number): Comparison {
  const time = (work: () => void) => {
    const start = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  time(a);
  time(b);
  const runs = Array.from({ length: pairs }, () => ({ a: time(a), b: time(b) }));
  return {
    ratio: median(runs.map((pair) => pair.a / pair.b)),
    a: { milliseconds: median(runs.map((pair) => pair.a)), memory: 0 },
    b: { milliseconds: median(runs.map((pair) => pair.b)), memory: 0 },
  };
}

// Owns: a generated repository that people edit and that is upgraded through every version.
// Promises: real commands, real git, real kustomize; nothing is asserted here.
// Must not: resolve conflicts.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ensureTool } from "../tools/ensure-tool.js";
import { buildVersion } from "./build-version.js";
import { HUMAN_EDITS, type HumanEdit, Repository } from "./human-edits.js";
import { FIRST, LATER } from "./versions.js";

const IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.com"];

export interface Upgraded {
  readonly version: string;
  readonly what: string;
  readonly code: number;
  readonly output: string;
  /** What `check` of the new version says before. */
  readonly checked: string;
  /** Edits that are not there any more. */
  readonly lost: readonly string[];
  /** Places that do not build, with the reason. */
  readonly broken: readonly string[];
}

export interface Year {
  /** Edits that this stack had something for. */
  readonly made: readonly string[];
  readonly upgrades: readonly Upgraded[];
  readonly repository: Repository;
}

let versions: ReturnType<typeof buildAll> | undefined;

async function buildAll() {
  const built = [];
  for (const source of [FIRST, ...LATER]) built.push(await buildVersion(source));
  return built;
}

/** @param spec path of a prod-stack.yaml; @param root an empty place */
export async function liveAYear(spec: string, root: string): Promise<Year> {
  versions ??= buildAll();
  const [first, ...later] = await versions;
  const kustomize = await ensureTool("kustomize");
  const command = async (path: string, args: readonly string[], cwd: string) =>
    execa(process.execPath, [path, ...args], {
      cwd,
      reject: false,
      all: true,
      env: { PATH: `${join(kustomize, "..")}:${process.env.PATH ?? ""}` },
    });
  const git = (...args: readonly string[]) => execa("git", [...IDENTITY, ...args], { cwd: root });
  const created = await command(
    first?.command ?? "",
    [root, "--answers", spec, "--yes", "--no-git"],
    join(root, ".."),
  );
  if (created.exitCode !== 0) throw new Error(created.all);
  const repository = new Repository(root);
  await git("init", "--quiet");
  await commit(git, "generated");
  const made = HUMAN_EDITS.filter((edit) => edit.make(repository));
  await commit(git, "edited");
  const upgrades: Upgraded[] = [];
  for (const [index, { command: path, version }] of later.entries()) {
    const { all: checked } = await command(path, ["check"], root);
    const { exitCode, all } = await command(path, ["upgrade"], root);
    const { lost, broken } = await look(repository, made, kustomize);
    upgrades.push({
      version,
      what: LATER[index]?.what ?? "",
      code: exitCode ?? -1,
      output: all,
      checked,
      lost,
      broken,
    });
    await commit(git, version);
  }
  return { made: made.map(({ what }) => what), upgrades, repository };
}

async function commit(git: (...args: readonly string[]) => Promise<unknown>, message: string): Promise<void> {
  await git("add", "--all");
  await git("commit", "--quiet", "--allow-empty", "--message", message);
}

async function look(
  repository: Repository,
  made: readonly HumanEdit[],
  kustomize: string,
): Promise<{ lost: string[]; broken: string[] }> {
  const broken: string[] = [];
  const outputs: string[] = [];
  for (const path of repository.paths()) {
    if (!/^(?:overlays\/[^/]+|clusters\/[^/]+\/[^/]+)\/kustomization\.yaml$/.test(path)) continue;
    if (/^kind: Component$/m.test(readFileSync(join(repository.root, path), "utf8"))) continue;
    const { exitCode, stdout, stderr } = await execa(
      kustomize,
      ["build", join(repository.root, path, "..")],
      { reject: false },
    );
    if (exitCode === 0) outputs.push(stdout);
    else broken.push(`${path}: ${stderr}`);
  }
  if (outputs.length === 0) broken.push("no place was built");
  const built = outputs.join("\n---\n");
  return { lost: made.filter((edit) => !edit.isThere(repository, built)).map(({ what }) => what), broken };
}

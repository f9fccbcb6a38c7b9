// Owns: a generated repository on disk, under git, for the tests of its scripts.
// Promises: a temporary folder of its own; scripts run by the bash and git of this machine, without the user's git settings.
// Must not: hold expectations.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { renderSpec, writeTree } from "../backup/render-stack.js";

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

export interface WorkingTree {
  readonly root: string;
  /** Runs a script below scripts/. */
  script(
    name: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<Outcome>;
  git(...args: string[]): Promise<string>;
  read(path: string): string;
  write(path: string, text: string): void;
  /** The image references in the built manifests of an environment. */
  images(environment: string): Promise<string[]>;
  remove(): void;
}

const GIT_IDENTITY = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
};

/** A stack's files, committed; `kustomize` builds them. */
export async function createWorkingTree(spec: string, kustomize: string): Promise<WorkingTree> {
  const root = mkdtempSync(join(tmpdir(), "delivery-"));
  writeTree(renderSpec(spec), root);
  const git = async (...args: string[]) =>
    (await execa("git", args, { cwd: root, env: GIT_IDENTITY })).stdout;
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=Generate");
  return {
    root,
    git,
    script: async (name, args, environment = {}) => {
      const { exitCode, all } = await execa(join(root, "scripts", name), args, {
        cwd: tmpdir(),
        env: { ...GIT_IDENTITY, ...environment },
        reject: false,
        all: true,
      });
      return { code: exitCode ?? -1, output: all };
    },
    read: (path) => readFileSync(join(root, path), "utf8"),
    write: (path, text) => writeFileSync(join(root, path), text),
    images: async (environment) => {
      const { stdout } = await execa(kustomize, ["build", join(root, "overlays", environment)]);
      return [
        ...new Set([...stdout.matchAll(/^\s*-? ?image: (.*)$/gm)].map(([, image = ""]) => image)),
      ].sort();
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

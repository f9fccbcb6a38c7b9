// Owns: bare git repositories, as a forge keeps them, and changing them the way its API does.
// Promises: real git objects: a commit that comes of API calls is one that git can check out.
// Must not: speak HTTP.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const IDENTITY = {
  GIT_AUTHOR_NAME: "Forge",
  GIT_AUTHOR_EMAIL: "forge@example.com",
  GIT_COMMITTER_NAME: "Forge",
  GIT_COMMITTER_EMAIL: "forge@example.com",
};

export interface TreeChange {
  readonly path: string;
  readonly mode?: string;
  /** Null deletes. */
  readonly sha: string | null;
}

export class BareRepositories {
  readonly folder = mkdtempSync(join(tmpdir(), "prod-stack-forge-"));

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  directory(name: string): string {
    return join(this.folder, `${name}.git`);
  }

  create(name: string): void {
    mkdirSync(dirname(this.directory(name)), { recursive: true });
    if (existsSync(this.directory(name))) throw new Error(`${name} exists`);
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", this.directory(name)]);
  }

  /** Creates a repository whose branch main holds what lies in a directory. */
  seed(name: string, directory: string): void {
    this.create(name);
    const git = (...args: string[]) =>
      execFileSync("git", ["--git-dir", this.directory(name), "--work-tree", directory, ...args], {
        env: { ...process.env, ...IDENTITY },
        cwd: directory,
      });
    git("add", "--all", "--force");
    git("commit", "--quiet", "-m", "Generated");
  }

  git(name: string, args: readonly string[], input?: Buffer | string, env: NodeJS.ProcessEnv = {}): string {
    return execFileSync("git", ["--git-dir", this.directory(name), ...args], {
      ...(input === undefined ? {} : { input }),
      env: { ...process.env, ...IDENTITY, ...env },
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["pipe", "pipe", "pipe"],
    }).trim();
  }

  commit(name: string, ref: string): string | undefined {
    try {
      return this.git(name, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
    } catch {
      return undefined;
    }
  }

  blob(name: string, content: Buffer): string {
    return this.git(name, ["hash-object", "-w", "--stdin"], content);
  }

  tree(name: string, base: string, changes: readonly TreeChange[]): string {
    const env = { GIT_INDEX_FILE: join(this.folder, `index-${process.pid}-${Math.random()}`) };
    this.git(name, ["read-tree", base], undefined, env);
    const zero = "0".repeat(40);
    const lines = changes.map(({ path, mode = "100644", sha }) =>
      sha === null ? `0 ${zero}\t${path}` : `${mode} ${sha}\t${path}`,
    );
    this.git(name, ["update-index", "--index-info"], `${lines.join("\n")}\n`, env);
    return this.git(name, ["write-tree"], undefined, env);
  }

  commitTree(name: string, tree: string, parent: string, message: string): string {
    return this.git(name, ["commit-tree", tree, "-p", parent, "-m", message]);
  }

  setBranch(name: string, branch: string, sha: string): void {
    this.git(name, ["update-ref", `refs/heads/${branch}`, sha]);
  }

  archive(name: string, ref: string, prefix: string): Buffer {
    return execFileSync(
      "git",
      ["--git-dir", this.directory(name), "archive", "--format=tar.gz", `--prefix=${prefix}/`, ref],
      { maxBuffer: 64 * 1024 * 1024 },
    );
  }

  /** A branch as files on disk. */
  checkOut(name: string, branch: string): string {
    const target = mkdtempSync(join(this.folder, "checkout-"));
    const tar = execFileSync("git", ["--git-dir", this.directory(name), "archive", branch], {
      maxBuffer: 64 * 1024 * 1024,
    });
    execFileSync("tar", ["x", "-C", target], { input: tar });
    execFileSync("chmod", ["-R", "u=rwX,go=rX", target]);
    return target;
  }

  commits(name: string, branch: string): number {
    return Number(this.git(name, ["rev-list", "--count", branch]));
  }
}

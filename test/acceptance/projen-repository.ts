// Owns: a repository that the real projen CLI makes from the packed package, and running projen in it.
// Promises: npm gets its packages from a registry of this machine; the user's npm cache and git identity play no part.
// Must not: judge.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { ROOT } from "./build-package.js";

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProjenRepository {
  readonly directory: string;
  /** `npx projen …`; before there is a projen in the repository the one that npx would fetch. */
  projen(...words: string[]): Run;
  /** `node .projenrc.mjs …`, whose exit code projen does not pass on. */
  rc(...words: string[]): Run;
  /** `npx create-prod-stack …` */
  command(...words: string[]): Run;
  git(...words: string[]): string;
  /** Commits everything. */
  commit(): void;
  /** The same with further variables. */
  withEnv(env: Readonly<Record<string, string>>): ProjenRepository;
}

const WHO = { NAME: "Test", EMAIL: "test@example.com" };

export function openProjenRepository(
  directory: string,
  {
    registry,
    env: further = {},
  }: { readonly registry: string; readonly env?: Readonly<Record<string, string>> },
): ProjenRepository {
  mkdirSync(directory, { recursive: true });
  const identity = ["AUTHOR", "COMMITTER"].flatMap((role) =>
    Object.entries(WHO).map(([key, value]) => [`GIT_${role}_${key}`, value]),
  );
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: dirname(directory),
    ...Object.fromEntries(identity),
    npm_config_audit: "false",
    npm_config_cache: join(dirname(directory), "npm-cache"),
    npm_config_registry: registry,
    npm_config_update_notifier: "false",
    ...further,
  };
  const run = (program: string, words: readonly string[]): Run => {
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: directory, env, encoding: "utf8" });
    return { status, stdout, stderr };
  };
  const node = (file: string, words: readonly string[]) => run(process.execPath, [file, ...words]);
  const git = (...words: string[]) => execFileSync("git", words, { cwd: directory, env, encoding: "utf8" });
  return {
    directory,
    projen: (...words) =>
      node(
        words[0] === "new" ? join(ROOT, "node_modules/projen/bin/projen") : "node_modules/.bin/projen",
        words,
      ),
    rc: (...words) => node(".projenrc.mjs", words),
    command: (...words) => node("node_modules/.bin/create-prod-stack", words),
    git,
    commit: () => {
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", "test");
    },
    withEnv: (more) => openProjenRepository(directory, { registry, env: { ...further, ...more } }),
  };
}

export interface Registry {
  readonly url: string;
  publish(tarball: string): void;
  close(): void;
}

/** A registry of projen, constructs and what is published to it. */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder);
  for (const name of ["projen", "constructs"]) packInstalled(name, join(folder, `${name}.tgz`));
  const server: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, "registry.mjs"), folder], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const [port] = await once(server.stdout ?? server, "data");
  let count = 0;
  return {
    url: `http://127.0.0.1:${String(port).trim()}/`,
    publish: (tarball) => copyFileSync(tarball, join(folder, `published-${count++}.tgz`)),
    close: () => void server.disconnect(),
  };
}

/** As it is installed, with what is bundled in it. */
function packInstalled(name: string, tarball: string): void {
  const words = ["-c", "--transform", `s,^${name},package,`, "-I", "gzip -1", "-f", tarball, name];
  execFileSync("tar", words, { cwd: join(ROOT, "node_modules"), stdio: "pipe" });
}

/**
 * The package as another version of it, whose templates say something else.
 * @param edits text of templates by the text that is there
 * @returns the tarball
 */
export function packVersion(
  version: string,
  edits: Readonly<Record<string, string>>,
  folder: string,
): string {
  const place = join(folder, `version-${version}`);
  cpSync(inject("packageFolder"), place, { recursive: true });
  const { version: packed } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
  rewrite(join(place, "package.json"), `"version": "${packed}"`, `"version": "${version}"`);
  rewrite(join(place, "lib/index.cjs"), `version: "${packed}"`, `version: "${version}"`);
  for (const [from, to] of Object.entries(edits)) rewrite(join(place, "lib/templates.json"), from, to);
  const words = ["pack", "--ignore-scripts", "--json", "--offline"];
  const [tarball] = JSON.parse(execFileSync("npm", words, { cwd: place, encoding: "utf8", stdio: "pipe" }));
  return join(place, tarball.filename);
}

function rewrite(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not have: ${from}`);
  writeFileSync(file, text.replaceAll(from, to));
}

// Owns: which programs the checks may run, and where they are on this machine.
// Promises: a program is found by looking, never by running it; each missing one comes with a way to get it.
// Must not: install, download or choose versions.

import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { StackError } from "../stack-error.js";

export type ToolName =
  | "kustomize"
  | "kubectl"
  | "kubeconform"
  | "promtool"
  | "amtool"
  | "shellcheck"
  | "actionlint";

/** Absolute paths of the programs that were found. */
export type Tools = Readonly<Partial<Record<ToolName, string>>>;

/** How to get each program. */
export const HOW_TO_GET: Readonly<Record<ToolName, string>> = {
  kustomize: "https://kubectl.docs.kubernetes.io/installation/kustomize/",
  kubectl: "https://kubernetes.io/docs/tasks/tools/",
  kubeconform: "https://github.com/yannh/kubeconform#installation",
  promtool: "it comes with Prometheus: https://prometheus.io/download/",
  amtool: "it comes with Alertmanager: https://prometheus.io/download/",
  shellcheck: "https://github.com/koalaman/shellcheck#installing",
  actionlint: "https://github.com/rhysd/actionlint/blob/main/docs/install.md",
};

const NAMES = Object.keys(HOW_TO_GET) as ToolName[];

/**
 * Looks for every program.
 * @param searchPath directories, as in the environment variable PATH; relative ones are ignored, since they would be
 *   looked up below a repository that is not trusted
 */
export async function findTools(searchPath: string): Promise<Tools> {
  const directories = searchPath.split(delimiter).filter((directory) => isAbsolute(directory));
  const found = await Promise.all(
    NAMES.map(async (name) => [name, await findTool(name, directories)] as const),
  );
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
}

async function findTool(name: ToolName, directories: readonly string[]): Promise<string | undefined> {
  const fileName = process.platform === "win32" ? `${name}.exe` : name;
  for (const directory of directories) {
    const path = join(directory, fileName);
    if (await isProgram(path)) return path;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** A program that builds kustomizations. */
export interface Builder {
  readonly name: "kustomize" | "kubectl";
  readonly path: string;
}

/** @throws StackError (input, NO_KUSTOMIZE) when neither kustomize nor kubectl was found. */
export function requireBuilder({ kustomize, kubectl }: Tools): Builder {
  if (kustomize !== undefined) return { name: "kustomize", path: kustomize };
  if (kubectl !== undefined) return { name: "kubectl", path: kubectl };
  throw new StackError(
    "input",
    "NO_KUSTOMIZE",
    "neither kustomize nor kubectl was found: nothing was checked",
    {
      hint: `Install one of them and put it on PATH: ${HOW_TO_GET.kustomize} or ${HOW_TO_GET.kubectl}`,
    },
  );
}

/** Why a check without its program has not run. */
export function missingTool(name: ToolName): string {
  return `${name} was not found; to get it: ${HOW_TO_GET[name]}`;
}

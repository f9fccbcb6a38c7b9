// Owns: finding or building the Go programs that tests run.
// Promises: hands out only a program that passed its probe; builds each at most once, however many workers ask.
// Must not: download a binary, let Go change go.mod or its own version, or pass a test over when a tool is missing.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { buildGoProgram, cacheFolder, exists } from "../apiserver/build-go-program.js";
import { isErrorWithCode } from "../apiserver/exclusive-lock.js";
import { type Probe, probeActionlint, probeKubeconform, probeKustomize } from "./tool-probes.js";

/** A program that {@link ensureTool} can provide. */
export type ToolName = "kustomize" | "kubeconform" | "actionlint";

interface Tool {
  /** Environment variable that names the binary to use, and nothing else. */
  readonly variable: string;
  /** Package path of its `tool` line in go.mod. */
  readonly main: string;
  readonly probe: Probe;
}

const TOOLS: Readonly<Record<ToolName, Tool>> = {
  kustomize: {
    variable: "KUSTOMIZE",
    main: "sigs.k8s.io/kustomize/kustomize/v5",
    probe: probeKustomize,
  },
  kubeconform: {
    variable: "KUBECONFORM",
    main: "github.com/yannh/kubeconform/cmd/kubeconform",
    probe: probeKubeconform,
  },
  actionlint: {
    variable: "ACTIONLINT",
    main: "github.com/rhysd/actionlint/cmd/actionlint",
    probe: probeActionlint,
  },
};

const toolsCache = join(cacheFolder, "tools");
const ensured = new Map<ToolName, Promise<string>>();

/**
 * Gives the absolute path of a usable binary: the one that its environment variable names, else a suitable one on
 * PATH, else one built from test/tools/go.mod, kept in `.cache/tools/`.
 * @throws Error that says what was looked for and how to get it
 */
export function ensureTool(name: ToolName): Promise<string> {
  const known = ensured.get(name) ?? findOrBuild(name, TOOLS[name]);
  ensured.set(name, known);
  return known;
}

async function findOrBuild(name: ToolName, tool: Tool): Promise<string> {
  const named = process.env[tool.variable];
  if (named) return requireNamed(name, tool, named);
  const rejected: string[] = [];
  for (const binary of await findOnPath(name)) {
    const fault = await tryFindFault(name, tool, binary);
    if (fault === undefined) return binary;
    rejected.push(`${binary} is not suitable: ${fault}`);
  }
  return build(name, tool, rejected);
}

async function requireNamed(name: ToolName, tool: Tool, binary: string): Promise<string> {
  if (!isAbsolute(binary)) throw new Error(`${tool.variable} must be an absolute path, not ${binary}`);
  if (!(await isExecutable(binary))) throw new Error(`${tool.variable} names no program: ${binary}`);
  const fault = await tryFindFault(name, tool, binary);
  if (fault !== undefined)
    throw new Error(`${tool.variable} names ${binary}, which is not suitable: ${fault}`);
  return binary;
}

async function findOnPath(name: string): Promise<string[]> {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
  const found: string[] = [];
  for (const folder of new Set(folders)) {
    const binary = join(folder, name);
    if (await isExecutable(binary)) found.push(binary);
  }
  return found;
}

async function isExecutable(binary: string): Promise<boolean> {
  try {
    await access(binary, constants.X_OK);
    return (await stat(binary)).isFile();
  } catch (error) {
    if (["ENOENT", "EACCES", "ENOTDIR"].some((code) => isErrorWithCode(error, code))) return false;
    throw error;
  }
}

async function build(name: ToolName, tool: Tool, rejected: readonly string[]): Promise<string> {
  try {
    const moduleFolder = import.meta.dirname;
    const binary = await buildGoProgram({ name, cache: "tools", moduleFolder, main: tool.main });
    const fault = await tryFindFault(name, tool, binary);
    if (fault === undefined) return binary;
    throw new Error(`${binary}, built from test/tools/go.mod, is not suitable: ${fault}`);
  } catch (cause) {
    throw new Error(missingTool(name, tool, rejected, cause), { cause });
  }
}

function missingTool(name: ToolName, tool: Tool, rejected: readonly string[], cause: unknown): string {
  return [
    `No usable ${name} for the tests.`,
    `- ${tool.variable} is not set.`,
    ...(rejected.length > 0 ? rejected.map((line) => `- ${line}`) : [`- PATH has no ${name}.`]),
    `- Building ${tool.main} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    `Install Go 1.26 or newer and let the tests build it, or set ${tool.variable} to the absolute path of a binary.`,
  ].join("\n");
}

/**
 * Probes a binary, unless the same file once passed the same probe. A fault is never remembered: it may have been that
 * of the machine.
 */
async function tryFindFault(name: ToolName, tool: Tool, binary: string): Promise<string | undefined> {
  const { mtimeMs, size } = await stat(binary);
  const probes = await readFile(join(import.meta.dirname, "tool-probes.ts"), "utf8");
  const key = createHash("sha256").update(JSON.stringify([name, binary, mtimeMs, size, probes]));
  const passed = join(toolsCache, `passed-${name}-${key.digest("hex").slice(0, 16)}`);
  if (await exists(passed)) return undefined;
  const fault = await tool.probe(binary);
  if (fault === undefined) await writeWhole(passed, `${binary}\n`);
  return fault;
}

/** By rename, so that two workers that passed at once do not meet in one file. */
async function writeWhole(file: string, content: string): Promise<void> {
  await mkdir(toolsCache, { recursive: true });
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, content);
  await rename(partial, file);
}

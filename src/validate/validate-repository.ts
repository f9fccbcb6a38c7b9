// Owns: the order of the checks of one stack, and their report.
// Promises: every check that can run does, and every other one says why not; nothing is written, nothing is fetched.
// Must not: choose exit codes or print.

import { buildOverlay } from "./build-overlay.js";
import { checkAlertRules, checkRuleFiles } from "./check-alert-rules.js";
import { findExpiredExceptions } from "./check-exceptions.js";
import { checkFiles } from "./check-files.js";
import { checkAlertmanagerConfig, checkPrometheusConfig } from "./check-monitoring-config.js";
import { checkReferences } from "./check-references/check-references.js";
import { checkSchemas } from "./check-schemas.js";
import { checkScripts, checkWorkflows } from "./check-scripts.js";
import { findUnused } from "./check-unused.js";
import { checkYaml } from "./check-yaml.js";
import { type Builder, findTools, requireBuilder, type Tools } from "./find-tools.js";
import { findForeignConfigMaps } from "./foreign-config-maps.js";
import { chooseKubernetes } from "./kubernetes-version.js";
import { mapConcurrently } from "./map-concurrently.js";
import { loadedFiles, type PlannedBuild, planBuilds } from "./plan-builds.js";
import { throwIfCancelled } from "./run-tool.js";
import { openSchemaArchive, type SchemaArchive } from "./schema-archive.js";
import { readRootWorkflow, readStackFiles, resolveDirectory, type StackFile } from "./stack-files.js";
import { readStackSettings } from "./stack-settings.js";
import {
  type CheckName,
  type CheckOutcome,
  type CheckResult,
  type Finding,
  notRun,
  outcomeOf,
  reportOf,
  type ValidationReport,
  type ValidationRow,
} from "./validation-report.js";

export interface ValidateOptions {
  /** Directory of one stack, the one that holds its prod-stack.yaml. */
  readonly directory: string;
  /** Minor version, such as 1.36; by default the spec's, else the oldest supported one. */
  readonly kubernetes?: string;
  /** Names of the environments to build; all of them, and bootstrap/, by default. */
  readonly environments?: readonly string[];
  /** Directories with programs, as in the environment variable PATH, which is the default. */
  readonly searchPath?: string;
  /** The day, such as 2027-03-01, by which exceptions have expired; without one none has. */
  readonly today?: string;
  readonly signal?: AbortSignal;
  /** Called after each check. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly environment: string;
  readonly check: CheckName;
  readonly status: CheckResult["status"];
  /** How many checks there will be. */
  readonly total: number;
}

/** Name of the row for what belongs to no environment. */
export const REPOSITORY = "repository";
const CONCURRENCY = 2;

interface Run {
  readonly options: ValidateOptions;
  readonly directory: string;
  readonly files: readonly StackFile[];
  /** What belongs to the stack and stands above its directory. */
  readonly above: readonly StackFile[];
  readonly tools: Tools;
  readonly builder: Builder;
  readonly archive: SchemaArchive;
  readonly kubernetes: string;
  /** ConfigMaps that somebody else makes. */
  readonly foreign: readonly string[];
  /** How many checks there will be. */
  readonly total: number;
}

/** Checks of the repository, and of each overlay. */
const REPOSITORY_CHECKS = 7;
const OVERLAY_CHECKS = 4;

/**
 * Checks a generated repository: its files, and the objects of every overlay.
 * @returns the report; `status` is `failed` where a check failed or nothing was built
 * @throws StackError (input) NO_KUSTOMIZE, NO_DIRECTORY, NO_ENVIRONMENT, KUBERNETES_VERSION or TOO_MANY_FILES;
 *   (cancelled) CANCELLED when `signal` says so
 */
export async function validateRepository(options: ValidateOptions): Promise<ValidationReport> {
  const { signal, searchPath = process.env.PATH ?? "" } = options;
  const start = performance.now();
  throwIfCancelled(signal);
  const directory = await resolveDirectory(options.directory);
  const tools = await findTools(searchPath);
  const builder = requireBuilder(tools);
  const files = await readStackFiles(directory, signal);
  const settings = readStackSettings(files);
  const workflow = await readRootWorkflow(directory, settings);
  const archive = openOnce();
  const kubernetes = chooseKubernetes(options.kubernetes, settings.kubernetes, archive.kubernetesVersions);
  const builds = planBuilds(files, settings, options.environments);
  const above = workflow === undefined ? [] : [workflow];
  const total = REPOSITORY_CHECKS + builds.length * OVERLAY_CHECKS;
  const foreign = findForeignConfigMaps(files);
  const run: Run = { options, directory, files, above, tools, builder, archive, kubernetes, foreign, total };
  const repository = await repositoryRow(run, builds);
  const rows = await mapConcurrently(builds, CONCURRENCY, (build) => overlayRow(run, build));
  return reportOf(kubernetes, elapsed(start), [repository, ...rows]);
}

let opened: SchemaArchive | undefined;

/** Opened once for the process: validators are kept with their archive, and compiling them is what takes the time. */
function openOnce(): SchemaArchive {
  opened ??= openSchemaArchive();
  return opened;
}

async function repositoryRow(run: Run, builds: readonly PlannedBuild[]): Promise<ValidationRow> {
  const { files, above, options } = run;
  const check = checkerFor(run, REPOSITORY);
  const unused = options.environments?.length ? [] : findUnused(files, loadedFiles(builds));
  const checks = [
    await check("files", () =>
      checkFiles(
        [...files, ...above],
        [...unused, ...findExpiredExceptions([...files, ...above], options.today)],
      ),
    ),
    await check("yaml", () => checkYaml([...files, ...above])),
    await check("rule-files", (tools) => checkRuleFiles(files, tools)),
    await check("prometheus", (tools) => checkPrometheusConfig(files, tools)),
    await check("alertmanager", (tools) => checkAlertmanagerConfig(files, tools)),
    await check("scripts", (tools) => checkScripts(files, tools)),
    await check("workflows", (tools) => checkWorkflows([...files, ...above], tools)),
  ];
  const environments = builds.some(({ overlay }) => /^(?:overlays|clusters)\//.test(overlay.directory));
  if (!environments)
    checks.push({ check: "build", milliseconds: 0, ...outcomeOf(0, "objects", [noOverlays]) });
  return { environment: REPOSITORY, directory: ".", checks };
}

const noOverlays: Finding = {
  severity: "error",
  rule: "no-overlays",
  file: "overlays",
  message: "has no directory with a kustomization.yaml: there is nothing to build",
  hint: "Give the directory that holds prod-stack.yaml, or generate the repository first.",
};

async function overlayRow(run: Run, { overlay, graph }: PlannedBuild): Promise<ValidationRow> {
  const { directory, builder, options, archive, kubernetes } = run;
  const check = checkerFor(run, overlay.name);
  const build = await timed(() =>
    buildOverlay(overlay, graph, builder, { directory, signal: options.signal }),
  );
  const built = build.value;
  const checks = [
    report(run, overlay.name, { check: "build", milliseconds: build.milliseconds, ...built.outcome }),
    ...(await checkObjects(built.objects.length > 0)),
  ];
  return { environment: overlay.name, directory: overlay.directory, checks };

  async function checkObjects(isBuilt: boolean): Promise<CheckResult[]> {
    const blocked = () => notRun("objects", "blocked", "the overlay was not built");
    return [
      await check("schemas", (tools) =>
        isBuilt ? checkSchemas(built, { ...tools, archive, kubernetes }) : blocked(),
      ),
      await check("references", () => (isBuilt ? checkReferences(built, run.foreign) : blocked())),
      await check("alert-rules", (tools) => (isBuilt ? checkAlertRules(built.objects, tools) : blocked())),
    ];
  }
}

interface ToolAccess {
  readonly tools: Tools;
  readonly directory: string;
  readonly signal: AbortSignal | undefined;
}

/** Runs checks of one row, with their times, and tells of each. */
function checkerFor(run: Run, environment: string) {
  const access: ToolAccess = { tools: run.tools, directory: run.directory, signal: run.options.signal };
  return async (check: CheckName, work: (access: ToolAccess) => CheckOutcome | Promise<CheckOutcome>) => {
    throwIfCancelled(access.signal);
    const { value, milliseconds } = await timed(async () => work(access));
    return report(run, environment, { check, milliseconds, ...value });
  };
}

function report({ options, total }: Run, environment: string, result: CheckResult): CheckResult {
  options.onProgress?.({ environment, check: result.check, status: result.status, total });
  return result;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; milliseconds: number }> {
  const start = performance.now();
  const value = await work();
  return { value, milliseconds: elapsed(start) };
}

function elapsed(start: number): number {
  return Math.round(performance.now() - start);
}

// Owns: the configuration files of a Prometheus and an Alertmanager that run without the operator.
// Promises: the program's own parser reads them; where the program found lacks a part, the rest is checked and that is said.
// Must not: let a program open what a configuration names: it reads a copy without rule files, which rule-files checks, and templates.

import { writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { isYaml } from "./check-yaml.js";
import { missingTool, type ToolName, type Tools } from "./find-tools.js";
import { readDocuments } from "./read-yaml.js";
import { runTool, type ToolRun } from "./run-tool.js";
import type { StackFile } from "./stack-files.js";
import { withTemporaryFolder } from "./temporary-folder.js";
import { type CheckOutcome, type Finding, notRun, outcomeOf } from "./validation-report.js";
import { asRecord, listAt, type Values } from "./values.js";

export interface ConfigCheck extends ToolRun {
  readonly tools: Tools;
}

/** What some builds of a program do not know, and the configuration without it. */
interface Lack {
  readonly said: RegExp;
  readonly what: string;
  readonly without: (config: Values) => Values;
}

interface Program {
  readonly tool: ToolName;
  readonly args: readonly string[];
  readonly nothing: string;
  readonly isOwn: (config: Values) => boolean;
  /** Keys that name other files. */
  readonly references: readonly string[];
  readonly lack: Lack;
}

const PROMETHEUS: Program = {
  tool: "promtool",
  args: ["check", "config", "--syntax-only", "--"],
  nothing: "no configuration of Prometheus below monitoring/: the operator makes it",
  isOwn: ({ scrape_configs: jobs }) => Array.isArray(jobs),
  references: ["rule_files", "scrape_config_files"],
  // Debian's Prometheus has no discovery but by files, DNS and HTTP.
  lack: {
    said: /field kubernetes_sd_configs not found/,
    what: "discovery by Kubernetes",
    without: (config) => ({
      ...config,
      scrape_configs: listAt(config, "scrape_configs").map((job) => {
        const { kubernetes_sd_configs: _, ...rest } = asRecord(job);
        return rest;
      }),
    }),
  },
};

const ALERTMANAGER: Program = {
  tool: "amtool",
  args: ["check-config", "--"],
  nothing: "no configuration of Alertmanager below monitoring/: the operator makes it",
  isOwn: ({ route, receivers }) => route !== undefined && Array.isArray(receivers),
  references: ["templates"],
  // url_file came with Alertmanager 0.26.
  lack: {
    said: /field url_file not found/,
    what: "url_file of a webhook",
    without: (config) => ({
      ...config,
      receivers: listAt(config, "receivers").map((receiver) => ({
        ...asRecord(receiver),
        webhook_configs: listAt(receiver, "webhook_configs").map((webhook) => {
          const { url_file: _, ...rest } = asRecord(webhook);
          return { ...rest, url: "http://localhost/" };
        }),
      })),
    }),
  },
};

export const checkPrometheusConfig = (files: readonly StackFile[], check: ConfigCheck) =>
  checkConfigs(PROMETHEUS, files, check);

export const checkAlertmanagerConfig = (files: readonly StackFile[], check: ConfigCheck) =>
  checkConfigs(ALERTMANAGER, files, check);

interface Config {
  readonly path: string;
  readonly value: Values;
}

async function checkConfigs(
  program: Program,
  files: readonly StackFile[],
  { tools, signal }: ConfigCheck,
): Promise<CheckOutcome> {
  const configs = files
    .filter(({ path }) => isYaml(path) && /(?:^|\/)monitoring\//.test(path))
    .map(
      ({ path, text }): Config => ({ path, value: asRecord(readDocuments(text ?? "").documents[0]?.value) }),
    )
    .filter(({ value }) => value.apiVersion === undefined && program.isOwn(value));
  if (configs.length === 0) return notRun("files", "nothing-to-check", program.nothing);
  const path = tools[program.tool];
  if (path === undefined) return notRun("files", "no-tool", missingTool(program.tool));
  const findings: Finding[] = [];
  for (const config of configs) findings.push(...(await checkConfig(program, path, config, signal)));
  const missing = configs.flatMap((config) => missingRuleFiles(config, files));
  return outcomeOf(configs.length, "files", [...findings, ...missing], { name: program.tool, path });
}

async function checkConfig(
  program: Program,
  path: string,
  { path: file, value }: Config,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const { lack, tool, references } = program;
  const own = Object.fromEntries(Object.entries(value).filter(([key]) => !references.includes(key)));
  const problem = await problemOf(program, path, own, signal);
  const lacks = problem !== undefined && lack.said.test(problem);
  const rest = lacks ? await problemOf(program, path, lack.without(own), signal) : problem;
  const place = { rule: tool, file };
  return [
    ...(rest === undefined
      ? []
      : [{ severity: "error", ...place, message: rest, hint: HINTS[tool] ?? "" } as const]),
    ...(lacks
      ? [
          {
            severity: "warning",
            ...place,
            message: `this ${tool} was built without ${lack.what}: everything else was checked`,
            hint: missingTool(tool).replace(/^.*; /, ""),
          } as const,
        ]
      : []),
  ];
}

const HINTS: Partial<Record<ToolName, string>> = {
  promtool: "https://prometheus.io/docs/prometheus/latest/configuration/configuration/",
  amtool: "https://prometheus.io/docs/alerting/latest/configuration/",
};

/** What the program says of a configuration; undefined where it takes it. */
async function problemOf(
  { tool, args }: Program,
  path: string,
  config: Values,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return withTemporaryFolder(async (folder) => {
    const copy = join(folder, "config.yaml");
    // JSON is YAML.
    await writeFile(copy, JSON.stringify(config, undefined, 1));
    const { stdout, stderr, exitCode, failure } = await runTool(path, [...args, copy], {
      directory: folder,
      signal,
    });
    if (failure !== undefined) return `${tool} ${failure}`;
    return exitCode === 0 ? undefined : reasonOf(`${stderr}\n${stdout}`, copy, tool, exitCode);
  });
}

/** Without lines and paths, which are those of the copy, and without what says only that there is an error. */
function reasonOf(output: string, copy: string, tool: string, exitCode: number): string {
  const said = output.split("\n").map((line) =>
    line
      .replaceAll(copy, "")
      .replaceAll(/\bline \d+: /g, "")
      .replace(/^\s*Checking[\s']*/, "")
      .replace(/^[\s:]*(?:FAILED)?[\s:]*/, "")
      .trim(),
  );
  const telling = said.filter((line) => line !== "" && !/failed to validate \d+ file/.test(line));
  return [...new Set(telling)].join(" ").slice(0, 500) || `${tool} ended with ${exitCode}`;
}

/** Prometheus does not start without a rule file that is named; a pattern may match nothing. */
function missingRuleFiles({ path, value }: Config, files: readonly StackFile[]): Finding[] {
  const named = listAt(value, "rule_files").filter((name) => typeof name === "string");
  return named
    .filter((name) => !posix.isAbsolute(name) && !name.includes("*"))
    .filter((name) => !files.some((file) => file.path === posix.join(posix.dirname(path), name)))
    .map((name) => ({
      severity: "error",
      rule: "rule-file-missing",
      file: path,
      message: `names the rule file ${name}, which is not there`,
      hint: "Restore it from git, or take it out of rule_files.",
    }));
}

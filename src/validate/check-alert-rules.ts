// Owns: alerting and recording rules: those of PrometheusRule objects, and of plain rule files.
// Promises: promtool parses every expression; the server that takes a PrometheusRule does not, without a webhook.
// Must not: know metrics.

import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { BuiltObject } from "./built-object.js";
import { isYaml } from "./check-yaml.js";
import { missingTool, type Tools } from "./find-tools.js";
import { readDocuments } from "./read-yaml.js";
import { runTool, type ToolRun } from "./run-tool.js";
import type { StackFile } from "./stack-files.js";
import { withTemporaryFolder } from "./temporary-folder.js";
import { type CheckOutcome, type Finding, notRun, outcomeOf } from "./validation-report.js";
import { asRecord, listAt, type Values } from "./values.js";

export interface AlertRuleCheck extends ToolRun {
  readonly tools: Tools;
}

/** Groups of rules, and where they stand. */
interface RuleSet {
  readonly place: Pick<Finding, "file" | "object">;
  readonly groups: readonly unknown[];
}

/** The rules of the PrometheusRule objects of an overlay. */
export function checkAlertRules(
  objects: readonly BuiltObject[],
  check: AlertRuleCheck,
): Promise<CheckOutcome> {
  const found = objects.filter(
    ({ group, kind }) => group === "monitoring.coreos.com" && kind === "PrometheusRule",
  );
  const sets = found.map(({ id, data }) => ({
    place: { object: id },
    groups: listAt(data, "spec", "groups"),
  }));
  return checkSets(sets, "no PrometheusRule in this environment", check);
}

/** The rules of plain rule files, for a Prometheus without the operator. */
export function checkRuleFiles(files: readonly StackFile[], check: AlertRuleCheck): Promise<CheckOutcome> {
  const candidates = files.filter(({ path }) => isYaml(path) && /(?:^|\/)monitoring\//.test(path));
  const sets = candidates.flatMap(({ path, text }) => {
    const value = asRecord(readDocuments(text ?? "").documents[0]?.value);
    const isRuleFile = value.apiVersion === undefined && Array.isArray(value.groups);
    return isRuleFile ? [{ place: { file: path }, groups: listAt(value, "groups") }] : [];
  });
  return checkSets(sets, "no plain rule file below monitoring/", check);
}

async function checkSets(
  sets: readonly RuleSet[],
  nothing: string,
  { tools, signal }: AlertRuleCheck,
): Promise<CheckOutcome> {
  if (sets.length === 0) return notRun("rules", "nothing-to-check", nothing);
  const path = tools.promtool;
  if (path === undefined) return notRun("rules", "no-tool", missingTool("promtool"));
  const findings = await withTemporaryFolder((folder) => runPromtool(path, sets, folder, signal));
  const rules = sets
    .flatMap(({ groups }) => groups)
    .reduce<number>((sum, group) => sum + listAt(group, "rules").length, 0);
  return outcomeOf(rules, "rules", findings, { name: "promtool", path });
}

async function runPromtool(
  path: string,
  sets: readonly RuleSet[],
  folder: string,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const files = sets.map((_, index) => join(folder, `${index}.yaml`));
  await Promise.all(sets.map(({ groups }, index) => writeFile(files[index] ?? "", ruleFileText(groups))));
  const { stdout, stderr, exitCode, failure } = await runTool(path, ["check", "rules", "--", ...files], {
    directory: folder,
    signal,
  });
  if (failure !== undefined) return [finding({}, `promtool ${failure}`)];
  const findings = sets.flatMap(({ place }, index) =>
    errorsOf(`${stderr}\n${stdout}`, basename(files[index] ?? "")).map((message) => finding(place, message)),
  );
  if (exitCode === 0 || findings.length > 0) return findings;
  return [finding({}, `promtool ended with ${exitCode}: ${stderr.trim().slice(0, 500)}`)];
}

/** The operator's objects hold fields that Prometheus does not know. JSON is YAML. */
function ruleFileText(groups: readonly unknown[]): string {
  const plain = groups.map((group) => {
    const { partial_response_strategy: _, ...rest }: Values = asRecord(group);
    return rest;
  });
  return JSON.stringify({ groups: plain }, undefined, 1);
}

/** promtool names the file in each line of an error, or once above them. */
function errorsOf(output: string, file: string): string[] {
  const lines = output.split("\n").map((line) => line.trim());
  const start = lines.findIndex((line) => line.startsWith("Checking") && line.endsWith(file));
  const after = start < 0 ? [] : lines.slice(start + 1);
  const end = after.findIndex((line) => line.startsWith("Checking"));
  const own = end < 0 ? after : after.slice(0, end);
  const named = lines.filter((line) => line.includes(`${file}:`));
  const found = [...named, ...own.filter((line) => /error|duplicate|invalid/i.test(line))];
  const cleaned = found.map((line) => line.replace(/^.*?\d+\.yaml:\s*/, "").replace(/^(?:\d+:\d+:\s*)/, ""));
  return [...new Set(cleaned)].filter((line) => line !== "" && !/^FAILED:?$/.test(line));
}

function finding(place: RuleSet["place"], message: string): Finding {
  return {
    severity: "error",
    rule: "promtool",
    ...place,
    message,
    hint: "Mend the expression or field; promtool check rules says the same.",
  };
}

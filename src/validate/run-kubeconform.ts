// Owns: asking kubeconform about the objects of an overlay.
// Promises: it sees files, only schemas of this package, and its count is compared with the objects: it exits 0 on nothing.
// Must not: trust its exit code alone.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuiltOverlay } from "./build-overlay.js";
import type { BuiltObject } from "./built-object.js";
import { runTool, type ToolRun } from "./run-tool.js";
import { kubeconformArguments, type SchemaArchive, writeSchemaFolder } from "./schema-archive.js";
import { withTemporaryFolder } from "./temporary-folder.js";
import type { Finding } from "./validation-report.js";
import { asRecord, listAt, textAt } from "./values.js";

export interface KubeconformRun extends ToolRun {
  readonly archive: SchemaArchive;
  readonly kubernetes: string;
}

export async function runKubeconform(
  path: string,
  built: BuiltOverlay,
  run: KubeconformRun,
): Promise<Finding[]> {
  const { archive, kubernetes, signal } = run;
  return withTemporaryFolder(async (folder) => {
    const schemas = join(folder, "schemas");
    await mkdir(schemas);
    writeSchemaFolder(schemasOf(archive, built.objects), schemas);
    const manifests = join(folder, "manifests.yaml");
    await writeFile(manifests, built.text);
    const args = [...kubeconformArguments(archive, schemas, kubernetes), "--", manifests];
    const { stdout, stderr, exitCode, failure } = await runTool(path, args, { directory: folder, signal });
    if (failure !== undefined) return [broken(`kubeconform ${failure}`)];
    return (
      readResults(stdout, built.objects.length) ?? [
        broken(`kubeconform ended with ${exitCode}: ${lastLine(stderr)}`),
      ]
    );
  });
}

/** Only the kinds of an overlay: writing all of them takes longer than checking. */
function schemasOf(archive: SchemaArchive, objects: readonly BuiltObject[]): SchemaArchive {
  const wanted = new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  const positions = [...archive.kinds.keys()].filter((position) => {
    const { apiVersion, kind } = archive.kinds[position] ?? { apiVersion: "", kind: "" };
    return wanted.has(`${apiVersion} ${kind}`);
  });
  const kinds = positions.flatMap((position) => archive.kinds[position] ?? []);
  return { ...archive, kinds, schemaText: (index) => archive.schemaText(positions[index] ?? -1) };
}

/** @returns undefined where the output is none of kubeconform's */
function readResults(stdout: string, expected: number): Finding[] | undefined {
  const report = tryParse(stdout);
  if (report === undefined) return undefined;
  const resources = listAt(report, "resources");
  const findings = resources.flatMap((resource) => readResource(resource) ?? []);
  const seen = resources.filter((resource) => asRecord(resource).status !== "statusEmpty").length;
  if (seen === expected) return findings;
  return [
    ...findings,
    broken(`kubeconform reports ${seen} objects of ${expected}: the others were not checked`),
  ];
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readResource(resource: unknown): Finding[] | undefined {
  const { status } = asRecord(resource);
  if (status === "statusValid" || status === "statusEmpty") return undefined;
  const object = `${textAt(resource, "kind") ?? "?"}/${textAt(resource, "name") ?? "?"}`;
  const text = textAt(resource, "msg") ?? String(status);
  if (status === "statusSkipped")
    return [schemaFinding("missing-schema", object, "was skipped: it was not checked")];
  if (/could not find schema/.test(text))
    return [schemaFinding("missing-schema", object, `${text}: it was not checked`)];
  const errors = listAt(resource, "validationErrors");
  if (errors.length === 0) return [schemaFinding("schema", object, text)];
  return errors.map((error) =>
    schemaFinding("schema", object, textAt(error, "msg") ?? text, dotted(textAt(error, "path"))),
  );
}

/** A JSON pointer as a dotted path, as the embedded checker writes it. */
function dotted(pointer: string | undefined): string | undefined {
  const path = pointer
    ?.split("/")
    .slice(1)
    .map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`))
    .join("");
  return path?.replace(/^\./, "") || undefined;
}

const SCHEMA_HINT = "Compare with the API reference of this kind, in this apiVersion and Kubernetes version.";
const MISSING_HINT =
  "Use an apiVersion that this Kubernetes version serves, or a kind whose schema this package has.";

function schemaFinding(rule: string, object: string, message: string, path?: string): Finding {
  const hint = rule === "schema" ? SCHEMA_HINT : MISSING_HINT;
  return { severity: "error", rule, object, ...(path === undefined ? {} : { path }), message, hint };
}

function broken(message: string): Finding {
  return {
    severity: "error",
    rule: "schema-tool",
    message,
    hint: "Without kubeconform on PATH, the embedded checker is used.",
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

// Owns: asking kubeconform about many objects in one process.
// Promises: a verdict for each object, or an error: none is lost, and none counts as valid by being skipped.
// Must not: interpret the message of a verdict.
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import {
  kubeconformArguments,
  type SchemaArchive,
  writeSchemaFolder,
} from "../../../src/validate/schema-archive.js";
import { ensureTool } from "../../tools/ensure-tool.js";

/** What kubeconform says of one object. `error`: no schema, or not readable. */
export interface Verdict {
  readonly status: "valid" | "invalid" | "error";
  readonly message: string;
}

interface KubeconformReport {
  readonly resources: readonly { readonly filename: string; readonly status: string; readonly msg: string }[];
}

/** Validates objects, given as JSON, against one version of Kubernetes; verdicts come in the order of the objects. */
export type AskKubeconform = (objects: readonly string[], kubernetes: string) => Promise<Verdict[]>;

/** Writes the schemas once, hands out a function that asks kubeconform, and cleans up. */
export async function withKubeconform<Result>(
  archive: SchemaArchive,
  use: (ask: AskKubeconform) => Promise<Result>,
): Promise<Result> {
  const binary = await ensureTool("kubeconform");
  const folder = await mkdtemp(join(tmpdir(), "schemas-"));
  try {
    writeSchemaFolder(archive, join(folder, "schemas"));
    let runs = 0;
    return await use((objects, kubernetes) => {
      runs++;
      return ask(
        binary,
        kubeconformArguments(archive, join(folder, "schemas"), kubernetes),
        join(folder, `run${runs}`),
        objects,
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function ask(
  binary: string,
  arguments_: readonly string[],
  folder: string,
  objects: readonly string[],
): Promise<Verdict[]> {
  mkdirSync(folder);
  // One after the other: thousands of open files at once are too many.
  for (const [index, object] of objects.entries()) {
    writeFileSync(join(folder, `${index}.json`), object);
  }
  const { stdout, stderr, exitCode } = await execa(binary, [...arguments_, folder], {
    reject: false,
    maxBuffer: 1e9,
  });
  if (!stdout.startsWith("{"))
    throw new Error(`kubeconform gave no report (exit code ${exitCode}): ${stderr}`);
  const verdicts: Verdict[] = [];
  for (const { filename, status, msg } of (JSON.parse(stdout) as KubeconformReport).resources) {
    const index = Number(/(\d+)\.json$/.exec(filename)?.[1]);
    const verdict: Verdict = { status: readStatus(status), message: msg };
    // A List is reported item by item; one bad item is enough.
    if ((verdicts[index]?.status ?? "valid") === "valid") verdicts[index] = verdict;
  }
  const missing = objects.findIndex((_, index) => verdicts[index] === undefined);
  if (missing !== -1) throw new Error(`kubeconform said nothing about ${objects[missing]}`);
  const allValid = verdicts.every(({ status }) => status === "valid");
  if (allValid !== (exitCode === 0))
    throw new Error(`kubeconform exited with ${exitCode} against its own report`);
  return verdicts;
}

function readStatus(status: string): Verdict["status"] {
  switch (status) {
    case "statusValid":
      return "valid";
    case "statusInvalid":
      return "invalid";
    case "statusError":
      return "error";
    default:
      throw new Error(`kubeconform answered ${status}`);
  }
}

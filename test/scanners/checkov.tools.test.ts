// Owns: the proof that Checkov finds nothing in any example but exceptions that the manifests themselves explain.
// Promises: every directory that is applied is scanned, and the scan is seen to bite.
// Must not: leave out a check; an exception stands in the manifest or nowhere.

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KubernetesObject } from "../render/build-stacks.js";
import { ensureCheckov } from "./ensure-checkov.js";
import { type ScannedExamples, scannedExamples, writeManifests } from "./scanned-examples.js";

interface Verdict {
  readonly check_id: string;
  readonly resource: string;
  readonly file_path: string;
}

interface Report {
  readonly summary: {
    readonly passed: number;
    readonly parsing_errors: number;
    readonly resource_count: number;
    readonly skipped: number;
  };
  readonly results: { readonly failed_checks: readonly Verdict[] };
}

let checkov: string;
let examples: ScannedExamples;

beforeAll(async () => {
  checkov = await ensureCheckov();
  examples = await scannedExamples();
});

afterAll(() => examples && rmSync(examples.folder, { recursive: true, force: true }));

/** Offline: the checks are those of the package. Compact and quiet: the whole report is a hundred megabytes of code. */
async function scan(folder: string): Promise<Report> {
  const offline = [
    "--framework",
    "kubernetes",
    "--skip-download",
    "--output",
    "json",
    "--compact",
    "--quiet",
  ];
  const { stdout, stderr } = await execa(checkov, ["--directory", folder, ...offline], { reject: false });
  if (!stdout.startsWith("{")) throw new Error(`checkov said no report: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

const told = ({ check_id, resource, file_path }: Verdict) => `${check_id} ${resource} ${file_path}`;
const isPolicy = ({ kind }: KubernetesObject) => kind === "NetworkPolicy";

/** Checkov takes a policy of any file for one of any namespace, so those without are scanned apart. */
function filesBy(hasPolicies: boolean): string {
  const folder = mkdtempSync(join(examples.folder, "scanned-"));
  for (const [place, objects] of examples.objects)
    if (objects.some(isPolicy) === hasPolicies)
      writeManifests(join(folder, `${place.replaceAll("/", "-")}.yaml`), objects);
  return folder;
}

test.each([true, false])(
  "no finding in any directory of the examples; with network policies: %s",
  async (has) => {
    const folder = filesBy(has);
    expect(readdirSync(folder).length).toBeGreaterThan(4);
    const { summary, results } = await scan(folder);
    expect(results.failed_checks.map(told)).toEqual([]);
    expect(summary.parsing_errors).toBe(0);
    expect(summary.resource_count).toBeGreaterThan(200);
    expect(summary.passed).toBeGreaterThan(1500);
    expect(summary.skipped).toBeGreaterThan(20);
  },
);

test("each exception has its reason, and there are few kinds of them", () => {
  const skips = [...examples.objects.values()]
    .flat()
    .flatMap(({ metadata }) => Object.entries<string>(metadata.annotations ?? {}))
    .filter(([key]) => key.startsWith("checkov.io/skip"))
    .map(([, text]) => text);
  expect(skips.length).toBeGreaterThan(50);
  expect(skips.filter((text) => !/^CKV2?_K8S_[0-9]+=[^=]{20,}$/.test(text))).toEqual([]);
  // Open development; secrets as variables; users of other people's images; images without a digest.
  expect([...new Set(skips.map((text) => text.split("=")[0]))].sort()).toEqual([
    "CKV2_K8S_6",
    "CKV_K8S_35",
    "CKV_K8S_40",
    "CKV_K8S_43",
  ]);
});

test("the same without its exceptions, and a worse one, are found", async () => {
  const folder = mkdtempSync(join(examples.folder, "worse-"));
  const [redis] = (examples.objects.get("rate-limiter/overlays/dev") ?? []).filter(
    ({ kind }) => kind === "StatefulSet",
  );
  const bare = structuredClone(redis);
  bare.metadata.annotations = {};
  bare.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem = false;
  writeManifests(join(folder, "redis.yaml"), [bare]);
  const { results } = await scan(folder);
  const found = [...new Set(results.failed_checks.map(({ check_id }) => check_id))].sort();
  expect(found).toEqual(["CKV2_K8S_6", "CKV_K8S_22", "CKV_K8S_35", "CKV_K8S_40"]);
});

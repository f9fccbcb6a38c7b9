// Owns: the proof that kube-score finds nothing in any example, neither critical nor a warning, but what the manifests except.
// Promises: every directory that is applied is scored whole, and the score is seen to bite.
// Must not: leave out a check; an exception stands in the manifest, with its reason beside it.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SCORE_REASONS } from "../../src/stack/derive-exceptions.js";
import { buildGoProgram } from "../apiserver/build-go-program.js";
import { type ScannedExamples, scannedExamples, WORKLOADS, writeManifests } from "./scanned-examples.js";

let kubeScore: string;
let examples: ScannedExamples;

beforeAll(async () => {
  kubeScore = await buildGoProgram({
    name: "kube-score",
    cache: "tools",
    moduleFolder: import.meta.dirname,
    main: "github.com/zegl/kube-score/cmd/kube-score",
  });
  examples = await scannedExamples();
});

afterAll(() => examples && rmSync(examples.folder, { recursive: true, force: true }));

interface Score {
  readonly object_name: string;
  readonly checks: readonly {
    readonly check: { readonly id: string };
    /** 10 is well, 7 almost, 5 a warning, 1 critical. */
    readonly grade: number;
    readonly skipped: boolean;
  }[];
}

async function score(file: string): Promise<readonly Score[]> {
  const { stdout, stderr } = await execa(
    kubeScore,
    ["score", "--kubernetes-version", "v1.35", "--output-format", "json", file],
    { reject: false },
  );
  // Nothing in it that kube-score knows, such as definitions of Argo CD's.
  if (stdout === "null") return [];
  if (!stdout.startsWith("[")) throw new Error(`kube-score said no report on ${file}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

function findings(scores: readonly Score[]): string[] {
  return scores.flatMap(({ object_name, checks }) =>
    checks
      .filter(({ skipped, grade }) => !skipped && grade < 10)
      .map(({ check }) => `${check.id} ${object_name}`),
  );
}

test("no finding in any example", async () => {
  const found: string[] = [];
  let checks = 0;
  for (const [place, file] of examples.files) {
    const scores = await score(file);
    found.push(...findings(scores).map((finding) => `${place}: ${finding}`));
    checks += scores.flatMap((one) => one.checks.filter(({ skipped }) => !skipped)).length;
  }
  expect(found).toEqual([]);
  expect(examples.files.size).toBeGreaterThan(25);
  expect(checks).toBeGreaterThan(1000);
});

test("each exception has its reason beside it", () => {
  const excepted = [...examples.objects.values()]
    .flat()
    .filter(({ metadata }) => metadata.annotations?.["kube-score/ignore"] !== undefined);
  expect(excepted.filter(({ kind }) => WORKLOADS.includes(kind)).length).toBeGreaterThan(20);
  for (const { metadata } of excepted)
    for (const id of metadata.annotations["kube-score/ignore"].split(","))
      expect(metadata.annotations[SCORE_REASONS]).toMatch(new RegExp(`(^|; )${id}: .{15,}`));
});

test("an object without its exceptions, and a worse one, are found", async () => {
  const objects = structuredClone(examples.objects.get("rate-limiter/overlays/dev") ?? []);
  const worse = objects.find(({ kind }) => kind === "Deployment");
  worse.metadata.annotations = {};
  worse.spec.template.spec.containers[0].image = "ghcr.io/example-org/api:latest";
  const file = join(examples.folder, "worse.yaml");
  writeManifests(file, objects);
  expect(
    findings(await score(file))
      .map((finding) => finding.split(" ")[0])
      .sort(),
  ).toEqual(["container-image-tag", "deployment-replicas", "pod-networkpolicy"]);
});

// Proves the scan of images: every image that an overlay runs is scanned once, and a finding fails the run.
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { buildStacks, podOf, writeTree } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { ensureTool } from "../tools/ensure-tool.js";

let folder: string;
let expected: string[];
let workflow: string;
let script: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "prod-stack-scan-"));
  const built = (await buildStacks({ stack: SAMPLE_STACKS.clusters ?? "" })).get("stack");
  if (built === undefined) throw new Error("not built");
  writeTree(folder, built.tree);
  const read = (path: string) => built.tree.find((file) => file.path === path)?.contents ?? "";
  workflow = read(".github/workflows/far-images.yaml");
  script = read("scripts/scan-images.sh");
  const applied = [...built.objects].filter(([directory]) => !directory.startsWith("bootstrap/"));
  const pods = applied.flatMap(([, objects]) => objects.flatMap((object) => podOf(object) ?? []));
  const containers = pods.flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers]);
  expected = [...new Set(containers.map(({ image }) => image))].sort();
  const bin = join(folder, "bin");
  writeTree(bin, []);
  await execa("mkdir", ["-p", bin]);
  symlinkSync(await ensureTool("kustomize"), join(bin, "kustomize"));
  // Writes down what it is asked for, and finds something in whatever FOUND names.
  writeFileSync(
    join(bin, "grype"),
    '#!/bin/sh\necho "$@" >>"$LOG"\ncase "$*" in *"$FOUND"*) exit 2 ;; esac\n',
  );
  chmodSync(join(bin, "grype"), 0o755);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

async function scan(found: string, ...args: string[]) {
  const log = join(folder, `log-${Math.trunc(performance.now())}`);
  writeFileSync(log, "");
  const path = `${join(folder, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin`;
  const env = { PATH: path, LOG: log, FOUND: found };
  const result = await execa(join(folder, "scripts/scan-images.sh"), args, { env, reject: false });
  return { ...result, calls: readFileSync(log, "utf8").split("\n").filter(Boolean) };
}

test("[SEC-12] every image of every overlay is scanned once, for what is critical and has a fix", async () => {
  expect(expected.length).toBeGreaterThan(4);
  const { exitCode, calls, stderr } = await scan("nothing-is-found");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(calls).toEqual(expected.map((image) => `--quiet --only-fixed --fail-on critical ${image}`));
});

test("[SEC-12] a finding fails the run, after all others were scanned", async () => {
  const { exitCode, calls, stdout } = await scan(expected[0] ?? "");
  expect(exitCode).toBe(1);
  expect(calls).toHaveLength(expected.length);
  expect(stdout).toContain(`::error::${expected[0]} has vulnerabilities`);
  expect(stdout).toContain(`1 of ${expected.length} images`);
});

test("one overlay's images can be asked for, and only listed", async () => {
  const { stdout, calls } = await scan("", "--list", "overlays/dev");
  expect(calls).toEqual([]);
  const listed = stdout.split("\n");
  expect(listed).toEqual([...listed].sort());
  expect(expected).toEqual(expect.arrayContaining(listed));
});

test("[SEC-12] the scanner is an image by digest, and the workflow has no rights but reading", () => {
  expect(script).toMatch(/^GRYPE='?ghcr\.io\/anchore\/grype:v[0-9.]+@sha256:[0-9a-f]{64}'?$/m);
  const { permissions, jobs, on } = parse(workflow);
  expect(permissions).toEqual({});
  expect(jobs.scan.permissions).toEqual({ contents: "read" });
  expect(Object.keys(on)).toEqual(["schedule", "workflow_dispatch"]);
  expect(workflow).not.toContain("secrets.");
});

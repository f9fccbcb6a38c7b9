/** Holds that a repository made to harm is only read, only below its directory, and that tools are not trusted either. */
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runTool } from "../../src/validate/run-tool.js";
import { validateRepository } from "../../src/validate/validate-repository.js";
import type { Finding, ValidationReport } from "../../src/validate/validation-report.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { type Repository, SMALL_SPEC, Workshop } from "./generated-repository.js";

let workshop: Workshop;
let searchPath: string;
let server: Server;
let requests = 0;

beforeAll(async () => {
  workshop = await Workshop.open(SMALL_SPEC);
  searchPath = await workshop.searchPath({ kustomize: await ensureTool("kustomize") });
  server = createServer((_, response) => {
    requests += 1;
    response.end("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fetched}\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server?.close();
  await workshop?.close();
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const findingsOf = (report: ValidationReport): Finding[] =>
  report.rows.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings));
const validate = (repository: Repository) =>
  validateRepository({ directory: repository.directory, searchPath });
const OVERLAY = "overlays/prod/kustomization.yaml";

describe("a repository made to harm", () => {
  it.each([
    ["an overlay", "overlays/evil", "overlay-link"],
    ["a bootstrap directory", "bootstrap/evil", "overlay-link"],
    ["a file", "docs/evil.md", "file-link-outside"],
  ])("with %s that is a link to the outside", async (_, path, rule) => {
    const repository = await workshop.copy();
    await mkdir(join(workshop.root, "outside"), { recursive: true });
    await writeFile(join(workshop.root, "outside/kustomization.yaml"), "resources: [secret.yaml]\n");
    await writeFile(join(workshop.root, "outside/secret.yaml"), "kind: CanarySecret\n");
    await repository.link(path, join(workshop.root, "outside"));
    const report = await validate(repository);
    expect(report.status).toBe("failed");
    expect(findingsOf(report).map((finding) => finding.rule)).toContain(rule);
    expect(JSON.stringify(report)).not.toContain("CanarySecret");
  });

  it("with links that lead nowhere, and round in circles", async () => {
    const repository = await workshop.copy();
    await repository.link("docs/nowhere", "./gone");
    await repository.link("docs/circle", "./circle");
    await repository.link("docs/up", "..");
    const rules = findingsOf(await validate(repository)).map(({ file, rule }) => `${file} ${rule}`);
    expect(rules.sort()).toEqual(["docs/circle file-link-outside", "docs/nowhere file-link-outside"]);
  });

  it("with a managed directory that is a link to the outside", async () => {
    const repository = await workshop.copy();
    await repository.remove("overlays/prod/managed");
    await repository.link("overlays/prod/managed", join(workshop.root, "original/overlays/prod/managed"));
    const report = await validate(repository);
    expect(findingsOf(report).map(({ rule }) => rule)).toContain("outside");
  });

  it.each([
    ["resources", (url: string) => `resources: [managed, "${url}/base.yaml"]\n`],
    ["a field in another case", (url: string) => `Resources: ["${url}/base.yaml"]\n`],
    ["a patch", (url: string) => `resources: [managed]\npatches: [{ path: "${url}/patch.yaml" }]\n`],
    [
      "a generator",
      (url: string) => `resources: [managed]\nconfigMapGenerator: [{ name: a, files: ["a=${url}/x"] }]\n`,
    ],
    [
      "an environment file",
      (url: string) =>
        `resources: [managed]\nconfigMapGenerator: [{ name: a, envs: ["${url}/=../../prod-stack.yaml"] }]\n`,
    ],
    [
      "a transformer",
      (url: string) =>
        `resources: [managed]\ntransformers:\n  - |\n    apiVersion: builtin\n    kind: PatchTransformer\n    metadata: {name: x}\n    path: ${url}/x\n`,
    ],
  ])("that would fetch by %s fetches nothing", async (_, overlay) => {
    const repository = await workshop.copy();
    await repository.write(OVERLAY, overlay(address()));
    const report = await validate(repository);
    expect(findingsOf(report).map(({ rule }) => rule)).toContain("remote-base");
    expect(requests).toBe(0);
  });

  it("whose spec is hostile", async () => {
    const repository = await workshop.copy();
    await repository.write(
      "prod-stack.yaml",
      `environments: {__proto__: {tier: production}, "../../x": {tier: x}, prod: [1], "a\\u001b[2J": 5}\n`,
    );
    const report = await validate(repository);
    expect(report.status).toBe("failed");
    expect(report.rows.find(({ environment }) => environment === "prod")?.checks[0]?.status).toBe("passed");
  });

  it.each([
    ["5,000-deep YAML", `a: ${"[".repeat(5000)}${"]".repeat(5000)}\n`],
    ["5,000-deep mappings", `${"{a: ".repeat(5000)}1${"}".repeat(5000)}\n`],
    ["a huge file", `a: ${"x".repeat(5 * 1024 * 1024)}\n`],
    ["a file of zeros", "\0".repeat(1000)],
  ])("with %s", async (_, text) => {
    const repository = await workshop.copy();
    await repository.write("base/api/service.yaml", text);
    const report = await validate(repository);
    expect(report.status).toBe("failed");
    expect(JSON.stringify(report)).not.toMatch(/RangeError|goroutine|node:internal|\.ts:\d/);
  });

  it("with names that look like options", async () => {
    const repository = await workshop.copy();
    await repository.write("overlays/--help/kustomization.yaml", "resources: [../../base]\n");
    await repository.write("--version.sh", "echo\n");
    const report = await validate(repository);
    expect(report.rows.find(({ environment }) => environment === "--help")?.checks[0]).toMatchObject({
      status: "passed",
    });
  });
});

/** A program that says what it is told to. */
async function fakeProgram(name: string, script: string): Promise<string> {
  const path = join(workshop.root, `fake-${Math.random().toString(36).slice(2)}-${name}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe("a tool that misbehaves", () => {
  it.each([
    ["reports nothing", "echo '{\"resources\":[]}'", "objects of"],
    ["reports no JSON", "echo all is well", "ended with"],
    ["skips", `echo '{"resources":[{"kind":"A","name":"b","status":"statusSkipped"}]}'`, "skipped"],
    ["fails", "echo 'no space left' >&2; exit 3", "no space left"],
    ["is killed", "kill -9 $$", "was ended by SIGKILL"],
  ])("kubeconform %s", async (_, script, message) => {
    const path = await workshop.searchPath({
      kustomize: await ensureTool("kustomize"),
      kubeconform: await fakeProgram("kubeconform", script),
    });
    const { directory } = await workshop.copy();
    const report = await validateRepository({ directory, searchPath: path, environments: ["prod"] });
    const check = report.rows[1]?.checks.find((candidate) => candidate.check === "schemas");
    expect(check?.status).toBe("failed");
    expect(check?.findings.map((finding) => finding.message).join()).toContain(message);
  });

  it.each([
    ["says nothing", "exit 0", "builds no object"],
    ["fails in silence", "exit 1", "without a message"],
    ["writes no YAML", "echo 'a: ['", "not YAML"],
    ["writes no objects", "echo 'a: 1'", "no Kubernetes objects"],
  ])("kustomize %s", async (_, script, message) => {
    const path = await workshop.searchPath({ kustomize: await fakeProgram("kustomize", script) });
    const { directory } = await workshop.copy();
    const report = await validateRepository({ directory, searchPath: path, environments: ["prod"] });
    expect(report.status).toBe("failed");
    expect(
      findingsOf(report)
        .map((finding) => finding.message)
        .join(),
    ).toContain(message);
  });

  it("leaves no temporary folder behind", async () => {
    const kubeconform = await fakeProgram("kubeconform", "exit 3");
    const path = await workshop.searchPath({ kustomize: await ensureTool("kustomize"), kubeconform });
    const { directory } = await workshop.copy();
    const own = join(workshop.root, "temporary");
    await mkdir(own);
    vi.stubEnv("TMPDIR", own);
    try {
      await validateRepository({ directory, searchPath: path });
      expect(await readdir(own)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("is ended when the user cancels", async () => {
    const path = await workshop.searchPath({
      kustomize: await fakeProgram("kustomize", "exec /bin/sleep 600"),
    });
    const { directory } = await workshop.copy();
    const controller = new AbortController();
    const run = validateRepository({ directory, searchPath: path, signal: controller.signal });
    setTimeout(() => controller.abort(), 300);
    await expect(run).rejects.toMatchObject({ kind: "cancelled", code: "CANCELLED" });
  });

  it("is ended when it takes too long", async () => {
    const program = await fakeProgram("slow", "exec /bin/sleep 600");
    const { failure } = await runTool(program, [], { directory: workshop.root, timeLimit: 200 });
    expect(failure).toContain("did not finish");
  });

  it("sees nothing of the caller's environment", async () => {
    vi.stubEnv("CANARY_TOKEN", "canary");
    const program = await fakeProgram("env", "/usr/bin/env");
    const { stdout } = await runTool(program, [], { directory: workshop.root });
    vi.unstubAllEnvs();
    expect(stdout).not.toContain("canary");
    expect(stdout).toContain("KUBECONFIG=/dev/null");
  });

  it("could not be started", async () => {
    const { failure } = await runTool(join(workshop.root, "ghost"), [], { directory: workshop.root });
    expect(failure).toBe("could not be started");
    await rm(join(workshop.root, "ghost"), { force: true });
  });
});

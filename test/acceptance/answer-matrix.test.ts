// Proves that every pair of answers gives a stack that builds and is valid: all of it by the real tools.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../../src/stack/engines/index.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { type Answers, answerMatrix, hasPreviews, isExposed, placesOf, specOf } from "./answer-matrix.js";
import { SchemaChecker } from "./check-schemas.js";
import { appliedDirectories, generateByCore, loadCore } from "./packed-package.js";

const stacks = answerMatrix().map((answers, index) => ({ name: `shop-${index}`, answers }));

let folder: string;
let checker: SchemaChecker;
const built = new Map<string, string>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "prod-stack-matrix-"));
  checker = new SchemaChecker();
});

afterAll(() => {
  checker.close();
  rmSync(folder, { recursive: true });
});

/** What pull requests share; how much of the stack they run is tested with the previews. */
const PREVIEWS = "overlays/previews";
/** Objects of environments and bootstrap, by the file that holds everything. */
const ofEnvironments = new Map<string, string>();

/**
 * Everything that a stack applies, built in as few processes as it has clusters: nothing in one has the same kind, namespace
 * and name twice.
 */
async function buildStack(kustomize: string, directory: string, file: string): Promise<string> {
  const applied = appliedDirectories(directory);
  const inClusters = /^(?:clusters|bootstrap)\/[^/]+\/([^/]+)$/;
  const groupOf = (path: string) => (path === PREVIEWS ? "of-previews" : inClusters.exec(path)?.[1]);
  const clusters = [...new Set(applied.map(groupOf))];
  const built: string[] = [];
  let counted = "";
  for (const cluster of clusters) {
    const all = join(directory, `all-${cluster ?? ""}`);
    mkdirSync(all);
    const own = applied.filter((path) => groupOf(path) === cluster);
    const resources = own.map((path) => `../${path}`);
    writeFileSync(join(all, "kustomization.yaml"), JSON.stringify({ resources }));
    const { stdout } = await execa(kustomize, ["build", all], { maxBuffer: 64 * 1024 * 1024 });
    built.push(stdout);
    if (cluster !== "of-previews") counted += `\n---\n${stdout}`;
  }
  ofEnvironments.set(file, counted);
  const stdout = built.join("\n---\n");
  writeFileSync(file, stdout);
  return stdout;
}

function count(manifests: string, kind: string): number {
  return manifests.match(new RegExp(`^kind: ${kind}$`, "gm"))?.length ?? 0;
}

test("there are enough stacks, and each pair of answers stands in one", () => {
  expect(stacks.length).toBeGreaterThanOrEqual(60);
  expect(new Set(stacks.map(({ answers }) => JSON.stringify(answers))).size).toBeGreaterThanOrEqual(60);
});

test("each is generated, and builds", async () => {
  const core = loadCore();
  const kustomize = await ensureTool("kustomize");
  const faults: string[] = [];
  const work = [...stacks];
  const buildNext = async (): Promise<void> => {
    const next = work.shift();
    if (next === undefined) return;
    const { name, answers } = next;
    const directory = join(folder, name, answers.path === "." ? "" : answers.path);
    try {
      generateByCore(core, specOf(answers, name), directory);
      built.set(name, await buildStack(kustomize, directory, join(folder, `${name}.yaml`)));
    } catch (error) {
      const problems = error instanceof core.StackError ? error.problems.map(core.formatProblem) : [];
      faults.push(`${JSON.stringify(answers)}: ${String(error)} ${problems.join("; ")}`);
    }
    await buildNext();
  };
  await Promise.all([buildNext(), buildNext()]);
  expect(faults).toEqual([]);
  expect(built.size).toBe(stacks.length);
});

describe("the objects", () => {
  test.each(["1.35", "1.36", "1.37"])("are all valid on Kubernetes %s", async (version) => {
    const documents = [...built.values()].map((manifests) => manifests.split("\n---\n").length);
    const { valid, faults } = await checker.check(
      [...built.keys()].map((name) => join(folder, `${name}.yaml`)),
      version,
    );
    expect(faults).toEqual([]);
    expect(valid.length).toBe(documents.reduce((sum, one) => sum + one, 0));
    expect(valid.length).toBeGreaterThan(stacks.length * 20);
  });

  test.each(stacks)("of $name are as many as its answers say", ({ name, answers }) => {
    const manifests = ofEnvironments.get(join(folder, `${name}.yaml`)) ?? "";
    for (const [kind, expected] of Object.entries(expectedCounts(answers)))
      expect(count(manifests, kind), `${kind}: ${JSON.stringify(answers)}`).toBe(expected);
  });
});

/** Kinds of the types that are no Deployments. */
const KINDS: Readonly<Record<string, string>> = {
  "scheduled-job": "CronJob",
  job: "Job",
  "stateful-service": "StatefulSet",
  model: "InferenceService",
};

/** What the datastore of the answers yields in each place. */
function datastoreCounts({ datastore, backup }: Answers) {
  const [engine = "", role] = datastore.split(" ");
  const isBackedUp = backup !== "none";
  const hasJob = Object.entries(engines).some(
    ([name, { backup: job }]) => name === engine && job !== undefined,
  );
  return {
    StatefulSet: role === "store" || role === "cache" ? 1 : 0,
    CronJob: role === "store" && isBackedUp && hasJob ? 1 : 0,
    Cluster: datastore === "postgresql operator" ? 1 : 0,
    ScheduledBackup: datastore === "postgresql operator" && isBackedUp ? 1 : 0,
    Kafka: datastore === "kafka operator" ? 1 : 0,
  };
}

function expectedCounts(answers: Answers): Record<string, number> {
  const environments = placesOf(answers);
  const isManaged = answers.namespaces === "managed";
  const data = datastoreCounts(answers);
  const previews = hasPreviews(answers) ? 1 : 0;
  const scales = !["job", "scheduled-job", "model"].includes(answers.type);
  const of = (kind: string) => ((KINDS[answers.type] ?? "Deployment") === kind ? 1 : 0);
  return {
    AppProject: 1 + previews,
    ApplicationSet: (answers.argocd === "application" ? 0 : 1) + previews,
    Application: answers.argocd === "application" ? environments : 0,
    Namespace: isManaged ? environments : 0,
    Deployment: (of("Deployment") + (answers.second === "yes" ? 1 : 0)) * environments,
    StatefulSet: (of("StatefulSet") + data.StatefulSet) * environments,
    Cluster: data.Cluster * environments,
    ScheduledBackup: data.ScheduledBackup * environments,
    Kafka: data.Kafka * environments,
    KafkaUser: data.Kafka * environments,
    CronJob: (of("CronJob") + data.CronJob) * environments,
    Job: of("Job") * environments,
    InferenceService: of("InferenceService") * environments,
    ValidatingAdmissionPolicy: answers.policy === "validating-admission-policy" ? 2 * environments : 0,
    ValidatingPolicy: answers.policy === "kyverno" ? 2 * environments : 0,
    // Jobs end by themselves, and KServe scales models.
    ScaledObject: scales && ["times", "events"].includes(answers.scaling) ? environments : 0,
    VerticalPodAutoscaler: scales && answers.vertical !== "no" ? environments : 0,
    ...(answers.prometheus === "plain" && { ServiceMonitor: 0, PrometheusRule: 0 }),
    ...(answers.policies === "no" && { NetworkPolicy: 0 }),
    ...(!isExposed(answers) && { HTTPRoute: 0, GRPCRoute: 0, BackendTrafficPolicy: 0, Gateway: 0 }),
    Ingress: isExposed(answers) && answers.implementation === "ingress-nginx" ? environments : 0,
    ...(answers.implementation !== "envoy-gateway" && { HTTPRoute: 0, GRPCRoute: 0, Gateway: 0 }),
    ...(answers.implementation !== "traefik" && { IngressRoute: 0, Middleware: 0 }),
    ...((answers.flavour === "kubernetes" || answers.policies === "no") && { CiliumNetworkPolicy: 0 }),
  };
}

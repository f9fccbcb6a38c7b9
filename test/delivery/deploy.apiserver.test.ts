// Proves deploy.sh and argocd-sync.sh with the real kubectl against a real API server.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RATE_LIMITER } from "../backup/render-stack.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { applicationObject, type Cluster, namespaceObject, startCluster } from "./cluster.js";
import { createWorkingTree, type Outcome, type WorkingTree } from "./working-tree.js";

let cluster: Cluster;
let tree: WorkingTree;
const NAMESPACE = "rate-limiter";

beforeAll(async () => {
  [cluster, tree] = await Promise.all([
    startCluster(),
    ensureTool("kustomize").then((kustomize) => createWorkingTree(RATE_LIMITER, kustomize)),
  ]);
});
afterAll(async () => {
  tree?.remove();
  await cluster?.stop();
});

const deploy = (args: string[], environment: Record<string, string> = {}): Promise<Outcome> =>
  tree.script("deploy.sh", args, { ...cluster.environment, ...environment });
const sync = (action: string): Promise<Outcome> =>
  tree.script("argocd-sync.sh", [action, "-e", "prod"], cluster.environment);
const image = () =>
  cluster.kubectl(
    "-n",
    NAMESPACE,
    "get",
    "deployment",
    "rate-limiter",
    "-o",
    "jsonpath={.spec.template.spec.containers[0].image}",
  );

describe("refuses, and changes nothing,", () => {
  test.each([
    [[], "which environment?"],
    [["moon"], "there is no environment moon"],
    [["prod", "dev"], "one environment at a time"],
    [["prod", "--tag", "1"], "unknown option --tag"],
    [["prod", "IMAGE_TAG=nothing=1.0"], "has no service nothing"],
    [["prod", "IMAGE_TAG=$(id)"], "is not a tag"],
    [["prod"], "there is no namespace rate-limiter"],
  ])("%j", async (args, says) => {
    const { code, output } = await deploy(args);
    expect(output).toContain(says);
    expect(code).toBe(1);
  });
});

describe("a namespace that nobody else manages", () => {
  test("a dry run shows what would change, and changes nothing", async () => {
    await cluster.apply(namespaceObject(NAMESPACE));
    const { code, output } = await deploy(["prod"], { DRY_RUN: "true" });
    expect(code, output).toBe(0);
    expect(output).toMatch(/objects that would change: \d\d/);
    expect(output).toContain("apps.v1.Deployment.rate-limiter.rate-limiter");
    expect(await cluster.kubectl("-n", NAMESPACE, "get", "deployments", "-o", "name")).toBe("");
  });

  test("what the server would refuse is refused before anything is applied", async () => {
    const path = "base/rate-limiter/deployment.yaml";
    const good = tree.read(path);
    tree.write(path, good.replace("revisionHistoryLimit: 5", "revisionHistoryLimit: many"));
    const { code, output } = await deploy(["prod", "--no-wait"]);
    tree.write(path, good);
    expect(code).not.toBe(0);
    expect(output).toContain("revisionHistoryLimit");
    expect(await cluster.kubectl("-n", NAMESPACE, "get", "deployments", "-o", "name")).toBe("");
  });

  test("a Job that the server would refuse is refused before anything is applied", async () => {
    const overlay = "overlays/prod/kustomization.yaml";
    const kustomization = tree.read(overlay);
    tree.write(overlay, kustomization.replace(/^( *)- managed$/m, "$1- managed\n$1- job.yaml"));
    const job = (retries: string) => `apiVersion: batch/v1
kind: Job
metadata:
  name: tidy
spec:
  backoffLimit: ${retries}
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: tidy
          image: ghcr.io/example-org/tidy:1.0.0
`;
    tree.write("overlays/prod/job.yaml", job("many"));
    const wrong = await deploy(["prod", "--no-wait"]);
    tree.write("overlays/prod/job.yaml", job("1"));
    const right = await deploy(["prod"], { DRY_RUN: "true" });
    tree.write(overlay, kustomization);
    expect(wrong.code).not.toBe(0);
    expect(wrong.output).toContain("backoffLimit");
    expect(right.code, right.output).toBe(0);
    for (const kind of ["deployments", "jobs"])
      expect(await cluster.kubectl("-n", NAMESPACE, "get", kind, "-o", "name")).toBe("");
  });

  test("is deployed; a second time nothing would change", async () => {
    const { code, output } = await deploy(["prod", "--no-wait"]);
    expect(code, output).toBe(0);
    expect(await image()).toBe("ghcr.io/example-org/rate-limiter:1.2.3");
    expect((await deploy(["prod"], { DRY_RUN: "true" })).output).toContain("objects that would change: 0");
  });

  test("a release goes out with its version label, from a copy of the working tree", async () => {
    const { code, output } = await deploy(["prod", "IMAGE_TAG=2.0.0", "--no-wait"]);
    expect(code, output).toBe(0);
    expect(await image()).toBe("ghcr.io/example-org/rate-limiter:2.0.0");
    expect(
      await cluster.kubectl(
        "-n",
        NAMESPACE,
        "get",
        "deployment",
        "rate-limiter",
        "-o",
        "jsonpath={.metadata.labels.app\\.kubernetes\\.io/version}",
      ),
    ).toBe("2.0.0");
    expect(await tree.git("status", "--porcelain")).toBe("");
  });

  test("--write leaves the release in the overlay, IMAGE_TAG may come from the environment", async () => {
    expect((await deploy(["prod", "--no-wait", "--write"], { IMAGE_TAG: "rate-limiter=2.1.0" })).code).toBe(
      0,
    );
    expect(await image()).toBe("ghcr.io/example-org/rate-limiter:2.1.0");
    expect(await tree.images("prod")).toContain("ghcr.io/example-org/rate-limiter:2.1.0");
    await tree.git("checkout", "--quiet", "--", ".");
  });
});

describe("a rollout that does not succeed", () => {
  test("is rolled back, and git is named as what still holds it", async () => {
    // No controller runs here, so no rollout ends; the revisions are those that the deployment controller would have made.
    await revision(1, "ghcr.io/example-org/rate-limiter:2.1.0");
    await revision(2, "ghcr.io/example-org/rate-limiter:3.0.0");
    const { code, output } = await deploy(["prod", "IMAGE_TAG=3.0.0"], { ROLLOUT_TIMEOUT: "3s" });
    expect(code).toBe(1);
    expect(output).toContain("Deployment/rate-limiter has not rolled out");
    expect(output).toContain("rolling back Deployment/rate-limiter");
    expect(output).not.toContain("rolling back StatefulSet/redis");
    expect(output).toContain("scripts/rollback.sh prod");
    expect(await image()).toBe("ghcr.io/example-org/rate-limiter:2.1.0");
  });
});

test("after a rollback, and after a change by hand, the next deployment goes through", async () => {
  await cluster.kubectl(
    "-n",
    NAMESPACE,
    "set",
    "image",
    "deployment/rate-limiter",
    "rate-limiter=example.com/by-hand:1",
  );
  const { code, output } = await deploy(["prod", "IMAGE_TAG=2.1.0", "--no-wait"]);
  expect(code, output).toBe(0);
  expect(await image()).toBe("ghcr.io/example-org/rate-limiter:2.1.0");
});

describe("a namespace that Argo CD manages", () => {
  beforeAll(async () => {
    await cluster.apply(namespaceObject("argocd"));
    await cluster.apply(applicationObject("rate-limiter-prod", NAMESPACE));
  });

  test("is refused, with the way that is meant", async () => {
    expect(await sync("status")).toEqual({
      code: 3,
      output: "Argo CD application argocd/rate-limiter-prod syncs rate-limiter by itself",
    });
    const { code, output } = await deploy(["prod", "--no-wait"]);
    expect(output).toContain("git is where to change it");
    expect(code).toBe(1);
    expect((await deploy(["prod"], { DRY_RUN: "true" })).code).toBe(0);
  });

  test("is refused even under break glass while Argo CD would undo it", async () => {
    const { code, output } = await deploy(["prod", "IMAGE_TAG=4.0.0", "--no-wait", "--break-glass"]);
    expect(output).toContain("scripts/argocd-sync.sh pause");
    expect(code).toBe(1);
    expect(await image()).toBe("ghcr.io/example-org/rate-limiter:2.1.0");
  });

  test("is deployed under break glass once it is paused; resuming keeps prune and self-heal", async () => {
    expect((await sync("pause")).code).toBe(0);
    expect((await sync("status")).output).toContain("automated sync is off");
    const { code, output } = await deploy(["prod", "IMAGE_TAG=4.0.0", "--no-wait", "--break-glass"]);
    expect(code, output).toBe(0);
    expect(await image()).toBe("ghcr.io/example-org/rate-limiter:4.0.0");
    expect((await sync("resume")).code).toBe(0);
    expect(
      JSON.parse(
        await cluster.kubectl(
          "-n",
          "argocd",
          "get",
          "application",
          "rate-limiter-prod",
          "-o",
          "jsonpath={.spec.syncPolicy.automated}",
        ),
      ),
    ).toEqual({ enabled: true, prune: true, selfHeal: true });
    expect((await sync("status")).code).toBe(3);
  });

  test("is known by its marks where the Application is in another cluster", async () => {
    await cluster.kubectl("-n", "argocd", "delete", "application", "rate-limiter-prod");
    await cluster.kubectl(
      "-n",
      NAMESPACE,
      "annotate",
      "deployment",
      "rate-limiter",
      "argocd.argoproj.io/tracking-id=rate-limiter-prod:apps/Deployment:rate-limiter/rate-limiter",
    );
    expect((await sync("status")).code).toBe(4);
    expect((await sync("pause")).code).toBe(1);
    const { code, output } = await deploy(["prod", "--no-wait"]);
    expect(output).toContain("git is where to change it");
    expect(code).toBe(1);
  });
});

async function revision(number: number, reference: string): Promise<void> {
  const deployment = JSON.parse(
    await cluster.kubectl("-n", NAMESPACE, "get", "deployment", "rate-limiter", "-o", "json"),
  );
  const { template, selector } = deployment.spec;
  const hash = { "pod-template-hash": `hash${number}` };
  template.metadata.labels = { ...template.metadata.labels, ...hash };
  template.spec.containers[0].image = reference;
  await cluster.apply({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `rate-limiter-${number}`,
      namespace: NAMESPACE,
      labels: template.metadata.labels,
      annotations: { "deployment.kubernetes.io/revision": String(number) },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: "rate-limiter",
          uid: deployment.metadata.uid,
          controller: true,
        },
      ],
    },
    spec: { replicas: 0, selector: { matchLabels: { ...selector.matchLabels, ...hash } }, template },
  });
}

// Proves that `check --kubernetes` finds what a version of Kubernetes removes in every place that is built, the user's own objects included.

import { dirname } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { ensureTool } from "../tools/ensure-tool.js";
import { COMPLETE, put, read, run, scratch } from "./command.js";

let kustomize: string;
beforeAll(async () => {
  kustomize = dirname(await ensureTool("kustomize"));
}, 300_000);

const OLD = `apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: { name: by-hand }
spec: { maxUnavailable: 1 }
---
apiVersion: autoscaling/v2beta2
kind: HorizontalPodAutoscaler
metadata: { name: by-hand }
spec: { maxReplicas: 2, scaleTargetRef: { kind: Deployment, name: hello, apiVersion: apps/v1 } }
---
apiVersion: flowcontrol.apiserver.k8s.io/v1beta3
kind: FlowSchema
metadata: { name: by-hand }
spec: { priorityLevelConfiguration: { name: by-hand } }
`;

it("names objects of the user's with what is to be written instead, and exits 2", async () => {
  const cwd = scratch();
  put(cwd, "prod-stack.yaml", COMPLETE);
  expect(await run(["--no-git"], { cwd })).toMatchObject({ code: 0 });
  const check = (...more: string[]) =>
    run(["check", ...more], { cwd, env: { PATH: `${kustomize}:${process.env.PATH}` } });

  const good = await check("--kubernetes", "1.37");
  expect(good).toMatchObject({ code: 0, stderr: "" });
  expect(good.stdout).toMatch(/^Kubernetes 1\.37 removes nothing of what \d+ places apply\.$/m);
  expect(good.stdout).not.toContain("What is known");

  const outer = "overlays/prod/kustomization.yaml";
  put(cwd, "overlays/prod/old.yaml", OLD);
  put(cwd, outer, read(cwd, outer).replace(/^( *)- managed$/m, "$&\n$1- old.yaml"));
  const { code, stdout } = await check("--kubernetes", "1.38");
  expect(code).toBe(2);
  expect(stdout).toContain(
    "  removed     PodDisruptionBudget/by-hand (overlays/prod/old.yaml) in prod: policy/v1beta1 is gone since 1.25; use policy/v1 PodDisruptionBudget\n",
  );
  expect(stdout).toContain(
    "autoscaling/v2beta2 is gone since 1.26; use autoscaling/v2 HorizontalPodAutoscaler\n",
  );
  expect(stdout).toContain("is gone since 1.32; use flowcontrol.apiserver.k8s.io/v1 FlowSchema\n");
  expect(stdout).toMatch(/^Kubernetes 1\.38 does not have 3 objects of these/m);
  expect(stdout).toContain("What is known is of Kubernetes 1.37: what it had announced for 1.38");

  const json = await check("--kubernetes", "v1.24.3", "--json");
  expect(json.code).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({
    passed: true,
    removals: {
      kubernetes: "1.24",
      known: "1.37",
      isBeyond: false,
      unbuilt: [],
      objects: [
        { state: "deprecated", id: "HorizontalPodAutoscaler/by-hand", places: ["prod"] },
        { state: "deprecated", id: "PodDisruptionBudget/by-hand", file: "overlays/prod/old.yaml" },
      ],
    },
  });

  put(cwd, outer, `${read(cwd, outer)}\nresources: [missing.yaml]\n`);
  const broken = await check("--kubernetes", "1.24");
  expect(broken.code).toBe(4);
  expect(broken.stdout).toMatch(/unbuilt +prod: /);
  expect((await check("--kubernetes", "next")).stderr).toContain("next is no version of Kubernetes");
});

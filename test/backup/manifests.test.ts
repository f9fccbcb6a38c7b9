// Proves what the backup capability yields, for several stacks: policies of the job, differences by environment, docs.
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { bytes } from "../../src/stack/quantity.js";
import { RATE_LIMITER, renderSpec, SHOP } from "./render-stack.js";

const trees = { "rate-limiter": renderSpec(RATE_LIMITER), shop: renderSpec(SHOP) };

function read(tree: keyof typeof trees, path: string): string {
  const found = trees[tree].find((file) => file.path === path);
  if (found === undefined) throw new Error(`${path} is not generated`);
  return found.contents;
}

const paths = (tree: keyof typeof trees) => trees[tree].map(({ path }) => path);
const JOBS = [
  ["rate-limiter", "base/redis/backup-cronjob.yaml"],
  ["shop", "stacks/shop/base/sessions/backup-cronjob.yaml"],
] as const;

describe.each(JOBS)("the CronJob of %s", (tree, path) => {
  const { spec, metadata } = parse(read(tree, path));
  const job = spec.jobTemplate.spec;
  const pod = job.template.spec;
  const containers = [...pod.initContainers, ...pod.containers];

  test("neither overlaps, hangs, repeats without end nor forgets", () => {
    expect(spec.concurrencyPolicy).toBe("Forbid");
    expect(spec.timeZone).toBeTruthy();
    expect(spec.startingDeadlineSeconds).toBeGreaterThan(10);
    expect(job.activeDeadlineSeconds).toBeGreaterThan(0);
    expect(job.backoffLimit).toBe(2);
    expect(spec.failedJobsHistoryLimit).toBeGreaterThan(0);
    expect(job).not.toHaveProperty("ttlSecondsAfterFinished");
  });

  test("is restricted, without a token, with an identity of its own", () => {
    expect(pod).toMatchObject({
      serviceAccountName: metadata.name,
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    for (const { securityContext } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  test("has exact images, limits everywhere, and scratch space within them", () => {
    for (const { image, resources } of containers) {
      expect(image).toMatch(/:[^:@]*\d[^:@]*(@sha256:[a-f0-9]{64})?$/);
      expect(image).not.toContain("latest");
      expect(Object.keys(resources.limits).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
    }
    const work = pod.volumes.find(({ name }: { name: string }) => name === "work");
    expect(bytes(work.emptyDir.sizeLimit)).toBeLessThanOrEqual(
      bytes(containers[0].resources.limits["ephemeral-storage"]),
    );
  });

  test("takes secrets by reference alone, in the order that the recovery script counts on", () => {
    const [upload] = pod.containers;
    expect(upload.env.slice(0, 2).map(({ name }: { name: string }) => name)).toEqual([
      "RCLONE_CONFIG_STORE_ACCESS_KEY_ID",
      "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY",
    ]);
    for (const { name, value } of containers.flatMap(({ env }) => env))
      if (/AUTH|KEY|SECRET|PASSWORD/.test(name)) expect(value).toBeUndefined();
    expect([pod.initContainers[0].name, upload.name]).toEqual(["dump", "upload"]);
  });

  test("can be selected by the labels of a backup", () => {
    expect(job.template.metadata.labels).toMatchObject({
      "app.kubernetes.io/component": "backup",
      "app.kubernetes.io/name": metadata.name,
    });
  });
});

describe("environments differ in", () => {
  const kustomization = (tree: keyof typeof trees, path: string) => parse(read(tree, path));

  test("bucket and prefix", () => {
    const literals = (environment: string) =>
      kustomization(
        "shop",
        `stacks/shop/overlays/${environment}/managed/kustomization.yaml`,
      ).configMapGenerator?.find(({ name }: { name: string }) => name === "sessions-backup-settings")
        ?.literals;
    const base = kustomization(
      "shop",
      "stacks/shop/base/sessions/kustomization.yaml",
    ).configMapGenerator.find(({ name }: { name: string }) => name === "sessions-backup-settings").literals;
    // The base has the first environment with backups, where it has none of its own.
    expect(base).toEqual(
      expect.arrayContaining([
        "S3_BUCKET=shop-staging",
        "S3_PREFIX=shop/staging/sessions",
        "RCLONE_CONFIG_STORE_PROVIDER=Other",
        "RETENTION_DAYS=14",
        "KEEP_AT_LEAST=3",
      ]),
    );
    expect(literals("prod")).toEqual(
      expect.arrayContaining([
        "S3_BUCKET=shop-prod",
        "S3_PREFIX=shop/prod/sessions",
        "RCLONE_CONFIG_STORE_PROVIDER=AWS",
        "RCLONE_CONFIG_STORE_ENDPOINT=",
      ]),
    );
    expect(literals("staging")).toBeUndefined();
  });

  test("schedule, credentials and pull secrets", () => {
    const patch = parse(
      read("shop", "stacks/shop/overlays/prod/managed/sessions-backup.backup-cronjob.patch.yaml"),
    ).spec;
    expect(patch).toMatchObject({ schedule: "*/30 * * * *", timeZone: "Europe/Berlin" });
    const pod = patch.jobTemplate.spec.template.spec;
    expect(pod.containers[0].env[0].valueFrom.secretKeyRef.name).toBe("backup-writer");
    expect(pod.imagePullSecrets).toEqual([{ name: "regcred" }]);
  });

  test("whether there is a backup at all", () => {
    const deleted = paths("rate-limiter").filter(
      (path) => path.startsWith("overlays/dev/managed/") && path.includes("redis-backup"),
    );
    expect(deleted.sort()).toEqual([
      "overlays/dev/managed/redis-backup-scripts.configmap.patch.yaml",
      "overlays/dev/managed/redis-backup-settings.configmap.patch.yaml",
      "overlays/dev/managed/redis-backup.backup-cronjob.patch.yaml",
      "overlays/dev/managed/redis-backup.backup-service-account.patch.yaml",
    ]);
    for (const path of deleted) expect(parse(read("rate-limiter", path)).$patch).toBe("delete");
  });
});

describe("what is not backed up", () => {
  test("a cache has no CronJob and no script, and the docs say why", () => {
    expect(paths("shop").filter((path) => path.includes("cache") && path.includes("backup"))).toEqual([]);
    const docs = read("shop", "stacks/shop/docs/backup.md");
    expect(docs).toMatch(/\| prod \| cache \|.*role cache: it can be lost/);
    expect(docs).toMatch(/\| dev \| sessions \|.*nothing is backed up here/);
  });

  test("a stack without a store has no scripts of backups", () => {
    const tree = renderSpec(RATE_LIMITER.replace(/^backup: .*$/m, ""));
    expect(
      tree.filter(({ path }) => path.includes("scripts/backup") || path.includes("backup-cronjob")),
    ).toEqual([]);
  });
});

test("the seed's script names are kept, and every script says what it is", () => {
  expect(paths("rate-limiter")).toEqual(
    expect.arrayContaining([
      "scripts/backup/redis-backup.sh",
      "scripts/backup/redis-recovery.sh",
      "docs/backup.md",
    ]),
  );
  for (const { path, contents, mode } of trees["rate-limiter"].filter(({ path }) => path.endsWith(".sh"))) {
    expect(contents, path).toMatch(/^#!\/(bin\/sh|usr\/bin\/env bash)\n# [A-Z].*[.:]/);
    expect(mode !== 0o755, path).toBe(/Sourced/.test(contents.slice(0, 700)) || path.startsWith("base/"));
    expect(contents, path).not.toMatch(/\beval\b/);
  }
});

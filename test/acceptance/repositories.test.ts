// Proves what happens to a repository over time: two stacks side by side, a user's patches, releases, upgrades.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments, parseDocument } from "yaml";
import { ensureTool } from "../tools/ensure-tool.js";
import { ROOT } from "./build-package.js";
import { buildOverlay, generateByCore, loadCore, readTree } from "./packed-package.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "prod-stack-repositories-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

const example = readFileSync(join(ROOT, "examples/rate-limiter/prod-stack.yaml"), "utf8");

describe("two stacks in one repository", () => {
  const specAt = (name: string) =>
    example.replace("name: rate-limiter", `name: ${name}`).replace("revision: main", `path: stacks/${name}`);
  const generate = (repository: string, name: string) =>
    generateByCore(loadCore(), specAt(name), join(repository, "stacks", name));

  test("come out the same in either order, and neither touches the other again", () => {
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    generate(one, "a");
    generate(one, "b");
    generate(two, "b");
    generate(two, "a");
    const files = readTree(one);
    expect(readTree(two)).toEqual(files);
    generate(one, "a");
    generate(one, "b");
    expect(readTree(one)).toEqual(files);
  });

  test("own what is theirs at the root, and nothing twice", () => {
    const files = Object.keys(readTree(join(folder, "one")));
    const ownedBy = (name: string) =>
      readFileSync(join(folder, "one/stacks", name, ".prod-stack/files"), "utf8")
        .split("\n")
        .filter((line) => /^[a-f0-9]{64} /.test(line))
        .map((line) => line.split(" ").slice(3).join(" "));
    const [a, b] = [ownedBy("a"), ownedBy("b")];
    expect(a.filter((path) => b.includes(path))).toEqual([]);
    const outside = files.filter((path) => !path.startsWith("stacks/"));
    expect([...a, ...b].filter((path) => !path.startsWith("stacks/")).sort()).toEqual(outside.sort());
  });
});

interface Built {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

async function objectsOf(overlay: string): Promise<Built[]> {
  const manifests = buildOverlay(await ensureTool("kustomize"), overlay);
  return parseAllDocuments(manifests).map((document) => document.toJS() as Built);
}

describe("a patch of the user's in the outer overlay", () => {
  /** One of every kind of value that the generator sets; the path is a JSON pointer. */
  const PATCHES: Readonly<
    Record<string, readonly [kind: string, name: string, pointer: string, value: unknown]>
  > = {
    replicas: ["Deployment", "rate-limiter", "/spec/replicas", 7],
    memory: ["Deployment", "rate-limiter", "/spec/template/spec/containers/0/resources/limits/memory", "3Gi"],
    probe: [
      "Deployment",
      "rate-limiter",
      "/spec/template/spec/containers/0/readinessProbe/periodSeconds",
      33,
    ],
    label: ["Deployment", "rate-limiter", "/metadata/labels/app.kubernetes.io~1part-of", "mine"],
    host: ["HTTPRoute", "rate-limiter", "/spec/hostnames/0", "mine.example.org"],
    maximum: ["HorizontalPodAutoscaler", "rate-limiter", "/spec/maxReplicas", 40],
    disruption: ["PodDisruptionBudget", "rate-limiter", "/spec/maxUnavailable", 2],
    port: ["Service", "rate-limiter", "/spec/ports/0/port", 8443],
    storage: ["StatefulSet", "redis", "/spec/volumeClaimTemplates/0/spec/resources/requests/storage", "99Gi"],
    schedule: ["CronJob", "redis-backup", "/spec/schedule", "7 7 * * *"],
    secret: ["ExternalSecret", "rate-limiter", "/spec/refreshInterval", "5m"],
    limit: ["BackendTrafficPolicy", "rate-limiter", "/spec/rateLimit/global/rules/0/limit/requests", 9],
    network: ["NetworkPolicy", "rate-limiter", "/spec/policyTypes", ["Ingress"]],
  };
  const overlay = () => join(folder, "patched/overlays/prod");

  function valueAt(object: unknown, pointer: string): unknown {
    const names = pointer
      .split("/")
      .slice(1)
      .map((name) => name.replaceAll("~1", "/"));
    return names.reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], object);
  }

  const find = (objects: readonly Built[], kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);

  test("wins over what is managed, for every kind of value, and regeneration keeps it", async () => {
    generateByCore(loadCore(), example, join(folder, "patched"));
    const managed = await objectsOf(overlay());
    const file = join(overlay(), "kustomization.yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    for (const [kind, name, pointer, value] of Object.values(PATCHES)) {
      const patch = JSON.stringify([{ op: "add", path: pointer, value }]);
      document.addIn(["patches"], { target: { kind, name }, patch });
    }
    // An `add` at an index of a list inserts; these values are replaced.
    writeFileSync(file, document.toString({ lineWidth: 0 }).replaceAll('"op":"add"', '"op":"replace"'));
    const patched = await objectsOf(overlay());
    for (const [kind, name, pointer, value] of Object.values(PATCHES)) {
      expect(valueAt(find(managed, kind, name), pointer), `${kind} ${pointer}`).not.toEqual(value);
      expect(valueAt(find(patched, kind, name), pointer), `${kind} ${pointer}`).toEqual(value);
    }
    const before = readTree(join(folder, "patched"));
    generateByCore(loadCore(), example, join(folder, "patched"));
    expect(readTree(join(folder, "patched"))).toEqual(before);
  });

  test("and a setting of theirs wins over the ConfigMap, too", async () => {
    const file = join(overlay(), "kustomization.yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    const settings = (await objectsOf(overlay())).find(
      (object) =>
        object.kind === "ConfigMap" && "RATE_LIMIT_DEFAULT" in ((object as { data?: object }).data ?? {}),
    );
    const name = settings?.metadata.name.replace(/-[a-z0-9]{10}$/, "");
    document.set("configMapGenerator", [{ name, behavior: "merge", literals: ["RATE_LIMIT_DEFAULT=55"] }]);
    writeFileSync(file, document.toString({ lineWidth: 0 }));
    const merged = (await objectsOf(overlay())).find(
      (object) => object.kind === "ConfigMap" && object.metadata.name.startsWith(`${name}-`),
    ) as { data?: Record<string, string> } | undefined;
    expect(merged?.data?.RATE_LIMIT_DEFAULT).toBe("55");
  });

  test("survives a change of the spec, which adds the image of a new service beside the released one", async () => {
    const kustomize = await ensureTool("kustomize");
    const image = "ghcr.io/uppnrise/distributed-rate-limiter";
    execFileSync(kustomize, ["edit", "set", "image", `${image}=${image}:9.9.9`], { cwd: overlay() });
    const grown = example.replace(
      "\ndatastores:",
      "\n  worker: { type: worker, runtime: go, image: ghcr.io/example-org/worker:1.0.0 }\n\ndatastores:",
    );
    generateByCore(loadCore(), grown, join(folder, "patched"));
    const { images } = parseDocument(readFileSync(join(overlay(), "kustomization.yaml"), "utf8")).toJS();
    expect(images).toMatchObject([
      { name: image, newTag: "9.9.9" },
      { name: "ghcr.io/example-org/worker", newTag: "1.0.0" },
    ]);
    const objects = await objectsOf(overlay());
    expect(valueAt(find(objects, "Deployment", "rate-limiter"), "/spec/replicas")).toBe(7);
  });
});

test("a repository that git has checked out with Windows line ends is upgraded without a conflict", () => {
  const root = join(folder, "windows");
  mkdirSync(root);
  generateByCore(loadCore(), example, root);
  const files = Object.keys(readTree(root)).filter((path) => !path.startsWith(".prod-stack/base/"));
  for (const path of files) {
    const text = readFileSync(join(root, path), "utf8");
    writeFileSync(join(root, path), text.replaceAll("\n", "\r\n"));
  }
  const core = loadCore();
  const rendered = core.renderStack({ spec: { text: example.replace("max: 10", "max: 12") } });
  const location = core.locate(root, rendered.stack);
  const plan = core.planRepository(rendered, location);
  const changes = plan.files.filter(({ action }) => action !== "keep");
  expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(["update"]));
  core.applyPlan(plan, location);
  for (const { path } of changes) expect(readFileSync(join(root, path), "utf8")).not.toMatch(/(?<!\r)\n/);
});

// Proves previews: which pull requests get one, what Argo CD would build of each, and that nothing of production is in it.
import { beforeAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { PREVIEW_NUMBER } from "../../src/stack/previews.js";
import type { Stack } from "../../src/stack/stack.js";
import {
  appliedDirectories,
  type KubernetesObject,
  ofKind,
  podOf,
  renderText,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { buildApplication } from "./build-application.js";
import { type Application, type PullRequest, renderApplicationSet } from "./render-application-set.js";

const SHA = "0123456789abcdef0123456789abcdef01234567";

function pullRequest(number: number, more: Partial<PullRequest> = {}): PullRequest {
  return {
    number,
    title: "{{ .project }}",
    branch: `feature/${"a-long-name/".repeat(9)}'; drop`,
    targetBranch: "main",
    headSha: SHA,
    author: "somebody",
    labels: ["preview", "env: preview"],
    state: "opened",
    ...more,
  };
}

function generated(name: string) {
  const { stack, tree } = renderText(SAMPLE_STACKS[name] ?? "");
  const text = (path: string) => tree.find((file) => file.path === path)?.contents ?? "";
  const repositories = stack.previews?.repositories ?? [];
  const setOf = (repository: string) => text(`bootstrap/previews/${repository}.application-set.yaml`);
  return { stack, tree, text, repositories, setOf };
}

const withPreviews = Object.keys(SAMPLE_STACKS).filter(
  (name) => generated(name).stack.previews !== undefined,
);

/** Every word of production that must not be in a preview. */
function forbiddenIn({ environments }: Stack): string[] {
  const production = environments.filter(({ tier }) => tier === "production");
  return production.flatMap(({ namespace, server, secrets, services, datastores }) => [
    namespace,
    ...(server === "https://kubernetes.default.svc" ? [] : [server]),
    ...secrets.flatMap(({ store, path }) => [store, path]),
    ...services.flatMap(({ identity, exposure }) => [identity?.value ?? [], exposure?.hosts ?? []].flat()),
    ...datastores.flatMap(({ mode, host }) => (mode === "external" ? [host] : [])),
  ]);
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(texts);
}

/** Whether a text names a thing: whole, or as a part of an address or path. */
function names(text: string, word: string): boolean {
  return text
    .split(/[\s"',;()`]+/)
    .some((part) => part === word || part.startsWith(`${word}/`) || part.includes(`//${word}`));
}

describe.each(withPreviews)("previews of %s", (name) => {
  const { stack, tree, text, repositories, setOf } = generated(name);
  const project = parse(text("bootstrap/previews/project.yaml"));
  const built = new Map<string, { application: Application; objects: readonly KubernetesObject[] }>();

  beforeAll(async () => {
    for (const { name: repository } of repositories) {
      const [application] = await renderApplicationSet(setOf(repository), [pullRequest(1234567)]);
      if (application !== undefined)
        built.set(repository, { application, objects: await buildApplication(tree, application) });
    }
  }, 120_000);

  test("[GIT-01] are made for open pull requests with the label alone", async () => {
    for (const { name: repository } of repositories) {
      const applications = await renderApplicationSet(setOf(repository), [
        pullRequest(1),
        pullRequest(2, { labels: ["bug"] }),
        pullRequest(3, { state: "closed" }),
        pullRequest(44, { labels: ["x", stack.previews?.label ?? ""] }),
      ]);
      const prefix = `${stack.name}-${repository}-pr-`;
      expect(applications.map(({ metadata }) => metadata.name)).toEqual([`${prefix}1`, `${prefix}44`]);
      expect(applications.map(({ spec }) => spec.destination?.namespace)).toEqual([
        `${prefix}1`,
        `${prefix}44`,
      ]);
    }
  });

  test("run in a project and a cluster of their own, and go with their pull request", () => {
    const production = stack.environments.filter(({ tier }) => tier === "production");
    expect(built.size).toBe(repositories.length);
    for (const { application } of built.values()) {
      const { project: used, destination, source } = application.spec;
      expect(used).toBe(`${stack.name}-previews`);
      expect(source?.targetRevision).toBe(stack.source.revision);
      const cluster = destination?.server ?? destination?.name;
      expect(production.map(({ server }) => server)).not.toContain(cluster);
      expect(application.metadata.finalizers).toEqual(["resources-finalizer.argocd.argoproj.io"]);
    }
    const { syncPolicy } = parse(setOf(repositories[0]?.name ?? "")).spec;
    expect(syncPolicy).toEqual({ preserveResourcesOnDeletion: false, applicationsSync: "sync" });
  });

  test("[GIT-02] are inside of what their project allows", () => {
    const { destinations, clusterResourceWhitelist, namespaceResourceWhitelist, sourceRepos } = project.spec;
    const matches = (pattern: string, word: string) =>
      pattern.endsWith("-pr-*") &&
      word.startsWith(pattern.slice(0, -1)) &&
      /^[0-9]+$/.test(word.slice(pattern.length - 1));
    for (const { application, objects } of built.values()) {
      const { destination, source } = application.spec;
      expect(sourceRepos).toEqual([source?.repoURL]);
      const allowed = destinations.filter(
        ({ namespace, server, name: cluster }: { namespace: string; server?: string; name?: string }) =>
          matches(namespace, destination?.namespace ?? "") &&
          (server ?? cluster) === (destination?.server ?? destination?.name),
      );
      expect(allowed).toHaveLength(1);
      for (const { kind, apiVersion, metadata } of objects) {
        const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
        if (kind === "Namespace") {
          expect(
            clusterResourceWhitelist.some((one: { name: string }) => matches(one.name, metadata.name)),
          ).toBe(true);
          continue;
        }
        expect(metadata.namespace, `${kind} ${metadata.name}`).toBe(destination?.namespace);
        expect(namespaceResourceWhitelist).toContainEqual({ group, kind });
      }
    }
    const kinds = namespaceResourceWhitelist.map(({ kind }: { kind: string }) => kind);
    for (const kind of [
      "Application",
      "ApplicationSet",
      "AppProject",
      "Namespace",
      "Secret",
      "ServiceMonitor",
    ])
      expect(kinds).not.toContain(kind);
  });

  test("hold nothing of production: no store, path, namespace, cluster, host, database or right in a cloud", () => {
    const forbidden = forbiddenIn(stack);
    for (const { objects, application } of built.values())
      for (const said of [...objects, application.spec].flatMap(texts))
        for (const word of forbidden) expect(names(said, word), `${said} names ${word}`).toBe(false);
    for (const { objects } of built.values())
      expect(
        objects.filter(({ kind, metadata }) => kind === "CronJob" && /backup/.test(metadata.name)),
      ).toEqual([]);
  });

  test("have a namespace with Pod Security, quota and default-deny, each with names and hosts of its own", () => {
    for (const [repository, { objects }] of built) {
      const own = `${stack.name}-${repository}-pr-1234567`;
      const [namespace] = ofKind(objects, "Namespace");
      expect(namespace.metadata.name).toBe(own);
      expect(namespace.metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
      expect(ofKind(objects, "ResourceQuota")).toHaveLength(1);
      const deny = ofKind(objects, "NetworkPolicy").find(({ metadata }) => metadata.name === "default-deny");
      expect(deny.spec).toMatchObject({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
      const said = objects.flatMap(texts);
      expect(said.filter((word) => word.includes(PREVIEW_NUMBER))).toEqual([]);
      const hosts = [...said.join(" ").matchAll(/[a-z0-9.-]+\.preview\.example\.com/g)].map(([host]) => host);
      expect(hosts.length).toBeGreaterThan(0);
      for (const host of hosts) {
        expect(host).toMatch(new RegExp(`^[a-z0-9-]+-${repository}-pr-1234567\\.preview\\.example\\.com$`));
        expect((host.split(".")[0] ?? "").length).toBeLessThanOrEqual(63);
      }
    }
  });

  test("run the image of the pull request's commit, and no other of that repository", () => {
    for (const { name: repository, images, services, tag } of repositories) {
      const { objects } = built.get(repository) ?? { objects: [] };
      const expected = tag.replace("{sha}", SHA).replace("{short-sha}", SHA.slice(0, 7));
      const pods = objects.flatMap((object) => {
        const pod = podOf(object);
        return pod === undefined ? [] : [{ name: object.metadata.labels["app.kubernetes.io/name"], pod }];
      });
      for (const service of services) {
        const used = pods.filter((one) => one.name === service).flatMap(({ pod }) => pod.spec.containers);
        const own = used.map(({ image }: { image: string }) => image);
        expect(own.some((image: string) => images.some((one) => image === `${one}:${expected}`))).toBe(true);
      }
    }
  });

  test("are the only ones with a pull-request generator", () => {
    const others = tree.filter(
      ({ path }) => !path.startsWith("bootstrap/previews/") && /\.ya?ml$/.test(path),
    );
    for (const { path, contents } of others) {
      if (path === "prod-stack.yaml") continue;
      expect(contents, path).not.toMatch(/pullRequest:|scmProvider:/);
    }
    const main = text("bootstrap/argocd/application-set.yaml") + text("bootstrap/argocd/project.yaml");
    expect(main).not.toContain("preview");
    expect(appliedDirectories(tree)).toContain("bootstrap/previews");
  });
});

test("a set without previews asks no provider", async () => {
  const { tree } = renderText(SAMPLE_STACKS.shop ?? "");
  const sets = tree.filter(({ contents }) => /^kind: ApplicationSet$/m.test(contents));
  expect(sets.flatMap(({ contents }) => parseAllDocuments(contents))).toHaveLength(1);
  expect(tree.filter(({ path }) => path.includes("preview"))).toEqual([]);
  expect(sets.some(({ contents }) => contents.includes("pullRequest"))).toBe(false);
});

test("pull requests are only asked for where a test gives them", async () => {
  const { setOf } = generated("previews");
  await expect(renderApplicationSet(setOf("api"))).rejects.toThrow(/none are given/);
});

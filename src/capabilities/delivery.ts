// Owns: how a release reaches an environment and how it is taken back: scripts, the pipeline that checks changes, their page.
// Promises: scripts read the stack's facts from one file; the pipeline has no secrets, no rights beyond reading, and pinned actions.
// Must not: deploy from the pipeline; Argo CD pulls.

import { actions } from "../stack/images.js";
import { releasesOf } from "../stack/releases.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type About, type Capability, type FileSpec, file } from "./capability.js";
import { appliedDirectory, oncePerEnvironment, placesByEnvironment, releaseDirectory } from "./places.js";

const change = "services and environments in prod-stack.yaml; your own steps belong into scripts of your own";

interface Script {
  readonly name: string;
  readonly runs: boolean;
  readonly what: string;
  readonly why: string;
}

const SCRIPTS: readonly Script[] = [
  {
    name: "deploy.sh",
    runs: true,
    what: "Deploys an environment from the working tree.",
    why: "For clusters without Argo CD, for development, and for emergencies: dry run, diff, rollout, health, and back again on failure.",
  },
  {
    name: "rollout.sh",
    runs: false,
    what: "Rollout, health and rollback for deploy.sh.",
    why: "A rollout that is not watched is not a deployment.",
  },
  {
    name: "promote.sh",
    runs: true,
    what: "Promotes the releases of one environment to another.",
    why: "The same tag or digest that was tested, by pull request.",
  },
  {
    name: "rollback.sh",
    runs: true,
    what: "Takes the last release of an environment back.",
    why: "Under automated sync only git can roll back.",
  },
  {
    name: "release-branch.sh",
    runs: false,
    what: "The branch and commit of promote.sh and rollback.sh.",
    why: "Both end in a pull request.",
  },
  {
    name: "release-image.sh",
    runs: true,
    what: "Reads or writes the release of an image in an overlay.",
    why: "Keeps the version label in step with the tag, and the user's comments where they are.",
  },
  {
    name: "argocd-sync.sh",
    runs: true,
    what: "Shows, pauses or resumes Argo CD's automated sync.",
    why: "The first and the last step of every break-glass change.",
  },
];

function scriptFiles(): FileSpec[] {
  return SCRIPTS.map(({ name, runs, what, why }) =>
    file(`scripts/${name}`, `delivery/${name}`, {}, { what, why, change }, { executable: runs }),
  );
}

/** Lines of services_of in scripts/stack.sh, one a release; a dash where nothing answers HTTP. */
function serviceLines(service: Environment["services"][number]): string[] {
  const { name, ports, probes } = service;
  const probe = probes.readiness?.kind === "http" ? probes.readiness : undefined;
  const own = [probe?.port?.number ?? ports[0]?.number ?? "-", probe?.path ?? "-"];
  return releasesOf(service).map((release) =>
    [release.name, release.image.repository, ...(release.name === name ? own : ["-", "-"])].join(" "),
  );
}

/** Lines of services_of, once for all environments and clusters that agree. */
function servicesByTarget(stack: Stack): { targets: string[]; lines: string[] }[] {
  const found = new Map<string, { targets: string[]; lines: string[] }>();
  const add = (target: string, lines: string[]) => {
    const key = lines.join("\n");
    const entry = found.get(key) ?? { targets: [], lines };
    entry.targets.push(target);
    found.set(key, entry);
  };
  for (const places of placesByEnvironment(stack)) {
    const all = places.map(({ label, services }) => ({ label, lines: services.flatMap(serviceLines) }));
    add(places[0]?.name ?? "", [...new Set(all.flatMap(({ lines }) => lines))].sort());
    for (const { label, lines } of all) if (label.includes("/")) add(label, lines);
  }
  return [...found.values()];
}

function factsFile(stack: Stack): FileSpec {
  const environments = placesByEnvironment(stack).map((places) => ({
    name: places[0]?.name ?? "",
    namespace: places[0]?.namespace ?? "",
    promotesFrom: places[0]?.promotesFrom ?? "",
    clusters: places.flatMap(({ cluster }) => cluster ?? []),
  }));
  return file(
    "scripts/stack.sh",
    "delivery/stack.sh",
    { name: stack.name, environments, services: servicesByTarget(stack) },
    {
      what: "Environments, namespaces and services, for the other scripts.",
      why: "The scripts themselves are the same in every stack.",
      change,
    },
  );
}

export function pinned(name: string, options: Readonly<Record<string, string | number | boolean>>) {
  const pin = actions.find((action) => action.name === name);
  if (pin?.sha === undefined) throw new Error(`no action ${name} with a commit in images.ts`);
  return { use: `${pin.action}@${pin.sha}`, tag: pin.tag, with: options };
}

/** A stack in a subdirectory is checked when it changes, a stack that is the repository always. */
function workflowFile(stack: Stack): FileSpec {
  const { name, source, generator } = stack;
  const path = `.github/workflows/${name}.yaml`;
  const view = {
    name,
    branch: source.revision,
    paths: source.path === "." ? [] : [`${source.path}/**`, path],
    directory: source.path,
    hasClusters: stack.environments.some(({ cluster }) => cluster !== undefined),
    isProjen: stack.upkeep.door === "projen",
    concurrency: `${name}-\${{ github.ref }}`,
    actions: [
      pinned("checkout", { "persist-credentials": false }),
      pinned("setup-node", { "node-version": 22, "package-manager-cache": false }),
    ],
    package: `create-prod-stack@${generator}`,
  };
  const about: About = {
    what: `The pipeline that checks every change of ${name}.`,
    why: "A mistake is found before it is merged, and thereby before it is deployed.",
    standard: "GitHub, Security hardening for GitHub Actions",
    change: "source in prod-stack.yaml; your own checks in workflows of their own",
  };
  return file(path, "delivery/workflow.yaml", view, about, { root: "repository" });
}

/** By hand, from GitHub's Actions page: the pull request of a promotion. */
function promoteFile(stack: Stack): FileSpec[] {
  const { name, source } = stack;
  const environments = oncePerEnvironment(stack).map((environment) => environment.name);
  if (environments.length < 2) return [];
  const view = {
    name,
    title: `${name}-promote`,
    branch: source.revision,
    directory: source.path,
    environments,
    // GitHub's own template language, which must come out as it stands.
    goFrom: `\${{ inputs.from }}`,
    goTo: `\${{ inputs.to }}`,
    goToken: `\${{ github.token }}`,
    goActor: `\${{ github.actor }}`,
    goMail: `\${{ github.actor }}@users.noreply.github.com`,
    actions: [pinned("checkout", { "fetch-depth": 0 })],
  };
  const about: About = {
    what: `Promotes the releases of one environment of ${name} to another, by pull request.`,
    why: "Nobody needs a checkout for a promotion, and none goes past the review.",
    standard: "GitHub, Security hardening for GitHub Actions",
    change: "environments.*.promotesFrom in prod-stack.yaml",
  };
  const path = `.github/workflows/${name}-promote.yaml`;
  return [file(path, "delivery/promote-workflow.yaml", view, about, { root: "repository" })];
}

/** Teams of the organisation that the repository belongs to; a bare name elsewhere. */
function codeOwner({ owner, source }: Stack): string {
  const organisation = /github\.com[/:]([^/]+)\//.exec(source.url)?.[1];
  return organisation === undefined ? `@${owner}` : `@${organisation}/${owner}`;
}

/** GitHub reads one CODEOWNERS a repository: only a stack that is the repository brings one. Templates may be many. */
function reviewFiles(stack: Stack): FileSpec[] {
  const { name, source } = stack;
  const isAlone = source.path === ".";
  const production = stack.environments.filter(({ tier }) => tier === "production");
  const paths = [
    ...new Set(production.flatMap((place) => [releaseDirectory(place), appliedDirectory(place)])),
  ];
  const owners = file(
    ".github/CODEOWNERS",
    "delivery/codeowners",
    {
      branch: source.revision,
      owner: codeOwner(stack),
      paths: ["bootstrap", ...paths].map((path) => ({ path: `/${path}/`, owner: codeOwner(stack) })),
    },
    {
      what: "Who must agree to a change.",
      why: "Production and what governs Argo CD change only with their owners' consent.",
      standard: "GitHub docs, About code owners",
      change: "this file: it is yours",
    },
    { root: "repository", ownership: "seeded" },
  );
  const template = file(
    isAlone ? ".github/pull_request_template.md" : `.github/PULL_REQUEST_TEMPLATE/${name}.md`,
    "delivery/pull-request-template.md",
    { name },
    {
      what: "What a pull request says.",
      why: "What will happen in the cluster, and the way back, are thought of before the merge.",
      standard: "GitHub docs, Creating a pull request template",
      change: "this file: it is yours",
    },
    { root: "repository", ownership: "seeded" },
  );
  return isAlone ? [owners, template] : [template];
}

function docsFile(stack: Stack): FileSpec {
  const environments = oncePerEnvironment(stack).map((environment) => ({
    name: environment.name,
    namespace: environment.namespace,
    overlay: `${releaseDirectory(environment)}/kustomization.yaml`,
    promotesFrom: environment.promotesFrom ?? "any",
  }));
  const clusters = stack.environments.filter(({ cluster }) => cluster !== undefined);
  const last = stack.environments.at(-1);
  const examples = (last?.services ?? []).flatMap(releasesOf).map(({ name, image }) => ({
    release: `scripts/release-image.sh set overlays/${last?.name} ${image.repository} ${name} TAG`,
  }));
  return file(
    "docs/delivery.md",
    "delivery/delivery.md",
    {
      name: stack.name,
      environments,
      examples,
      checkName: "validate",
      owner: codeOwner(stack),
      isAlone: stack.source.path === ".",
      branch: stack.source.revision,
      clusters: clusters.map((place) => ({
        name: place.name,
        cluster: place.cluster ?? "",
        region: place.region ?? "",
        overlay: `${appliedDirectory(place)}/kustomization.yaml`,
      })),
    },
    {
      what: "How to release, roll back and break the glass.",
      why: "Under stress, commands with the right names count.",
      change: "services and environments in prod-stack.yaml",
    },
  );
}

export const delivery: Capability = {
  id: "delivery",
  title: "Delivery",
  summary:
    "Scripts to deploy, promote, roll back and break the glass, and a pipeline that checks every change.",
  rows: ["DEL-01", "DEL-03", "GIT-04", "GIT-05", "GIT-06", "LAY-03"],
  // The backup scripts read scripts/stack.sh and pause Argo CD with its help.
  withoutIt: undefined,
  files: (stack) => [
    factsFile(stack),
    ...scriptFiles(),
    workflowFile(stack),
    ...promoteFile(stack),
    ...reviewFiles(stack),
    docsFile(stack),
  ],
};

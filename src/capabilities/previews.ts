// Owns: preview environments: what all pull requests share in overlays/previews, and Argo CD's project and sets for them.
// Promises: the only place with a pull-request generator; made of the stack with previews as its only environment.
// Must not: appear where a stack has no previews.

import { previewStack } from "../stack/derive-previews.js";
import type { PreviewRepository, Previews } from "../stack/previews.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Contributions, type FileSpec, file, type Index } from "./capability.js";
import { exposedServices } from "./exposure/implementation.js";
import { kindsOf } from "./gitops.js";
import { kustomizations } from "./kustomizations.js";
import { stackLabels } from "./labels.js";
import { classQuotas } from "./namespace.js";
import { appliedDirectory, managedDirectory } from "./places.js";
import { expiryFiles } from "./previews/expiry.js";
import { placedPatches, previewName, tagOf } from "./previews/numbered.js";
import { previewsPage } from "./previews/previews-page.js";

const CHANGE = "previews in prod-stack.yaml";
/** Seconds between two looks at the pull requests: GitHub answers 60 requests an hour without a token, 5000 with one. */
const LOOK = { withToken: 120, without: 600 };

function isOverlay({ path }: FileSpec, place: Environment): boolean {
  return path.startsWith(`${appliedDirectory(place)}/`);
}

/** What Argo CD syncs: monitoring and bootstrap are for environments. */
function isSynced(one: FileSpec, place: Environment): boolean {
  return isOverlay(one, place) || isConfig(one) || one.path.startsWith("base/");
}

/** A preview brings its own namespace: Argo CD deletes it with the Application, which it does not with one that it created itself. */
function namespaceFiles(stack: Stack, place: Environment): FileSpec[] {
  const kustomization = managedDirectory(place);
  const member = { kustomization, as: "resources" } as const;
  const { quota, namespace } = place;
  const view = {
    namespace,
    environment: "each preview",
    labels: stackLabels(stack, "namespace"),
    podSecurity: `v${place.settings.kubernetes}`,
    owner: stack.owner,
    quota: {
      ...quota,
      podCount: String(quota.pods),
      serviceCount: String(quota.services),
      storageByClass: classQuotas(place),
    },
  };
  return [
    file(
      `${kustomization}/namespace.yaml`,
      "previews/namespace.yaml",
      view,
      {
        what: "The namespace of each preview.",
        why: "It goes when the pull request does, with all that is in it.",
        standard: "Pod Security Admission",
        change: CHANGE,
      },
      { member },
    ),
    file(
      `${kustomization}/resource-quota.yaml`,
      "previews/resource-quota.yaml",
      view,
      {
        what: "The quota of each preview.",
        why: "A pull request cannot take the room of the others.",
        standard: "Kubernetes docs, Resource Quotas",
        change: "previews.quota in prod-stack.yaml",
      },
      { member, kinds: ["/ResourceQuota"] },
    ),
  ];
}

/** What the stack's own capabilities yield for the place of previews, with the kustomizations around it. */
function overlayFiles(
  stack: Stack,
  place: Environment,
  shared: Contributions,
  others: Contributions,
): FileSpec[] {
  const own = shared.files.filter((one) => isOverlay(one, place));
  // Dashboards and alerts are for environments.
  const inner: Contributions = {
    ...shared,
    files: [...own, ...shared.files.filter(isConfig)],
    configMaps: shared.configMaps.filter(({ kustomization }) => !kustomization.startsWith("monitoring/")),
  };
  const around = kustomizations
    .files(stack, inner, () => inner)
    .filter((one) => isOverlay(one, place) || one.path.startsWith(`config/${place.name}/`));
  const known = new Set(others.files.map(({ path }) => path));
  const seeds = shared.files.filter((one) => isConfig(one) && !known.has(one.path));
  // Their kustomizations are made here, so that no other one lists them.
  return [...own, ...around, ...seeds].map((one) => ({ ...one, member: undefined }));
}

function isConfig({ path }: FileSpec): boolean {
  return path.startsWith("config/");
}

function destinationView({ destination }: Environment) {
  return {
    server: "server" in destination ? destination.server : "",
    clusterName: "name" in destination ? destination.name : "",
  };
}

function sharedView(stack: Stack, { place }: Previews) {
  return {
    stack: stack.name,
    project: `${stack.name}-previews`,
    namespace: stack.base.settings.argocd.namespace,
    labels: stackLabels(stack, "previews"),
    source: stack.source,
    path: `${stack.source.path === "." ? "" : `${stack.source.path}/`}${appliedDirectory(place)}`,
    ...destinationView(place),
  };
}

const member = { kustomization: "bootstrap/previews", as: "resources" } as const;

function projectFile(stack: Stack, previews: Previews, shared: Contributions): FileSpec {
  return file(
    "bootstrap/previews/project.yaml",
    "previews/project.yaml",
    {
      ...sharedView(stack, previews),
      description: `Previews of ${stack.name}, owned by ${stack.owner}`,
      namespaces: previews.repositories.map(({ name }) => previewName(stack, name, "*")),
      kinds: kindsOf({ ...shared, files: shared.files.filter((one) => isSynced(one, previews.place)) }),
    },
    {
      what: "The Argo CD project of the previews.",
      why: "Their rights end at their own namespaces in their own cluster, whatever the set would ask for.",
      standard: "Argo CD docs, Projects",
      change: CHANGE,
    },
    { member },
  );
}

function setFile(stack: Stack, previews: Previews, repository: PreviewRepository): FileSpec {
  const { name, provider, token, images, tag } = repository;
  const { place, label } = previews;
  const view = {
    ...sharedView(stack, previews),
    name: `${stack.name}-${name}-previews`,
    repository: name,
    label,
    github: provider.kind === "github" ? provider : undefined,
    gitlab: provider.kind === "gitlab" ? provider : undefined,
    token,
    look: token === undefined ? LOOK.without : LOOK.withToken,
    // Argo CD's own template language, which must come out as it stands.
    goName: previewName(stack, name, "{{ .number }}"),
    goNumber: "{{ .number }}",
    images: images.map((image) => `${image}:${tagOf(tag)}`),
    patches: placedPatches(stack, place, name),
  };
  return file(
    `bootstrap/previews/${name}.application-set.yaml`,
    "previews/application-set.yaml",
    view,
    {
      what: `An Application for each pull request of ${name} with the label ${label}.`,
      why: "A change can be looked at before it is merged, in a place of its own.",
      standard: "Argo CD docs, Pull Request Generator and ApplicationSet Security",
      change: CHANGE,
    },
    { member },
  );
}

export const previews: Index = {
  id: "previews",
  title: "Previews",
  summary:
    "An ephemeral environment per labelled pull request, in a cluster and a project of its own, with a time to live.",
  rows: ["GIT-01", "GIT-02"],
  withoutIt: undefined,
  files: (stack, others, again) => {
    if (stack.previews === undefined) return [];
    const { place, repositories } = stack.previews;
    const alone = previewStack(stack, stack.previews);
    const yielded = again(alone);
    const shared = { ...yielded, files: [...yielded.files, ...namespaceFiles(alone, place)] };
    return [
      ...overlayFiles(alone, place, shared, others),
      projectFile(stack, stack.previews, shared),
      ...repositories.map((repository) => setFile(stack, stack.previews as Previews, repository)),
      ...expiryFiles(stack, stack.previews),
      previewsPage(stack, stack.previews, alone, exposedServices(place.services)),
    ];
  },
};

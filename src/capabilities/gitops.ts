// Owns: what makes Argo CD deploy the stack: AppProject and ApplicationSet, in bootstrap/.
// Promises: explicit sources, destinations and kinds; deletion protection; the platform owns it, and no application governs itself.
// Must not: use generators that read pull requests (previews.ts does, in a project of its own) or organisations.

import type { Environment, Stack } from "../stack/stack.js";
import { type Contributions, type FileSpec, file, type Index } from "./capability.js";
import { stackLabels } from "./labels.js";
import { appliedDirectory } from "./places.js";

/** Kinds that Kustomize makes beside those of the files. */
const GENERATED_KINDS = ["/ConfigMap"];

export function kindsOf({ files, configMaps }: Contributions): { group: string; kind: string }[] {
  const kinds = new Set([
    ...files.flatMap(({ kinds: own }) => own),
    ...(configMaps.length > 0 ? GENERATED_KINDS : []),
  ]);
  return [...kinds].sort().map((entry) => ({
    group: entry.slice(0, entry.indexOf("/")),
    kind: entry.slice(entry.indexOf("/") + 1),
  }));
}

/** A place as the templates read it. */
function placeView(stack: Stack, environment: Environment) {
  const { name, cluster, id, label, tier, namespace, destination, settings, region } = environment;
  const directory = stack.source.path === "." ? "" : `${stack.source.path}/`;
  return {
    application: `${stack.name}-${id}`,
    name,
    cluster,
    label,
    tier,
    namespace,
    server: "server" in destination ? destination.server : "",
    clusterName: "name" in destination ? destination.name : "",
    region: region ?? "",
    path: `${directory}${appliedDirectory(environment)}`,
    automated: settings.argocd.automated,
    mode: settings.argocd.mode,
  };
}

type PlaceView = ReturnType<typeof placeView>;

function sharedView(stack: Stack) {
  return {
    name: stack.name,
    project: stack.name,
    namespace: stack.base.settings.argocd.namespace,
    labels: stackLabels(stack, "gitops"),
    source: stack.source,
  };
}

function applicationSetView(stack: Stack, places: readonly PlaceView[]) {
  const hasClusters = places.some(({ cluster }) => cluster !== undefined);
  return {
    ...sharedView(stack),
    // Argo CD's own template language, which must come out as it stands.
    goName: "{{ .name }}",
    goEnvironment: "{{ .environment }}",
    goTier: "{{ .tier }}",
    goRegion: "{{ .region }}",
    goPath: "{{ .path }}",
    goServer: "{{ .server }}",
    goCluster: "{{ .cluster }}",
    goNamespace: "{{ .namespace }}",
    goClusters: "{{ toJson .clusters }}",
    goAutomated: AUTOMATED,
    hasClusters,
    byServer: places.some(({ server }) => server !== ""),
    byName: places.some(({ clusterName }) => clusterName !== ""),
    hasRegions: places.some(({ region }) => region !== ""),
    automated: places.every(({ automated }) => automated),
    isMixed: new Set(places.map(({ automated }) => automated)).size > 1,
    environments: [...new Set(places.map(({ name }) => name))].map((name) => {
      const own = places.filter((place) => place.name === name);
      return { name, tier: own[0]?.tier ?? "", namespace: own[0]?.namespace ?? "", clusters: own };
    }),
  };
}

/** A patch of the template, for environments that sync by themselves beside others that do not. */
const AUTOMATED = [
  "{{- if .automated }}",
  "spec:",
  "  syncPolicy:",
  "    automated:",
  "      prune: true",
  "      selfHeal: true",
  "{{- end }}",
].map((text) => ({ text }));

/** Each window once, with the Applications that it holds for. */
function syncWindows(stack: Stack) {
  const found = new Map<string, { view: object; applications: string[] }>();
  for (const environment of stack.environments) {
    for (const [name, window] of Object.entries(environment.settings.argocd.syncWindows)) {
      const { kind = "deny", schedule, duration, timeZone = "UTC", manualSync = true } = window;
      const view = { name, kind, schedule, duration, timeZone, manualSync };
      const key = JSON.stringify(view);
      const entry = found.get(key) ?? { view, applications: [] };
      entry.applications.push(`${stack.name}-${environment.id}`);
      found.set(key, entry);
    }
  }
  return [...found.keys()].sort().map((key) => {
    const { view, applications } = found.get(key) as { view: object; applications: string[] };
    return { ...view, applications };
  });
}

function projectView(stack: Stack, places: readonly PlaceView[], others: Contributions) {
  const destinations = places.map(({ namespace, server, clusterName }) => ({
    namespace,
    server,
    clusterName,
  }));
  const windows = syncWindows(stack);
  return {
    ...sharedView(stack),
    description: `${stack.name}, owned by ${stack.owner}`,
    destinations,
    kinds: kindsOf(others),
    windows,
  };
}

const member = { kustomization: "bootstrap/argocd", as: "resources" } as const;

function applicationSetFile(stack: Stack, places: readonly PlaceView[]): FileSpec {
  return file(
    "bootstrap/argocd/application-set.yaml",
    "gitops/application-set.yaml",
    applicationSetView(stack, places),
    {
      what: "The Applications of the stack, one for each environment and cluster.",
      why: "One template for all of them; taking one out of the list deletes nothing in a cluster.",
      standard: "Argo CD docs, ApplicationSet Security and Controlling Resource Modification",
      change: "environments, source and argocd in prod-stack.yaml",
    },
    { member },
  );
}

function applicationFile(stack: Stack, place: PlaceView): FileSpec {
  return file(
    `bootstrap/argocd/${place.application}.application.yaml`,
    "gitops/application.yaml",
    {
      ...sharedView(stack),
      ...place,
      name: place.application,
      environment: place.name,
      namespace: stack.base.settings.argocd.namespace,
      target: place.namespace,
    },
    {
      what: `The Application of ${place.label}.`,
      why: "Where one environment is enough, a set of them is one thing more to understand.",
      standard: "Argo CD docs, Declarative Setup",
      change: "argocd.mode in prod-stack.yaml",
    },
    { member },
  );
}

export const gitops: Index = {
  id: "gitops",
  title: "GitOps",
  summary:
    "An Argo CD project with explicit rights and an ApplicationSet with one Application per environment and cluster.",
  rows: ["GIT-01", "GIT-02", "GIT-03", "GIT-05"],
  withoutIt: undefined,
  files: (stack, others) => {
    const places = stack.environments.map((environment) => placeView(stack, environment));
    const inSet = places.filter(({ mode }) => mode === "application-set");
    return [
      file(
        "bootstrap/argocd/project.yaml",
        "gitops/project.yaml",
        projectView(stack, places, others),
        {
          what: "The Argo CD project of the stack.",
          why: "What the stack's repository may deploy, and where: no wildcards, no cluster-wide objects, no applications of its own.",
          standard: "Argo CD docs, Projects and Security",
          change: "prod-stack.yaml; the list of kinds follows from it",
        },
        { member },
      ),
      ...(inSet.length === 0 ? [] : [applicationSetFile(stack, inSet)]),
      ...places.filter(({ mode }) => mode === "application").map((place) => applicationFile(stack, place)),
    ];
  },
};

// Owns: what was answered, and what comes next, as lines for people.
// Promises: short; names and commands of this very stack.
// Must not: print.

import { capabilities, type FileTree, indexes, type Stack } from "../../index.js";
import { quote } from "../answers/missing-answers.js";
import type { GitOutcome } from "../place/git-repository.js";

/** The stack in a few lines, before it is written. */
export function stackLines({ name, owner, source, base, environments, disabled }: Stack): string[] {
  const rows: [string, string][] = [
    ["Stack", `${name}, owned by ${owner}`],
    ["Repository", source.path === "." ? source.url : `${source.url}, in ${source.path}`],
    ...base.services.map((service): [string, string] => ["Service", describeService(service)]),
    ...base.datastores.map((store): [string, string] => [
      "Datastore",
      `${store.name}: ${store.engine} ${store.version}, ${store.role}${store.backup === undefined ? "" : ", backed up"}`,
    ]),
    ...environments.map((environment): [string, string] => [
      "Environment",
      `${environment.name}: ${environment.tier}, ${environment.domain}, namespace ${environment.namespace}`,
    ]),
    ...disabled.map((id): [string, string] => ["Without", describeLoss(id)]),
  ];
  return rows.map(([what, text]) => `  ${what.padEnd(11)}  ${text}`);
}

/** What a capability that is switched off takes with it. */
function describeLoss(id: string): string {
  const loss = [...capabilities, ...indexes].find((capability) => capability.id === id)?.withoutIt;
  return loss === undefined ? id : `${id}: ${loss}`;
}

function describeService(service: Stack["base"]["services"][number]): string {
  const { name, type, runtime, image, ports, edges } = service;
  const port = ports.length === 0 ? "" : `, port ${ports.map(({ number }) => number).join(", ")}`;
  const uses = edges.length === 0 ? "" : `, talks to ${edges.map(({ target }) => target).join(", ")}`;
  const tag = image?.tag === undefined ? "" : `:${image.tag}`;
  const what = image === undefined ? "an image of KServe's choice" : `${image.repository}${tag}`;
  return `${name}: ${type} on ${runtime}, ${what}${port}${uses}`;
}

export interface NextSteps {
  readonly stack: Stack;
  readonly tree: FileTree;
  /** As the user would type it, "." for here. */
  readonly directory: string;
  readonly git: GitOutcome | undefined;
}

/** The three things to do after the first generation. */
export function nextLines({ stack, tree, directory, git }: NextSteps): string[] {
  const first = directory === "." ? "" : `cd ${quote(directory)} && `;
  const steps = [
    `${first}npx create-prod-stack validate   (builds and checks every manifest)`,
    pushStep(stack, git),
    clusterStep(stack, tree),
  ];
  return ["Next:", ...steps.map((step, index) => `  ${index + 1}. ${step}`)];
}

function pushStep({ source }: Stack, git: GitOutcome | undefined): string {
  if (git?.state === "committed")
    return `git remote add origin ${quote(source.url)} && git push --set-upstream origin ${quote(source.revision)}`;
  return `commit it, and push it to ${source.url}`;
}

/** Only what is in the tree is named. */
function clusterStep({ environments, source }: Stack, tree: FileTree): string {
  const first = environments[0]?.name ?? "dev";
  const folders = [`bootstrap/${first}`, "bootstrap/argocd"].filter((folder) =>
    tree.some(
      ({ path }) => path === `${source.path === "." ? "" : `${source.path}/`}${folder}/kustomization.yaml`,
    ),
  );
  if (folders.length === 0) return `look at what an environment gets: kubectl kustomize overlays/${first}`;
  return `prepare the cluster, as README.md says: ${folders.map((folder) => `kubectl apply -k ${folder}`).join(", then ")}`;
}

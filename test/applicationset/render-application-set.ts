// Owns: ApplicationSet YAML → the Applications that Argo CD would make of it.
// Promises: expanded and rendered by Go's own templates, as the controller does it; an error where that would report one.
// Must not: judge the Applications, or need a cluster.
import { join } from "node:path";
import { execa } from "execa";
import { buildGoProgram, type GoProgram } from "../apiserver/build-go-program.js";

/** An Application of Argo CD, as far as tests read it. */
export interface Application {
  readonly apiVersion: "argoproj.io/v1alpha1";
  readonly kind: "Application";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly spec: {
    readonly project?: string;
    readonly source?: ApplicationSource;
    readonly sources?: readonly ApplicationSource[];
    readonly destination?: { readonly server?: string; readonly name?: string; readonly namespace?: string };
    readonly [field: string]: unknown;
  };
}

/** Where the manifests of an Application come from. */
export interface ApplicationSource {
  readonly repoURL: string;
  readonly targetRevision?: string;
  readonly path?: string;
  readonly [field: string]: unknown;
}

/** A pull request, as GitHub or GitLab would tell Argo CD of it. */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly branch: string;
  readonly targetBranch: string;
  readonly headSha: string;
  readonly author: string;
  readonly labels: readonly string[];
  readonly state: "opened" | "closed";
}

/**
 * Renders one ApplicationSet with Go templates and list, matrix, merge or pull-request generators, in their order.
 * Throws with the renderer's messages: a missing key, a duplicate name, a generator that needs a network.
 */
export async function renderApplicationSet(
  yamlText: string,
  pullRequests?: readonly PullRequest[],
): Promise<Application[]> {
  const known = pullRequests === undefined ? [] : [JSON.stringify(pullRequests)];
  const { failed, stdout, stderr, shortMessage } = await execa(await buildGoProgram(renderer), known, {
    input: yamlText,
    reject: false,
  });
  if (failed) throw new Error(stderr || shortMessage);
  return JSON.parse(stdout) as Application[];
}

const renderer: GoProgram = {
  name: "applicationset-renderer",
  cache: "applicationset",
  moduleFolder: join(import.meta.dirname, "renderer"),
  main: ".",
};

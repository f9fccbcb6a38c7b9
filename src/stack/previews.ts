// Owns: the nouns of preview environments.
// Promises: plain values; lists sorted by name.
// Must not: know Argo CD.

import type { Environment } from "./stack.js";

export interface Previews {
  /** What every preview looks like; its namespace and hosts hold `PREVIEW_NUMBER` where each has its own. */
  readonly place: Environment;
  readonly label: string;
  readonly lifetimeSeconds: number;
  readonly repositories: readonly PreviewRepository[];
}

export interface PreviewRepository {
  readonly name: string;
  readonly provider:
    | {
        readonly kind: "github";
        readonly owner: string;
        readonly repo: string;
        readonly api: string | undefined;
      }
    | { readonly kind: "gitlab"; readonly project: string; readonly api: string | undefined };
  readonly token: { readonly secret: string; readonly key: string } | undefined;
  /** Images that it builds, by repository. */
  readonly images: readonly string[];
  readonly services: readonly string[];
  /** With {sha} or {short-sha} where the commit stands. */
  readonly tag: string;
}

/** Ends hosts and the namespace of `place`, and stands nowhere else. */
export const PREVIEW_NUMBER = "pr-0";

/** Numbers of pull requests that names have room for. */
export const NUMBER_LENGTH = 7;

/** The host of a preview: one label, so that one wildcard certificate serves all of them. */
export function previewHost(host: string, domain: string): string {
  const label = host.replace(/^\*\./, "").replaceAll(".", "-");
  return `${label}-${PREVIEW_NUMBER}.${domain}`;
}

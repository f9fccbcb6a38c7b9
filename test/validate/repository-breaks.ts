// Owns: ways to break a generated repository, and the checks that must find each.
// Promises: data only; each change is small and alone.
// Must not: check anything.

import type { Repository } from "./generated-repository.js";

/** A change of a generated repository. */
export interface Break {
  readonly title: string;
  /** `check: rule` of every error. */
  readonly errors: readonly string[];
  readonly change: (repository: Repository) => Promise<void>;
}

/** A manifest, or a patch of one. */
export const patchOf = (kind: string, name: string, rest: string, apiVersion = "apps/v1") =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
export const OVERLAY = "overlays/prod/kustomization.yaml";

export const breaks: readonly Break[] = [
  {
    title: "a manifest that is gone",
    errors: ["build: missing-file"],
    change: (r) => r.remove("base/api/service.yaml"),
  },
  {
    title: "a kustomization that is gone",
    errors: ["build: missing-file"],
    change: (r) => r.remove("base/api/kustomization.yaml"),
  },
  {
    title: "a base from the network",
    errors: ["build: remote-base"],
    change: (r) => r.replace(OVERLAY, "- managed", "- managed\n  - https://github.com/example/base?ref=main"),
  },
  {
    title: "a base outside",
    errors: ["build: outside"],
    change: (r) => r.replace(OVERLAY, "- managed", "- managed\n  - ../../../original/base"),
  },
  {
    title: "a patch of an object that is not there",
    errors: ["build: build"],
    change: (r) => r.patch("prod", patchOf("Deployment", "ghost", "spec:\n  replicas: 1\n")),
  },
  {
    title: "a field that kustomize does not know",
    errors: ["build: build"],
    change: (r) => r.replace(OVERLAY, "resources:", "recources: []\nresources:"),
  },
  {
    title: "one object twice",
    errors: ["references: duplicate-object"],
    change: (r) => r.addObject("prod", patchOf("Service", "api", "spec: {}\n", "v1")),
  },
  {
    title: "an overlay that builds nothing",
    errors: ["build: build-empty"],
    change: (r) => r.write(OVERLAY, "configMapGenerator: []\n"),
  },
  {
    title: "an overlay without its kustomization",
    errors: ["build: overlay-missing"],
    change: (r) => r.remove(OVERLAY),
  },
  {
    title: "a misspelt field",
    errors: ["schemas: schema"],
    change: (r) => r.patch("prod", patchOf("Deployment", "api", "spec:\n  minReadySecond: 5\n")),
  },
  {
    title: "text for a number",
    errors: ["schemas: schema"],
    change: (r) => r.patch("prod", patchOf("Deployment", "api", 'spec:\n  minReadySeconds: "five"\n')),
  },
  {
    title: "a value outside of an enumeration",
    errors: ["schemas: schema"],
    change: (r) =>
      r.patch(
        "prod",
        patchOf("Deployment", "api", "spec:\n  template:\n    spec:\n      restartPolicy: Sometimes\n"),
      ),
  },
  {
    title: "an API that is gone",
    errors: ["schemas: missing-schema"],
    change: (r) =>
      r.addObject("prod", patchOf("CronJob", "old", "spec:\n  schedule: '* * * * *'\n", "batch/v1beta1")),
  },
  {
    title: "a kind that nobody knows",
    errors: ["schemas: missing-schema"],
    change: (r) => r.addObject("prod", patchOf("Gizmo", "old", "spec: {}\n", "example.org/v1")),
  },
  {
    title: "a selector that selects nothing",
    errors: ["references: service-selector"],
    change: (r) =>
      r.patch(
        "prod",
        patchOf("Service", "worker", "spec:\n  selector:\n    app.kubernetes.io/name: ghost\n", "v1"),
      ),
  },
  {
    title: "a secret that nothing yields",
    errors: ["references: secret"],
    change: (r) => r.replace("base/kustomization.yaml", /^ *- shop\.external-secret\.yaml\n/m, ""),
  },
  {
    title: "replicas beside an autoscaler",
    errors: ["references: replicas-beside-autoscaler"],
    change: (r) => r.patch("prod", patchOf("Deployment", "api", "spec:\n  replicas: 5\n")),
  },
  {
    title: "an image entry that matches nothing",
    errors: ["references: image-entry-unused", "references: image-exact"],
    change: (r) => r.replace(OVERLAY, "ghcr.io/example-org/api\n", "ghcr.io/example-org/apo\n"),
  },
  {
    title: "a moving tag in production",
    errors: ["references: image-entry-exact"],
    change: (r) => r.replace(OVERLAY, "newTag: 1.4.2", "newTag: latest"),
  },
  {
    title: "two entries for one image",
    errors: ["references: image-entry-twice"],
    change: (r) =>
      r.replace(OVERLAY, "images:", "images:\n  - name: ghcr.io/example-org/api\n    newTag: 1.4.2"),
  },
  {
    title: "a budget that blocks drains",
    errors: ["references: disruption-budget-blocks"],
    change: (r) =>
      r.patch("prod", patchOf("PodDisruptionBudget", "api", "spec:\n  maxUnavailable: 0\n", "policy/v1")),
  },
  {
    title: "an account that is gone",
    errors: ["references: service-account"],
    change: (r) => r.replace("base/worker/kustomization.yaml", /^ *- service-account\.yaml\n/m, ""),
  },
  {
    title: "a dashboard, or another file, that is no JSON",
    errors: ["references: config-map-json"],
    change: (r) => r.addObject("prod", patchOf("ConfigMap", "broken", 'data:\n  a.json: "{"\n', "v1")),
  },
  {
    title: "a key twice",
    errors: ["yaml: yaml-syntax", "build: build"],
    change: (r) => r.replace("base/worker/service.yaml", "kind: Service", "kind: Service\nkind: Service"),
  },
  {
    title: "a word that is a boolean to Kubernetes",
    errors: ["yaml: yaml-version"],
    change: (r) =>
      r.patch(
        "prod",
        patchOf(
          "ServiceAccount",
          "api",
          "metadata:\n  name: api\n  annotations:\n    example.org/on: yes\n",
          "v1",
        ).replace("metadata:\n  name: api\n", ""),
      ),
  },
  {
    title: "a merge that was left half done",
    errors: ["files: conflict-marker"],
    change: (r) => r.write("docs/notes.md", "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n"),
  },
  {
    title: "text that is not UTF-8",
    errors: ["files: file-not-utf8"],
    change: (r) => r.write("docs/notes.md", Buffer.from([0x61, 0xff, 0xfe, 0x62])),
  },
  {
    title: "a manifest that is not UTF-8",
    errors: ["files: file-not-utf8", "build: build"],
    change: (r) => r.write("base/worker/service.yaml", Buffer.from([0x61, 0xff, 0xfe, 0x62])),
  },
];

// Owns: hand-written repositories as adoption sees them: paths and texts.
// Promises: the files of fixtures/ as they are; `multi` with the line ends of Windows.
// Must not: propose.

import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type AdoptInput, proposeStack, type StackProposal } from "../../src/adopt/index.js";

const ROOT = join(import.meta.dirname, "fixtures");
export const FIXTURES = ["flat", "multi", "overlays", "helm"] as const;
export type Fixture = (typeof FIXTURES)[number];

/** Values that stand in the fixtures as secrets, and must stand nowhere else. */
export const SECRETS = [
  "Fixture-Passw0rd-1",
  "Fixture-Signing-Key-2",
  "Fixture-Rabbit-3",
  "Rml4dHVyZS1SYWJiaXQtMw==",
];

export function filesOf(name: Fixture): { path: string; text: string }[] {
  const root = join(ROOT, name);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: relative(root, file), text: withLineEnds(name, readFileSync(file, "utf8")) }));
}

function withLineEnds(name: Fixture, text: string): string {
  return name === "multi" ? text.replaceAll("\n", "\r\n") : text;
}

/** A copy on disk. */
export function copyFixture(name: Fixture, directory: string): void {
  cpSync(join(ROOT, name), directory, { recursive: true });
  for (const { path, text } of filesOf(name)) writeFileSync(join(directory, path), text);
}

export function propose(files: AdoptInput["files"], more: Partial<AdoptInput> = {}): StackProposal {
  return proposeStack({
    files,
    built: new Map(),
    name: "demo",
    source: {},
    generator: "0.0.0-test",
    ...more,
  });
}

/** One file. */
export function proposeText(text: string, path = "manifests.yaml"): StackProposal {
  return propose([{ path, text }]);
}

/** A Deployment with one container, and a Service for its port. */
export function deployment(name: string, container: string, pod = ""): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: ghcr.io/example-org/${name}:1.0.0
          ports: [{ name: http, containerPort: 8080 }]
${container.replace(/^(?=.)/gm, "          ")}
${pod.replace(/^(?=.)/gm, "      ")}
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 8080 }] }
---
`;
}

// Owns: five successive versions of the templates, with the changes that templates see in a year.
// Promises: written before the merge was tuned: a moved key, a renamed file, a split file, a new API version, a removed capability.
// Must not: know what people edit.

import type { SourceEdit, VersionSource } from "./build-version.js";

const DEPLOYMENT = "templates/workload/deployment.yaml.hbs";

const LIMITS = "  revisionHistoryLimit: 5\n  progressDeadlineSeconds: 600\n";

/** A key that moves below its neighbours, and a comment that says more. */
const MOVED_KEY: readonly SourceEdit[] = [
  { file: DEPLOYMENT, from: LIMITS, to: "" },
  {
    file: DEPLOYMENT,
    from: "  strategy:\n    {{> workload/strategy.yaml}}\n",
    to: `  strategy:\n    {{> workload/strategy.yaml}}\n  # How long a rollout may hang before it counts as failed.\n${LIMITS}`,
  },
  {
    file: DEPLOYMENT,
    from: "# Every environment starts from this;",
    to: "# Every environment begins with this;",
  },
];

const RENAMED_FILE: readonly SourceEdit[] = [
  {
    file: "src/capabilities/workload/replicated.ts",
    from: 'fileName: "deployment.yaml"',
    to: 'fileName: "server.yaml"',
  },
];

/** One file of policies becomes one with what holds for all pods, and one with the services'. */
const SPLIT_FILE: readonly SourceEdit[] = [
  {
    file: "src/capabilities/network-policy.ts",
    from: "      if (policies.length === 0) return [];\n      return [\n        file(\n",
    to: `      if (policies.length === 0) return [];
      const isGeneral = ({ name }: Policy) => /^(?:default-deny|allow-dns)/.test(name);
      return [policies.filter(isGeneral), policies.filter((policy) => !isGeneral(policy))].map((part, index) =>
        file(
`,
  },
  {
    file: "src/capabilities/network-policy.ts",
    from: "/network-policies.yaml`,",
    to: `/\${index === 0 ? "policies-of-all" : "policies-of-services"}.yaml\`,`,
  },
  {
    file: "src/capabilities/network-policy.ts",
    from: "policies: policies.map((policy) => policyView(stack, environment, policy)),",
    to: "policies: part.map((policy) => policyView(stack, environment, policy)),",
  },
  {
    file: "src/capabilities/network-policy.ts",
    from: "          },\n        ),\n      ];\n    }),",
    to: "          },\n        ),\n      );\n    }),",
  },
];

/** What the versions before the last but one still say. */
const OLD_API: readonly SourceEdit[] = [
  ...["external-secret.yaml.hbs", "external-secret.patch.yaml.hbs"].map((name) => ({
    file: `templates/secrets/${name}`,
    from: "apiVersion: external-secrets.io/v1\n",
    to: "apiVersion: external-secrets.io/v1beta1\n",
  })),
  // By which a place that has no use for a secret deletes it.
  {
    file: "src/capabilities/secrets.ts",
    from: 'apiVersion: "external-secrets.io/v1", kind',
    to: 'apiVersion: "external-secrets.io/v1beta1", kind',
  },
];

const REMOVED_CAPABILITY: readonly SourceEdit[] = [
  { file: "src/capabilities/index.ts", from: "  access,\n", to: "" },
  { file: "src/capabilities/index.ts", from: 'import { access } from "./access.js";\n', to: "" },
];

/** What was meant so far becomes something else, so that every spec of before has to say it. */
const NEW_SCHEMA: readonly SourceEdit[] = [
  {
    file: "src/spec/schema/words.ts",
    from: 'API_VERSION = "prod-stack/v1"',
    to: 'API_VERSION = "prod-stack/v2"',
  },
  {
    file: "src/spec/migrations/index.ts",
    from: 'import { API_VERSION } from "../schema/words.js";\n',
    to: 'import { API_VERSION } from "../schema/words.js";\nimport { setMissing } from "./document-edits.js";\n',
  },
  {
    file: "src/spec/migrations/index.ts",
    from: "MIGRATIONS: readonly Migration[] = [];",
    to: `MIGRATIONS: readonly Migration[] = [
  {
    from: "prod-stack/v1",
    to: "prod-stack/v2",
    steps: ["namespaces says managed, which was meant"],
    edit: (document) => setMissing(document, ["namespaces"], "managed"),
  },
];`,
  },
];

export const FIRST: VersionSource = { version: "0.1.0", edits: OLD_API };

/** Each with everything before it. */
export const LATER: readonly (VersionSource & { readonly what: string })[] = [
  { version: "0.2.0", what: "a moved key", edits: [...OLD_API, ...MOVED_KEY] },
  { version: "0.3.0", what: "a renamed file", edits: [...OLD_API, ...MOVED_KEY, ...RENAMED_FILE] },
  {
    version: "0.4.0",
    what: "a split file",
    edits: [...OLD_API, ...MOVED_KEY, ...RENAMED_FILE, ...SPLIT_FILE],
  },
  { version: "1.0.0", what: "a new API version", edits: [...MOVED_KEY, ...RENAMED_FILE, ...SPLIT_FILE] },
  {
    version: "1.1.0",
    what: "a removed capability, and a new schema of prod-stack.yaml",
    edits: [...MOVED_KEY, ...RENAMED_FILE, ...SPLIT_FILE, ...REMOVED_CAPABILITY, ...NEW_SCHEMA],
  },
];

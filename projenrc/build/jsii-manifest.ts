// Owns: .jsii, by which `npx projen new --from create-prod-stack` knows the project type and its flags.
// Promises: a flag for every answer of the schema that has one on the command line, with the same name, words and description.
// Must not: describe more than projen reads: it is no jsii module for other languages.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answerFlags } from "../../src/cli/answer-table.js";
import { CREATE } from "../../src/cli/command-table.js";
import type { Flag } from "../../src/cli/verb.js";

const MODULE = "create-prod-stack";

/** A property of the options, as jsii describes it; projen makes `--service-type` of serviceType. */
function propertyOf({ name, description, choices = [], repeatable }: Flag): object {
  const text = { primitive: "string" };
  const words = choices.length > 0 ? ` One of ${choices.join(", ")}.` : "";
  return {
    abstract: true,
    docs: { summary: description + words },
    immutable: true,
    name: name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    optional: true,
    type: repeatable ? { collection: { elementtype: text, kind: "array" } } : text,
  };
}

function manifestOf(root: string): object {
  const { version, description, license, peerDependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const type = (name: string) => ({ assembly: MODULE, fqn: `${MODULE}.${name}`, name });
  const manifest = {
    schema: "jsii/0.10.0",
    name: MODULE,
    version,
    description,
    license,
    dependencies: { projen: peerDependencies.projen },
    types: {
      [`${MODULE}.ProdStackProject`]: {
        ...type("ProdStackProject"),
        kind: "class",
        base: "projen.Project",
        docs: { summary: description, custom: { pjid: "prod-stack" } },
        initializer: {
          parameters: [{ name: "options", optional: true, type: { fqn: `${MODULE}.ProdStackOptions` } }],
        },
      },
      [`${MODULE}.ProdStackOptions`]: {
        ...type("ProdStackOptions"),
        kind: "interface",
        datatype: true,
        interfaces: ["projen.ProjectOptions"],
        docs: { summary: "Answers; what is not said gets its default, and prod-stack.yaml shows it." },
        // projen's own `name` is the answer of that name.
        properties: answerFlags(CREATE.answers)
          .filter(({ name }) => name !== "name")
          .map(propertyOf),
      },
    },
  };
  const fingerprint = createHash("sha256").update(JSON.stringify(manifest)).digest("base64");
  return { ...manifest, fingerprint };
}

export function writeJsiiManifest(root: string): void {
  writeFileSync(join(root, ".jsii"), `${JSON.stringify(manifestOf(root), null, 1)}\n`);
}

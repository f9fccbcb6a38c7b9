// Owns: files that make the repository pleasant for git and editors.
// Promises: the editor checks prod-stack.yaml offline; git never rewrites the recorded bases.
// Must not: record state; src/apply does.

import editorSchema from "../generated/editor-schema.json" with { type: "json" };
import { type Capability, file } from "./capability.js";

export const repository: Capability = {
  id: "repository",
  title: "Repository",
  summary: "Schema for editors, attributes for git.",
  rows: ["LAY-01"],
  withoutIt: undefined,
  files: () => [
    file(
      ".prod-stack/schema.json",
      "repository/schema.json",
      { schema: editorSchema },
      {
        what: "The JSON Schema of prod-stack.yaml.",
        why: "Editors with a YAML language server complete and check the file, offline.",
        standard: "JSON Schema 2020-12",
        change: "nothing: it belongs to the generator's version",
      },
    ),
    file(
      ".prod-stack/.gitattributes",
      "repository/gitattributes",
      {},
      {
        what: "How git treats .prod-stack/.",
        why: "Two branches that each add a service merge by themselves; bases keep their bytes.",
        standard: "gitattributes(5)",
        change: "nothing",
      },
    ),
  ],
};

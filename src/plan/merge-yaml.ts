// Owns: the three-way merge of YAML files by structure.
// Promises: text of the user's that the other side has not changed stays, byte for byte.
// Must not: judge the result; merge-check does.

import type { Side } from "./merge-data.js";
import { nameInText, namesFor, splitDocuments } from "./merge-documents.js";
import { type Entry, NotTaken, type Tree } from "./merge-tree.js";
import { mergeKeyed } from "./merge-tree-entries.js";
import { type Merging, mergeLead, type Structured } from "./merge-tree-values.js";
import type { YamlReader } from "./merge-yaml-data.js";
import { yamlTree } from "./merge-yaml-tree.js";

/** @throws NotTaken where the file is not of the parts that this knows; InvalidYaml */
export function mergeYaml(
  base: string,
  ours: string,
  theirs: string,
  side: Side,
  reader: YamlReader,
): Structured {
  const texts = { base: splitDocuments(base), ours: splitDocuments(ours), theirs: splitDocuments(theirs) };
  const streams = [texts.base, texts.ours, texts.theirs].map(({ documents }) => documents);
  const names = namesFor(streams, nameInText);
  if (names === undefined) throw new NotTaken();
  const [before = [], mine = [], other = []] = streams.map((documents, version) =>
    documents.map((document, index) => entryOf(document, names[version]?.[index] ?? "", reader)),
  );
  const merging: Merging = { side, conflicts: [] };
  const open = mergeLead(merging, "the file", {
    base: texts.base.open,
    ours: texts.ours.open,
    theirs: texts.theirs.open,
  });
  const parts = mergeKeyed(merging, "", { base: before, ours: mine, theirs: other });
  const documents = parts.map(({ text }, index) =>
    text.startsWith("---") || index === 0 ? text : `---\n${text}`,
  );
  return { text: `${open}${documents.join("")}`, conflicts: merging.conflicts };
}

/** Parsed when something asks for what is in it. */
function entryOf({ head, body }: { head: string; body: string }, name: string, reader: YamlReader): Entry {
  let tree: Tree | undefined;
  return {
    name: name === "" ? "" : `${name}: `,
    lead: "",
    key: head.replace(/[ \t]*(?:#.*)?\n?$/, ""),
    gap: "",
    get value() {
      tree ??= yamlTree(body, reader.contentsOf(body));
      return tree;
    },
    comment: head.replace(/^---|\n$/g, ""),
    text: `${head}${body}`,
  };
}

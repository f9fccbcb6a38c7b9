// Owns: what people do to generated YAML, and what new versions of templates do.
// Promises: each edit is one that somebody made: written before the merge was tuned, and valid YAML.
// Must not: know the merge.

import { parseAllDocuments } from "yaml";
import {
  blockEnd,
  type Edit,
  indentationOf,
  linesInText,
  nearest,
  replaced,
  spaces,
  spliced,
} from "./lines.js";

const VALUE = /^\s*(- )?[\w.-]+: (\d+m?|\d+[MGK]i|\d+%)$/;
const TEXT_VALUE = /^\s*[\w./-]+: [A-Za-z][\w./-]*$/;
const KEY = /^\s*[\w./-]+:( |$)/;

const PROTECTED = /^(\s*)(- )?(apiVersion|kind|name|namespace|containerPort|port|key|mountPath):/;

function isFree(line: string): boolean {
  return KEY.test(line) && !PROTECTED.test(line);
}

function changeNumber(by: (value: number) => number): Edit {
  return (lines, near) =>
    replaced(
      lines,
      nearest(lines, near, (line) => VALUE.test(line) && !PROTECTED.test(line)),
      (line) => line.replace(/\d+(?=(m|[MGK]i|%)?$)/, (value) => String(by(Number(value)))),
    );
}

function changeText(suffix: string): Edit {
  return (lines, near) =>
    replaced(
      lines,
      nearest(lines, near, (line) => TEXT_VALUE.test(line) && !PROTECTED.test(line)),
      (line) => `${line}${suffix}`,
    );
}

function commentAbove(comment: string): Edit {
  return (lines, near) => {
    const at = nearest(lines, near, (line) => /^\s*(- )?[\w./-]+:( |$)/.test(line));
    return at === undefined
      ? undefined
      : spliced(lines, at, 0, `${spaces(indentationOf(lines[at] ?? ""))}# ${comment}`);
  };
}

function commentBehind(comment: string): Edit {
  return (lines, near) =>
    replaced(
      lines,
      nearest(lines, near, (line) => TEXT_VALUE.test(line) || VALUE.test(line)),
      (line) => `${line} # ${comment}`,
    );
}

/** Entries of a list or map below a key, put first or last; `write` gets their indentation. */
function insertBelow(key: RegExp, place: "first" | "last", write: (indentation: string) => string[]): Edit {
  return (lines, near) => {
    const at = nearest(
      lines,
      near,
      (line, index) => key.test(line) && indentationOf(lines[index + 1] ?? "") > indentationOf(line),
    );
    if (at === undefined) return undefined;
    const end = blockEnd(lines, at);
    const first = lines.findIndex((line, index) => index > at && !/^\s*(#|$)/.test(line));
    const added = write(spaces(indentationOf(lines[first] ?? "")));
    if (lines.slice(at, end).some((line) => line.trim() === added[0]?.trim())) return undefined;
    return spliced(lines, place === "first" ? at + 1 : end, 0, ...added);
  };
}

const removeKey: Edit = (lines, near) => {
  const at = nearest(
    lines,
    near,
    (line, index) => isFree(line) && (VALUE.test(line) || TEXT_VALUE.test(line)) && hasSibling(lines, index),
  );
  return at === undefined ? undefined : spliced(lines, at, 1);
};

/** Another key of the same map beside it: removing the last would leave nothing. */
function hasSibling(lines: readonly string[], at: number): boolean {
  const same = (line = "") => KEY.test(line) && indentationOf(line) === indentationOf(lines[at] ?? "");
  return same(lines[at - 1]) || same(lines[at + 1]);
}

function addKey(text: string): Edit {
  return (lines, near) => {
    const at = nearest(
      lines,
      near,
      (line, index) =>
        isFree(line) && hasSibling(lines, index) && (VALUE.test(line) || TEXT_VALUE.test(line)),
    );
    return at === undefined
      ? undefined
      : spliced(lines, at + 1, 0, `${spaces(indentationOf(lines[at] ?? ""))}${text}`);
  };
}

const ITEM = /^\s*- /;

const removeElement: Edit = (lines, near) => {
  const at = nearest(lines, near, (line, index) => {
    const next = lines[blockEnd(lines, index)] ?? "";
    return ITEM.test(line) && ITEM.test(next) && indentationOf(next) === indentationOf(line);
  });
  return at === undefined ? undefined : spliced(lines, at, blockEnd(lines, at) - at);
};

/** Two neighbouring keys change places, each with what is below it. */
const swapKeys: Edit = (lines, near) => {
  const at = nearest(lines, near, (line, index) => {
    const next = lines[blockEnd(lines, index)] ?? "";
    return (
      KEY.test(line) &&
      KEY.test(next) &&
      indentationOf(next) === indentationOf(line) &&
      indentationOf(line) > 0
    );
  });
  if (at === undefined) return undefined;
  const middle = blockEnd(lines, at);
  const end = blockEnd(lines, middle);
  return spliced(lines, at, end - at, ...lines.slice(middle, end), ...lines.slice(at, middle));
};

const quote: Edit = (lines, near, dice) => {
  const mark = dice.of(['"', "'"]);
  return replaced(lines, nearest(lines, near, TEXT_VALUE), (line) =>
    line.replace(/: (.+)$/, (_, value) => `: ${mark}${value}${mark}`),
  );
};

/** As some formatters do: dashes in the column of the key above. */
const outdentLists: Edit = (lines) => {
  const inText = linesInText(lines);
  const result: string[] = [];
  const open: number[] = [];
  let above = "";
  lines.forEach((line, index) => {
    const indentation = indentationOf(line);
    if (line.trim() !== "" && !inText.has(index)) while ((open.at(-1) ?? -1) > indentation) open.pop();
    if (
      !inText.has(index) &&
      ITEM.test(line) &&
      /:( #.*)?$/.test(above) &&
      indentationOf(above) === indentation - 2 &&
      open.at(-1) !== indentation
    )
      open.push(indentation);
    result.push(line.trim() === "" ? line : line.slice(open.length * 2));
    if (!/^\s*(#|$)/.test(line)) above = line;
  });
  const text = result.join("\n");
  return parseAllDocuments(text).every(({ errors }) => errors.length === 0) ? result : undefined;
};

const reformat: Edit = (lines) =>
  parseAllDocuments(lines.join("\n"))
    .map((document) => document.toString({ indent: 4, lineWidth: 0, indentSeq: true }))
    .join("---\n")
    .replaceAll("---\n---\n", "---\n")
    .trimEnd()
    .split("\n");

const blankLine: Edit = (lines, near) => {
  const at = nearest(lines, near, KEY);
  return at === undefined ? undefined : spliced(lines, at, 0, "");
};

function changeComment(text: string): Edit {
  return (lines, near) => replaced(lines, nearest(lines, near, /^\s*# /), (line) => `${line} ${text}`);
}

/** A line in a script or an expression. */
function changeInText(change: (line: string) => string): Edit {
  return (lines, near) => {
    const inText = [...linesInText(lines)].filter((at) => lines[at]?.trim() !== "");
    const at = inText.sort((a, b) => Math.abs(a - near) - Math.abs(b - near))[0];
    return replaced(lines, at, change);
  };
}

function addDocument(name: string): Edit {
  return (lines) =>
    lines.includes("---") || lines.some((line) => /^kind: (Deployment|NetworkPolicy|Service)$/.test(line))
      ? [
          ...lines,
          "---",
          `# ${name}`,
          "apiVersion: v1",
          "kind: ConfigMap",
          "metadata:",
          `  name: ${name}`,
          "data:",
          `  ${name}: here`,
        ]
      : undefined;
}

const bump: Edit = (lines, near, dice) =>
  replaced(lines, nearest(lines, near, /^apiVersion: [\w.]+\/v\d\w*$/), (line) =>
    line.replace(/\/v\d\w*$/, `/v${2 + dice.below(3)}`),
  );

const changeImage: Edit = (lines, near) =>
  replaced(lines, nearest(lines, near, /^\s*(- )?(image|uses): /), (line) =>
    line.replace(/ #.*$/, "").concat(line.includes("uses:") ? "0 # v9" : ":2.0.0"),
  );

const env = (name: string) => (indentation: string) => [
  `${indentation}- name: ${name}`,
  `${indentation}  value: "on"`,
];
const container = (name: string) => (indentation: string) =>
  [
    `- name: ${name}`,
    `  image: ghcr.io/example-org/${name}`,
    "  resources:",
    "    limits:",
    "      memory: 64Mi",
  ].map((line) => `${indentation}${line}`);
const pair = (text: string) => (indentation: string) => [`${indentation}${text}`];

const ENV = /^\s*env:$/;
const CONTAINERS = /^\s*containers:$/;
const LABELS = /^\s*(labels|matchLabels):$/;
const ANNOTATIONS = /^\s*annotations:$/;
const NAMES = /^\s*(resources|hostnames|literals|files|components|drop|policyTypes|verbs|branches):$/;

export const PEOPLE: Readonly<Record<string, Edit>> = {
  "a number": changeNumber((value) => value * 2 + 1),
  "a word": changeText("-ours"),
  "a comment above": commentAbove("ours: see the ticket"),
  "a comment behind": commentBehind("ours"),
  "a comment changed": changeComment("(ours)"),
  "an empty line": blankLine,
  "a variable, last": insertBelow(ENV, "last", env("OUR_VARIABLE")),
  "a variable, first": insertBelow(ENV, "first", env("OUR_VARIABLE")),
  "a container": insertBelow(CONTAINERS, "last", container("our-sidecar")),
  "a label": insertBelow(LABELS, "last", pair("team: ours")),
  "an annotation": insertBelow(ANNOTATIONS, "last", pair("ours.example.com/owner: us")),
  "a name in a list": insertBelow(NAMES, "last", pair("- ours")),
  "a key": addKey("ourKey: ours"),
  "a key removed": removeKey,
  "an element removed": removeElement,
  "keys reordered": swapKeys,
  quotes: quote,
  "lists outdented": outdentLists,
  reformatted: reformat,
  "a line of a script": changeInText((line) => `${line} # ours`),
  "a document": addDocument("our-settings"),
};

export const TEMPLATES: Readonly<Record<string, Edit>> = {
  "a number": changeNumber((value) => value + 5),
  "a word": changeText("-v2"),
  "a comment changed": changeComment("(since v2)"),
  "a comment above": commentAbove("New in v2."),
  "a variable": insertBelow(ENV, "last", env("NEW_VARIABLE")),
  "a container": insertBelow(CONTAINERS, "last", container("new-agent")),
  "a label": insertBelow(LABELS, "last", pair("new.example.com/tier: gold")),
  "an annotation": insertBelow(ANNOTATIONS, "first", pair('new.example.com/checked: "true"')),
  "a name in a list": insertBelow(NAMES, "last", pair("- new-in-v2")),
  "a key": addKey("newKey: fromV2"),
  "a key removed": removeKey,
  "an element removed": removeElement,
  "keys moved": swapKeys,
  "an API version": bump,
  "an image": changeImage,
  "a line of a script": changeInText((line) => `${line} || true`),
  "a document": addDocument("new-settings"),
};

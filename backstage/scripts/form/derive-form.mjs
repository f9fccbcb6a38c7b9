// Owns: schema of prod-stack.yaml × layout → the pages of a Backstage form.
// Promises: types, patterns, choices and texts are the schema's; maps of named things are lists with a name, which the action turns back.
// Must not: know a field by its name.

import { HOSTS, PAGES, TITLES } from "./layout.mjs";

/** @param top the schema of prod-stack.yaml, with its $defs */
export function deriveForm(top) {
  const resolve = (schema) =>
    schema?.$ref === undefined
      ? schema
      : { ...top.$defs[schema.$ref.replace("#/$defs/", "")], ...schema, $ref: undefined };

  function field(schema, name, layout) {
    const node = resolve(schema);
    if (typeof node.additionalProperties === "object")
      return {
        ...textsOf({ ...node, question: undefined, examples: undefined }, name),
        ...list(node, layout),
      };
    const texts = textsOf(node, name);
    if (node.type === "object") return { ...texts, ...object(node, layout) };
    if (node.type === "array") return { ...texts, type: "array", items: plain(resolve(node.items)) };
    return { ...texts, ...plain(node) };
  }

  /** What is optional stays so, whatever is required in it: forms ask for the parts of what nobody began. The core judges. */
  function object(node, layout) {
    return { type: "object", properties: properties(node, layout) };
  }

  function properties(node, layout) {
    const names = Array.isArray(layout) ? layout.map((name) => [name, "whole"]) : Object.entries(layout);
    return Object.fromEntries(
      names.map(([name, inner]) => {
        if (node.properties[name] === undefined) throw new Error(`the schema has no field ${name}`);
        return [name, field(node.properties[name], name, inner)];
      }),
    );
  }

  function list(node, layout) {
    const entry = resolve(node.additionalProperties);
    const name = { title: node.question ?? "Name", type: "string", ...checks(node.propertyNames) };
    if (layout === "names") return { type: "array", items: { ...name, title: undefined } };
    if (layout === "whole")
      return {
        type: "array",
        items: items({ name, value: { title: "Value", ...plain(entry) } }, ["name", "value"]),
      };
    const fields = layout.fields ?? layout;
    const names = Array.isArray(fields) ? fields : Object.keys(fields);
    const required = (entry.required ?? []).filter((one) => names.includes(one));
    return {
      type: "array",
      items: {
        ...items({ name, ...properties(entry, fields) }, ["name", ...required]),
        ...(layout.after === undefined
          ? {}
          : { dependencies: { [layout.after.field]: cases(entry, layout.after) } }),
      },
    };
  }

  function cases(entry, { field: asked, cases: all }) {
    return {
      oneOf: all.map(({ values, fields }) => ({
        properties: { [asked]: { enum: values }, ...properties(entry, fields) },
      })),
    };
  }

  return PAGES.map((page) => {
    const asked = { title: page.title, properties: properties(top, page.fields) };
    const required = [...(page.repository ? ["provider"] : []), ...(page.required ?? [])];
    for (const name of page.required ?? [])
      if (asked.properties[name].type === "array") asked.properties[name].minItems = 1;
    return {
      title: asked.title,
      ...(required.length === 0 ? {} : { required }),
      properties: { ...(page.repository ? PROVIDER : {}), ...asked.properties, ...(page.more ? MORE : {}) },
      ...(page.repository ? { dependencies: { provider: { oneOf: pickers() } } } : {}),
    };
  });
}

function items(properties, required) {
  return { type: "object", required, properties };
}

function textsOf({ question, description, default: preset, examples }, name) {
  const [example] = examples ?? [];
  const hint = preset ?? (typeof example === "object" ? undefined : example);
  return {
    title: TITLES[name] ?? (question === undefined ? spaced(name) : question),
    ...(description === undefined ? {} : { description }),
    ...(hint === undefined ? {} : { "ui:placeholder": String(hint) }),
  };
}

function spaced(name) {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const LIMITS = [
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
];

/** A single value. */
function plain(node) {
  if (node.enum !== undefined) return { type: "string", enum: node.enum };
  const option =
    node.anyOf === undefined
      ? node
      : { ...node.anyOf.find(({ type }) => type === "string"), expected: undefined };
  // A quantity is a number or a text; a form has one box for both.
  const type = Array.isArray(option.type) ? "string" : option.type;
  return { type, ...checks(option, type) };
}

/** What a wrong value is told, beside the box: the words of the command's own errors. */
function checks(node, type = "string") {
  const limits = LIMITS.filter(
    (limit) => node[limit] !== undefined && (type !== "string" || !/imum/i.test(limit)),
  );
  return {
    ...Object.fromEntries(limits.map((limit) => [limit, node[limit]])),
    ...(node.expected === undefined || limits.length === 0
      ? {}
      : { errorMessage: Object.fromEntries(limits.map((limit) => [limit, `expected ${node.expected}`])) }),
  };
}

const PROVIDER = {
  provider: {
    title: "Where will the repository be?",
    type: "string",
    enum: Object.keys(HOSTS),
    enumNames: ["GitHub", "GitLab"],
  },
};

function pickers() {
  return Object.entries(HOSTS).map(([provider, allowedHosts]) => ({
    required: ["repoUrl"],
    properties: {
      provider: { enum: [provider] },
      repoUrl: {
        title: "Repository",
        description: "A new one; Argo CD reads from it.",
        type: "string",
        "ui:field": "RepoUrlPicker",
        "ui:options": { allowedHosts },
      },
    },
  }));
}

const MORE = {
  spec: {
    title: "More, as YAML",
    description:
      "Anything else that a prod-stack.yaml may hold: it is united with the answers above, and may not contradict them.",
    type: "string",
    maxLength: 200000,
    "ui:widget": "textarea",
    "ui:options": { rows: 12 },
    "ui:placeholder": "services: { api: { probes: { readiness: { path: /ready } } } }",
  },
};

// Owns: the questions about services: type first, then only what matters for it.
// Promises: pure; the first open question of a draft, or none.
// Must not: know what the answers lead to.

import { RUNTIME_PRESETS, SERVICE_TYPE_PRESETS, type SpecDraft } from "../../index.js";
import { readPort } from "../answer-table.js";
import {
  type Draft,
  dataOf,
  describePending,
  entriesOf,
  type FlowContext,
  isDecided,
  type Pending,
  withAnswer,
  withDecision,
  wordOf,
} from "./draft.js";
import { choicesOf, manyOf, oneOf, type Question, wordsOf } from "./question.js";
import { isServedByKServe, typeQuestions } from "./type-questions.js";

/** Names for the second service and later ones, by type. */
const USUAL_NAMES: Readonly<Record<string, string>> = {
  "web-api": "api",
  "web-frontend": "frontend",
  "grpc-service": "backend",
  worker: "worker",
};

export function nextServiceQuestion(draft: Draft, context: FlowContext): Question | undefined {
  const services = entriesOf(draft, "services");
  const isFirst = services.length === 0 && context.only === undefined;
  if (draft.pending?.kind === "services" || (isFirst && draft.pending === undefined)) {
    return openQuestion(draft, draft.pending ?? { kind: "services", fields: {} }, context);
  }
  for (const [name, service] of services) {
    if (context.only !== undefined && (context.only.kind !== "services" || context.only.name !== name))
      continue;
    const question = detailQuestion(draft, name, service, context);
    if (question !== undefined) return question;
  }
  return context.only === undefined && context.optional && !isDecided(draft, "services")
    ? anotherQuestion(draft)
    : undefined;
}

function openQuestion(draft: Draft, pending: Pending, context: FlowContext): Question {
  return wordOf(pending.fields.type) === undefined
    ? typeQuestion(draft, pending)
    : nameQuestion(draft, pending, context);
}

function typeQuestion(draft: Draft, pending: Pending): Question {
  return {
    ...wordsOf("services.*.type"),
    id: "services.*.type",
    choices: choicesOf("services.*.type", SERVICE_TYPE_PRESETS),
    initial: "web-api",
    required: true,
    accept: (value) =>
      describePending(draft, { ...pending, fields: { ...pending.fields, type: oneOf(value) } }, true),
  };
}

function nameQuestion(draft: Draft, pending: Pending, context: FlowContext): Question {
  const taken = entriesOf(draft, "services").map(([name]) => name);
  const usual = USUAL_NAMES[String(pending.fields.type)] ?? "service";
  return {
    ...wordsOf("services"),
    id: "services.*",
    initial: taken.length === 0 ? (wordOf(dataOf(draft).name) ?? context.name) : freeName(usual, taken),
    required: true,
    place: (name) => ["services", name],
    refuse: (name) => (taken.includes(name) ? `there is a service ${name} already` : undefined),
    accept: (name) => describePending(draft, { ...pending, name: oneOf(name) }, true),
  };
}

export function freeName(usual: string, taken: readonly string[]): string {
  for (let number = 2; ; number += 1) {
    const name = number === 2 && !taken.includes(usual) ? usual : `${usual}-${number}`;
    if (!taken.includes(name)) return name;
  }
}

function detailQuestion(
  draft: Draft,
  name: string,
  service: SpecDraft,
  context: FlowContext,
): Question | undefined {
  const type = wordOf(service.type);
  if (type === undefined) return textlessType(draft, name);
  const kind = typeQuestions(draft, name, service, type, context);
  if (kind !== undefined) return kind;
  const byKServe = isServedByKServe(service, type);
  if (service.runtime === undefined && context.optional && !byKServe)
    return runtimeQuestion(draft, name, type);
  if (service.image === undefined && !byKServe) return imageQuestion(draft, name);
  if (service.ports === undefined && presetOf(type)?.needsPort) return portQuestion(draft, name, type);
  return context.optional ? exposeQuestion(draft, name, service, type) : undefined;
}

function presetOf(type: string) {
  return SERVICE_TYPE_PRESETS[type as keyof typeof SERVICE_TYPE_PRESETS];
}

/** A service of the user's file that has no type. */
function textlessType(draft: Draft, name: string): Question {
  const question = typeQuestion(draft, { kind: "services", name, fields: {} });
  return { ...question, id: `services.${name}.type`, message: `What kind of service is ${name}?` };
}

function runtimeQuestion(draft: Draft, name: string, type: string): Question {
  const path = ["services", name, "runtime"];
  return {
    ...wordsOf("services.*.runtime"),
    id: path.join("."),
    choices: choicesOf("services.*.runtime", RUNTIME_PRESETS),
    initial: type === "web-frontend" ? "nginx" : "generic",
    required: false,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

function imageQuestion(draft: Draft, name: string): Question {
  const path = ["services", name, "image"];
  return {
    ...wordsOf("services.*.image"),
    id: path.join("."),
    initial: `ghcr.io/example-org/${name}:1.0.0`,
    required: true,
    place: () => path,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

function portQuestion(draft: Draft, name: string, type: string): Question {
  const path = ["services", name, "ports"];
  return {
    ...wordsOf("services.*.ports"),
    id: path.join("."),
    initial: "8080",
    required: true,
    place: () => path,
    accept: (value) => {
      const { name: key, port } = readPort(oneOf(value), type);
      return withAnswer(draft, path, { [key]: port });
    },
  };
}

function exposeQuestion(draft: Draft, name: string, service: SpecDraft, type: string): Question | undefined {
  const preset = presetOf(type);
  const id = `services.${name}.expose`;
  if (
    service.expose !== undefined ||
    isDecided(draft, "expose") ||
    isDecided(draft, id) ||
    !preset?.exposable
  )
    return undefined;
  if (isDecided(draft, `${id}?`)) return hostQuestion(draft, name);
  const { flag } = wordsOf("services.*.expose.host");
  return {
    id,
    flag,
    message: "Can it be reached from outside of the cluster?",
    hint: "If so, it gets a host name, a route and a certificate.",
    choices: [
      { value: "yes", label: "yes", hint: "at a host name below each environment's domain" },
      { value: "no", label: "no", hint: "only by the other services of the stack" },
    ],
    initial: "yes",
    required: false,
    accept: (value) => withDecision(draft, value === "yes" ? `${id}?` : id),
  };
}

function hostQuestion(draft: Draft, name: string): Question {
  const path = ["services", name, "expose", "host"];
  return {
    ...wordsOf("services.*.expose.host"),
    id: path.join("."),
    hint: "One word is completed with each environment's domain.",
    initial: name,
    required: false,
    place: () => path,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

function anotherQuestion(draft: Draft): Question {
  return {
    id: "services",
    flag: undefined,
    message: "Is there another service in this stack?",
    hint: "More can be added later: create-prod-stack add service NAME",
    choices: [
      { value: "no", label: "no" },
      { value: "yes", label: "yes" },
    ],
    initial: "no",
    required: false,
    accept: (value) =>
      value === "yes"
        ? { ...draft, pending: { kind: "services", fields: {} } }
        : withDecision(draft, "services"),
  };
}

/** What each service talks to; asked once services and datastores are known. */
export function nextUsesQuestion(draft: Draft, context: FlowContext): Question | undefined {
  if (!context.optional) return undefined;
  const services = entriesOf(draft, "services");
  for (const [name, service] of services) {
    const id = `services.${name}.uses`;
    if (context.only !== undefined && context.only.name !== name) continue;
    if (service.uses !== undefined || isDecided(draft, id)) continue;
    const targets = targetsOf(draft, name);
    if (targets.length > 0) return usesQuestion(draft, name, targets, services.length);
  }
  return undefined;
}

function usesQuestion(draft: Draft, name: string, targets: readonly string[], services: number): Question {
  const id = `services.${name}.uses`;
  const stores = entriesOf(draft, "datastores").map(([store]) => store);
  return {
    ...wordsOf("services.*.uses"),
    id,
    message: `What does ${name} talk to?`,
    choices: targets.map((value) => ({ value, label: value })),
    several: true,
    initial: services === 1 ? stores : [],
    required: false,
    accept: (value) => {
      const used = manyOf(value);
      const decided = withDecision(draft, id);
      return used.length === 0 ? decided : withAnswer(decided, ["services", name, "uses"], usesOf(used));
    },
  };
}

export function usesOf(names: readonly string[]): SpecDraft {
  return Object.fromEntries(names.map((name) => [name, {}]));
}

/** Everything with an address: services with a port, datastores, externals. */
function targetsOf(draft: Draft, self: string): string[] {
  const services = entriesOf(draft, "services").filter(
    ([name, { ports }]) => name !== self && Object.keys(ports ?? {}).length > 0,
  );
  return [...services, ...entriesOf(draft, "datastores"), ...entriesOf(draft, "externals")].map(
    ([name]) => name,
  );
}

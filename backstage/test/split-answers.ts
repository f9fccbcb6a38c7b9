// Owns: a spec → what somebody fills into the form for it, and what goes into the form's field for YAML.
// Promises: the form of the template decides, so that a field that comes into the form is tested by the examples that have it.
// Must not: lose a value.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parse, stringify } from "yaml";

/** Writes a new prod-stack.yaml, as the command does after its questions. */
const core: { writeSpec(data: object): string } = createRequire(import.meta.url)("../core/index.cjs");

export type Data = { [key: string]: unknown };
interface FormSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Record<string, FormSchema>;
  readonly items?: FormSchema;
  readonly dependencies?: Record<string, { oneOf: readonly { properties: Record<string, FormSchema> }[] }>;
}

/** form: values as RJSF sends them; data: the same as prod-stack.yaml has them; rest: what the form does not ask. */
interface Split {
  readonly form: unknown;
  readonly data: unknown;
  readonly rest: unknown;
}

export const createTemplate = () =>
  parse(readFileSync(new URL("../templates/create/template.yaml", import.meta.url), "utf8"));

export interface FormAnswers {
  readonly values: Data;
  /** The same answers as the command takes them. */
  readonly answers: string;
  /** How many values the form itself carries. */
  readonly asked: number;
}

export function formAnswers(specText: string): FormAnswers {
  const { apiVersion, ...spec } = parse(specText) as Data;
  const properties = Object.assign(
    {},
    ...createTemplate().spec.parameters.map((page: FormSchema) => page.properties),
  );
  const { url, ...source } = spec.source as Data;
  const [, host, owner, repo] = /^https:\/\/([^/]+)\/(.+)\/([^/]+)$/.exec(url as string) ?? [];
  const split = splitFields({ ...spec, source }, properties);
  const { source: kept, ...rest } = (split.rest ?? {}) as Data;
  if (kept !== undefined) throw new Error("the form asks for branch and directory");
  const data = united(split.data as Data, rest) as Data;
  const whole = { ...data, source: { url, ...((data.source ?? {}) as Data) } };
  expect(whole).toEqual(spec);
  return {
    values: {
      provider: "github",
      repoUrl: `${host}?owner=${owner}&repo=${repo}`,
      ...(split.form as Data),
      ...(Object.keys(rest).length === 0 ? {} : { spec: stringify(rest) }),
    },
    answers: core.writeSpec({ apiVersion, ...whole }),
    asked: leaves(split.form),
  };
}

function leaves(value: unknown): number {
  if (value === null || typeof value !== "object") return value === undefined ? 0 : 1;
  return Object.values(value).reduce((sum: number, item) => sum + leaves(item), 0);
}

function united(one: unknown, other: unknown): unknown {
  if (other === undefined) return one;
  if (one === undefined) return other;
  const [first, second] = [one as Data, other as Data];
  const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return Object.fromEntries(keys.map((key) => [key, united(first[key], second[key])]));
}

function split(value: unknown, schema: FormSchema | undefined): Split {
  const nothing = { form: undefined, data: undefined, rest: value };
  if (schema === undefined || value === null) return nothing;
  if (schema.type === "array")
    return Array.isArray(value) ? splitArray(value, schema) : splitMap(value as Data, schema);
  if (schema.type === "object")
    return typeof value === "object" ? splitFields(value as Data, schema.properties ?? {}) : nothing;
  const fits = schema.type === "integer" ? "number" : schema.type;
  return typeof value === fits && value !== "" ? { form: value, data: value, rest: undefined } : nothing;
}

function splitArray(value: unknown[], { items }: FormSchema): Split {
  const isPlain = value.every((item) => typeof item === items?.type) && value.length > 0;
  return isPlain
    ? { form: value, data: value, rest: undefined }
    : { form: undefined, data: undefined, rest: value };
}

function splitFields(value: Data, properties: Record<string, FormSchema>): Split {
  return gather(Object.entries(value).map(([key, item]) => [key, split(item, properties[key])]));
}

function gather(parts: readonly (readonly [string, Split])[]): Split {
  const pick = (side: keyof Split) => {
    const kept = parts.filter(([, part]) => part[side] !== undefined).map(([key, part]) => [key, part[side]]);
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  };
  return { form: pick("form"), data: pick("data"), rest: pick("rest") };
}

/** A map of things with names is a list in the form. */
function splitMap(value: Data, { items = {} }: FormSchema): Split {
  const parts = Object.entries(value).map(([name, entry]) => [name, splitEntry(name, entry, items)] as const);
  const gathered = gather(parts);
  const form = parts.flatMap(([, part]) => (part.form === undefined ? [] : [part.form]));
  return { ...gathered, form: form.length === 0 ? undefined : form };
}

function splitEntry(name: string, entry: unknown, items: FormSchema): Split {
  if (items.type === "string") {
    const isEmpty = Object.keys(entry as Data).length === 0;
    return { form: name, data: {}, rest: isEmpty ? undefined : entry };
  }
  if (items.properties?.value !== undefined) {
    const { form, data, rest } = split(entry, items.properties.value);
    return { form: form === undefined ? undefined : { name, value: form }, data, rest };
  }
  const { form, data, rest } = splitFields(entry as Data, propertiesFor(entry as Data, items));
  return { form: { name, ...((form ?? {}) as Data) }, data: data ?? {}, rest };
}

function propertiesFor(
  entry: Data,
  { properties = {}, dependencies = {} }: FormSchema,
): Record<string, FormSchema> {
  const [asked, after] = Object.entries(dependencies)[0] ?? [];
  const isOf = ({ properties: all }: { properties: Record<string, FormSchema> }) =>
    asked !== undefined && all[asked]?.enum?.includes(entry[asked]);
  return { ...(after?.oneOf.find(isOf)?.properties ?? {}), ...properties };
}

// Owns: rules about fields that only some types of services have, and about what a service cannot be without.
// Promises: a field that nothing would come of is refused, with the type that has it.
// Must not: look at resolved values.

import type { Problem } from "../../stack-error.js";
import type { StackSpec } from "../schema/spec-types.js";
import { didYouMean, oneOf } from "../schema-errors.js";
import type { SpecRule } from "./check-rules.js";
import { declaredPorts, type ServiceFields, serviceNames, servicesOf, typeOf } from "./layers.js";

type Field = keyof ServiceFields;

/** Fields that belong to one type of services. */
const FIELDS_OF_TYPES: readonly (readonly [Field, readonly string[]])[] = [
  ["schedules", ["scheduled-job"]],
  ["before", ["job"]],
  ["deadline", ["scheduled-job", "job"]],
  ["retries", ["scheduled-job", "job"]],
  ["serving", ["model"]],
  ["framework", ["model"]],
  ["storage", ["model"]],
  ["storageSecret", ["model"]],
];

/** What has no meaning where a process ends by itself. */
const NOT_IN_JOBS: readonly Field[] = ["ports", "expose", "scaling", "replicas", "probes", "metrics"];
const JOBS: readonly string[] = ["scheduled-job", "job"];

const fieldsFitTypes: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, name, value }) => {
    const type = typeOf(spec, name);
    if (type === undefined) return [];
    const foreign = FIELDS_OF_TYPES.filter(
      ([field, types]) => value[field] !== undefined && !types.includes(type),
    ).map(([field, types]) =>
      source.problem([...path, field], `a ${type} has no ${field}`, {
        at: "key",
        expected: `type: ${types.join(" or ")}`,
      }),
    );
    const useless = JOBS.includes(type) ? NOT_IN_JOBS.filter((field) => value[field] !== undefined) : [];
    return [
      ...foreign,
      ...useless.map((field) =>
        source.problem([...path, field], `a ${type} ends by itself and has no ${field}`, {
          at: "key",
          expected: "nothing here, or a type that keeps running, such as worker",
        }),
      ),
    ];
  });

function places(spec: StackSpec, name: string): ServiceFields[] {
  return servicesOf(spec)
    .filter((place) => place.name === name)
    .map(({ value }) => value);
}

const servicesAreWhole: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, name, value }) => {
    if (value.type === undefined) return [];
    const has = (field: Field) => places(spec, name).some((place) => place[field] !== undefined);
    const servings = places(spec, name).map(({ serving }) => serving);
    const byKserve = value.type === "model" && !servings.includes("deployment");
    const missing = (field: string, expected: string) =>
      source.problem(path, `"${field}" is missing`, { expected });
    const problems: Problem[] = [];
    if (!byKserve && !has("image"))
      problems.push(
        missing(
          "image",
          "an image reference: registry/repository, with an optional :tag that seeds the first release",
        ),
      );
    if (byKserve && !has("framework"))
      problems.push(missing("framework", "the model's format, such as framework: sklearn"));
    if (byKserve && !has("storage"))
      problems.push(missing("storage", "where the model lies, such as storage: s3://models/scorer/3"));
    if (
      value.type === "scheduled-job" &&
      !places(spec, name).some(({ schedules }) => Object.keys(schedules ?? {}).length > 0)
    )
      problems.push(
        missing("schedules", 'schedules, such as { daily: { cron: "0 2 * * *", timeZone: Europe/Berlin } }'),
      );
    return problems;
  });

/** What KServe's object has no place for. */
const kserveTakes: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, name, value }) => {
    const servings = places(spec, name).map(({ serving }) => serving);
    if (typeOf(spec, name) !== "model" || servings.includes("deployment")) return [];
    return (["image", "files"] as const)
      .filter((field) => value[field] !== undefined)
      .map((field) =>
        source.problem([...path, field], `KServe serves ${name}, so that it has no ${field}`, {
          at: "key",
          expected: "serving: deployment, for an image of your own",
        }),
      );
  });

const waitersExist: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, name, value }) =>
    (value.before ?? []).flatMap((other, index) => {
      const place = [...path, "before", String(index)];
      const known = serviceNames(spec).filter((candidate) => candidate !== name);
      if (known.includes(other)) return [];
      const message = other === name ? "a job cannot wait for itself" : `no service is called "${other}"`;
      return [
        source.problem(place, message, { expected: oneOf(known), suggestion: didYouMean(other, known) }),
      ];
    }),
  );

const oneCloud: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, value: { identity } }) =>
    Object.keys(identity ?? {}).length > 1
      ? [
          source.problem([...path, "identity"], "is of more than one cloud", {
            at: "key",
            expected: "one of aws, azure and gcp; another one in the environment that is there",
          }),
        ]
      : [],
  );

const envoyHasAdmin: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, name, value }) =>
    value.runtime === "envoy" && !declaredPorts(spec, name).includes("admin")
      ? [
          source.problem([...path, "runtime"], "Envoy answers probes and scrapes on its admin interface", {
            expected: "a port called admin, such as ports: { http: 8080, admin: 9901 }",
          }),
        ]
      : [],
  );

export const workloadRules: readonly SpecRule[] = [
  fieldsFitTypes,
  servicesAreWhole,
  kserveTakes,
  waitersExist,
  oneCloud,
  envoyHasAdmin,
];

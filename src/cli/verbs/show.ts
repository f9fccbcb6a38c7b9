// Owns: `create-prod-stack show`: the resolved stack with the origin of every value.
// Promises: valid YAML, whose trailing comments name the line or the table that gave each value.
// Must not: resolve; the core does.

import { resolve } from "node:path";
import {
  didYouMean,
  explainOrigins,
  type ParsedSpec,
  type PlatformSpec,
  type Rendered,
  renderStack,
  StackError,
} from "../../index.js";
import { at } from "../answers/draft-text.js";
import { type Arguments, isOn, textOf } from "../parse-arguments.js";
import { toJson } from "../reporters/json-report.js";
import { type Annotated, yamlLines } from "../reporters/yaml-report.js";
import { print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { readPlatform, readStack } from "./stack-files.js";

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const { directory, spec } = readStack(args, terminal);
  const rendered = renderStack({ spec, platform: readPlatform(args, resolve(directory), terminal) });
  const environment = textOf(args, "environment");
  const cluster = textOf(args, "cluster");
  checkPlace(rendered, environment, cluster);
  const resolved = resolveValues(rendered, environment, cluster);
  if (isOn(args, "json")) print(terminal, toJson(toPlain(resolved)));
  else for (const line of yamlLines(resolved, terminal)) print(terminal, line);
  return "done";
}

function checkPlace({ stack }: Rendered, environment: string | undefined, cluster: string | undefined): void {
  const names = [...new Set(stack.environments.map(({ name }) => name))];
  if (environment !== undefined) checkName("ENVIRONMENT", "environment", environment, names);
  if (cluster === undefined) return;
  if (environment === undefined)
    throw new StackError("input", "CLUSTER", "a cluster of which environment?", {
      hint: `Add --environment, one of ${names.join(", ")}.`,
    });
  const places = stack.environments.filter(({ name }) => name === environment);
  checkName(
    "CLUSTER",
    `cluster of ${environment}`,
    cluster,
    places.flatMap((place) => place.cluster ?? []),
  );
}

function checkName(code: string, what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const nearest = didYouMean(name, [...known]);
  const suffix = nearest === undefined ? "" : `; ${nearest}`;
  throw new StackError("input", code, `no ${what} is called "${name}"${suffix}`, {
    hint: known.length === 0 ? "It has none." : `There are ${known.join(", ")}.`,
  });
}

/** The stack's own facts, then what its layers give. */
function resolveValues(
  rendered: Rendered,
  environment: string | undefined,
  cluster: string | undefined,
): Annotated[] {
  const { stack, parsed, platform } = rendered;
  const asked = environment === undefined ? undefined : { name: environment, cluster };
  const { values, origins } = explainOrigins(parsed, platform, asked);
  const said = (path: readonly string[], value: unknown, otherwise = "default"): Annotated => ({
    key: path.at(-1) ?? "",
    value,
    origin: at(parsed.data, path) === undefined ? otherwise : lineOf(parsed, path),
  });
  const places = stack.environments.filter(({ name }) => name === environment);
  const place = cluster === undefined ? places[0] : places.find((one) => one.cluster === cluster);
  const path = ["environments", environment ?? ""];
  const inEnvironment = (key: "tier" | "namespace" | "domain" | "server" | "region") => {
    const own = [...path, "clusters", cluster ?? "", key === "server" && isNamed(place) ? "name" : key];
    return said(
      cluster !== undefined && at(parsed.data, own) !== undefined ? own : [...path, key],
      place?.[key],
    );
  };
  return [
    said(["name"], stack.name),
    said(["owner"], stack.owner),
    {
      key: "source",
      value: (["url", "revision", "path"] as const).map((key) => said(["source", key], stack.source[key])),
      origin: "",
    },
    ...(place === undefined ? [] : (["tier", "namespace", "domain"] as const).map(inEnvironment)),
    // Without --cluster an environment with several says nothing of one of them.
    ...(place === undefined || (place.cluster !== undefined && cluster === undefined)
      ? []
      : [inEnvironment("server"), ...(place.region === undefined ? [] : [inEnvironment("region")])]),
    ...annotate(values, [], (path) => originOf(path, origins, parsed, platform)),
  ];
}

function isNamed(place: Rendered["stack"]["environments"][number] | undefined): boolean {
  return place !== undefined && "name" in place.destination;
}

function annotate(
  value: unknown,
  path: readonly string[],
  origin: (path: readonly string[]) => string,
): Annotated[] {
  return Object.entries(value as object).map(([key, item]) => {
    const place = [...path, key];
    const isMap =
      item !== null && typeof item === "object" && !Array.isArray(item) && Object.keys(item).length > 0;
    return isMap
      ? { key, value: annotate(item, place, origin), origin: "" }
      : { key, value: item, origin: origin(place) };
  });
}

/** The layer that gave a value, as a line where the user wrote it. */
function originOf(
  path: readonly string[],
  origins: ReadonlyMap<string, string>,
  parsed: ParsedSpec<unknown>,
  platform: ParsedSpec<PlatformSpec> | undefined,
): string {
  const layer = origins.get(path.join(".")) ?? "default";
  if (layer === "stack") return lineOf(parsed, path);
  if (layer === "platform") return platform === undefined ? layer : lineOf(platform, path);
  return /^(tiers|environments)\./.test(layer) ? lineOf(parsed, [...layer.split("."), ...path]) : layer;
}

function lineOf({ source }: ParsedSpec<unknown>, path: readonly string[]): string {
  return `${source.file}:${source.locate(path).line}`;
}

/** For JSON: `{ value, origin }` at each leaf. */
function toPlain(entries: readonly Annotated[]): object {
  return Object.fromEntries(
    entries.map(({ key, value, origin }) => [
      key,
      origin === "" && Array.isArray(value) ? toPlain(value as readonly Annotated[]) : { value, origin },
    ]),
  );
}

// Owns: that what generated repositories say to a catalog is what Backstage takes.
// Promises: its own validators, over every example; relations lead to entities that are there.
// Must not: start a catalog.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  type Entity,
  FieldFormatEntityPolicy,
  NoForeignRootFieldsEntityPolicy,
  parseEntityRef,
  resourceEntityV1alpha1Validator,
  SchemaValidEntityPolicy,
  stringifyEntityRef,
  systemEntityV1alpha1Validator,
} from "@backstage/catalog-model";
import { parse, parseAllDocuments } from "yaml";
import { byCommand, EXAMPLES, exampleText } from "./tree.js";

const POLICIES = [
  new SchemaValidEntityPolicy(),
  new FieldFormatEntityPolicy(),
  new NoForeignRootFieldsEntityPolicy(),
];
const KINDS = {
  API: apiEntityV1alpha1Validator,
  Component: componentEntityV1alpha1Validator,
  Resource: resourceEntityV1alpha1Validator,
  System: systemEntityV1alpha1Validator,
};

function entitiesOf(repository: string): Entity[] {
  const text = readFileSync(join(repository, "catalog-info.yaml"), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as Entity);
}

async function check(entities: readonly Entity[]): Promise<void> {
  for (const entity of entities) {
    for (const policy of POLICIES) expect(await policy.enforce(entity)).toBe(entity);
    const validator = KINDS[entity.kind as keyof typeof KINDS];
    expect(await validator.check(entity), stringifyEntityRef(entity)).toBe(true);
  }
  const names = entities.map((entity) => stringifyEntityRef(entity));
  expect(new Set(names).size).toBe(names.length);
}

const RELATIONS = ["dependsOn", "dependencyOf", "providesApis", "consumesApis"];
const targetsOf = ({ spec = {} }: Entity) =>
  RELATIONS.flatMap((relation) => (spec[relation] ?? []) as string[]).map((ref) =>
    stringifyEntityRef(parseEntityRef(ref)),
  );

test("Backstage's validators refuse what is wrong", async () => {
  const wrong = {
    apiVersion: "backstage.io/v1alpha1",
    kind: "System",
    metadata: { name: "a b" },
    spec: {},
  } as Entity;
  await expect(check([wrong])).rejects.toThrow();
});

describe.each(EXAMPLES)("%s", (name) => {
  const text = exampleText(name);
  const spec = parse(text);

  test("declares a System, its Components, APIs and Resources", async () => {
    const entities = entitiesOf(byCommand(text));
    await check(entities);
    const known = entities.map((entity) => stringifyEntityRef(entity));
    for (const entity of entities) for (const ref of targetsOf(entity)) expect(known).toContain(ref);
    const titles = (kind: string) =>
      entities.filter((entity) => entity.kind === kind).map(({ metadata }) => metadata.title);
    expect(entities[0]).toMatchObject({
      kind: "System",
      metadata: { name, annotations: { "backstage.io/techdocs-ref": "dir:." } },
    });
    expect(titles("Component")).toEqual(Object.keys(spec.services).sort());
    expect(titles("Resource")).toEqual([
      ...Object.keys(spec.datastores ?? {}).sort(),
      ...Object.keys(spec.externals ?? {}).sort(),
    ]);
    for (const [service, { uses = {} }] of Object.entries(
      spec.services as Record<string, { uses?: object }>,
    )) {
      const entity = entities.find((one) => one.kind === "Component" && one.metadata.title === service);
      expect(
        targetsOf(entity as Entity).filter((ref) => !ref.endsWith(`-${service}`)).length,
      ).toBeGreaterThanOrEqual(Object.keys(uses).length > 0 ? 1 : 0);
      expect(entity?.metadata.annotations?.["backstage.io/kubernetes-label-selector"]).toBe(
        `app.kubernetes.io/name=${service},app.kubernetes.io/part-of=${name}`,
      );
    }
  });

  test("with catalog: reference names Components, and declares none", async () => {
    const entities = entitiesOf(byCommand(`${text}\ncatalog: reference\n`));
    await check(entities);
    expect(entities.map(({ kind }) => kind)).not.toContain("Component");
    const services = Object.keys(spec.services).map((service) => `component:default/${service}`);
    for (const ref of entities.flatMap(targetsOf)) expect(services).toContain(ref);
  });
});

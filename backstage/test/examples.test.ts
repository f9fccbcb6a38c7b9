// Owns: the documented examples of the actions.
// Promises: each is valid by the action's own schema and runs; ids are ones that templates can name.
// Must not: publish.

import { cpSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import {
  createGenerateAction,
  createUpgradeAction,
  createValidateAction,
} from "backstage-plugin-scaffolder-backend-module-prod-stack";
import { validate } from "jsonschema";
import { parse } from "yaml";
import { ensureTool } from "../../test/tools/ensure-tool.js";
import { HELLO } from "./hello.js";
import { newWorkspace, runAction } from "./run-action.js";
import { byCommand } from "./tree.js";

const PREPARED = { generate: undefined, upgrade: "repository", validate: "." } as const;
const ACTIONS = [createGenerateAction(), createUpgradeAction(), createValidateAction()];

const CASES = ACTIONS.flatMap((action) =>
  (action.examples ?? []).map(({ description, example }) => ({ action, description, example })),
);

beforeAll(async () => {
  process.env.PATH = `${dirname(await ensureTool("kustomize"))}${delimiter}${process.env.PATH}`;
}, 900_000);

test.each(ACTIONS)(
  "$id has examples, descriptions and dry runs",
  ({ id, examples, description, supportsDryRun, schema }) => {
    expect(id).toMatch(/^[a-z][A-Za-z]*(:[a-z][A-Za-z]*)+$/);
    expect(examples?.length).toBeGreaterThan(1);
    expect(description).toBeTruthy();
    expect(supportsDryRun).toBe(true);
    for (const side of [schema?.input, schema?.output])
      for (const [name, field] of Object.entries(side?.properties ?? {}))
        expect((field as { description?: string }).description, name).toMatch(/\.$/);
  },
);

test.each(CASES)("$action.id: $description", async ({ action, example }) => {
  const { steps } = parse(example) as { steps: { action: string; input: Record<string, unknown> }[] };
  const step = steps.find((one) => one.action === action.id);
  expect(step).toBeDefined();
  expect(validate(step?.input, action.schema?.input ?? {}).errors).toEqual([]);
  const workspace = newWorkspace();
  const place = PREPARED[action.id.split(":").at(-1) as keyof typeof PREPARED];
  if (place !== undefined) cpSync(byCommand(PROD), join(workspace.path, place), { recursive: true });
  const { error, output } = await runAction(action, workspace.path, step?.input ?? {});
  expect(error).toBeUndefined();
  const declared = Object.keys(action.schema?.output?.properties ?? {});
  expect(Object.keys(output).sort()).toEqual(declared.sort());
});

const PROD = HELLO.replace(
  "environments:",
  "environments:\n  prod: { tier: production, domain: example.com }",
);

// Owns: that the software templates do what the command does.
// Promises: a real scaffolder's dry run of the template that ships, over the answers of every example, byte for byte.
// Must not: publish.

import { readFileSync } from "node:fs";
import { createTemplate as derive, TEMPLATE, TRY_TEMPLATE, tryTemplate } from "../scripts/templates.mjs";
import { startScaffolder, template } from "./backend.js";
import { createTemplate, formAnswers } from "./split-answers.js";
import { byCommand, EXAMPLES, exampleText, treeOf } from "./tree.js";

test("the form is what the schema says: npm run docs", () => {
  expect(readFileSync(TEMPLATE, "utf8")).toBe(derive());
  expect(readFileSync(TRY_TEMPLATE, "utf8")).toBe(tryTemplate());
});

test("every pattern of the form is one of the browser's", () => {
  const patterns: string[] = [];
  JSON.stringify(createTemplate(), (key, value) => {
    if (key === "pattern" && typeof value === "string" && value.startsWith("^")) patterns.push(value);
    return value;
  });
  expect(patterns.length).toBeGreaterThan(20);
  for (const pattern of patterns) expect(() => new RegExp(pattern, "u")).not.toThrow();
});

describe("prod-stack-create", () => {
  let scaffolder: Awaited<ReturnType<typeof startScaffolder>>;
  beforeAll(async () => {
    scaffolder = await startScaffolder();
  });
  afterAll(() => scaffolder.stop());

  test.each(EXAMPLES)("%s: the form gives what the command gives", async (name) => {
    const { values, answers, asked } = formAnswers(exampleText(name));
    expect(asked).toBeGreaterThan(20);
    const { status, files, body, output } = await scaffolder.dryRun(template("create"), values);
    expect(status, body.slice(0, 2000)).toBe(200);
    expect(files).toEqual(treeOf(byCommand(answers)));
    expect(output.text?.[0]?.content).toContain(`**${name}**`);
  });

  test("a wrong answer is refused before anything runs, with its place", async () => {
    const { values } = formAnswers(exampleText("rate-limiter"));
    const { status, body } = await scaffolder.dryRun(template("create"), { ...values, name: "Rate Limiter" });
    expect(status).toBe(400);
    expect(JSON.parse(body).errors[0]).toMatchObject({ path: ["name"] });
  });
});

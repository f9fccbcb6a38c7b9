// Proves that the doors give the same bytes: the core's API and the packed command.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerMatrix, specOf } from "../acceptance/answer-matrix.js";
import { ROOT } from "../acceptance/build-package.js";
import { generateByCommand, generateByCore, loadCore, readTree } from "../acceptance/packed-package.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "prod-stack-contract-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

const example = readFileSync(join(ROOT, "examples/rate-limiter/prod-stack.yaml"), "utf8");
const everyTenth = answerMatrix().filter(({ path }, index) => path === "." && index % 10 === 0);

const specs: [name: string, text: string][] = [
  ["the rate limiter", example],
  ["the rate limiter with Windows line ends", example.replaceAll("\n", "\r\n")],
  ...everyTenth.map((answers, index): [string, string] => [
    `stack ${index} of the matrix`,
    specOf(answers, "shop"),
  ]),
];

describe.each(specs)("%s", (name, text) => {
  test("is the same from the core and from the command", () => {
    const place = join(folder, name.replaceAll(" ", "-"));
    const core = loadCore();
    generateByCore(core, text, join(place, "core/stack"));
    const answers = join(folder, "answers.yaml");
    writeFileSync(answers, text);
    generateByCommand("stack", answers, join(place, "core/.."));
    expect(readTree(join(place, "stack"))).toEqual(readTree(join(place, "core/stack")));
  });

  test("is what rendering gives, and rendering gives it twice", () => {
    const core = loadCore();
    const render = () => core.renderStack({ spec: { text } }).tree;
    expect(render()).toEqual(render());
    const files = readTree(join(folder, name.replaceAll(" ", "-"), "core/stack"));
    for (const { path, contents, mode } of render())
      expect(files[path], path).toBe(`${mode.toString(8)} ${Buffer.from(contents).toString("latin1")}`);
  });
});

test("the order of the maps changes nothing but the user's own file", () => {
  const core = loadCore();
  const treeOf = (text: string) =>
    core.renderStack({ spec: { text } }).tree.filter(({ path }) => path !== "prod-stack.yaml");
  const [head = "", ...sections] = example.split(/\n(?=[a-z]+:)/);
  expect(sections.length).toBeGreaterThan(6);
  expect(treeOf([head, ...sections.reverse()].join("\n"))).toEqual(treeOf(example));
});

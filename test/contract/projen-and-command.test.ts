// Proves that the projen door gives the bytes of the command, from the packed package, at the root of a repository and below it.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { answerMatrix, specOf } from "../acceptance/answer-matrix.js";
import { ROOT } from "../acceptance/build-package.js";
import { generateByCommand, readTree } from "../acceptance/packed-package.js";

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "prod-stack-contract-")));
  mkdirSync(join(folder, "node_modules"));
  cpSync(inject("packageFolder"), join(folder, "node_modules/create-prod-stack"), { recursive: true });
  for (const name of ["projen", "constructs"])
    cpSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name), { recursive: true });
});

afterAll(() => rmSync(folder, { recursive: true }));

const RC = `import { ProdStackProject } from "create-prod-stack/projen";
new ProdStackProject().synth();
`;

const example = readFileSync(join(ROOT, "examples/rate-limiter/prod-stack.yaml"), "utf8");
const below = answerMatrix().find(({ path, upkeep }) => path !== "." && upkeep === "projen");

const specs: [name: string, path: string, text: string][] = [
  ["the rate limiter with Windows line ends", ".", example.replaceAll("\n", "\r\n")],
  [
    "a stack of the matrix below the root",
    below?.path ?? "",
    below === undefined ? "" : specOf(below, "shop"),
  ],
];

/** What only projen writes, and the records of it. */
const OWN =
  /(?:^|\/)(?:\.projenrc\.mjs|\.projen\/.*|\.git(?:ignore|attributes)|\.prod-stack\/(?:customization\.json|files|base\/.*))$/;

test.each(specs)("%s is the same from projen and from the command", (name, path, text) => {
  const place = join(folder, name.replaceAll(" ", "-"));
  const stack = (door: string) => join(place, door, path);
  mkdirSync(stack("projen"), { recursive: true });
  writeFileSync(join(stack("projen"), "prod-stack.yaml"), text);
  writeFileSync(join(stack("projen"), ".projenrc.mjs"), RC);
  const { status, stdout, stderr } = spawnSync(process.execPath, [".projenrc.mjs"], {
    cwd: stack("projen"),
    encoding: "utf8",
  });
  expect(status, stdout + stderr).toBe(0);
  const answers = join(folder, "answers.yaml");
  writeFileSync(answers, text);
  mkdirSync(join(place, "command"));
  generateByCommand(path === "." ? "command" : join("command", path), answers, place);
  const withoutOwn = (tree: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(tree).filter(([file]) => !OWN.test(file) && !file.endsWith("prod-stack.yaml")),
    );
  const expected = withoutOwn(readTree(join(place, "command")));
  expect(Object.keys(expected).length).toBeGreaterThan(80);
  expect(withoutOwn(readTree(join(place, "projen")))).toEqual(expected);
});

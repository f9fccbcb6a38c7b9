// Owns: what parseSpec says of wrong specs, word for word: people read these sentences.
// Promises: every problem of a case, with line, column, path, message, expected and suggestion, and no other.
// Must not: hold the cases; fixtures/wrong-specs.yaml does.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { formatProblem } from "../../src/stack-error.js";
import { problemsOf } from "./problems-of.js";

interface Case {
  readonly title: string;
  readonly replace: string;
  readonly by: string;
  readonly problems: readonly Record<string, string>[];
}

const { green, cases } = parse(
  readFileSync(join(import.meta.dirname, "fixtures/wrong-specs.yaml"), "utf8"),
) as { green: string; cases: readonly Case[] };

test("the green spec is accepted", () => {
  expect(problemsOf(green)).toEqual([]);
});

/** A list of words that ends in … may go on: the schema grows. */
function openEnded<P extends { expected?: string }>(problem: P): P {
  const { expected } = problem;
  if (expected?.endsWith(", …") !== true) return problem;
  const beginning = expected.slice(0, -3).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return { ...problem, expected: expect.stringMatching(new RegExp(`^${beginning}`)) };
}

describe("a spec with", () => {
  test.each(cases)("$title is refused", ({ replace, by, problems }) => {
    const text = green.replace(replace, () => by);
    expect(text).not.toBe(green);
    const found = problemsOf(text).map(({ file, line, column, ...rest }) => ({
      at: `${line}:${column}`,
      ...rest,
    }));
    expect(found).toEqual(problems.map(openEnded));
  });
});

test("all mistakes of a file are told at once, in its order", () => {
  const all = cases
    .filter(({ title }) =>
      ["an unknown key at the top", "an unknown role", "a wrong rate", "an unknown tier"].includes(title),
    )
    .reduce((text, { replace, by }) => text.replace(replace, () => by), green);
  const lines = problemsOf(all).map(({ line }) => line);
  expect(lines).toHaveLength(4);
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
});

test("a mistake of the schema does not hide one of the rules, nor a credential", () => {
  const text = green
    .replace("role: store", "role: storage")
    .replace("uses: { redis: {}, fx: {} }", "uses: { nobody: {} }")
    .replace("MODE: fast", "MODE: ghp_0123456789abcdefghij0123456789abcdef");
  expect(problemsOf(text).map(({ message }) => message)).toEqual([
    expect.stringContaining('no service, datastore or external is called "nobody"'),
    expect.stringContaining("looks like a secret"),
    expect.stringContaining('"storage" is not allowed here'),
  ]);
});

test("a problem is one line for people: file, line, column, path, message, expected, suggestion", () => {
  const [problem] = problemsOf(green.replace("type: web-api", "type: webapi"), "stacks/prod-stack.yaml");
  expect(problem && formatProblem(problem)).toMatch(
    /^stacks\/prod-stack\.yaml:12:11 services\.api\.type: "webapi" is not allowed here; expected one of web-api, web-frontend, [^;]+; did you mean "web-api"\?$/,
  );
});

// Proves that a spec of an older version is read and rewritten through every version between, with its comments, order and positions.

import { describe, expect, it } from "vitest";
import { rewriteSpec } from "../../../src/generate.js";
import { SPEC_FORMAT } from "../../../src/spec/migrations/index.js";
import { wayFrom } from "../../../src/spec/migrations/migrate-document.js";
import { parseSpec } from "../../../src/spec/parse-spec.js";
import { StackError } from "../../../src/stack-error.js";
import { FORMAT, NEW, OLD } from "./fixture-format.js";

const withoutVersion = (text: string) => text.replace(/^apiVersion: \S+/m, "apiVersion: x");

describe("a spec of an older version", () => {
  it("says what one of today's says", () => {
    const { spec, migrated } = parseSpec(OLD, "prod-stack.yaml", FORMAT);
    expect(spec).toEqual(parseSpec(NEW).spec);
    expect(Object.keys(spec.services)).toEqual(["web", "worker"]);
    expect(migrated).toEqual({
      from: "prod-stack/first",
      to: "prod-stack/v1",
      steps: [
        "services by name",
        "container is called image",
        "ports by name: port: 80 is ports: { http: 80 }",
        "the branch that was meant is said",
      ],
    });
    expect(parseSpec(NEW).migrated).toBeUndefined();
  });

  it("is rewritten with every comment, in its order and layout, once", () => {
    const rewritten = rewriteSpec(OLD, FORMAT);
    expect(rewritten?.text).toBe(NEW);
    expect(rewriteSpec(NEW, FORMAT)).toBeUndefined();
  });

  it("keeps Windows line ends", () => {
    expect(rewriteSpec(OLD.replaceAll("\n", "\r\n"), FORMAT)?.text).toBe(NEW.replaceAll("\n", "\r\n"));
  });

  it.each([
    ["an image that is wrong, under its old name", '"ghcr.io/example-org/web:1.4.2"', "[]", "14:16"],
    ["a part of what was one value", "port: 3000", "port: 300000", "15:11"],
    ["what no migration touches", "tier: production", "tier: produktion", "20:19"],
    ["a list that has no names", "- name: web ", "- nam: web ", "10:3"],
  ])("has its problems where they stand: %s", (_what, good, bad, place) => {
    const text = OLD.replace(good, bad);
    expect(text).not.toBe(OLD);
    let problems: readonly { line: number; column: number }[] = [];
    try {
      parseSpec(text, "prod-stack.yaml", FORMAT);
    } catch (error) {
      problems = error instanceof StackError ? error.problems : [];
    }
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toContain(place);
  });

  it("starts anywhere on the way", () => {
    const second = withoutVersion(NEW).replace("apiVersion: x", "apiVersion: prod-stack/second");
    expect(rewriteSpec(second, FORMAT)?.text).toBe(NEW);
  });
});

describe("a version that is not known", () => {
  it.each([
    ["prod-stack/v9", "is newer than this create-prod-stack", "npx create-prod-stack@latest knows it"],
    ["prod-stack/v0", "is not known", "install the version of create-prod-stack that wrote it"],
    ["prod-stack/third", "is not known", "install the version of create-prod-stack that wrote it"],
  ])("%s %s", (version, message, suggestion) => {
    const text = NEW.replace("prod-stack/v1", version);
    expect(rewriteSpec(text, FORMAT)).toBeUndefined();
    expect(() => parseSpec(text, "prod-stack.yaml", FORMAT)).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({ message: expect.stringContaining(message), suggestion, line: 2 }),
        ],
      }),
    );
  });
});

it("has a way to today's version from every version that was", () => {
  const { migrations } = SPEC_FORMAT;
  expect(new Set(migrations.map(({ from }) => from)).size).toBe(migrations.length);
  for (const { from, steps } of migrations) {
    expect(wayFrom(from, SPEC_FORMAT)?.length).toBeGreaterThan(0);
    expect(steps.length).toBeGreaterThan(0);
  }
  const circle = { ...FORMAT, migrations: [{ from: "a", to: "a", steps: [], edit: () => undefined }] };
  expect(wayFrom("a", circle)).toBeUndefined();
});

// Owns: hostile text in every free-text field of a spec.
// Promises: what is built has the shape of the benign run, and every value arrives unchanged in the built objects.
// Must not: test the helpers; their own tests do.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of other languages is what this is about.

import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { problemsOf } from "../spec/problems-of.js";
import { type BuiltStack, buildStacks, type KubernetesObject, ofKind, overlayOf } from "./build-stacks.js";

const BITS = [
  "{{7*7}}",
  "{{ .name }}",
  "${{ secrets.X }}",
  "$(id)",
  "`id`",
  "$HOME",
  "${A}",
  "---",
  "...",
  "- a",
  "? a",
  ": ",
  "a: b",
  " #",
  "# a",
  "#",
  "'",
  '"',
  "''",
  '""',
  "'a'",
  '"a"',
  `'"`,
  "\\",
  "\\n",
  "\\\\",
  "yes",
  "no",
  "on",
  "null",
  "~",
  "true",
  "1_000",
  "0x1F",
  "0777",
  "1:20",
  "1e3",
  ".inf",
  "2001-12-14",
  "<<",
  "=",
  "!!str",
  "!a",
  "&a",
  "*a",
  "|",
  ">",
  "|-",
  "%YAML 1.1",
  "@",
  "[",
  "]",
  "{",
  "}",
  ",",
  "[a]",
  "{a: b}",
  " ",
  "  a  ",
  "a ",
  "\ta",
  "é",
  "日本語",
  "😀",
  "\u00a0",
  "\ufeff",
  "\u200b",
  "\u202e",
  "\u0007",
  "\u001b[31m",
  "<script>",
  "<!--",
  "]]>",
  "a|b",
  "../../etc/passwd",
  "%s",
  "%00",
  "a=b",
  "=a",
  "==",
  "--flag",
  "-",
  "--",
];
const LINES = [
  "a\nb",
  "\n",
  "a\n",
  "\na",
  "a\n\nb",
  "a\n---\nb: c",
  "a\r\nb",
  "a\n  - b\n",
  "\n\n\n",
  "x\ny:\n  z: [1]\n",
  "a\n#b",
  "a \nb ",
  "a\n\tb",
  " a\nb",
];
const PAIRS = BITS.flatMap((bit, index) => [`${bit}${BITS[(index * 7 + 3) % BITS.length]}`, `x ${bit} y`]);
const HOSTILE = [...BITS, ...LINES, ...PAIRS].slice(0, 240);

const oneLine = (value: string) => value.replace(/[\r\n]/g, " ");
const printable = (value: string) => value.replace(/[^\x20-\x7e]/g, "?") || "x";

const PER_SERVICE = 12;

function chunks(texts: readonly string[]): string[][] {
  const count = Math.ceil(texts.length / PER_SERVICE);
  return Array.from({ length: count }, (_, index) =>
    texts.slice(index * PER_SERVICE, (index + 1) * PER_SERVICE),
  );
}

const variables = (texts: readonly string[]) =>
  Object.fromEntries(texts.map((value, index) => [`V${index}`, value]));

/** A dozen texts to a service, each in every field that takes it. */
function spec(texts: readonly string[]): string {
  const services = chunks(texts).map((own, index): [string, object] => [
    `s${index}`,
    {
      type: "web-api",
      image: "ghcr.io/example-org/app:1.0.0",
      ports: { http: 8080 },
      description: oneLine(own.join(" ")).slice(0, 200),
      command: ["run", ...own],
      args: [...own, "last"],
      env: variables(own),
      expose: { host: "h", path: `/s${index}`, contentSecurityPolicy: printable(own.join(" ")) },
    },
  ]);
  const changed = { env: { V0: `${texts[0]} ` } };
  return stringify({
    apiVersion: "prod-stack/v1",
    name: "hostile",
    description: oneLine(texts.join(" ")).slice(0, 200),
    source: { url: "https://github.com/example-org/hostile" },
    services: Object.fromEntries(services),
    environments: {
      dev: { tier: "development", domain: "example.com" },
      prod: { tier: "production", domain: "example.org", services: { s0: changed } },
    },
  });
}

let hostile: BuiltStack;
let benign: BuiltStack;
beforeAll(async () => {
  const built = await buildStacks({
    hostile: spec(HOSTILE),
    benign: spec(HOSTILE.map((_, index) => `text ${index}`)),
  });
  const [first, second] = built.values();
  if (first === undefined || second === undefined) throw new Error("nothing built");
  hostile = first;
  benign = second;
});

const configOf = (objects: readonly KubernetesObject[], service: string) =>
  ofKind(objects, "ConfigMap").find(({ metadata }) => metadata.name.startsWith(`${service}-config-`));

/** Maps and lists with their keys; texts without their content. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (value === null || typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shape(item)]));
}

const withoutHashes = (value: unknown) =>
  JSON.parse(JSON.stringify(value).replace(/(-config)-[a-z0-9]{10}/g, "$1"));

describe("over 200 hostile texts in every field", () => {
  test("leave every built object its shape", () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(200);
    for (const environment of ["dev", "prod"])
      expect(shape(withoutHashes(overlayOf(hostile, environment)))).toEqual(
        shape(withoutHashes(overlayOf(benign, environment))),
      );
  });

  test("arrive in ConfigMaps as they are", () => {
    const objects = overlayOf(hostile, "dev");
    for (const [index, texts] of chunks(HOSTILE).entries())
      expect(configOf(objects, `s${index}`)?.data).toEqual(variables(texts));
    expect(configOf(overlayOf(hostile, "prod"), "s0")?.data.V0).toBe(`${HOSTILE[0]} `);
  });

  test("arrive in commands, arguments and headers as they are", () => {
    const objects = overlayOf(hostile, "dev");
    for (const [index, texts] of chunks(HOSTILE).entries()) {
      const named = (kind: string) =>
        ofKind(objects, kind).find(({ metadata }) => metadata.name === `s${index}`);
      const [container] = named("Deployment").spec.template.spec.containers;
      expect([container.command, container.args]).toEqual([
        ["run", ...texts],
        [...texts, "last"],
      ]);
      const headers = named("HTTPRoute").spec.rules[0].filters.find(
        ({ type }: KubernetesObject) => type === "ResponseHeaderModifier",
      );
      const policy = headers.responseHeaderModifier.set.find(
        ({ name }: KubernetesObject) => name === "Content-Security-Policy",
      );
      expect(policy.value).toBe(printable(texts.join(" ")));
    }
  });

  test("make the same files, with the same number of lines where no text is shown", () => {
    expect(hostile.tree.map(({ path }) => path)).toEqual(benign.tree.map(({ path }) => path));
    const lines = ({ tree }: BuiltStack) =>
      tree
        .filter(({ path }) => /\.(yaml|sh)$/.test(path))
        .map(({ path, contents }) => [path, contents.split("\n").length]);
    expect(lines(hostile)).toEqual(lines(benign));
  });
});

test.each(["\0", "\u007f", "\u0085", "\u009f", "\u2028", "\u2029", "\ufffe", "\uffff", "\ud800", "\udfff"])(
  "%j is refused: Kustomize does not carry it",
  (character) => {
    const problems = problemsOf(spec([`a${character}b`]));
    expect(new Set(problems.map(({ message }) => message))).toEqual(
      new Set(["holds a character that manifests cannot carry"]),
    );
    expect(problems.map(({ path }) => path)).toContain("services.s0.env.V0");
  },
);

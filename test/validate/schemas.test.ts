import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { brotliDecompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { rewritePattern } from "../../projenrc/schemas/rewrite-pattern.js";
import { checkAgainstSchema } from "../../src/validate/check-schema.js";
import {
  findKind,
  findSchema,
  kubeconformArguments,
  openSchemaArchive,
} from "../../src/validate/schema-archive.js";
import { SCHEMA_CASES } from "./schema-cases.js";
import { countTrials, findWrongVerdicts, planTrials, type Trial } from "./schema-proof/prove-schemas.js";
import { withKubeconform } from "./schema-proof/run-kubeconform.js";

const archiveFile = new URL("../../src/validate/schemas/schemas.jsonl.br", import.meta.url);
const summaryFile = new URL("../../src/validate/schemas/schemas.lock.json", import.meta.url);
const archive = openSchemaArchive();
const newest = "1.37";
const minute = 60_000;

const served = (kubernetes: string) =>
  archive.kinds.filter((kind) => kind.kubernetes?.includes(kubernetes) ?? true);

/** Every schema once: those that versions share in the newest of these, custom resources in the newest of all. */
const firstServedIn = (version: string) =>
  archive.kinds.filter(({ kubernetes }) => (kubernetes?.at(-1) ?? newest) === version);

/** A shared schema lies in a folder per version: its valid object and the one with an unknown field go to each. */
function repeatInOtherVersions(trial: Trial): Trial[] {
  const [apiVersion = "", kind = ""] = trial.kind.split(" ");
  if (trial.way.length > 0) return [];
  const shared =
    findKind(archive, { apiVersion, kind, kubernetes: trial.kubernetes })?.archived.kubernetes ?? [];
  return shared
    .filter((version) => version !== trial.kubernetes)
    .map((kubernetes) => ({ ...trial, kubernetes }));
}

describe("the schema archive", () => {
  it("holds the text that its summary describes", () => {
    const text = brotliDecompressSync(readFileSync(archiveFile));
    const summary = JSON.parse(readFileSync(summaryFile, "utf8"));
    expect(createHash("sha256").update(text).digest("hex")).toBe(summary.sha256);
    expect(archive.kinds).toHaveLength(summary.schemas);
  });

  it("supports three versions of Kubernetes", () => {
    expect(archive.kubernetesVersions).toEqual(["1.35", "1.36", "1.37"]);
    expect(archive.kubernetesVersions.map((version) => served(version).length)).toEqual([413, 418, 423]);
  });

  it("finds a schema by API version, kind and Kubernetes version, and nothing near it", () => {
    const find = (apiVersion: string, kind: string, kubernetes: string) =>
      findSchema(archive, { apiVersion, kind, kubernetes });
    expect(find("apps/v1", "Deployment", newest)).toMatchObject({ type: "object" });
    expect(find("cert-manager.io/v1", "Certificate", newest)).toMatchObject({ type: "object" });
    expect(find("apps/v1beta1", "Deployment", newest)).toBeUndefined();
    expect(find("apps/v1", "deployment", newest)).toBeUndefined();
    expect(find("scheduling.k8s.io/v1alpha1", "Workload", "1.35")).toBeDefined();
    expect(find("scheduling.k8s.io/v1alpha1", "Workload", newest)).toBeUndefined();
  });

  it("says of each kind whether it lives in a namespace, and where its schema is from", () => {
    const find = (kind: string) => archive.kinds.find((known) => known.kind === kind);
    expect(find("Deployment")).toMatchObject({ scope: "Namespaced", source: "k8s.io/kubernetes@v1.35.4" });
    expect(find("ClusterIssuer")).toMatchObject({ scope: "Cluster", kubernetes: undefined });
  });

  it("is read from the bytes that a caller gives", () => {
    expect(() => openSchemaArchive(() => Buffer.from("no archive"))).toThrow();
    expect(openSchemaArchive(() => readFileSync(archiveFile)).kinds).toHaveLength(archive.kinds.length);
  });

  it("has no arguments for a version that it does not hold", () => {
    expect(() => kubeconformArguments(archive, "/schemas", "1.30")).toThrow("1.30");
  });

  it("uses no keyword that validators understand differently", () => {
    const texts = archive.kinds.map((_, index) => archive.schemaText(index));
    const withFormat = texts.filter((text) => /"format":"/.test(text));
    expect(withFormat).toEqual([]);
    for (const text of texts) expect(text).toContain('"$schema":"http://json-schema.org/draft-07/schema#"');
  });
});

describe("the patterns of the archive", () => {
  const patterns = new Set<string>();
  const collect = (key: string, value: unknown) => {
    if (key === "pattern" && typeof value === "string") patterns.add(value);
    return value;
  };
  for (const [index] of archive.kinds.entries()) JSON.parse(archive.schemaText(index), collect);

  it("match in JavaScript without exponential backtracking", () => {
    const parts = [
      "a",
      "1",
      "A",
      "-",
      ".",
      "a.",
      "a-",
      "/a",
      ":",
      "1:",
      "!",
      " a",
      "_",
      "*",
      "1h",
      "?",
      "a://a",
      "é",
    ];
    const ends = ["", "\n", "!", "~", "\u0000", "]", "//", ".."];
    const texts = parts.flatMap((part) => ends.map((end) => part.repeat(40) + end));
    texts.push(...ends.map((end) => `a://${"a".repeat(60)}${end}`));
    const context = createContext({ texts });
    // The limit is there to end an exponential search, which would take years.
    const run = (pattern: string) => {
      const script = `const expression = new RegExp(${JSON.stringify(pattern)}, "u"); texts.forEach((text) => expression.test(text));`;
      runInContext(`{${script}}`, context, { timeout: 20_000 });
    };
    for (const pattern of patterns) expect(() => run(pattern), pattern).not.toThrow();
    expect(patterns.size).toBe(97);
  });

  it.each([
    ["^([-a-zA-Z0-9_*]+[.]?)+$", "a-*."],
    ["^([0-9]+(ns|us|µs|ms|s|m|h)?)+$", "1nsmhµ"],
    ["^[!-~]+([\\t ]?[!-~]+)*$", "a\t é"],
    ["^(\\*|[A-Za-z]:(\\*|(\\*\\.)?(([\\w-]+\\.?)+)?[\\w-]+)(:\\d{1,5})?)$", "a:*.-1"],
  ])("keep the meaning of %s when they are rewritten", (pattern, alphabet) => {
    const [before, after] = [pattern, rewritePattern(pattern)].map((text) => new RegExp(text, "u"));
    expect(String(after)).not.toBe(String(before));
    const text = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 });
    fc.assert(
      fc.property(text, (input) => before?.test(input) === after?.test(input)),
      { numRuns: 2000 },
    );
  });

  it("spell out what only Go understands", () => {
    expect(rewritePattern("^((?i)ab|[0-2])c$")).toBe("^([aA][bB]|[0-2])c$");
    expect(rewritePattern("^(?i)(a\\d)?$")).toBe("^([aA]\\d)?$");
    expect(rewritePattern("^\\PC*$")).toBe("^\\P{C}*$");
    expect(() => rewritePattern("^(?m)a$")).toThrow();
  });
});

describe("both validators", () => {
  it("agree on objects picked by hand", { timeout: minute }, async () => {
    const objects = SCHEMA_CASES.map(({ manifest }) => parse(manifest) as unknown);
    const verdicts = await withKubeconform(archive, (ask) =>
      ask(
        objects.map((object) => JSON.stringify(object)),
        newest,
      ),
    );
    const judged = SCHEMA_CASES.map(({ rule, path }, index) => {
      const findings = checkAgainstSchema(objects[index], newest, archive);
      return {
        rule,
        embedded: findings.length === 0,
        kubeconform: verdicts[index]?.status === "valid",
        path: path && findings.map((finding) => finding.path),
      };
    });
    const wanted = SCHEMA_CASES.map(({ rule, accepted, path }) => ({
      rule,
      embedded: accepted,
      kubeconform: accepted,
      path: path && expect.arrayContaining([path]),
    }));
    expect(judged).toEqual(wanted);
  });

  it("take a valid object of every kind in every version, and refuse it broken", {
    timeout: 5 * minute,
  }, async () => {
    const proofs = archive.kubernetesVersions.map((version) =>
      planTrials(archive, firstServedIn(version), version),
    );
    const trials = proofs.flatMap((proof) => proof.trials);
    const repeated = trials.flatMap(repeatInOtherVersions);
    expect(proofs.flatMap((proof) => proof.unreached)).toEqual([]);
    const wrong = await withKubeconform(archive, (ask) => findWrongVerdicts([...trials, ...repeated], ask));
    expect(wrong).toEqual([]);
    // Not every kind has a closed field below the root, a single type, an enum or a pattern: the rest are these.
    expect(countTrials(trials)).toEqual({
      valid: 3819,
      "unknown field at the root": 486,
      "unknown field in a top-level field": 453,
      "unknown field deep inside": 418,
      "field of the wrong type": 475,
      "required field left out": 486,
      "value outside the enum": 319,
      "string that breaks its pattern": 221,
      "null where it is not declared": 475,
    });
    expect(countTrials(repeated)).toMatchObject({ valid: 212, "unknown field at the root": 106 });
  });
});

describe("the embedded checker", () => {
  const check = (object: unknown, kubernetes = newest) => checkAgainstSchema(object, kubernetes, archive);

  it("reports a kind without a schema instead of passing over it", () => {
    expect(check({ apiVersion: "apps/v1beta1", kind: "Deployment" })).toEqual([
      {
        rule: "missing-schema",
        path: "",
        message: "no schema for apps/v1beta1 Deployment in Kubernetes 1.37: it was not checked",
        expected: "apiVersion apps/v1",
      },
    ]);
    expect(check({ apiVersion: "a.example/v1", kind: "A" })).toMatchObject([
      { rule: "missing-schema", expected: "a kind that the archive knows" },
    ]);
    expect(check({ apiVersion: "apps/v1", kind: "Deployment" }, "1.30")).toMatchObject([
      { rule: "missing-schema", expected: "a Kubernetes version among 1.35, 1.36, 1.37" },
    ]);
  });

  it.each([
    [undefined],
    [null],
    ["text"],
    [[]],
    [{}],
    [{ apiVersion: "v1" }],
    [{ apiVersion: 1, kind: "Pod" }],
  ])("calls %j no object", (value) => {
    expect(check(value)).toMatchObject([{ rule: "not-an-object" }]);
  });

  it("names every broken rule once, with what would be right", () => {
    const container = {
      name: "a",
      imagePullPolicy: "always",
      image: 7,
      resources: { limits: { cpu: "1x" } },
    };
    const template = { metadata: { labels: { a: "b" } }, spec: { containers: [container] } };
    const spec = { replicsa: 2, template };
    const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" }, spec };
    const at = "spec.template.spec.containers[0]";
    expect(check(object).sort((one, other) => one.path.localeCompare(other.path))).toEqual([
      expect.objectContaining({ path: "spec.replicsa", expected: "one of replicas, selector, template, …" }),
      expect.objectContaining({ path: "spec.selector", message: "is missing" }),
      expect.objectContaining({ path: `${at}.image`, message: "is the number 7", expected: "string" }),
      expect.objectContaining({ path: `${at}.imagePullPolicy`, expected: "Always, Never, IfNotPresent" }),
      expect.objectContaining({ path: `${at}.resources.limits.cpu`, message: 'is "1x"' }),
    ]);
  });
});

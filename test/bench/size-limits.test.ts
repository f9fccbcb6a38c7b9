// Owns: whether a large stack, and one with the longest names that are allowed, stays within what the API server and Argo CD take.
// Promises: a sample of the large one here; the whole is large-stack.slow.test.ts.
// Must not: measure time.

import { describe, expect, test } from "vitest";
import { MAX_SPEC_BYTES } from "../../src/index.js";
import type { FileTree } from "../../src/render/file-tree.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { renderText } from "../render/build-stacks.js";
import { stackProblems } from "../spec/problems-of.js";
import { largeStack } from "./large-stack.js";
import { sizeFaults } from "./size-limits.js";

const yaml = (name: string, object: object): FileTree =>
  [{ path: `base/${name}.yaml`, contents: JSON.stringify(object) }] as unknown as FileTree;

describe("the limits", () => {
  test.each<[string, object, RegExp]>([
    [
      "annotations",
      { kind: "Pod", metadata: { name: "a", annotations: { a: "x".repeat(2 ** 18) } } },
      /annotations of/,
    ],
    [
      "a ConfigMap",
      { kind: "ConfigMap", metadata: { name: "a" }, data: { a: "x".repeat(2 ** 20) } },
      /holds/,
    ],
    ["rules", { kind: "PrometheusRule", metadata: { name: "a" }, spec: { a: "x".repeat(2 ** 19) } }, /is of/],
    [
      "an ApplicationSet",
      { kind: "ApplicationSet", metadata: { name: "a" }, spec: { a: "x".repeat(2 ** 21) } },
      /is of/,
    ],
    ["a Service's name", { kind: "Service", metadata: { name: "a".repeat(64) } }, /name of 64/],
    ["a StatefulSet's name", { kind: "StatefulSet", metadata: { name: "a".repeat(53) } }, /name of 53/],
    ["a label", { kind: "Pod", metadata: { name: "a", labels: { a: "x".repeat(64) } } }, /label a of 64/],
  ])("%s beyond its limit is found", (_what, object, says) => {
    expect(sizeFaults(yaml("x", object)).faults.join("\n")).toMatch(says);
  });
});

test("[LAY-05] 200 services in 2 clusters, with datastores and a rule file in a ConfigMap", () => {
  const text = `${largeStack(200, 1, 2)}backup: { store: { s3: { bucket: large } } }
datastores: { orders: { engine: postgresql }, ledger: { engine: mongodb }, events: { engine: redis } }
`;
  const { faults, objects } = sizeFaults(renderText(text).tree);
  expect(faults).toEqual([]);
  expect(objects).toBeGreaterThan(1000);
});

test("a spec of a thousand services, each with a kilobyte to say, is read", () => {
  const text = largeStack(1000, 5, 1).replace(
    /^ {2}service-\d+:$/gm,
    (line) => `${line}\n    env: { NOTE: "${"word ".repeat(130).trim()}" }`,
  );
  expect(Buffer.byteLength(text)).toBeGreaterThan(800 * 1024);
  expect(Buffer.byteLength(text)).toBeLessThan(MAX_SPEC_BYTES);
  expect(Object.keys(parseSpec(text).spec.services)).toHaveLength(1000);
});

test("the longest names that are allowed stay within their limits with all suffixes", () => {
  const long = (letter: string, length: number) => letter.repeat(length);
  const text = `apiVersion: prod-stack/v1
name: ${long("s", 30)}
source: { url: "https://github.com/example-org/x" }
network: { apiServer: [10.0.0.1/32] }
services:
  ${long("a", 53)}: { type: web-api, image: ghcr.io/example-org/a:1.0.0, ports: { http: 8080 }, expose: { host: a }, uses: { ${long("d", 44)}: {}, ${long("k", 23)}: {}, ${long("p", 44)}: {} } }
  ${long("j", 52)}: { type: job, image: ghcr.io/example-org/j:1.0.0 }
  ${long("t", 52)}: { type: stateful-service, image: ghcr.io/example-org/t:1.0.0, ports: { http: 8080 } }
datastores:
  ${long("d", 44)}: { engine: postgresql }
  ${long("p", 44)}: { engine: postgresql, mode: operator }
  ${long("k", 23)}: { engine: kafka, mode: operator }
environments: { ${long("e", 32)}: { tier: production, domain: example.com } }
monitoring: { prometheus: plain }
backup: { store: { s3: { bucket: shop } } }
`;
  expect(sizeFaults(renderText(text).tree).faults).toEqual([]);
  expect(stackProblems(text.replace(long("t", 52), long("t", 53)))).toMatchObject([
    { message: expect.stringMatching(/longer than the 52 characters of a StatefulSet's name/) },
  ]);
});

// Owns: the proof that a ConfigMap of somebody else's may be mounted where the stack says so, and no other.
// Promises: every layer that may say so.
// Must not: build anything; the command's tests do.

import { expect, test } from "vitest";
import { findProvided } from "../../src/validate/check-references/provided.js";
import { findForeignConfigMaps } from "../../src/validate/foreign-config-maps.js";

const volumes = (name: string) =>
  `services: { api: { volumes: { ca: { configMap: ${name}, mount: /ca } } } }`;

const SPEC = `
${volumes("bundle")}
tiers: { production: { ${volumes("of-tier")} } }
environments:
  prod: { ${volumes("of-place")}, clusters: { east: { ${volumes("of-cluster")} } } }
  dev: { services: { api: { volumes: { ca: null, own: { emptyDir: 1Gi, mount: /own } } } } }
`;

test("ConfigMaps that the stack mounts of others are known from every layer, and count as there", () => {
  const files = [
    { path: "prod-stack.yaml", text: SPEC },
    { path: "docs/prod-stack.yaml", text: volumes("elsewhere") },
  ] as Parameters<typeof findForeignConfigMaps>[0];
  const names = findForeignConfigMaps(files);
  expect(names).toEqual(["bundle", "of-cluster", "of-place", "of-tier"]);
  const maps = findProvided([], names).filter(({ kind }) => kind === "ConfigMap");
  expect(maps.map(({ name }) => name)).toEqual(["kube-root-ca.crt", ...names]);
  expect(findForeignConfigMaps([])).toEqual([]);
});

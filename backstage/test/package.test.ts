// Owns: what the package is to who installs it.
// Promises: packed as it would be published, unpacked elsewhere, and required: every loader of Backstage finds the feature.
// Must not: publish.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { apiReport, REPORT } from "../scripts/api-report.mjs";

const OWN = fileURLToPath(new URL("..", import.meta.url));
const NAME = "backstage-plugin-scaffolder-backend-module-prod-stack";

test("report.api.md is what the declarations say: node scripts/api-report.mjs", () => {
  expect(readFileSync(REPORT, "utf8")).toBe(apiReport());
});

describe("the packed package", () => {
  const folder = mkdtempSync(join(tmpdir(), "prod-stack-module-"));
  let unpacked: string;
  beforeAll(() => {
    const packed = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: OWN,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [{ filename }] = Object.values(JSON.parse(packed)) as { filename: string }[];
    execFileSync("tar", ["xzf", join(folder, filename as string), "-C", folder]);
    unpacked = join(folder, "package");
    // Backstage itself is the portal's.
    symlinkSync(join(OWN, "node_modules"), join(unpacked, "node_modules"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("holds the core, the module and the templates, and nothing of how they are made", () => {
    const files = execFileSync("find", [".", "-type", "f"], { cwd: unpacked, encoding: "utf8" })
      .trim()
      .split("\n")
      .map((path) => path.slice(2));
    expect(files).toEqual(
      expect.arrayContaining([
        "core/index.cjs",
        "core/licenses.txt",
        "dist/index.js",
        "dist/index.d.ts",
        "templates/create/template.yaml",
        "templates/upgrade/template.yaml",
        "README.md",
      ]),
    );
    const kinds = new Set(files.map((path) => path.split("/")[0]));
    expect([...kinds].sort()).toEqual(["README.md", "core", "dist", "package.json", "templates"]);
  });

  test("is what discovery looks for: role, plugin, package.json, a default export that is a feature", () => {
    const { backstage, exports, dependencies } = JSON.parse(
      readFileSync(join(unpacked, "package.json"), "utf8"),
    );
    expect(backstage).toEqual({
      role: "backend-plugin-module",
      pluginId: "scaffolder",
      pluginPackage: "@backstage/plugin-scaffolder-backend",
    });
    expect(exports["./package.json"]).toBe("./package.json");
    expect(Object.keys(dependencies).every((name) => name.startsWith("@backstage/"))).toBe(true);
    const require_ = createRequire(join(unpacked, "package.json"));
    expect(require_.resolve(`${NAME}/package.json`)).toBe(join(unpacked, "package.json"));
    expect(require_(NAME).default).toMatchObject({ $$type: "@backstage/BackendFeature" });
  });
});

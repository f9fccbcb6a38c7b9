// Proves what is published: which files, how large, without dependencies, and that it works away from here and offline.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { buildPackage, ROOT } from "./build-package.js";
import { readTree, runCommand } from "./packed-package.js";

let folder: string;
let tarball: string;
let packageFolder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "prod-stack-package-"));
  tarball = inject("tarball");
  packageFolder = inject("packageFolder");
});

afterAll(() => rmSync(folder, { recursive: true }));

const answers = join(ROOT, "examples/rate-limiter/prod-stack.yaml");

describe("the tarball", () => {
  test("holds these files and no others", () => {
    const listed = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n").sort();
    expect(listed).toEqual(
      [
        "LICENSE",
        "README.md",
        "lib/adopt.cjs",
        "lib/cli.cjs",
        "lib/editor-schema.json",
        "lib/enquirer.cjs",
        "lib/execa.cjs",
        "lib/impact.cjs",
        "lib/index.cjs",
        "lib/licenses.txt",
        "lib/schemas/schemas.jsonl.br",
        "lib/spec-schema.json",
        "lib/templates.json",
        "lib/validate.cjs",
        "lib/yaml.cjs",
        "package.json",
      ].map((path) => `package/${path}`),
    );
  });

  test("is at most one megabyte", () => {
    expect(statSync(tarball).size).toBeLessThanOrEqual(1024 * 1024);
  });

  test("needs nothing else at run time, and runs no scripts when it is installed", () => {
    const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
    for (const field of ["dependencies", "optionalDependencies", "bundledDependencies", "bundleDependencies"])
      expect(manifest[field] ?? {}, field).toEqual({});
    for (const name of Object.keys(manifest.peerDependencies ?? {}))
      expect(manifest.peerDependenciesMeta?.[name]?.optional, name).toBe(true);
    for (const script of ["preinstall", "install", "postinstall", "prepare"])
      expect(manifest.scripts?.[script], script).toBeUndefined();
    expect(manifest.bin).toEqual({ "create-prod-stack": "lib/cli.cjs" });
    expect(manifest.main).toBe("lib/index.cjs");
  });

  test("names the licences of what is bundled", () => {
    const licences = readFileSync(join(packageFolder, "lib/licenses.txt"), "utf8");
    for (const name of ["diff@8", "enquirer@2", "fastest-levenshtein@1", "yaml@2"])
      expect(licences).toContain(name);
    expect(licences.match(/^[@a-z][^\s]*@[0-9][^\s]* \(.+\)$/gm)?.length).toBe(
      licences.match(/^-{72}$/gm)?.length,
    );
  });

  test("has no path of the machine that built it", () => {
    for (const file of readdirSync(join(packageFolder, "lib")).filter((name) => /\.(cjs|txt)$/.test(name))) {
      const text = readFileSync(join(packageFolder, "lib", file), "utf8");
      for (const path of [ROOT, homedir(), "../node_modules", "prod-stack-acceptance"])
        expect(text.includes(`${path}/`), `${file}: ${path}`).toBe(false);
    }
  });

  test("is the same, byte for byte, when it is built again elsewhere", () => {
    const again = buildPackage(join(folder, "another/place"));
    const digest = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
    expect(digest(again)).toBe(digest(tarball));
  });
});

describe("installed by npm, offline", () => {
  test("the command works, and npm adds one package", () => {
    const project = join(folder, "project");
    mkdirSync(project);
    writeFileSync(
      join(project, "package.json"),
      '{ "name": "empty", "version": "1.0.0", "private": true }\n',
    );
    const npm = [
      "install",
      "--offline",
      "--no-audit",
      "--no-fund",
      "--cache",
      join(folder, "cache"),
      tarball,
    ];
    execFileSync("npm", npm, { cwd: project, stdio: "pipe" });
    const installed = readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."));
    expect(installed).toEqual(["create-prod-stack"]);
    const bin = join(project, "node_modules/.bin/create-prod-stack");
    const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
    expect(execFileSync(bin, ["--version"], { cwd: project, encoding: "utf8" }).trim()).toBe(version);
    execFileSync(bin, ["made", "--answers", answers, "--yes", "--no-git"], { cwd: project, stdio: "pipe" });
    expect(readdirSync(join(project, "made"))).toContain("overlays");
  });
});

describe("away from the repository", () => {
  const noNetwork = spawnSync("unshare", ["-rn", "true"]).status === 0 ? ["unshare", "-rn"] : [];

  test("this machine can take the network away", () => {
    expect(noNetwork).toEqual(["unshare", "-rn"]);
  });

  test("generates without a network what it generates with one", () => {
    const run = (name: string, prefix: readonly string[]) => {
      const { status, stderr } = runCommand(
        [name, "--answers", answers, "--yes", "--no-git"],
        folder,
        prefix,
      );
      expect(status, stderr).toBe(0);
      return readTree(join(folder, name));
    };
    const online = run("online/stack", []);
    expect(Object.keys(online).length).toBeGreaterThan(80);
    expect(run("offline/stack", noNetwork)).toEqual(online);
  });

  test("a second run has nothing to do, and changes no byte", () => {
    const before = readTree(join(folder, "online/stack"));
    const { status, stdout } = runCommand(["--no-git", "--yes"], join(folder, "online/stack"));
    expect(status).toBe(0);
    expect(stdout).toContain("Nothing to do");
    expect(readTree(join(folder, "online/stack"))).toEqual(before);
  });
});

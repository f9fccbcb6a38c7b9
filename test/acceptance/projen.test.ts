// Proves the projen door on the packed package with the real projen CLI: new, edit, synth, upgrade, conflict, eject.
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { generateByCommand, readTree } from "./packed-package.js";
import {
  openProjenRepository,
  type ProjenRepository,
  packVersion,
  type Registry,
  startRegistry,
} from "./projen-repository.js";

let folder: string;
let registry: Registry;
let repository: ProjenRepository;

const at = (path: string) => join(repository.directory, path);
const read = (path: string) => readFileSync(at(path), "utf8");
const edit = (path: string, from: string, to: string) => {
  expect(read(path)).toContain(from);
  writeFileSync(at(path), read(path).replace(from, to));
};
const deployment = () => parse(read("base/api/deployment.yaml"));

/** The project's code with these lines in it. */
function code(lines: string): void {
  const imports = 'import { ProdStackProject, TextFile } from "create-prod-stack/projen";';
  writeFileSync(
    at(".projenrc.mjs"),
    `${imports}\nconst project = new ProdStackProject();\n${lines}\nproject.synth();\n`,
  );
}

const OVERRIDES = `
const manifest = project.tryFindObjectFile("base/api/deployment.yaml");
manifest.addOverride("spec.revisionHistoryLimit", 3);
manifest.addOverride("metadata.annotations.octal", "0b11");
manifest.addDeletionOverride("metadata.labels.app\\\\.kubernetes\\\\.io/component");
project.tryRemoveFile("base/operator-role.yaml");
new TextFile(project, "docs/notes.md", { lines: ["Written by code.", ""] });
project.addTask("greet", { exec: "echo hello" });
`;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "prod-stack-projen-")));
  registry = await startRegistry(join(folder, "registry"));
  registry.publish(inject("tarball"));
  repository = openProjenRepository(join(folder, "shop"), { registry: registry.url });
});

afterAll(() => {
  registry.close();
  rmSync(folder, { recursive: true });
});

describe("projen new", () => {
  test("makes a repository from flags, and commits it", () => {
    // As GitHub makes a new repository.
    writeFileSync(at(".gitignore"), "/theirs/\n");
    const { status, stdout, stderr } = repository.projen(
      ...["new", "--from", "create-prod-stack", "--service-name", "api", "--runtime", "nodejs"],
      ...["--environment", "dev=development:dev.example.com", "--environment", "prod=production:example.com"],
      ...["--datastore", "cache=redis:cache", "--owner", "shop-team"],
    );
    expect(status, stdout + stderr).toBe(0);
    const spec = parse(read("prod-stack.yaml"));
    expect(spec).toMatchObject({ name: "shop", owner: "shop-team", upkeep: { door: "projen" } });
    expect(spec.services.api).toMatchObject({ runtime: "nodejs" });
    expect(Object.keys(spec.environments)).toEqual(["dev", "prod"]);
    expect(repository.git("status", "--porcelain")).toBe("");
    expect(existsSync(at("package-lock.json"))).toBe(true);
    expect(read(".gitignore")).toMatch(/^\/theirs\/\n[\s\S]*node_modules\//);
  });

  test("pins exact versions, and leaves every file writable", () => {
    const { devDependencies } = JSON.parse(read("package.json"));
    const pinned = { constructs: "10.8.1", "create-prod-stack": "0.1.0", projen: "0.103.25" };
    expect(devDependencies).toEqual(pinned);
    for (const path of Object.keys(readTree(repository.directory)).filter(
      (path) => !path.startsWith("node_modules"),
    ))
      expect([path, statSync(at(path)).mode & 0o200]).toEqual([path, 0o200]);
  });

  test("gives the bytes of the command", () => {
    generateByCommand("by-command", at("prod-stack.yaml"), folder);
    const expected = readTree(join(folder, "by-command"));
    // The state of projen's own files; package.json is the user's, and npm has written a part of it.
    const own = /^(?:\.prod-stack\/(?:base\/|files$)|package\.json$)/;
    for (const [path, content] of Object.entries(expected))
      if (!own.test(path))
        expect([path, statSync(at(path)).mode, read(path)]).toEqual([path, modeOf(content), textOf(content)]);
    const records = read(".prod-stack/files").split("\n");
    for (const line of readFileSync(join(folder, "by-command/.prod-stack/files"), "utf8").split("\n"))
      expect(records).toContain(line);
  });

  test("and a second run has nothing to do", () => {
    const { status, stdout } = repository.projen();
    expect(status).toBe(0);
    expect(stdout).toContain("Nothing to do");
    expect(repository.git("status", "--porcelain")).toBe("");
  });
});

const modeOf = (content: string) => 0o100000 | Number.parseInt(content.slice(0, 3), 8);
const textOf = (content: string) => Buffer.from(content.slice(4), "latin1").toString("utf8");

describe("code in .projenrc.mjs", () => {
  test("overrides, removes and adds; comments of the manifest stay; YAML 1.1 reads the values alike", () => {
    appendFileSync(at("docs/delivery.md"), "\nA line of ours.\n");
    code(OVERRIDES);
    const { status, stdout, stderr } = repository.projen();
    expect(status, stdout + stderr).toBe(0);
    expect(deployment().spec.revisionHistoryLimit).toBe(3);
    expect(deployment().metadata.labels).not.toHaveProperty(["app.kubernetes.io/component"]);
    expect(read("base/api/deployment.yaml")).toContain('octal: "0b11"');
    expect(read("base/api/deployment.yaml")).toContain("# No `replicas`");
    expect(existsSync(at("base/operator-role.yaml"))).toBe(false);
    expect(parse(read("base/kustomization.yaml")).resources).not.toContain("operator-role.yaml");
    expect(read("docs/notes.md")).toBe("Written by code.\n");
    expect(read("docs/delivery.md")).toContain("A line of ours.");
    expect(repository.projen("greet").stdout).toContain("hello");
    repository.commit();
  });

  test("the command knows of it: check and upgrade see what projen wrote", () => {
    expect(repository.command("check").status).toBe(0);
    expect(repository.command("upgrade").stdout).toContain("Nothing to do");
    expect(repository.projen("diff").stdout).toContain("+A line of ours.");
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  test("that was not run yet is stale, with the command's exit code", () => {
    code(OVERRIDES.replace('Limit", 3', 'Limit", 4'));
    const check = repository.withEnv({ PROD_STACK_TASK: "check" }).rc();
    expect(check.status).toBe(2);
    expect(check.stdout).toContain("base/api/deployment.yaml");
    code(OVERRIDES);
  });

  test("an edit by hand of a file that code writes is kept, not overwritten", () => {
    appendFileSync(at("docs/notes.md"), "By hand.\n");
    appendFileSync(at(".gitignore"), "/mine/\n");
    expect(repository.rc().status).toBe(0);
    expect(read("docs/notes.md")).toBe("Written by code.\nBy hand.\n");
    expect(read(".gitignore")).toContain("/mine/");
    repository.commit();
  });

  test("nothing is deleted because of a marker, whatever became of projen's list of files", () => {
    writeFileSync(
      at("docs/mine.md"),
      '~~ Generated by projen. To modify, edit .projenrc.js and run "npx projen".\n',
    );
    for (const damaged of [undefined, '{ "files": ["docs/mine.md", "README.md"] }']) {
      if (damaged === undefined) rmSync(at(".projen/files.json"));
      else writeFileSync(at(".projen/files.json"), damaged);
      expect(repository.rc().status).toBe(0);
      expect([damaged, existsSync(at("docs/mine.md")), existsSync(at("README.md"))]).toEqual([
        damaged,
        true,
        true,
      ]);
      expect(JSON.parse(read(".projen/files.json")).files).toContain(".gitignore");
    }
    rmSync(at("docs/mine.md"));
    repository.commit();
  });
});

describe("what goes wrong", () => {
  const base = () => readTree(at("base"));

  test("a wrong answer is one message without a stack trace, exit code 1, and nothing is written", () => {
    const tree = base();
    edit("prod-stack.yaml", "tier: production", "tier: productoin");
    const { status, stderr } = repository.projen();
    expect(status).toBe(1);
    expect(stderr).toMatch(/prod-stack\.yaml:\d+:\d+ environments\.prod\.tier: .*production/);
    expect(stderr).not.toMatch(/^\s+at /m);
    edit("prod-stack.yaml", "tier: productoin", "tier: production");
    expect(base()).toEqual(tree);
  });

  test("an override of a file that is the user's is refused", () => {
    code('project.tryFindObjectFile("overlays/prod/kustomization.yaml").addOverride("namespace", "x");');
    const { status, stderr } = repository.rc();
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("overlays/prod/kustomization.yaml cannot be overridden"),
    ]);
    code(OVERRIDES);
  });

  test("a run that is killed, or whose command is, is no success", () => {
    const kill = join(folder, "kill.cjs");
    writeFileSync(kill, 'if (process.argv.includes("synth")) process.kill(process.pid, "SIGKILL");\n');
    const killed = repository.withEnv({ NODE_OPTIONS: `--require ${kill}` });
    expect(killed.rc().status).toBe(137);
    expect(killed.projen().status).toBe(1);
    code('process.kill(process.pid, "SIGKILL");');
    expect(repository.projen().status).toBe(1);
    code(OVERRIDES);
  });
});

describe("an upgrade", () => {
  test("by the task keeps overrides and edits, and pins the new version", () => {
    registry.publish(
      packVersion(
        "0.2.0",
        {
          "# New pods first: a rollout": "# New pods come first: a rollout",
          "Change `images` in the overlay, by pull request.": "Change `images` in the overlay.",
        },
        folder,
      ),
    );
    edit("base/api/deployment.yaml", "maxSurge: 25%", "maxSurge: 50%");
    repository.commit();
    const { status, stdout, stderr } = repository.projen("upgrade");
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain("From 0.1.0 to 0.2.0");
    expect(JSON.parse(read("package.json")).devDependencies["create-prod-stack"]).toBe("0.2.0");
    expect(read("base/api/deployment.yaml")).toContain("# New pods come first");
    expect(deployment().spec.strategy.rollingUpdate.maxSurge).toBe("50%");
    expect(deployment().spec.revisionHistoryLimit).toBe(3);
    expect(read("docs/delivery.md")).toMatch(/in the overlay\. [\s\S]*A line of ours\./);
    expect(existsSync(at("base/operator-role.yaml"))).toBe(false);
    expect(repository.projen("check").status).toBe(0);
    repository.commit();
  });

  test("that disagrees with an edit ends with exit code 3, which projen shows", () => {
    registry.publish(packVersion("0.3.0", { "maxSurge: 25%": "maxSurge: 30%" }, folder));
    const { status, stderr } = repository.projen("upgrade");
    expect(status).toBe(1);
    expect(stderr).toContain("exit code 3");
    expect(read("base/api/deployment.yaml")).toMatch(
      /<<<<<<<[\s\S]*maxSurge: 50%[\s\S]*maxSurge: 30%[\s\S]*>>>>>>>/,
    );
    expect(repository.git("ls-files", "--unmerged")).toContain("base/api/deployment.yaml");
    expect(repository.rc().status).toBe(3);
    const ours = read("base/api/deployment.yaml").replace(
      /<<<<<<<.*\n([\s\S]*?)=======\n[\s\S]*?>>>>>>>.*\n/,
      "$1",
    );
    writeFileSync(at("base/api/deployment.yaml"), ours.replace(/\|\|\|\|\|\|\|[\s\S]*?(?=\n\s+max)/, ""));
    expect(repository.rc().status).toBe(0);
    repository.commit();
  });
});

test("eject leaves the repository without generator and projen, and every edit in it", () => {
  const { status, stdout, stderr } = repository.projen("eject");
  expect(status, stdout + stderr).toBe(0);
  for (const gone of [
    ".prod-stack",
    ".projenrc.mjs",
    ".github/workflows/shop-upgrade.yaml",
    "docs/upkeep.md",
  ])
    expect([gone, existsSync(at(gone))]).toEqual([gone, false]);
  expect(existsSync(at(".projenrc.mjs.bak"))).toBe(true);
  expect(deployment().spec.revisionHistoryLimit).toBe(3);
  expect(deployment().spec.strategy.rollingUpdate.maxSurge).toBe("50%");
  expect(read("docs/notes.md")).toContain("By hand.");
  expect(read(".gitignore")).toContain("/mine/");
  const words = readdirSync(at("base"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".yaml"),
  );
  for (const path of words) expect(read(`base/${path}`)).not.toContain("create-prod-stack");
});

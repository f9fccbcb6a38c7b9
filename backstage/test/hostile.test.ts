// Owns: what wrong and hostile input does through this door.
// Promises: a clear error, nothing outside of the workspace is touched, nothing of a value is leaked in the log.
// Must not: be polite.

import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  createGenerateAction,
  createUpgradeAction,
  createValidateAction,
} from "backstage-plugin-scaffolder-backend-module-prod-stack";
import { parse } from "yaml";
import { startScaffolder, template } from "./backend.js";
import { HELLO } from "./hello.js";
import { newWorkspace, runAction } from "./run-action.js";
import { formAnswers } from "./split-answers.js";
import { byCommand, exampleText, treeOf } from "./tree.js";

const ACTIONS = {
  generate: [createGenerateAction(), { spec: HELLO }],
  upgrade: [createUpgradeAction(), {}],
  validate: [createValidateAction(), {}],
} as const;
const OURS = ["InputError", "NotAllowedError", "ConflictError"];

/** A workspace beside which something lies that must stay as it is. */
function guarded() {
  const directory = newWorkspace({ workspace: {}, outside: { "canary.txt": "untouched" } });
  return {
    workspace: join(directory.path, "workspace"),
    outside: join(directory.path, "outside"),
    root: directory.path,
  };
}

describe.each(Object.entries(ACTIONS))("%s", (_name, [action, input]) => {
  test.each(["..", "../outside", "/etc", "a/../../outside", "../workspace-other", "x\0y", "a".repeat(5000)])(
    "targetPath %j stays inside",
    async (targetPath) => {
      const { workspace, outside } = guarded();
      const { error } = await runAction(action, workspace, { ...input, targetPath });
      expect(OURS).toContain(error?.name);
      expect(treeOf(outside)).toEqual({ "canary.txt": "644 untouched" });
      expect(treeOf(workspace)).toEqual({});
    },
  );

  test.each([
    ["a link", ["link", "../outside"]],
    ["a link to inside", ["link", "."]],
    ["a dangling link", ["link", "../nowhere"]],
  ])("targetPath through %s is refused", async (_what, [name, to]) => {
    const { workspace, root } = guarded();
    symlinkSync(to as string, join(workspace, name as string));
    const was = treeOf(root);
    for (const targetPath of ["link", "link/below"]) {
      const { error } = await runAction(action, workspace, { ...input, targetPath });
      expect(OURS).toContain(error?.name);
    }
    expect(treeOf(root)).toEqual(was);
  });
});

describe("a workspace with links", () => {
  test.each(["base", "overlays", ".prod-stack", "docs"])(
    "generate does not write through a linked %s",
    async (folder) => {
      const { workspace, outside, root } = guarded();
      symlinkSync(outside, join(workspace, folder));
      const was = treeOf(root);
      const { error } = await runAction(ACTIONS.generate[0], workspace, { spec: HELLO });
      expect(OURS).toContain(error?.name);
      expect(treeOf(root)).toEqual(was);
    },
  );

  test.each(["README.md", "prod-stack.yaml", "platform.yaml"])(
    "generate does not follow a linked %s",
    async (file) => {
      const { workspace, outside, root } = guarded();
      symlinkSync(join(outside, "canary.txt"), join(workspace, file));
      const was = treeOf(root);
      const { error } = await runAction(ACTIONS.generate[0], workspace, {
        spec: HELLO,
        platform: "gateway: {}\n",
      });
      expect(OURS).toContain(error?.name);
      expect(treeOf(root)).toEqual(was);
    },
  );

  test.each(["prod-stack.yaml", "platform.yaml", ".prod-stack", "base/hello"])(
    "upgrade does not read or write through a linked %s",
    async (path) => {
      const { workspace, outside } = guarded();
      cpSync(byCommand(HELLO), workspace, { recursive: true });
      rmSync(join(workspace, path), { recursive: true, force: true });
      writeFileSync(join(outside, "secret"), "canary-secret-7d1f");
      mkdirSync(join(outside, "folder"));
      symlinkSync(join(outside, path.includes(".yaml") ? "secret" : "folder"), join(workspace, path));
      const was = treeOf(outside);
      const { error, log } = await runAction(ACTIONS.upgrade[0], workspace, {});
      expect(OURS).toContain(error?.name);
      expect(`${log}${error?.message}`).not.toContain("canary-secret");
      expect(treeOf(outside)).toEqual(was);
    },
  );
});

describe("a repository whose state was tampered with", () => {
  const HASH = "0".repeat(64);
  test.each([
    ["a path outside", `${HASH} 644 managed ../outside/canary.txt\n`],
    ["an absolute path", `${HASH} 644 managed /etc/passwd\n`],
    ["a path in .git", `${HASH} 644 managed .git/config\n`],
    ["a person's file", `${HASH} 644 managed own.txt\n`],
    ["nonsense", "nonsense\n"],
    ["a megabyte", "x".repeat(1024 * 1024)],
  ])("%s", async (_what, line) => {
    const { workspace, outside } = guarded();
    cpSync(byCommand(HELLO), workspace, { recursive: true });
    mkdirSync(join(workspace, ".git"));
    writeFileSync(join(workspace, ".git/config"), "own");
    writeFileSync(join(workspace, "own.txt"), "own");
    appendFileSync(join(workspace, ".prod-stack/files"), line);
    const { error, output } = await runAction(ACTIONS.upgrade[0], workspace, {});
    if (error !== undefined) expect(OURS).toContain(error.name);
    else expect(output.deletedFiles).toEqual([]);
    expect(readFileSync(join(workspace, "own.txt"), "utf8")).toBe("own");
    expect(readFileSync(join(workspace, ".git/config"), "utf8")).toBe("own");
    expect(treeOf(outside)).toEqual({ "canary.txt": "644 untouched" });
  });

  test.each([
    '{"format":1,"generator":"../../evil"}',
    '{"format":1,"generator":{"a":1}}',
    "[]",
    "",
    "{".repeat(100_000),
  ])("state.json %#", async (state) => {
    const { workspace } = guarded();
    cpSync(byCommand(HELLO), workspace, { recursive: true });
    writeFileSync(join(workspace, ".prod-stack/state.json"), state);
    const was = treeOf(workspace);
    const { error } = await runAction(ACTIONS.upgrade[0], workspace, {});
    expect(OURS).toContain(error?.name);
    expect(error?.message.length).toBeLessThan(5000);
    expect(treeOf(workspace)).toEqual(was);
  });

  test("a stack that says that it lives elsewhere", async () => {
    const { workspace, root } = guarded();
    const moved = HELLO.replace("-deploy }", "-deploy, path: workspace }");
    cpSync(byCommand(HELLO), workspace, { recursive: true });
    writeFileSync(join(workspace, "prod-stack.yaml"), moved);
    const was = treeOf(root);
    const { error } = await runAction(ACTIONS.upgrade[0], workspace, {});
    expect(error?.message).toContain("stackPath");
    const outer = await runAction(ACTIONS.upgrade[0], workspace, { stackPath: "../workspace" });
    expect(OURS).toContain(outer.error?.name);
    expect(treeOf(root)).toEqual(was);
  });

  test("a directory that cannot be written to", async () => {
    if (process.getuid?.() === 0) return;
    const { workspace } = guarded();
    chmodSync(workspace, 0o500);
    const { error } = await runAction(ACTIONS.generate[0], workspace, { spec: HELLO });
    expect(OURS).toContain(error?.name);
  });
});

/** What the module says; a dry run itself shows the inputs of every step. */
const ownLines = (log: string) =>
  log.split("\n").filter((line) => /Rendered|Wrote/.test(line) && !/^ /.test(line));

describe("values of a form", () => {
  let scaffolder: Awaited<ReturnType<typeof startScaffolder>>;
  const { values } = formAnswers(exampleText("rate-limiter"));
  const CANARY = "canary-7d1f3a";
  beforeAll(async () => {
    scaffolder = await startScaffolder();
  });
  afterAll(() => scaffolder.stop());

  test.each([
    ["Backstage's template syntax", `\${{ secrets.TOKEN }} ${CANARY}`],
    ["a template's", `{{ 7 * 7 }} {% raw %} ${CANARY}`],
    ["a shell's", `$(id) \`id\` ; rm -rf / ${CANARY}`],
    ["YAML's", `x: y # ${CANARY} --- *anchor !!js/function`],
    ["a script's", `<script>alert("${CANARY}")</script>`],
  ])("%s stays text in the description", async (_what, description) => {
    const { status, files, log, body, output } = await scaffolder.dryRun(template("create"), {
      ...values,
      description,
    });
    expect(status, body.slice(0, 500)).toBe(200);
    expect(parse(files["prod-stack.yaml"]?.slice(4) ?? "").description).toBe(description);
    expect(files["README.md"]).toContain(CANARY);
    expect(ownLines(log)).toEqual([expect.stringContaining("Rendered"), expect.stringContaining("Wrote")]);
    expect(output.text?.[0]?.content).not.toContain("<script>");
  });

  test("no value of a spec is said in the log", async () => {
    const spec = HELLO.replace("Says hello.", CANARY).replace(
      "image:",
      `env: { GREETING: ${CANARY} }, image:`,
    );
    const { error, log, output } = await runAction(ACTIONS.generate[0], guarded().workspace, { spec });
    expect(error).toBeUndefined();
    expect(`${log}${JSON.stringify(output)}`).not.toContain(CANARY);
  });

  test.each([
    ["newlines in a line", { description: `one\ntwo ${CANARY}` }],
    ["a path that escapes", { source: { path: "../../etc" } }],
    ["an absolute path", { source: { path: "/etc" } }],
    ["a name that is a path", { name: "../name" }],
    ["one of a megabyte", { description: "x".repeat(1024 * 1024) }],
    ["a type of another kind", { services: "none" }],
    ["a service of no type", { services: [{ name: "a" }] }],
  ])("%s is refused by the form", async (_what, wrong) => {
    const { status, body } = await scaffolder.dryRun(template("create"), { ...values, ...wrong });
    expect(status).toBe(400);
    expect(body).not.toContain("    at ");
  });

  test.each([
    ["a megabyte of YAML", { spec: `a: ${"x".repeat(1024 * 1024)}` }],
    ["a nest", { spec: "[".repeat(5000) }],
    [
      "an alias bomb",
      {
        spec: `a: &a [x,x]\n${Array.from({ length: 40 }, (_, i) => `k${i}: &b${i} [${i === 0 ? "*a,*a" : `*b${i - 1},*b${i - 1}`}]`).join("\n")}`,
      },
    ],
    ["a prototype", { answers: JSON.parse('{"__proto__":{"polluted":1},"name":"a"}') }],
    ["a constructor", { answers: { constructor: { prototype: { polluted: 1 } } } }],
    ["a list of prototypes", { answers: JSON.parse('{"services":[{"name":"__proto__","type":"worker"}]}') }],
    [
      "a value that looks like a secret",
      {
        spec: HELLO.replace(
          "image:",
          `env: { A: "AKIAIOSFODNN7EXAMPLE${CANARY}", PASSWORD: ${CANARY} }, image:`,
        ),
      },
    ],
  ])("%s is an error of the action, and short", async (_what, input) => {
    const { workspace } = guarded();
    const start = performance.now();
    const { error, log } = await runAction(ACTIONS.generate[0], workspace, input);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(error?.name).toBe("InputError");
    expect(error?.message.length).toBeLessThan(15_000);
    expect(`${error?.message}${log}`).not.toContain(CANARY);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(treeOf(dirname(workspace))).toEqual({ "outside/canary.txt": "644 untouched" });
  });
});

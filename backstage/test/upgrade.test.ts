// Owns: what prodStack:repo:upgrade does.
// Promises: the built module, on repositories that the command has made.
// Must not: start a backend.

import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createUpgradeAction } from "backstage-plugin-scaffolder-backend-module-prod-stack";
import { HELLO } from "./hello.js";
import { newWorkspace, runAction } from "./run-action.js";
import { byCommand, treeOf } from "./tree.js";

describe("prodStack:repo:upgrade", () => {
  const upgrade = createUpgradeAction();
  let original: string;
  beforeAll(() => {
    original = byCommand(HELLO);
  });

  function fetched(edit: (root: string) => void = () => undefined) {
    const workspace = newWorkspace();
    cpSync(original, join(workspace.path, "repository"), { recursive: true });
    edit(join(workspace.path, "repository"));
    return { workspace: workspace.path, root: join(workspace.path, "repository") };
  }
  const change = (root: string, file: string, from: string, to: string) => {
    const text = readFileSync(join(root, file), "utf8");
    expect(text).toContain(from);
    writeFileSync(join(root, file), text.replace(from, to));
  };

  test("nothing to do changes nothing", async () => {
    const { workspace, root } = fetched();
    const was = treeOf(root);
    const { error, output } = await runAction(upgrade, workspace, { targetPath: "repository" });
    expect(error).toBeUndefined();
    expect(output).toMatchObject({ changed: false, changedFiles: [], deletedFiles: [], conflicts: [] });
    expect(output.plan).toContain("Nothing to do");
    expect(treeOf(root)).toEqual(was);
  });

  test("a new environment comes, an edit of a person's stays, and only what changed lies apart", async () => {
    const { workspace, root } = fetched((repository) => {
      appendFileSync(join(repository, "README.md"), "\n## Our own section\n");
      appendFileSync(
        join(repository, "prod-stack.yaml"),
        "  prod: { tier: production, domain: example.com }\n",
      );
    });
    const was = treeOf(root);
    const { error, output } = await runAction(upgrade, workspace, { targetPath: "repository" });
    expect(error).toBeUndefined();
    expect(readFileSync(join(root, "README.md"), "utf8")).toContain("## Our own section");
    expect(output.plan).toContain("- create `overlays/prod/kustomization.yaml`");
    expect(output.plan).toContain("- merge `README.md`");
    const now = treeOf(root);
    const changed = Object.keys(now).filter((path) => now[path] !== was[path]);
    expect(output.changedFiles).toEqual(changed.sort());
    expect(output.deletedFiles).toEqual(
      Object.keys(was)
        .filter((path) => !(path in now))
        .sort(),
    );
    const apart = treeOf(join(workspace, output.changesPath as string));
    expect(apart).toEqual(Object.fromEntries(changed.map((path) => [path, now[path]])));
  });

  test("a recovered task proposes what the first run had written", async () => {
    const { workspace } = fetched((repository) =>
      appendFileSync(
        join(repository, "prod-stack.yaml"),
        "  prod: { tier: production, domain: example.com }\n",
      ),
    );
    const checkpoints = new Map();
    const first = await runAction(upgrade, workspace, { targetPath: "repository" }, { checkpoints });
    const apart = treeOf(join(workspace, "prod-stack-changes"));
    const second = await runAction(upgrade, workspace, { targetPath: "repository" }, { checkpoints });
    expect(second.output).toEqual(first.output);
    expect(treeOf(join(workspace, "prod-stack-changes"))).toEqual(apart);
  });

  test("edits that disagree are marked, left or refused, as asked", async () => {
    const edit = (repository: string) => {
      change(repository, "README.md", "Says hello.", "Says hello, as we see it.");
      change(repository, "prod-stack.yaml", "Says hello.", "Says hello to everybody.");
    };
    const { workspace, root } = fetched(edit);
    const refused = await runAction(upgrade, workspace, { targetPath: "repository", conflicts: "fail" });
    expect(refused.error?.name).toBe("ConflictError");
    const marked = await runAction(upgrade, workspace, { targetPath: "repository" });
    expect(marked.error).toBeUndefined();
    expect(marked.output.conflicts).toContain("README.md");
    expect(marked.output.plan).toContain("to resolve before the merge");
    expect(readFileSync(join(root, "README.md"), "utf8")).toContain("<<<<<<<");
  });

  test("an object with data goes only by its name", async () => {
    const workspace = newWorkspace();
    const text = HELLO.replace(
      "environments:",
      'datastores: { db: { engine: postgresql, version: "17" } }\nenvironments:',
    );
    cpSync(byCommand(text), workspace.path, { recursive: true });
    writeFileSync(join(workspace.path, "prod-stack.yaml"), HELLO);
    const { error } = await runAction(upgrade, workspace.path, {});
    expect(error?.message).toContain("StatefulSet/db");
    const id =
      /deleted, renamed or replaced: (.+?)\. Nothing/.exec(error?.message ?? "")?.[1]?.split(", ") ?? [];
    expect((await runAction(upgrade, workspace.path, { allowReplace: id })).error).toBeUndefined();
  });

  test("a repository of a newer version, and one that was never generated, are refused", async () => {
    const newer = fetched((repository) =>
      change(repository, ".prod-stack/state.json", '"generator": "', '"generator": "9'),
    );
    const was = treeOf(newer.root);
    expect(
      (await runAction(upgrade, newer.workspace, { targetPath: "repository" })).error?.message,
    ).toContain("npx create-prod-stack@9");
    expect(treeOf(newer.root)).toEqual(was);
    const never = fetched((repository) => rmSync(join(repository, ".prod-stack"), { recursive: true }));
    expect(
      (await runAction(upgrade, never.workspace, { targetPath: "repository" })).error?.message,
    ).toContain("never generated");
    const empty = newWorkspace();
    expect((await runAction(upgrade, empty.path, {})).error?.message).toContain("no prod-stack.yaml");
  });

  test.each([".", "..", "repository", "repository/.."])(
    "changes are not set apart in %s",
    async (changesPath) => {
      const { workspace, root } = fetched();
      const was = treeOf(root);
      const { error } = await runAction(upgrade, workspace, { targetPath: "repository", changesPath });
      expect(error?.name).toMatch(/InputError|NotAllowedError/);
      expect(treeOf(root)).toEqual(was);
    },
  );
});

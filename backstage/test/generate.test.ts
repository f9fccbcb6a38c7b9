// Owns: what prodStack:repo:generate does.
// Promises: the built module, with Backstage's own test utilities; nothing of the core is replaced.
// Must not: start a backend.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createGenerateAction } from "backstage-plugin-scaffolder-backend-module-prod-stack";
import { parse } from "yaml";
import { HELLO } from "./hello.js";
import { newWorkspace, runAction } from "./run-action.js";
import { byCommand, EXAMPLES, exampleText, treeOf } from "./tree.js";

describe("prodStack:repo:generate", () => {
  const generate = createGenerateAction();

  test.each(EXAMPLES)("writes for %s what the command writes", async (name) => {
    const workspace = newWorkspace();
    const { error, output, log } = await runAction(generate, workspace.path, { spec: exampleText(name) });
    expect(error).toBeUndefined();
    const tree = treeOf(workspace.path);
    expect(tree).toEqual(treeOf(byCommand(exampleText(name))));
    expect(output.files).toEqual(expect.arrayContaining(["README.md", "prod-stack.yaml"]));
    expect((output.files as string[]).every((path) => path in tree)).toBe(true);
    expect(output.summary).toMatch(/\| Environment \| `prod/);
    expect(log).toContain(`Rendered ${name}`);
  });

  test("a list of named things is a map, whatever the form leaves empty", async () => {
    const answers = {
      name: "shop",
      description: "",
      owner: "team-shop",
      services: [
        {
          name: "api",
          type: "web-api",
          runtime: "go",
          image: "ghcr.io/example-org/api",
          ports: [{ name: "http", value: 8080 }],
          uses: ["cache"],
          expose: { host: "api" },
          scaling: {},
          env: [],
        },
        {
          name: "job",
          type: "worker",
          image: "ghcr.io/example-org/job",
          uses: [{ name: "cache" }],
          env: [{ name: "LOG_LEVEL", value: "debug" }],
        },
      ],
      datastores: [{ name: "cache", engine: "redis", role: "cache" }],
      environments: [{ name: "dev", tier: "development", domain: "dev.example.com" }],
    };
    const workspace = newWorkspace();
    const repoUrl = "github.com?owner=example-org&repo=shop-deploy";
    const { error } = await runAction(generate, workspace.path, { answers, repoUrl });
    expect(error).toBeUndefined();
    expect(parse(readFileSync(join(workspace.path, "prod-stack.yaml"), "utf8"))).toEqual({
      apiVersion: "prod-stack/v1",
      name: "shop",
      owner: "team-shop",
      source: { url: "https://github.com/example-org/shop-deploy" },
      services: {
        api: {
          type: "web-api",
          runtime: "go",
          image: "ghcr.io/example-org/api",
          ports: { http: 8080 },
          uses: { cache: {} },
          expose: { host: "api" },
        },
        job: {
          type: "worker",
          image: "ghcr.io/example-org/job",
          uses: { cache: {} },
          env: { LOG_LEVEL: "debug" },
        },
      },
      datastores: { cache: { engine: "redis", role: "cache" } },
      environments: { dev: { tier: "development", domain: "dev.example.com" } },
    });
  });

  test("the same task again, after a crash at any point, leaves the same bytes", async () => {
    const workspace = newWorkspace();
    const checkpoints = new Map();
    await runAction(generate, workspace.path, { spec: HELLO }, { checkpoints });
    const whole = treeOf(workspace.path);
    rmSync(join(workspace.path, "base"), { recursive: true });
    expect(
      (await runAction(generate, workspace.path, { spec: HELLO }, { checkpoints: new Map() })).error,
    ).toBeUndefined();
    const fresh = newWorkspace();
    expect((await runAction(generate, fresh.path, { spec: HELLO }, { checkpoints })).error).toBeUndefined();
    expect(treeOf(fresh.path)).toEqual(whole);
  });

  test("a task that began with another version does not go on with this one", async () => {
    const workspace = newWorkspace();
    const checkpoints = new Map([["prodStack.generate..", "another digest"]]);
    const { error } = await runAction(generate, workspace.path, { spec: HELLO }, { checkpoints });
    expect(error?.name).toBe("ConflictError");
    expect(treeOf(workspace.path)).toEqual({});
  });

  test("platform.yaml of the company counts, and is part of the repository", async () => {
    const workspace = newWorkspace();
    const platform = "apiVersion: prod-stack/v1\ngateway: { implementation: traefik }\n";
    const spec = HELLO.replace("type: worker", "type: web-api").replace(
      ":1.0.0",
      ":1.0.0, ports: { http: 80 }, expose: {}",
    );
    const { error } = await runAction(generate, workspace.path, { spec, platform });
    expect(error).toBeUndefined();
    expect(readFileSync(join(workspace.path, "platform.yaml"), "utf8")).toBe(platform);
    expect(Object.values(treeOf(workspace.path)).join()).toContain("traefik.io");
  });

  test("every problem is named with its place in the user's text", async () => {
    const spec = HELLO.replace("type: worker", "type: wrker").replace("tier: development", "tier: dev");
    const { error } = await runAction(generate, newWorkspace().path, { spec });
    expect(error?.name).toBe("InputError");
    expect(error?.message).toMatch(/prod-stack\.yaml:6:\d+ services\.hello\.type: .*did you mean/);
    expect(error?.message).toMatch(/prod-stack\.yaml:8:\d+ environments\.dev\.tier: /);
  });

  test("problems of a form's answers are named by the answer", async () => {
    const answers = {
      name: "shop",
      services: [{ name: "Api", type: "worker" }],
      environments: [{ name: "dev", tier: "development", domain: "dev.example.com" }],
    };
    const { error } = await runAction(generate, newWorkspace().path, {
      answers,
      repoUrl: "github.com?owner=o&repo=r",
    });
    expect(error?.message).toContain("services.Api");
    expect(error?.message).not.toMatch(/prod-stack\.yaml:\d/);
  });

  test.each([
    [
      "two of one name",
      { answers: { services: [{ name: "api" }, { name: "api" }] } },
      "two entries of the list are called",
    ],
    ["an entry without a name", { answers: { services: [{ type: "worker" }] } }, "has no name"],
    ["an answer said twice", { answers: { name: "a" }, spec: "name: b\n" }, '"name" is answered twice'],
    ["nothing", {}, "nothing to generate from"],
    ["a wrong repoUrl", { answers: { name: "a" }, repoUrl: "nonsense" }, "repoUrl: expected"],
  ])("%s is refused", async (_what, input, message) => {
    const workspace = newWorkspace();
    const { error } = await runAction(generate, workspace.path, input);
    expect(error?.name).toBe("InputError");
    expect(error?.message).toContain(message);
    expect(treeOf(workspace.path)).toEqual({});
  });
});

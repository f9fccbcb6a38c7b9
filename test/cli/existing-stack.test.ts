// Owns: the command in a repository that it has generated: bring up to date, edit, add, show, explain.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { COMPLETE, contents, put, read, run, scratch } from "./command.js";

const SPEC = COMPLETE.replace("name: hello", "name: hello # the stack").replace(
  "  dev:",
  "  # where we try\n  dev:",
);

async function generated(spec = SPEC): Promise<string> {
  const cwd = scratch();
  put(cwd, "prod-stack.yaml", spec);
  expect(await run(["--no-git"], { cwd })).toMatchObject({ code: 0, stderr: "" });
  return cwd;
}

describe("bringing up to date", () => {
  it("says that there is nothing to do, and touches nothing", async () => {
    const cwd = await generated();
    const before = contents(cwd);
    const { code, stdout } = await run([], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Nothing to do: all \d+ files are up to date\.\n$/);
    expect(JSON.parse((await run(["--json"], { cwd })).stdout)).toMatchObject({
      written: false,
      counts: { create: 0, update: 0 },
    });
    expect(contents(cwd)).toEqual(before);
  });

  it("shows each file with its reason, in a dry run without writing", async () => {
    const cwd = await generated();
    put(cwd, "prod-stack.yaml", SPEC.replace("http: 3000", "http: 4000"));
    const before = contents(cwd);
    const dry = await run(["--dry-run"], { cwd });
    expect(dry.stdout).toMatch(/update +base\/hello\/\S+ +changed by the generator/);
    expect(contents(cwd)).toEqual(before);
    expect((await run([], { cwd })).code).toBe(0);
    expect(read(cwd, "base/hello/service.yaml")).toContain("4000");
    expect((await run([], { cwd })).stdout).toMatch(/^Nothing to do/);
  });

  it("leaves a file in conflict alone, tells how to go on, and exits 3", async () => {
    const cwd = await generated();
    const file = "base/hello/service.yaml";
    const edited = read(cwd, file).replaceAll("http", "edited");
    put(cwd, file, edited);
    put(cwd, "prod-stack.yaml", SPEC.replace("{ http: 3000 }", "{ web: 3000 }"));
    const { code, stdout } = await run([], { cwd });
    expect(code).toBe(3);
    expect(stdout).toContain(`conflict  ${file}`);
    expect(stdout).toContain("1 conflict to resolve");
    expect(read(cwd, file)).toBe(edited);
    const again = await run(["--json"], { cwd });
    expect(again.code).toBe(3);
    expect(JSON.parse(again.stdout).conflicts).toEqual([file]);
  });

  it("changes a value with --set, and keeps the user's comments", async () => {
    const cwd = await generated();
    expect((await run(["--set", "monitoring.slo.availability=99.5"], { cwd })).code).toBe(0);
    const text = read(cwd, "prod-stack.yaml");
    expect(text).toContain("name: hello # the stack");
    expect(text).toContain("# where we try");
    expect(parse(text).monitoring).toEqual({ slo: { availability: 99.5 } });
    expect((await run([], { cwd })).stdout).toMatch(/^Nothing to do/);
  });

  it("refuses a broken prod-stack.yaml at its line, and changes nothing", async () => {
    const cwd = await generated();
    put(cwd, "prod-stack.yaml", SPEC.replace("tier: production", "tier: prodution"));
    const before = contents(cwd);
    const { code, stderr } = await run([], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/prod-stack\.yaml:9:\d+ environments\.prod\.tier: .*did you mean "production"/);
    expect(contents(cwd)).toEqual(before);
  });
});

describe("add", () => {
  it("adds a service, a datastore and an environment, and keeps comments and order", async () => {
    const cwd = await generated();
    const steps = [
      ["add", "datastore", "cache", "--engine", "valkey", "--role", "cache", "--used-by", "hello"],
      [
        "add",
        "service",
        "mailer",
        "--service-type",
        "worker",
        "--image",
        "ghcr.io/o/mailer:1.0.0",
        "--uses",
        "cache",
      ],
      ["add", "environment", "staging", "--tier", "staging", "--domain", "staging.example.com"],
    ];
    for (const words of steps) expect(await run(words, { cwd })).toMatchObject({ code: 0, stderr: "" });
    const text = read(cwd, "prod-stack.yaml");
    expect(text).toContain("name: hello # the stack");
    expect(text).toContain("# where we try");
    const spec = parse(text);
    expect(Object.keys(spec)).toEqual([
      "apiVersion",
      "name",
      "source",
      "services",
      "datastores",
      "environments",
    ]);
    expect(spec.datastores).toEqual({ cache: { engine: "valkey", role: "cache" } });
    expect(spec.services.hello.uses).toEqual({ cache: {} });
    expect(spec.services.mailer).toEqual({
      type: "worker",
      image: "ghcr.io/o/mailer:1.0.0",
      uses: { cache: {} },
    });
    expect(Object.keys(spec.environments)).toEqual(["dev", "prod", "staging"]);
    expect(Object.keys(contents(cwd)).some((path) => path.startsWith("overlays/staging/"))).toBe(true);
    expect((await run([], { cwd })).stdout).toMatch(/^Nothing to do/);
  });

  it("changes nothing in a dry run", async () => {
    const cwd = await generated();
    const before = contents(cwd);
    const { code, stdout } = await run(["add", "datastore", "redis", "--engine", "redis", "--dry-run"], {
      cwd,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/update +prod-stack\.yaml +edited as you asked/);
    expect(contents(cwd)).toEqual(before);
  });

  it("names what is missing, and the command that it names works", async () => {
    const cwd = await generated();
    const { code, stderr } = await run(["add", "service", "api"], { cwd });
    expect(code).toBe(1);
    const command = /^ {2}create-prod-stack (add service api --service-type .*)$/m.exec(stderr)?.[1] ?? "";
    expect(await run(command.split(" "), { cwd })).toMatchObject({ code: 0, stderr: "" });
    expect(parse(read(cwd, "prod-stack.yaml")).services.api).toMatchObject({
      type: "web-api",
      ports: { http: 8080 },
    });
  });

  it.each([
    [["add", "service", "hello", "--yes"], /service hello is in prod-stack\.yaml already/],
    [["add", "servic", "x"], /did you mean "service"/],
    [["add", "service"], /add needs a name/],
    [["add", "service", "No_Good", "--yes"], /cannot be a name here/],
    [["add", "datastore", "hello", "--yes"], /"hello" is also the name of one of the services/],
    [
      ["add", "datastore", "redis", "--engine", "redis", "--used-by", "helo"],
      /no service is called "helo"; did you mean "hello"/,
    ],
  ])("refuses %j", async (words, message) => {
    const cwd = await generated();
    const before = contents(cwd);
    const { code, stderr } = await run(words, { cwd });
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(contents(cwd)).toEqual(before);
  });

  it("needs a stack", async () => {
    const { code, stderr } = await run(["add", "service", "x", "--yes"], { cwd: scratch() });
    expect(code).toBe(1);
    expect(stderr).toContain("there is no prod-stack.yaml here");
  });
});

describe("show", () => {
  it("gives the origin of every value", async () => {
    const cwd = await generated();
    const { code, stdout } = await run(["show", "--environment", "prod"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^name: hello +# prod-stack\.yaml:2$/m);
    expect(stdout).toMatch(/^tier: production +# prod-stack\.yaml:9$/m);
    expect(stdout).toMatch(/^ {4}type: web-api +# prod-stack\.yaml:5$/m);
    expect(stdout).toMatch(/^ {4}replicas: 3 +# tier production$/m);
    expect(stdout).toMatch(/^ {2}issuer: letsencrypt +# default$/m);
    expect(stdout).toMatch(/# runtime$/m);
    const bare = stdout
      .split("\n")
      .filter((line) => line !== "" && !line.includes(" # ") && !line.endsWith(":"));
    expect(bare).toEqual([]);
    expect(parse(stdout)).toMatchObject({
      name: "hello",
      namespace: "hello-prod",
      services: { hello: { replicas: 3 } },
    });
  });

  it("prints the same as JSON", async () => {
    const cwd = await generated();
    const shown = JSON.parse((await run(["show", "--json", "-e", "dev"], { cwd })).stdout);
    expect(shown.tier).toEqual({ value: "development", origin: "prod-stack.yaml:8" });
    expect(shown.services.hello.image).toEqual({
      value: "ghcr.io/example-org/hello:1.4.2",
      origin: "prod-stack.yaml:5",
    });
  });

  it("names an override by its own line, and the nearest environment", async () => {
    const cwd = await generated(`${SPEC}tiers:\n  production:\n    services: { hello: { replicas: 5 } }\n`);
    expect((await run(["show", "-e", "prod"], { cwd })).stdout).toMatch(
      /replicas: 5 +# prod-stack\.yaml:12$/m,
    );
    expect((await run(["show", "-e", "prd"], { cwd })).stderr).toContain('did you mean "prod"?');
  });
});

describe("explain", () => {
  it("explains files, from wherever the user stands", async () => {
    const cwd = await generated();
    const fromRoot = await run(["explain", "base/hello/deployment.yaml"], { cwd });
    const fromBelow = await run(["explain", "deployment.yaml"], {
      cwd: join(cwd, "base/hello"),
      env: { HOME: cwd },
    });
    expect(fromRoot.code).toBe(0);
    expect(fromRoot.stdout).toMatch(/why/);
    expect(fromRoot.stdout).toMatch(/change it in/);
    expect(fromBelow.code).toBe(1);
    put(cwd, ".git/HEAD", "");
    expect((await run(["explain", "deployment.yaml"], { cwd: join(cwd, "base/hello") })).stdout).toBe(
      fromRoot.stdout,
    );
  });

  it("says how the stack stands to a row, and how to have one that nobody asked for", async () => {
    const cwd = await generated();
    const met = (await run(["explain", "NET-03"], { cwd })).stdout;
    expect(met).toMatch(/here +met\n/);
    expect(met).toContain("base/hello/route.yaml");
    const open = (await run(["explain", "res-12"], { cwd })).stdout;
    expect(open).toMatch(/here +not asked for\n +how +services\.NAME\.expose\.affinity/);
    expect(open).not.toContain("route.yaml");
  });

  it("explains rows and capabilities, with the files of this stack", async () => {
    const cwd = await generated();
    const row = await run(["explain", "sec-06"], { cwd });
    expect(row.stdout).toMatch(/made true by +network-policy/);
    expect(row.stdout).toContain("network-polic");
    expect((await run(["explain", "workload"], { cwd })).stdout).toContain("base/hello/deployment.yaml");
    expect(JSON.parse((await run(["explain", "SEC-06", "--json"], { cwd })).stdout)).toMatchObject({
      topic: "SEC-06",
    });
  });

  it("lists everything, and suggests the nearest for what is unknown", async () => {
    const cwd = scratch();
    const listed = await run(["explain"], { cwd });
    expect(listed.stdout).toContain("  workload");
    expect(listed.stdout.match(/^ {2}[A-Z]{3}-\d+/gm)).toHaveLength(97);
    const { code, stderr } = await run(["explain", "worklaod"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('did you mean "workload"?');
    expect((await run(["explain", "SEC-6"], { cwd })).stderr).toMatch(/did you mean "SEC-0?6?/);
  });
});

describe("validate", () => {
  it("exits 1 where nothing can build, and names what is needed", async () => {
    const cwd = await generated();
    const { code, stderr } = await run(["validate"], { cwd, env: { PATH: "/nonexistent" } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/kustomize/);
  });
});

it("works again after the state is lost, without touching files of the user's", async () => {
  const cwd = await generated();
  rmSync(join(cwd, ".prod-stack"), { recursive: true });
  const { code, stderr } = await run([], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain("is not empty, and was not made by create-prod-stack");
});

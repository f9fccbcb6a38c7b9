// Owns: `create-prod-stack validate` as a process: its exit codes, and that leaving it stops what it has started.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { COMMAND, listing, plainEnvironment, put, read, run, scratch } from "./command.js";
import { addManyObjects, stack } from "./validated-stack.js";

describe("exit codes", () => {
  it("0 where everything passes", async () => {
    const { cwd, env } = await stack();
    const { code, stdout, stderr } = await run(["validate"], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^passed: \d+ passed, 0 failed/m);
  });

  it("4 where a check fails, with the same findings as JSON", async () => {
    const { cwd, env } = await stack();
    put(
      cwd,
      "base/shop/service.yaml",
      read(cwd, "base/shop/service.yaml").replace("kind: Service", "kind: Servce"),
    );
    const text = await run(["validate"], { cwd, env });
    expect(text.code).toBe(4);
    expect(text.stdout).toMatch(/^FAILED: /m);
    const json = await run(["validate", "--json"], { cwd, env });
    expect(json.code).toBe(4);
    expect(JSON.parse(json.stdout).status).toBe("failed");
    expect(json.stderr).toBe("");
  });

  it("0 where a pod mounts a ConfigMap that the stack says is somebody else's, 4 for any other", async () => {
    const { cwd, env } = await stack();
    const volumes = "volumes: { ca: { configMap: company-ca, mount: /ca } }";
    const spec = read(cwd, "prod-stack.yaml");
    put(cwd, "prod-stack.yaml", spec.replace(/^( +)(type: [a-z-]+)$/m, `$1$2\n$1${volumes}`));
    expect(read(cwd, "prod-stack.yaml")).not.toBe(spec);
    expect((await run(["--yes"], { cwd, env })).code).toBe(0);
    expect((await run(["validate"], { cwd, env })).code).toBe(0);
    put(cwd, "prod-stack.yaml", read(cwd, "prod-stack.yaml").replace("company-ca", "other-ca"));
    const { code, stdout } = await run(["validate"], { cwd, env });
    expect(code).toBe(4);
    expect(stdout).toContain("company-ca");
  });

  it("4 where nothing can be built, since nothing is there", async () => {
    const { env } = await stack();
    const { code, stdout } = await run(["validate"], { cwd: scratch(), env });
    expect(code).toBe(4);
    expect(stdout).toContain("there is nothing to build");
  });

  it("1 without a program that builds, with how to get one", async () => {
    const { cwd } = await stack();
    const { code, stdout, stderr } = await run(["validate"], { cwd, env: { PATH: scratch() } });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/neither kustomize nor kubectl was found.*\nInstall one of them/);
  });

  it.each([
    [["--environment", "nowhere"], /no environment is called "nowhere"/],
    [["--kubernetes", "0.1"], /0\.1/],
    [["nowhere"], /is no directory that can be read/],
  ])("1 with %j", async (words, message) => {
    const { cwd, env } = await stack();
    const { code, stderr } = await run(["validate", ...words], { cwd, env });
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});

/** Processes whose parent is `parent`. */
function childrenOf(parent: number): number[] {
  return readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8")
    .split(" ")
    .filter(Boolean)
    .map(Number);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(process.platform !== "linux")("leaving", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s stops the running tool, tidies up and exits 130",
    async (signal) => {
      const { cwd, env } = await stack();
      addManyObjects(cwd);
      const before = listing(cwd);
      const temporary = scratch();
      const child = spawn(process.execPath, [COMMAND, "validate", "--environment", "prod"], {
        cwd,
        env: { ...plainEnvironment(cwd), ...env, TMPDIR: temporary },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = new Promise<number | null>((done) => child.on("close", done));
      let stderr = "";
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      const pid = child.pid ?? 0;
      while (childrenOf(pid).length === 0) await sleep(5);
      const [tool = 0] = childrenOf(pid);
      const start = performance.now();
      child.kill(signal);
      expect(await ended).toBe(130);
      expect(performance.now() - start).toBeLessThan(20_000);
      expect(isRunning(tool)).toBe(false);
      expect(stderr).toBe("validation was cancelled\n");
      expect(readdirSync(temporary)).toEqual([]);
      expect(listing(cwd)).toEqual(before);
    },
  );
});

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureTool, type ToolName } from "./ensure-tool.js";

const minute = 60_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ensure-tool-"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A program of that name that prints something and succeeds, whatever it is asked. */
function writePretender(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/sh\necho v5.8.1\n");
  chmodSync(path, 0o755);
  return path;
}

/** A fresh copy of the module: it asks once per tool and process. */
async function ensureAgain(name: ToolName): Promise<string> {
  vi.resetModules();
  return (await import("./ensure-tool.js")).ensureTool(name);
}

describe("ensureTool", () => {
  it.each(["kustomize", "kubeconform", "actionlint"] as const)(
    "gives a %s that runs",
    async (name) => {
      const binary = await ensureTool(name);
      const { exitCode } = await execa(binary, [name === "kustomize" ? "version" : "-h"], { reject: false });
      expect(exitCode).toBeOneOf([0, 1]);
    },
    10 * minute,
  );

  it.each([
    ["kustomize", "KUSTOMIZE"],
    ["kubeconform", "KUBECONFORM"],
    ["actionlint", "ACTIONLINT"],
  ] as const)("refuses a program named by the environment that is no %s", async (name, variable) => {
    const pretender = writePretender(name);
    vi.stubEnv(variable, pretender);
    await expect(ensureAgain(name)).rejects.toThrow(`${variable} names ${pretender}, which is not suitable`);
  });

  it("refuses a variable that names nothing", async () => {
    vi.stubEnv("KUSTOMIZE", join(folder, "missing"));
    await expect(ensureAgain("kustomize")).rejects.toThrow("KUSTOMIZE names no program");
    vi.stubEnv("KUSTOMIZE", "kustomize");
    await expect(ensureAgain("kustomize")).rejects.toThrow("must be an absolute path");
  });

  it("passes over an unsuitable program on PATH", async () => {
    const pretender = writePretender("kustomize");
    vi.stubEnv("PATH", [folder, process.env.PATH].join(delimiter));
    expect(await ensureAgain("kustomize")).not.toBe(pretender);
  });
});

// Owns: the reader's test: someone who opens the generated README deploys with the commands in it, in order.
// Promises: every command block is executed as it stands, with the real kubectl against a real API server.
// Must not: stub more than pods that run: there is no kubelet, so `rollout status` and the tunnel to a pod are played.

import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installCrds, kubectlPath, startApiServer, usualCrdGroups } from "./index.js";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLE = join(ROOT, "examples/rate-limiter/prod-stack.yaml");

type ApiServer = Awaited<ReturnType<typeof startApiServer>>;

const home = mkdtempSync(join(tmpdir(), "reader-"));
const repository = join(home, "rate-limiter");
let server: ApiServer;
let pod: Server;
let environment: Record<string, string>;

beforeAll(async () => {
  server = await startApiServer();
  await installCrds(server, usualCrdGroups);
  pod = createServer((_request, response) => response.end("UP")).listen(0, "127.0.0.1");
  await execa(process.execPath, [
    join(ROOT, "lib/cli.cjs"),
    repository,
    "--answers",
    EXAMPLE,
    "--yes",
    "--no-git",
  ]);
  environment = { PATH: `${await commands()}:${process.env.PATH}`, KUBECONFIG: server.kubeconfig };
  // What docs/requirements.md asks of the platform.
  for (const name of ["argocd", "gateways", "monitoring"])
    await execa("kubectl", ["create", "namespace", name], { env: environment });
});

afterAll(async () => {
  pod?.close();
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** A kubectl that is the real one, but for what needs a kubelet. */
async function commands(): Promise<string> {
  const bin = join(home, "bin");
  const { port } = pod.address() as AddressInfo;
  mkdirSync(bin);
  writeFileSync(
    join(bin, "kubectl"),
    `#!/usr/bin/env bash
for word in "$@"; do
  case "$word" in
    rollout) echo rolled out; exit 0 ;;
    port-forward) echo "Forwarding from 127.0.0.1:${port} -> 8080"; exec sleep 30 ;;
  esac
done
exec ${await kubectlPath()} "$@"
`,
  );
  chmodSync(join(bin, "kubectl"), 0o755);
  return bin;
}

/** The shell blocks of a page, in order, without the indentation of a list. */
function blocksOf(page: string): string[] {
  return [...page.matchAll(/^( *)```sh\n([\s\S]*?)^ *```/gm)].map(([, indent = "", block = ""]) =>
    block.replaceAll(new RegExp(`^${indent}`, "gm"), "").trim(),
  );
}

async function run(block: string): Promise<{ code: number; output: string }> {
  const child = spawn("bash", ["-euo", "pipefail", "-c", block], {
    cwd: repository,
    env: { ...process.env, ...environment },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? -1)));
  return { code, output };
}

describe("the README of the rate limiter", () => {
  test("deploys to every environment with its own commands, in order", async () => {
    const blocks = blocksOf(readFileSync(join(repository, "README.md"), "utf8"));
    expect(blocks.length).toBeGreaterThanOrEqual(6);
    for (const block of blocks) {
      const { code, output } = await run(block);
      expect({ block, code, output: code === 0 ? "" : output }).toEqual({ block, code: 0, output: "" });
    }
  });

  test.each(["rate-limiter-dev", "rate-limiter"])("left its objects in %s", async (namespace) => {
    const { stdout } = await execa(
      "kubectl",
      ["get", "deployments,statefulsets,services", "-n", namespace, "-o", "name"],
      { env: environment },
    );
    expect(stdout.split("\n")).toEqual(
      expect.arrayContaining(["deployment.apps/rate-limiter", "statefulset.apps/redis", "service/redis"]),
    );
  });

  test("hands over to Argo CD", async () => {
    const { stdout } = await execa(
      "kubectl",
      ["get", "applicationsets,appprojects", "-n", "argocd", "-o", "name"],
      { env: environment },
    );
    expect(stdout).toContain("applicationset.argoproj.io/rate-limiter");
    expect(stdout).toContain("appproject.argoproj.io/rate-limiter");
  });
});

// Proves the end of previews: the script of a generated repository against servers that answer as GitHub and GitLab do.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { renderText, writeTree } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

const LABEL = "env: preview";
const HOUR = 3600;
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

type Answer = (url: URL, request: IncomingMessage, body: string) => unknown;

let folder: string;
let server: Server;
let api: string;
let answer: Answer;
let changes: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "prod-stack-expire-"));
  writeTree(folder, renderText(SAMPLE_STACKS.traefik ?? "").tree);
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://localhost");
      if (request.method !== "GET") changes.push(`${request.method} ${url.pathname} ${body}`.trim());
      const result = request.method === "GET" ? answer(url, request, body) : {};
      response.writeHead(result === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(result ?? { message: "Not Found" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  changes = [];
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function expire(provider: string, repository: string, env: Readonly<Record<string, string>> = {}) {
  const args = [provider, repository, LABEL, String(24 * HOUR), api];
  return execa(join(folder, "scripts/expire-previews.sh"), args, {
    env: { TOKEN: "t0ken", ...env },
    reject: false,
  });
}

const labeled = (name: string, seconds: number) => ({
  event: "labeled",
  label: { name },
  created_at: ago(seconds).replace(/\.[0-9]+/, ""),
});

/** Pull request 1 is old, 2 is young, 3 is an issue, 4 got its label again after 120 other events. */
const github: Answer = ({ pathname, searchParams }, { headers }) => {
  if (headers.authorization !== "Bearer t0ken") return undefined;
  const first = searchParams.get("page") === "1";
  if (pathname === "/repos/o/r/issues") {
    const isAsked = searchParams.get("labels") === LABEL && searchParams.get("state") === "open";
    const pulls = [1, 2, 4].map((number) => ({ number, pull_request: {} }));
    return isAsked && first ? [...pulls, { number: 3 }] : [];
  }
  const number = /^\/repos\/o\/r\/issues\/([0-9]+)\/events$/.exec(pathname)?.[1];
  if (number === "1") return first ? [labeled(LABEL, 25 * HOUR), labeled("bug", HOUR)] : [];
  if (number === "2") return first ? [labeled(LABEL, 50 * HOUR), labeled(LABEL, HOUR)] : [];
  const many = [
    labeled(LABEL, 90 * HOUR),
    ...Array.from({ length: 99 }, () => ({ event: "closed", created_at: ago(9) })),
  ];
  return first ? many : [labeled(LABEL, 2 * HOUR)];
};

const gitlab: Answer = ({ pathname, searchParams }, { headers, url }) => {
  if (headers["private-token"] !== "t0ken") return undefined;
  if (!(url ?? "").startsWith("/api/v4/projects/group%2Fcode/")) return undefined;
  if (pathname.endsWith("/merge_requests"))
    return searchParams.get("labels") === LABEL && searchParams.get("state") === "opened"
      ? [{ iid: 7 }, { iid: 8 }]
      : [];
  const hours = pathname.includes("/7/") ? 30 : 3;
  return [
    { action: "add", label: { name: LABEL }, created_at: ago(hours * HOUR) },
    { action: "add", label: null, created_at: ago(1) },
  ];
};

describe("previews that have lived their time", () => {
  test("lose their label at GitHub, and no others do", async () => {
    answer = github;
    const { stdout, stderr, exitCode } = await expire("github", "o/r");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(changes).toEqual(["DELETE /repos/o/r/issues/1/labels/env%3A%20preview"]);
    expect(stdout).toMatch(/^1: ended\n2: lives another 13[0-9]{2} minutes\n4: lives/);
  });

  test("lose their label at GitLab, and no others do", async () => {
    answer = gitlab;
    const { stderr, exitCode } = await expire("gitlab", "group/code");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(changes).toEqual([
      "PUT /api/v4/projects/group%2Fcode/merge_requests/7 remove_labels=env%3A+preview",
    ]);
  });

  test("are only named in a dry run", async () => {
    answer = github;
    const { stdout } = await expire("github", "o/r", { DRY_RUN: "true" });
    expect(stdout).toContain("1: would end");
    expect(changes).toEqual([]);
  });

  test("stay where the provider says no, and the pipeline fails", async () => {
    answer = github;
    const { exitCode, stdout } = await expire("github", "o/r", { TOKEN: "other" });
    expect(exitCode).not.toBe(0);
    expect(stdout).not.toContain("ended");
    expect(changes).toEqual([]);
  });
});

test("the token is no argument that other processes could read", () => {
  const { tree } = renderText(SAMPLE_STACKS.traefik ?? "");
  const script = tree.find(({ path }) => path === "scripts/expire-previews.sh")?.contents ?? "";
  expect(script).toContain("--config <(");
  expect(script).not.toMatch(/--header/);
});

test("the workflow asks hourly, with rights for labels alone, and goes on after a repository that fails", () => {
  const { tree } = renderText(SAMPLE_STACKS.previews ?? "");
  const text = tree.find(({ path }) => path === ".github/workflows/peek-previews.yaml")?.contents ?? "";
  const workflow = parse(text);
  expect(workflow.on.schedule).toHaveLength(1);
  expect(workflow.permissions).toEqual({});
  const { permissions, steps } = workflow.jobs.expire;
  expect(permissions).toEqual({ contents: "read", issues: "write", "pull-requests": "write" });
  const own = steps.filter(({ run }: { run?: string }) => run !== undefined);
  expect(own.map(({ env }: { env: { REPOSITORY: string } }) => env.REPOSITORY)).toEqual([
    "example-org/api",
    "example-org/jobs",
  ]);
  expect(own.every((step: { if?: string }) => step.if === "always()")).toBe(true);
});

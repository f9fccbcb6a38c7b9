// Owns: that the small Backstage works as a whole: login, catalog, template, task, repository.
// Promises: its own process, its own configuration, over HTTP, as the pages ask.
// Must not: need the pages.

import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BareRepositories } from "./forge/bare-repositories.js";
import { freePort } from "./free-port.js";
import { formAnswers } from "./split-answers.js";
import { byCommand, exampleText, treeOf } from "./tree.js";

const DEV = fileURLToPath(new URL("../dev", import.meta.url));

const repositories = new BareRepositories();
let backend: ReturnType<typeof spawn>;
let base: string;
let said = "";
beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  const own = join(mkdtempSync(join(repositories.folder, "config-")), "config.yaml");
  writeFileSync(
    own,
    JSON.stringify({
      app: { baseUrl: base },
      backend: { baseUrl: base, listen: { port, host: "127.0.0.1" } },
      dev: { repositories: repositories.folder },
    }),
  );
  backend = spawn(process.execPath, ["backend.mjs", "--config", "app-config.yaml", "--config", own], {
    cwd: DEV,
    env: { ...process.env, NODE_ENV: "development", TMPDIR: tmpdir() },
  });
  const note = (chunk: Buffer) => {
    said += chunk.toString();
  };
  backend.stdout?.on("data", note);
  backend.stderr?.on("data", note);
});
afterAll(async () => {
  if (backend.exitCode === null) {
    const ended = new Promise((resolve) => backend.once("exit", resolve));
    backend.kill("SIGTERM");
    await ended;
  }
  repositories.remove();
});

async function until<T>(ask: () => Promise<T | undefined>, seconds = 240): Promise<T> {
  for (
    const end = Date.now() + seconds * 1000;
    Date.now() < end;
    await new Promise((wake) => setTimeout(wake, 200))
  ) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    if (backend.exitCode !== null) break;
  }
  throw new Error(`nothing came in time; the backend said:\n${said.slice(-4000)}`);
}

/** The template that needs no account does not ask for branch and directory. */
function withoutSource(answers: string): string {
  const shorter = answers.replace(/^ {2}revision: main\n/m, "");
  expect(shorter).not.toBe(answers);
  return shorter;
}

test("a guest finds the templates in the catalog, fills in the form, and gets the command's repository", async () => {
  const token = await until(
    async () =>
      (await (await fetch(`${base}/api/auth/guest/refresh`)).json()).backstageIdentity?.token as string,
  );
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const get = async (path: string) => {
    const response = await fetch(`${base}${path}`, { headers });
    return response.ok ? await response.json() : undefined;
  };
  expect((await fetch(`${base}/api/scaffolder/v2/actions`)).status).toBe(401);
  const actions = (await get("/api/scaffolder/v2/actions")) as { id: string }[];
  expect(actions.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["prodStack:repo:generate", "prodStack:repo:upgrade", "prodStack:repo:validate"]),
  );
  for (const name of ["create", "upgrade", "try"])
    await until(() => get(`/api/catalog/entities/by-name/template/default/prod-stack-${name}`));
  const form = await get("/api/scaffolder/v2/templates/default/template/prod-stack-create/parameter-schema");
  expect(form.steps.map(({ title }: { title: string }) => title)).toEqual([
    "What",
    "Where",
    "Services",
    "Datastores",
    "Environments",
    "Options",
  ]);

  const { values, answers } = formAnswers(exampleText("rate-limiter"));
  const { provider: _provider, repoUrl: _repoUrl, source: _source, ...asked } = values;
  const created = await fetch(`${base}/api/scaffolder/v2/tasks`, {
    method: "POST",
    headers,
    body: JSON.stringify({ templateRef: "template:default/prod-stack-try", values: asked }),
  });
  expect(created.status).toBe(201);
  const { id } = await created.json();
  const status = await until(async () => {
    const task = await get(`/api/scaffolder/v2/tasks/${id}`);
    return ["completed", "failed"].includes(task.status) ? (task.status as string) : undefined;
  });
  const events = await get(`/api/scaffolder/v2/tasks/${id}/events`);
  expect(status, JSON.stringify(events)).toBe("completed");
  expect(repositories.commits("rate-limiter", "main")).toBe(1);
  const published = treeOf(repositories.checkOut("rate-limiter", "main"));
  expect(published).toEqual(treeOf(byCommand(withoutSource(answers))));
});

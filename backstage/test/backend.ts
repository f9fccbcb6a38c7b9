// Owns: a scaffolder with the module in it, and asking it.
// Promises: Backstage's own backend, on a port of its own; the catalog has the two templates.
// Must not: assert.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createServiceFactory } from "@backstage/backend-plugin-api";
import { mockServices, startTestBackend } from "@backstage/backend-test-utils";
import { catalogServiceRef } from "@backstage/plugin-catalog-node";
import { catalogServiceMock } from "@backstage/plugin-catalog-node/testUtils";
import { parse } from "yaml";

export const templateFile = (name: "create" | "upgrade") =>
  fileURLToPath(new URL(`../templates/${name}/template.yaml`, import.meta.url));

export function template(name: "create" | "upgrade") {
  const entity = parse(readFileSync(templateFile(name), "utf8"));
  entity.metadata.annotations = { "backstage.io/managed-by-location": `file:${templateFile(name)}` };
  return entity;
}

interface AddLocationRequest {
  readonly type?: string;
  readonly target: string;
  readonly dryRun?: boolean;
}

export interface DryRun {
  readonly status: number;
  /** Path → mode and bytes. */
  readonly files: Record<string, string>;
  readonly log: string;
  readonly output: { text?: { title: string; content: string }[]; links?: { title: string; url?: string }[] };
  readonly body: string;
}

export async function startScaffolder(features: unknown[] = [], config: object = {}) {
  const registered: string[] = [];
  // The mock of Backstage lacks what catalog:register asks.
  const catalog = Object.assign(catalogServiceMock({ entities: [template("create"), template("upgrade")] }), {
    addLocation: async ({ type = "url", target, dryRun = false }: AddLocationRequest) => {
      if (!dryRun) registered.push(target);
      const entities = dryRun
        ? [{ apiVersion: "backstage.io/v1alpha1", kind: "System", metadata: { name: "stack" } }]
        : [];
      return { location: { id: "1", type, target, entityRef: "location:default/one" }, entities };
    },
  });
  const backend = await startTestBackend({
    features: [
      import("@backstage/plugin-scaffolder-backend"),
      import("@backstage/plugin-scaffolder-backend-module-github"),
      import("@backstage/plugin-scaffolder-backend-module-gitlab"),
      import("backstage-plugin-scaffolder-backend-module-prod-stack"),
      ...(features as []),
      createServiceFactory({ service: catalogServiceRef, deps: {}, factory: () => catalog }),
      mockServices.rootConfig.factory({
        data: {
          backend: { baseUrl: "http://localhost" },
          integrations: {
            github: [{ host: "github.com" }],
            gitlab: [
              { host: "gitlab.com", apiBaseUrl: "https://gitlab.com/api/v4", baseUrl: "https://gitlab.com" },
            ],
          },
          ...config,
        },
      }),
    ],
  });
  const base = `http://127.0.0.1:${backend.server.port()}/api/scaffolder/v2`;
  const post = (path: string, body: unknown) =>
    fetch(`${base}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  return {
    base,
    /** Addresses that were given to the catalog. */
    registered,
    stop: () => backend.stop(),
    async dryRun(entity: unknown, values: object): Promise<DryRun> {
      const response = await post("/dry-run", {
        template: entity,
        values,
        secrets: {},
        directoryContents: [],
      });
      const text = await response.text();
      const body = response.status === 200 ? JSON.parse(text) : {};
      const files = (body.directoryContents ?? []) as {
        path: string;
        base64Content: string;
        executable?: boolean;
      }[];
      return {
        status: response.status,
        files: Object.fromEntries(
          files.map(({ path, base64Content, executable }) => [
            path,
            `${executable ? "755" : "644"} ${Buffer.from(base64Content, "base64").toString("latin1")}`,
          ]),
        ),
        log: ((body.log ?? []) as { body: { message: string } }[])
          .map(({ body: line }) => line.message)
          .join("\n"),
        output: body.output ?? {},
        body: text,
      };
    },
    /** Runs a task to its end. */
    async run(templateName: string, values: object) {
      const created = await post("/tasks", { templateRef: `template:default/${templateName}`, values });
      const text = await created.text();
      if (created.status !== 201)
        return { status: `refused ${created.status}`, log: text, output: {} as never };
      const { id } = JSON.parse(text) as { id: string };
      for (;;) {
        const task = await (await fetch(`${base}/tasks/${id}`)).json();
        if (["completed", "failed", "cancelled"].includes(task.status)) {
          const events = (await (await fetch(`${base}/tasks/${id}/events`)).json()) as {
            body: { message: string; output?: unknown };
          }[];
          const output = events.at(-1)?.body.output ?? {};
          return {
            status: task.status as string,
            log: events.map(({ body }) => body.message).join("\n"),
            output: output as DryRun["output"],
          };
        }
        await new Promise((wake) => setTimeout(wake, 100));
      }
    },
  };
}

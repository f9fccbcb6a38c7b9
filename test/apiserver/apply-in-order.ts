// Owns: applying manifests to a running server as Argo CD would sync them, and reporting what came of each.
// Promises: every object is tried; every rejection and every warning is in the report; nothing is only a dry run.
// Must not: mend, default or drop anything on the way.
import { isDeepStrictEqual } from "node:util";
import type { ApiResponse } from "./api-client.js";
import { createResourceCatalog, pathOf, type ResourceCatalog } from "./discover-resources.js";
import { isRecord, type ManifestDocument } from "./manifest-documents.js";
import { ensureServiceAccount, messageOf, resetQuotaUsage } from "./missing-controllers.js";
import type { ApiServer } from "./start-api-server.js";
import { planSyncSteps } from "./sync-order.js";

/** What an object is called in reports, such as `apps/v1 Deployment shop/web`. */
export interface ObjectOutcome {
  readonly name: string;
  /** Where the manifest comes from. */
  readonly source: string;
  readonly outcome: "created" | "changed" | "unchanged" | "rejected";
  /** Why the object was rejected, in the server's words. */
  readonly rejection?: string;
  readonly warnings: readonly string[];
}

/** Outcomes in the order of application, and views of them that tests ask for. */
export interface ApplyReport {
  readonly objects: readonly ObjectOutcome[];
  readonly created: readonly ObjectOutcome[];
  readonly changed: readonly ObjectOutcome[];
  readonly unchanged: readonly ObjectOutcome[];
  readonly rejected: readonly ObjectOutcome[];
  /** Every warning, prefixed with the name of its object. */
  readonly warnings: readonly string[];
}

/** Options of {@link applyInOrder}. */
export interface ApplyOptions {
  /** Namespace for namespaced objects that name none, as an Argo CD destination. Default: `default`. */
  readonly namespace?: string;
}

interface Application {
  readonly server: ApiServer;
  readonly catalog: ResourceCatalog;
  readonly namespace: string;
}

/**
 * Applies `documents` for real: server-side apply with strict field validation, in Argo CD's sync order. The objects
 * stay; apply the same documents again and each should be unchanged. Never throws because of a rejected object.
 */
export async function applyInOrder(
  server: ApiServer,
  documents: readonly ManifestDocument[],
  { namespace = "default" }: ApplyOptions = {},
): Promise<ApplyReport> {
  const application = { server, catalog: createResourceCatalog(server.client), namespace };
  const objects: ObjectOutcome[] = [];
  for (const step of planSyncSteps(documents)) {
    objects.push(...(await Promise.all(step.map((document) => applyDocument(application, document)))));
    await standInForControllers(application, step);
  }
  return reportOf(objects);
}

async function applyDocument(application: Application, document: ManifestDocument): Promise<ObjectOutcome> {
  const { server, catalog, namespace } = application;
  const { apiVersion, kind, metadata } = document.object;
  const reject = (rejection: string, warnings: readonly string[] = []): ObjectOutcome => ({
    name: objectName(document, namespace),
    source: document.source,
    outcome: "rejected",
    rejection,
    warnings,
  });
  if (metadata.name === undefined) return reject("metadata.name is missing: server-side apply needs it");
  const resource = await catalog.find(apiVersion, kind);
  if (resource === undefined) return reject(`the server serves no kind "${kind}" in version "${apiVersion}"`);

  const path = pathOf(resource, document.object, namespace);
  const before = await server.client.send("GET", path);
  const body = { type: "application/apply-patch+yaml", text: document.text };
  const query = "fieldManager=argocd-controller&force=true&fieldValidation=Strict";
  const after = await server.client.send("PATCH", `${path}?${query}`, body);
  if (after.status !== 200 && after.status !== 201) return reject(messageOf(after), after.warnings);
  const name = objectName(document, resource.namespaced ? namespace : undefined);
  return { name, source: document.source, outcome: outcomeOf(before, after), warnings: after.warnings };
}

function outcomeOf(before: ApiResponse, after: ApiResponse): ObjectOutcome["outcome"] {
  if (after.status === 201) return "created";
  return isDeepStrictEqual(contentOf(before.body), contentOf(after.body)) ? "unchanged" : "changed";
}

/** An object without what changes by itself: who wrote when, the storage revision, and what controllers report. */
function contentOf(body: unknown): unknown {
  if (!isRecord(body) || !isRecord(body.metadata)) return body;
  const { managedFields: _managedFields, resourceVersion: _resourceVersion, ...metadata } = body.metadata;
  const { status: _status, ...content } = body;
  return { ...content, metadata };
}

async function standInForControllers({ server, namespace }: Application, step: readonly ManifestDocument[]) {
  for (const { object } of step) {
    if (object.apiVersion !== "v1") continue;
    if (object.kind === "Namespace")
      await ensureServiceAccount(server.client, object.metadata.name ?? "", "default");
    if (object.kind === "ResourceQuota")
      await resetQuotaUsage(server.client, object.metadata.namespace ?? namespace);
  }
}

/** `apiVersion Kind namespace/name`; without a namespace where none is given. */
export function objectName({ object }: ManifestDocument, namespace?: string): string {
  const { name = object.metadata.generateName ?? "?", namespace: own = namespace } = object.metadata;
  return `${object.apiVersion} ${object.kind} ${own === undefined ? "" : `${own}/`}${name}`;
}

function reportOf(objects: readonly ObjectOutcome[]): ApplyReport {
  const having = (outcome: ObjectOutcome["outcome"]) =>
    objects.filter((object) => object.outcome === outcome);
  return {
    objects,
    created: having("created"),
    changed: having("changed"),
    unchanged: having("unchanged"),
    rejected: having("rejected"),
    warnings: objects.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: ${warning}`)),
  };
}

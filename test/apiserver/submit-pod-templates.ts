// Owns: making a bare Pod of every pod template and asking the server whether it would run.
// Promises: what admission decides about Pods (Pod Security, limits, quotas) is decided; no Pod is left behind.
// Must not: change the template, or know which kinds carry one: templates are found by their structure.
import { type ApiClient, jsonBody } from "./api-client.js";
import { objectName } from "./apply-in-order.js";
import { isRecord, type ManifestDocument } from "./manifest-documents.js";
import { ensureServiceAccount, expectStatus, messageOf, resetQuotaUsage } from "./missing-controllers.js";
import type { ApiServer } from "./start-api-server.js";

/** What came of one pod template. */
export interface PodOutcome {
  /** The workload and where the template stands in it, such as `batch/v1 CronJob shop/backup spec.jobTemplate.spec.template`. */
  readonly name: string;
  readonly source: string;
  /** Why the Pod was rejected, in the server's words; undefined when it was admitted. */
  readonly rejection?: string;
  /** Service account that the template names and nothing had created: the cluster would refuse the Pod. */
  readonly missingServiceAccount?: string;
  readonly warnings: readonly string[];
}

/** Outcomes in the order of the documents, and views of them. */
export interface PodReport {
  readonly pods: readonly PodOutcome[];
  readonly rejected: readonly PodOutcome[];
  readonly warnings: readonly string[];
}

interface PodTemplate {
  readonly document: ManifestDocument;
  readonly path: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * Submits a Pod for each pod template in `documents` (Deployments, StatefulSets, CronJobs, and whatever else holds
 * one), one at a time, in its workload's namespace, and deletes it. Apply the documents first: namespaces with their
 * labels, limits and quotas decide. Each Pod is judged alone: quotas count from zero.
 */
export async function submitPodTemplates(
  server: ApiServer,
  documents: readonly ManifestDocument[],
  { namespace = "default" }: { readonly namespace?: string } = {},
): Promise<PodReport> {
  const pods: PodOutcome[] = [];
  for (const document of documents) {
    for (const template of findPodTemplates(document)) {
      pods.push(await submitPod(server.client, template, document.object.metadata.namespace ?? namespace));
    }
  }
  return {
    pods,
    rejected: pods.filter(({ rejection }) => rejection !== undefined),
    warnings: pods.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: ${warning}`)),
  };
}

async function submitPod(client: ApiClient, template: PodTemplate, namespace: string): Promise<PodOutcome> {
  const { document, path, spec } = template;
  const account = typeof spec.serviceAccountName === "string" ? spec.serviceAccountName : "default";
  const accountWasMissing = await ensureServiceAccount(client, namespace, account);
  await resetQuotaUsage(client, namespace);
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const answer = await client.send("POST", `${pods}?fieldValidation=Strict`, jsonBody(podFrom(template)));
  if (answer.status === 201) await deletePod(client, pods, answer.body);
  return {
    name: `${objectName(document, namespace)} ${path}`,
    source: document.source,
    ...(answer.status !== 201 && { rejection: messageOf(answer) }),
    ...(accountWasMissing && account !== "default" && { missingServiceAccount: account }),
    warnings: answer.warnings,
  };
}

function podFrom({ document, metadata, spec }: PodTemplate): object {
  const { labels, annotations } = metadata;
  const generateName = `${document.object.metadata.name ?? "pod"}-`;
  const volumes = [...(Array.isArray(spec.volumes) ? spec.volumes : []), ...claimedVolumes(document)];
  const complete = volumes.length === 0 ? spec : { ...spec, volumes };
  return { apiVersion: "v1", kind: "Pod", metadata: { generateName, labels, annotations }, spec: complete };
}

/** The StatefulSet controller gives each pod a volume for every claim template. */
function claimedVolumes({ object }: ManifestDocument): object[] {
  const templates = isRecord(object.spec) ? object.spec.volumeClaimTemplates : undefined;
  if (!Array.isArray(templates)) return [];
  return templates.map((template) => {
    const name = String(isRecord(template) && isRecord(template.metadata) ? template.metadata.name : "");
    return { name, persistentVolumeClaim: { claimName: `${name}-${object.metadata.name}-0` } };
  });
}

async function deletePod(client: ApiClient, pods: string, created: unknown): Promise<void> {
  const name = isRecord(created) && isRecord(created.metadata) ? String(created.metadata.name) : "";
  const answer = await client.send("DELETE", `${pods}/${name}?gracePeriodSeconds=0`);
  expectStatus(answer, [200, 404], `deleting Pod ${name}`);
}

/** Every part of an object that looks like a pod template, and a Pod itself. */
function findPodTemplates(document: ManifestDocument): PodTemplate[] {
  const { object } = document;
  if (object.kind === "CustomResourceDefinition") return [];
  if (object.kind === "Pod" && isRecord(object.spec)) {
    return [{ document, path: "", metadata: object.metadata, spec: object.spec }];
  }
  return templatesIn(document, object, []);
}

function templatesIn(document: ManifestDocument, value: unknown, path: readonly string[]): PodTemplate[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => templatesIn(document, item, [...path, String(index)]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const childPath = [...path, key];
    const template = key.toLowerCase().endsWith("template") ? asPodTemplate(child) : undefined;
    if (template !== undefined) return [{ document, path: childPath.join("."), ...template }];
    return templatesIn(document, child, childPath);
  });
}

/** A pod template has `spec.containers`, each with a name and an image; custom resources with partial ones do not count. */
function asPodTemplate(value: unknown): Pick<PodTemplate, "metadata" | "spec"> | undefined {
  if (!isRecord(value) || !isRecord(value.spec) || !Array.isArray(value.spec.containers)) return undefined;
  const complete = value.spec.containers.every(
    (item) => isRecord(item) && item.name !== undefined && item.image !== undefined,
  );
  if (!complete) return undefined;
  return { metadata: isRecord(value.metadata) ? value.metadata : {}, spec: value.spec };
}

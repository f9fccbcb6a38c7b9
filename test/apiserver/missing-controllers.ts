// Owns: the few things that controllers do in a cluster and that admission waits for, since no controllers run here.
// Promises: a namespace has its default service account; a quota has a status, without which it is not enforced.
// Must not: do what no admission plugin needs.
import { type ApiClient, type ApiResponse, jsonBody } from "./api-client.js";
import { isRecord } from "./manifest-documents.js";

/**
 * Creates a service account unless it exists, and tells whether it was missing. In a cluster the service account
 * controller makes each namespace's `default`.
 */
export async function ensureServiceAccount(
  client: ApiClient,
  namespace: string,
  name: string,
): Promise<boolean> {
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
  const answer = await client.send(
    "POST",
    `/api/v1/namespaces/${namespace}/serviceaccounts`,
    jsonBody(account),
  );
  // A namespace that does not exist is reported for the objects in it.
  expectStatus(answer, [201, 404, 409], `service account ${namespace}/${name}`);
  return answer.status === 201;
}

/**
 * Records for each quota of a namespace that nothing is used yet. In a cluster the resource quota controller counts;
 * without any status the quota plugin lets everything pass. Call it again to forget what the tests created.
 */
export async function resetQuotaUsage(client: ApiClient, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
  const answer = await client.send("GET", path);
  expectStatus(answer, [200], `quotas of ${namespace}`);
  for (const quota of (answer.body as QuotaList).items) {
    const hard = quota.spec.hard ?? {};
    const used = Object.fromEntries(Object.keys(hard).map((resource) => [resource, "0"]));
    const patch = jsonBody({ status: { hard, used } }, "application/merge-patch+json");
    const name = quota.metadata.name;
    expectStatus(
      await client.send("PATCH", `${path}/${name}/status`, patch),
      [200],
      `quota ${namespace}/${name}`,
    );
  }
}

/** Throws unless the answer has one of the statuses that `what` may have. */
export function expectStatus(answer: ApiResponse, statuses: readonly number[], what: string): void {
  if (statuses.includes(answer.status)) return;
  throw new Error(`${what}: unexpected status ${answer.status}: ${messageOf(answer)}`);
}

/** The server's explanation: the message of its `Status` object, or whatever else it sent. */
export function messageOf({ body }: ApiResponse): string {
  return isRecord(body) && typeof body.message === "string" ? body.message : JSON.stringify(body);
}

interface QuotaList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly hard?: Readonly<Record<string, string>> };
  }[];
}

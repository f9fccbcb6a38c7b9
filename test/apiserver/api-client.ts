// Owns: HTTP to one API server: authentication, verified TLS, warnings.
// Promises: an answer as a value, whatever its status; a broken connection is an error.
// Must not: know kinds, order, or what an answer means.
import { Agent, request } from "node:https";

/** Where the server is and how to be let in. `authority` is the PEM of the certificates to trust. */
export interface ApiEndpoint {
  readonly url: string;
  readonly token: string;
  readonly authority: string;
}

/** One answer. `body` is parsed JSON, or text where the server sends no JSON. */
export interface ApiResponse {
  readonly status: number;
  readonly body: unknown;
  /** Texts of the `Warning` headers (RFC 7234 section 5.5, which Kubernetes uses with code 299). */
  readonly warnings: readonly string[];
}

/** A request body with its media type. */
export interface ApiBody {
  readonly type: string;
  readonly text: string;
}

/** A client with connections kept open. */
export interface ApiClient {
  send(
    method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
    path: string,
    body?: ApiBody,
    accept?: string,
  ): Promise<ApiResponse>;
  close(): void;
}

/** Bounds what waits on the server at once; more only grows its queues. */
const maxConnections = 8;
const requestTimeoutMilliseconds = 60_000;

/** Makes a client for one server. Close it before the server stops. */
export function createApiClient({ url, token, authority }: ApiEndpoint): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: maxConnections, ca: authority });
  return {
    close: () => agent.destroy(),
    send: (method, path, body, accept = "application/json") =>
      new Promise((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${token}`,
          accept,
          ...(body && { "content-type": body.type, "content-length": Buffer.byteLength(body.text) }),
        };
        const outgoing = request(new URL(path, url), {
          method,
          agent,
          headers,
          timeout: requestTimeoutMilliseconds,
        });
        outgoing.on("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no answer in time`)));
        outgoing.on("error", reject);
        outgoing.on("response", (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const warnings = (incoming.headersDistinct.warning ?? []).flatMap(parseWarning);
            resolve({
              status: incoming.statusCode ?? 0,
              body: parseBody(text, incoming.headers["content-type"]),
              warnings,
            });
          });
        });
        outgoing.end(body?.text);
      }),
  };
}

/** A JSON body for {@link ApiClient.send}. */
export function jsonBody(value: unknown, type = "application/json"): ApiBody {
  return { type, text: JSON.stringify(value) };
}

function parseBody(text: string, type = ""): unknown {
  return type.includes("json") ? JSON.parse(text) : text;
}

/** `299 - "text with \"escapes\""`, several of them separated by commas. */
function parseWarning(header: string): string[] {
  const texts = header.matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g);
  return Array.from(texts, ([, text = ""]) => text.replace(/\\(.)/g, "$1"));
}

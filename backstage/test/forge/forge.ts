// Owns: one local server that plays GitHub (as 127.0.0.1) and GitLab (as localhost).
// Promises: every request is recorded; git itself serves the repositories; nothing leaves the machine.
// Must not: be lenient: what it does not know is 404.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { BareRepositories } from "./bare-repositories.js";
import { serveGit } from "./git-http.js";
import { type Answer, GithubApi } from "./github-api.js";
import { GitlabApi } from "./gitlab-api.js";

export const TOKENS = { github: "ghp_canarygithubtoken", gitlab: "glpat-canarygitlabtoken" };

export interface Recorded {
  readonly line: string;
  readonly authorization: string;
}

export async function startForge() {
  const repositories = new BareRepositories();
  const requests: Recorded[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => handle(request, response, body));
  });
  await new Promise<void>((ready) => server.listen(0, "0.0.0.0", ready));
  const { port } = server.address() as AddressInfo;
  const github = new GithubApi(repositories, `http://127.0.0.1:${port}`);
  const gitlab = new GitlabApi(repositories, `http://localhost:${port}`);

  function handle(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const path = request.url ?? "/";
    const authorization = String(request.headers.authorization ?? request.headers["private-token"] ?? "");
    requests.push({ line: `${request.method} ${path.replace(/\?.*/, "")}`, authorization });
    if (path.startsWith("/git/")) {
      serveGit(repositories.folder, path.slice(4), body, request, response);
      return;
    }
    const url = new URL(path, "http://forge");
    const archive = archiveOf(url);
    if (archive !== undefined) {
      const [name, ref] = archive;
      response
        .writeHead(200, { "content-type": "application/gzip" })
        .end(repositories.archive(name, ref, "archive"));
      return;
    }
    const isGithub = path.startsWith("/api/v3") || path.startsWith("/api/graphql");
    const call = {
      method: request.method ?? "GET",
      path: url.pathname.replace(/^\/api\/v[34]|^\/api(?=\/graphql)/, ""),
      body:
        body.length > 0 && String(request.headers["content-type"]).includes("json")
          ? JSON.parse(body.toString())
          : undefined,
      query: url.searchParams,
    };
    send(response, isGithub ? github.answer(call) : gitlab.answer(call));
  }

  return {
    repositories,
    requests,
    github,
    gitlab,
    hosts: { github: `127.0.0.1:${port}`, gitlab: `localhost:${port}` },
    integrations: {
      github: [
        { host: `127.0.0.1:${port}`, apiBaseUrl: `http://127.0.0.1:${port}/api/v3`, token: TOKENS.github },
      ],
      gitlab: [
        {
          host: `localhost:${port}`,
          baseUrl: `http://localhost:${port}`,
          apiBaseUrl: `http://localhost:${port}/api/v4`,
          token: TOKENS.gitlab,
        },
      ],
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      repositories.remove();
    },
  };
}

function archiveOf({ pathname, searchParams }: URL): [string, string] | undefined {
  const github = /^\/api\/v3\/repos\/([^/]+\/[^/]+)\/tarball\/(.+)$/.exec(pathname);
  if (github?.[1] !== undefined) return [github[1], github[2] ?? "main"];
  const gitlab = /^\/api\/v4\/projects\/([^/]+)\/repository\/archive$/.exec(pathname)?.[1];
  return gitlab === undefined ? undefined : [decodeURIComponent(gitlab), searchParams.get("sha") ?? "main"];
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const isGit = request.url?.startsWith("/git/") ?? false;
  return request.headers["content-encoding"] === "gzip" && !isGit ? gunzipSync(body) : body;
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
}

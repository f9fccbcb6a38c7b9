// Owns: the part of GitHub's REST and GraphQL API that publishing and pull requests ask.
// Promises: answers with the fields that GitHub's documentation gives, over a real repository.
// Must not: keep state beside the repositories and the list of pull requests.

import type { BareRepositories, TreeChange } from "./bare-repositories.js";

export interface PullRequest {
  readonly repository: string;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are whatever the client sends.
  readonly body: any;
  readonly query: URLSearchParams;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const found = (body: unknown, status = 200): Answer => ({ status, body });
const NOT_FOUND: Answer = { status: 404, body: { message: "Not Found" } };

export class GithubApi {
  readonly pulls: PullRequest[] = [];

  constructor(
    private readonly repositories: BareRepositories,
    private readonly origin: string,
  ) {}

  answer(call: Call): Answer {
    const { method, path, body } = call;
    const [, owner, repo, rest] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    if (owner !== undefined && repo !== undefined)
      return this.repository(`${owner}/${repo}`, rest ?? "", call);
    if (path.startsWith("/users/")) return found({ login: path.slice(7), type: "Organization" });
    if (method === "POST" && path.startsWith("/orgs/")) {
      const name = `${path.split("/")[2]}/${body.name}`;
      this.repositories.create(name);
      return found(this.describe(name), 201);
    }
    if (path === "/graphql") return found({ data: { repository: { ref: null } } });
    return NOT_FOUND;
  }

  private describe(name: string) {
    const api = `${this.origin}/api/v3/repos/${name}`;
    return {
      full_name: name,
      default_branch: "main",
      size: 0,
      permissions: { admin: true, push: true, pull: true },
      clone_url: `${this.origin}/git/${name}.git`,
      html_url: `${this.origin}/${name}`,
      archive_url: `${api}/{archive_format}{/ref}`,
      trees_url: `${api}/git/trees{/sha}`,
    };
  }

  private repository(name: string, rest: string, { method, body, query }: Call): Answer {
    const git = this.repositories;
    const head = git.commit(name, query.get("sha") ?? "main");
    if (rest === "") return head === undefined && method !== "GET" ? NOT_FOUND : found(this.describe(name));
    const status = /^\/commits\/([^/]+)\/status$/.exec(rest)?.[1];
    if (status !== undefined)
      return found({ sha: git.commit(name, status), repository: this.describe(name) });
    if (rest === "/commits" && head !== undefined)
      return found([
        { sha: head, commit: { tree: { sha: git.git(name, ["rev-parse", `${head}^{tree}`]) } } },
      ]);
    if (rest.startsWith("/contents/"))
      return this.contents(name, decodeURIComponent(rest.slice(10)), query.get("ref") ?? "main");
    if (rest === "/git/blobs")
      return found({ sha: git.blob(name, Buffer.from(body.content, body.encoding)) }, 201);
    if (rest === "/git/trees")
      return found({ sha: git.tree(name, body.base_tree, this.changes(name, body.tree)) }, 201);
    if (rest === "/git/commits")
      return found({ sha: git.commitTree(name, body.tree, body.parents[0], body.message) }, 201);
    if (rest === "/git/refs") {
      git.setBranch(name, body.ref.replace("refs/heads/", ""), body.sha);
      return found({ ref: body.ref }, 201);
    }
    if (rest === "/pulls" && method === "POST") {
      this.pulls.push({
        repository: name,
        head: body.head,
        base: body.base,
        title: body.title,
        body: body.body,
      });
      const number = this.pulls.length;
      return found(
        { number, html_url: `${this.origin}/${name}/pull/${number}`, base: { ref: body.base } },
        201,
      );
    }
    if (rest.startsWith("/branches/")) return found({});
    return NOT_FOUND;
  }

  private contents(name: string, path: string, ref: string): Answer {
    try {
      const content = this.repositories.git(name, ["cat-file", "blob", `${ref}:${path}`]);
      return found({
        path,
        type: "file",
        encoding: "base64",
        content: Buffer.from(content).toString("base64"),
      });
    } catch {
      return NOT_FOUND;
    }
  }

  private changes(
    name: string,
    tree: readonly { path: string; mode: string; sha?: string | null; content?: string }[],
  ): TreeChange[] {
    return tree.map(({ path, mode, sha, content }) => ({
      path,
      mode,
      sha: content === undefined ? (sha ?? null) : this.repositories.blob(name, Buffer.from(content)),
    }));
  }
}

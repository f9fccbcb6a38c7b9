// Owns: the part of GitLab's REST API that publishing and merge requests ask.
// Promises: answers with the fields that GitLab's documentation gives, over a real repository.
// Must not: keep state beside the repositories and the list of merge requests.

import type { BareRepositories, TreeChange } from "./bare-repositories.js";
import type { Answer, Call, PullRequest } from "./github-api.js";

interface CommitAction {
  readonly action: "create" | "update" | "delete";
  readonly file_path: string;
  readonly content?: string;
  readonly execute_filemode?: boolean;
}

const found = (body: unknown, status = 200): Answer => ({ status, body });
const NOT_FOUND: Answer = { status: 404, body: { message: "404 Not Found" } };

export class GitlabApi {
  readonly mergeRequests: PullRequest[] = [];

  constructor(
    private readonly repositories: BareRepositories,
    private readonly origin: string,
  ) {}

  answer(call: Call): Answer {
    const { method, path, body } = call;
    const [, project, rest] = /^\/projects\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    if (project !== undefined) return this.project(decodeURIComponent(project), rest ?? "", call);
    if (path.startsWith("/namespaces/")) return found({ id: 7, kind: "group", path: path.slice(12) });
    if (path === "/user") return found({ id: 3, username: "publisher" });
    if (/^\/groups\/[^/]+\/projects$/.test(path)) return found([]);
    if (method === "POST" && path === "/projects") {
      const name = `example-org/${body.path}`;
      this.repositories.create(name);
      return found(this.describe(name), 201);
    }
    return NOT_FOUND;
  }

  private describe(name: string) {
    return {
      id: 11,
      path_with_namespace: name,
      default_branch: "main",
      http_url_to_repo: `${this.origin}/git/${name}.git`,
      web_url: `${this.origin}/${name}`,
    };
  }

  private project(name: string, rest: string, { method, body, query }: Call): Answer {
    const git = this.repositories;
    if (git.commit(name, "main") === undefined) return NOT_FOUND;
    if (rest === "") return found(this.describe(name));
    if (rest === "/repository/commits" && method === "GET")
      return found([{ id: git.commit(name, query.get("ref_name") ?? "main") }]);
    if (rest === "/repository/tree") return found(this.tree(name, query.get("ref") ?? "main"));
    if (rest === "/repository/branches" && method === "POST") {
      git.setBranch(name, body.branch, git.commit(name, body.ref) ?? "");
      return found({ name: body.branch }, 201);
    }
    const branch = /^\/repository\/branches\/(.+)$/.exec(rest)?.[1];
    if (branch !== undefined)
      return git.commit(name, decodeURIComponent(branch)) === undefined ? NOT_FOUND : found({ name: branch });
    if (rest === "/repository/commits") return found({ id: this.commit(name, body) }, 201);
    if (rest === "/merge_requests" && method === "POST") {
      this.mergeRequests.push({
        repository: name,
        head: body.source_branch,
        base: body.target_branch,
        title: body.title,
        body: body.description,
      });
      return found(
        {
          iid: this.mergeRequests.length,
          web_url: `${this.origin}/${name}/-/merge_requests/${this.mergeRequests.length}`,
        },
        201,
      );
    }
    const file = /^\/repository\/files\/([^/]+)/.exec(rest)?.[1];
    if (file !== undefined) return this.file(name, decodeURIComponent(file), query.get("ref") ?? "main");
    return NOT_FOUND;
  }

  private tree(name: string, ref: string) {
    const lines = this.repositories.git(name, ["ls-tree", "-r", ref]).split("\n");
    return lines.map((line) => {
      const [, mode, type, id, path] = /^(\d+) (\w+) (\w+)\t(.*)$/.exec(line) ?? [];
      return { mode, type, id, path };
    });
  }

  private commit(
    name: string,
    {
      branch,
      commit_message: message,
      actions,
    }: { branch: string; commit_message: string; actions: CommitAction[] },
  ): string {
    const parent = this.repositories.commit(name, branch) ?? "";
    const changes = actions.map(
      ({ action, file_path: path, content = "", execute_filemode: isExecutable }): TreeChange => ({
        path,
        mode: isExecutable ? "100755" : "100644",
        sha: action === "delete" ? null : this.repositories.blob(name, Buffer.from(content, "base64")),
      }),
    );
    const commit = this.repositories.commitTree(
      name,
      this.repositories.tree(name, parent, changes),
      parent,
      message,
    );
    this.repositories.setBranch(name, branch, commit);
    return commit;
  }

  private file(name: string, path: string, ref: string): Answer {
    try {
      const content = Buffer.from(this.repositories.git(name, ["cat-file", "blob", `${ref}:${path}`]));
      return found({ file_path: path, encoding: "base64", content: content.toString("base64") });
    } catch {
      return NOT_FOUND;
    }
  }
}

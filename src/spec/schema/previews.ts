// Owns: the schema of preview environments: where pull requests are, how long their environments live, what differs in them.
// Promises: the same overrides as an environment has.
// Must not: hold defaults; src/stack/presets/previews.ts does.

import { Type } from "typebox";
import { annotate, DnsName, Duration, named, OBJECT_NAME } from "./scalars.js";

const closed = { additionalProperties: false } as const;

const api = (example: string) =>
  Type.Optional(
    Type.String({
      pattern: "^https://[^\\s/]+(:[0-9]+)?(/[^\\s]*)?$",
      expected: `the https address of an API, such as ${example}`,
      description: "API of a server of the company's own.",
    }),
  );

const GitHub = Type.Object(
  {
    owner: Type.String({
      pattern: "^[A-Za-z0-9]([-A-Za-z0-9]{0,38})$",
      expected: "a user or an organisation of GitHub",
      description: "User or organisation.",
    }),
    repo: Type.String({
      pattern: "^[A-Za-z0-9._-]{1,100}$",
      expected: "the name of a repository, without its owner",
      description: "Repository.",
    }),
    api: api("https://github.example.com/api/v3"),
  },
  { ...closed, description: "A repository of GitHub." },
);

const GitLab = Type.Object(
  {
    project: Type.String({
      pattern: "^([0-9]+|[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)+)$",
      expected: 'the number or the path of a project, such as "12345" or group/project',
      description: "Project.",
    }),
    api: api("https://gitlab.example.com"),
  },
  { ...closed, description: "A project of GitLab." },
);

const Token = Type.Object(
  {
    secret: Type.String({ pattern: OBJECT_NAME, expected: "the name of a Secret" }),
    key: Type.String({ pattern: "^[A-Za-z0-9._-]{1,253}$", expected: "a key of it" }),
  },
  {
    ...closed,
    description:
      "Secret beside Argo CD with a token that may read pull requests; without it, only public repositories can be read.",
  },
);

const Repository = Type.Object(
  {
    github: Type.Optional(GitHub),
    gitlab: Type.Optional(GitLab),
    token: Type.Optional(Token),
    services: Type.Array(Type.String(), {
      minItems: 1,
      uniqueItems: true,
      expected: "the services whose images this repository builds",
      description:
        "Services whose images this repository builds; the others run as overlays/previews releases them.",
    }),
    tag: Type.Optional(
      Type.String({
        pattern: "^(?=.{1,100}$)[A-Za-z0-9_.-]*\\{(sha|short-sha)\\}[A-Za-z0-9_.-]*$",
        expected: "a tag with {sha} or {short-sha} in it, such as sha-{short-sha}",
        description:
          "Tag under which the repository's pipeline pushes the image of a commit; {sha} by default.",
      }),
    ),
  },
  { ...closed, description: "A repository whose pull requests get previews." },
);

/** `overrides` is what an environment may override. */
export function previewsOf<O extends object>(overrides: O) {
  return Type.Object(
    {
      repositories: named(Repository, {
        minProperties: 1,
        expected: "at least one repository",
        description: "Repositories of the services' sources, by a short name.",
      }),
      name: Type.Optional(
        Type.String({
          pattern: "^[A-Za-z0-9]([-A-Za-z0-9._]{0,251}[A-Za-z0-9])?$",
          expected: "the name of a cluster in Argo CD",
          description: "The previews' cluster, as Argo CD knows it; this or `server`. Never production's.",
        }),
      ),
      server: Type.Optional(
        Type.String({
          pattern: "^https://[^\\s/]+(:[0-9]+)?(/[^\\s]*)?$",
          expected: "the https address of an API server",
          description: "API server of the previews' cluster, as Argo CD knows it.",
        }),
      ),
      domain: annotate(DnsName, {
        description: "Domain below which every preview gets its hosts: SERVICE-REPOSITORY-pr-NUMBER.DOMAIN.",
      }),
      label: Type.Optional(
        Type.String({
          pattern: "^[A-Za-z0-9][A-Za-z0-9 ._/:-]{0,49}$",
          expected: "a label of pull requests",
          description: "Label that a pull request needs for a preview; preview by default.",
        }),
      ),
      lifetime: Type.Optional(
        annotate(Duration, {
          description: "How long a preview lives after its pull request got the label; 3d by default.",
        }),
      ),
      ...overrides,
    },
    {
      ...closed,
      description: "An ephemeral environment per pull request, in a cluster that is not production's.",
      def: "Previews",
    },
  );
}

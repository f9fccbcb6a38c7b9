// Owns: the examples of prodStack:repo:generate, as the page of installed actions shows them.
// Promises: each runs, in the tests.
// Must not: be longer than what it shows.

export const examples = [
  {
    description: "From the answers of a form: lists of named things, as forms give them.",
    example: `steps:
  - id: generate
    name: Generate the repository
    action: prodStack:repo:generate
    input:
      repoUrl: github.com?owner=example-org&repo=hello-deploy
      answers:
        name: hello
        owner: team-hello
        services:
          - name: hello
            type: web-api
            runtime: nodejs
            image: ghcr.io/example-org/hello:1.4.2
            ports: [{ name: http, value: 3000 }]
            expose: { host: hello }
        environments:
          - { name: dev, tier: development, domain: dev.example.com }
          - { name: prod, tier: production, domain: example.com }
`,
  },
  {
    description: "From the text of a prod-stack.yaml, into a directory of the workspace.",
    example: `steps:
  - id: generate
    name: Generate the repository
    action: prodStack:repo:generate
    input:
      targetPath: deploy
      spec: |
        apiVersion: prod-stack/v1
        name: hello
        source: { url: https://github.com/example-org/hello-deploy }
        services:
          hello: { type: worker, runtime: go, image: ghcr.io/example-org/hello }
        environments:
          dev: { tier: development, domain: dev.example.com }
`,
  },
  {
    description: "From both: what the form does not ask stands in the text.",
    example: `steps:
  - id: generate
    name: Generate the repository
    action: prodStack:repo:generate
    input:
      repoUrl: github.com?owner=example-org&repo=hello-deploy
      answers:
        name: hello
        services:
          - { name: hello, type: worker, runtime: go, image: ghcr.io/example-org/hello }
        environments:
          - { name: dev, tier: development, domain: dev.example.com }
      spec: |
        services:
          hello: { env: { LOG_LEVEL: debug } }
        monitoring: { interval: { critical: 15s } }
`,
  },
  {
    description: "Under the defaults of the company, which the form does not offer.",
    example: `steps:
  - id: generate
    name: Generate the repository
    action: prodStack:repo:generate
    input:
      repoUrl: github.com?owner=example-org&repo=hello-deploy
      platform: |
        apiVersion: prod-stack/v1
        gateway: { implementation: traefik }
      answers:
        name: hello
        services:
          - { name: hello, type: worker, runtime: go, image: ghcr.io/example-org/hello }
        environments:
          - { name: dev, tier: development, domain: dev.example.com }
`,
  },
];

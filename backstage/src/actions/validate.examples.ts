// Owns: the examples of prodStack:repo:validate, as the page of installed actions shows them.
// Promises: each runs, in the tests, on a generated repository.
// Must not: be longer than what it shows.

export const examples = [
  {
    description: "Build and check every environment of what was generated.",
    example: `steps:
  - id: validate
    name: Check the repository
    action: prodStack:repo:validate
    input: {}
`,
  },
  {
    description: "One environment, against one version of Kubernetes, without failing the task.",
    example: `steps:
  - id: validate
    name: Check the repository
    action: prodStack:repo:validate
    input:
      environments: [prod]
      kubernetes: "1.36"
      failOnError: false
`,
  },
];

// Owns: the examples of prodStack:repo:upgrade, as the page of installed actions shows them.
// Promises: each runs, in the tests, on a repository that the task has fetched.
// Must not: be longer than what it shows.

export const examples = [
  {
    description: "A fetched repository, and a pull request with what changes.",
    example: `steps:
  - id: upgrade
    name: Upgrade the repository
    action: prodStack:repo:upgrade
    input:
      targetPath: repository
  - id: propose
    name: Propose the upgrade
    if: \${{ steps.upgrade.output.changed }}
    action: publish:github:pull-request
    input:
      repoUrl: github.com?owner=example-org&repo=hello-deploy
      branchName: prod-stack-upgrade
      title: \${{ steps.upgrade.output.title }}
      description: \${{ steps.upgrade.output.plan }}
      sourcePath: \${{ steps.upgrade.output.changesPath }}
      filesToDelete: \${{ steps.upgrade.output.deletedFiles }}
`,
  },
  {
    description: "Fail rather than propose files with conflicts.",
    example: `steps:
  - id: upgrade
    name: Upgrade the repository
    action: prodStack:repo:upgrade
    input:
      targetPath: repository
      conflicts: fail
`,
  },
];

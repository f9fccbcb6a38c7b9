// Owns: telling a path from an address, in the entries of a kustomization.
// Promises: takes for remote all that kustomize's own parser of repository addresses does, and more
//           (kustomize, api/internal/git/repospec.go; api/internal/loader/fileloader.go).
// Must not: look at a disk or a network.

const REMOTE: readonly RegExp[] = [
  // Any scheme, `git::`, `gh:`, and the short form host:path.
  /^\s*[a-z][a-z0-9+.-]*:/i,
  /::/,
  // user@host
  /^[^/]*@/,
  // Hosts that kustomize knows without a scheme.
  /^\s*(?:www\.)?(?:github|gitlab|bitbucket)\.(?:com|org)(?:[/:]|$)/i,
  /^\s*(?:ssh\.)?(?:dev\.azure\.com|[\w.-]*visualstudio\.com|git-codecommit\.)/i,
  // ?ref=, ?version=, ?timeout=, ?submodules=
  /\?/,
  // A directory inside of a repository: repository//directory
  /.\/\//,
  /^\/\//,
  /\.git(?:\/|$)/,
  /(?:^|\/)_git(?:\/|$)/,
];

/** Whether kustomize could take an entry for an address. Such an entry is refused even where a file of that name exists. */
export function isRemote(entry: string): boolean {
  return REMOTE.some((pattern) => pattern.test(entry));
}

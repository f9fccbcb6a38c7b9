// Owns: a tree of files as lines for people: folders with counts, two levels deep.
// Promises: plain indentation, which narrow terminals and screen readers take.
// Must not: print.

interface Folder {
  files: number;
  readonly folders: Map<string, Folder>;
  readonly names: string[];
}

/** Lines such as `overlays/      31 files`, folders first. */
export function treeLines(root: string, paths: readonly string[], depth = 2): string[] {
  const rows = [
    { label: `${root.replace(/\/$/, "")}/`, files: paths.length },
    ...rowsOf(folderOf(paths), depth, "  "),
  ];
  const width = Math.max(...rows.map(({ label }) => label.length)) + 2;
  return rows.map(({ label, files }) =>
    files === 0 ? label : `${label.padEnd(width)}${count(files, "file")}`,
  );
}

function folderOf(paths: readonly string[]): Folder {
  const root: Folder = { files: 0, folders: new Map(), names: [] };
  for (const path of paths) addFile(root, path.split("/"));
  return root;
}

function addFile(folder: Folder, parts: readonly string[]): void {
  folder.files += 1;
  const [first = "", ...rest] = parts;
  if (rest.length === 0) {
    folder.names.push(first);
    return;
  }
  const inner = folder.folders.get(first) ?? { files: 0, folders: new Map(), names: [] };
  folder.folders.set(first, inner);
  addFile(inner, rest);
}

function rowsOf(
  { folders, names }: Folder,
  depth: number,
  indent: string,
): { label: string; files: number }[] {
  if (depth === 0) return [];
  const inner = [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, folder]) => [
      { label: `${indent}${name}/`, files: folder.files },
      ...rowsOf(folder, depth - 1, `${indent}  `).filter(({ files }) => files > 0),
    ]);
  return [...inner, ...[...names].sort().map((name) => ({ label: `${indent}${name}`, files: 0 }))];
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

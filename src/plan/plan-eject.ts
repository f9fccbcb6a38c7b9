// Owns: what happens to each file when a repository leaves its generator.
// Promises: pure; manifests, scripts and pages lose what they say of it; files that are data of a ConfigMap stay as they are,
//           since another byte in them would restart pods.
// Must not: delete anything but the state, and what only serves upgrades.

import { chooseRecords } from "./choose-records.js";
import type { State } from "./state.js";
import { withoutMarkers } from "./without-markers.js";
import type { PlannedFile, Snapshot } from "./write-plan.js";

/** @returns the files to rewrite */
export function planEject(state: State, snapshot: Snapshot): PlannedFile[] {
  return [...chooseRecords(state, snapshot).values()].flatMap(({ path, ownership, hash }): PlannedFile[] => {
    const disk = snapshot.files.get(path);
    if (disk?.contents === undefined || isData(path)) return [];
    if (disk.textHash === hash && isForUpgrades(path, disk.contents))
      return [
        {
          path,
          action: "delete",
          reason: "nothing is upgraded any more",
          ownership,
          contents: undefined,
          mode: 0o644,
          before: disk.hash,
          old: disk.contents,
        },
      ];
    const cleaned = path.endsWith("prod-stack.yaml")
      ? disk.contents.replace(/^# yaml-language-server: .*\n/m, "")
      : withoutMarkers(path, disk.contents);
    if (cleaned === disk.contents) return [];
    const contents = disk.lineEnd === "\r\n" ? cleaned.replaceAll("\n", "\r\n") : cleaned;
    return [
      {
        path,
        action: "update",
        reason: "no word of the generator",
        ownership,
        contents,
        mode: disk.executable ? 0o755 : 0o644,
        before: disk.hash,
        old: disk.contents,
      },
    ];
  });
}

/** The pages and workflows that `upkeep` of the spec gives. */
function isForUpgrades(path: string, text: string): boolean {
  if (path.endsWith("docs/upkeep.md")) return true;
  return /\.github\/workflows\/[^/]+-upgrade\.yaml$/.test(path) && text.includes("upkeep in prod-stack.yaml");
}

/** What kustomize puts into ConfigMaps: files beside manifests that are none. */
function isData(path: string): boolean {
  return /(?:^|\/)(?:base|overlays|clusters|monitoring)\//.test(path) && !/\.(?:ya?ml|md)$/.test(path);
}

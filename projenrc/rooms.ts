// Owns: which room of src may import which, as linter rules whose message names the right door.
// Promises: rooms point one way (ARCHITECTURE.md, "Rooms"); a violation fails `npm run lint`.
// Must not: know what the rooms contain.

/** Rooms of the core in the order of the flow; each may import itself and the rooms before it. */
const FLOW = [
  "spec",
  "stack",
  "capabilities",
  "render",
  "plan",
  "apply",
  "validate",
  "adopt",
  "impact",
] as const;

interface Override {
  readonly includes: string[];
  readonly linter: { readonly rules: Record<string, unknown> };
}

function forbid(room: string, groups: { group: string[]; message: string }[]): Override {
  return {
    includes: [`src/${room}/**`],
    linter: { rules: { style: { noRestrictedImports: { level: "error", options: { patterns: groups } } } } },
  };
}

/** Biome overrides, one per room. */
export function restrictRooms(): Override[] {
  return FLOW.map((room, index) => {
    const later = FLOW.slice(index + 1);
    return forbid(
      room,
      [
        {
          group: ["**/cli/**", "**/projen/**"],
          message: "The core imports no door: return a value instead.",
        },
        {
          group: later.map((other) => `**/${other}/**`),
          message: `src/${room} comes before these rooms in the flow; see ARCHITECTURE.md, "Rooms".`,
        },
      ].filter(({ group }) => group.length > 0),
    );
  });
}

// Owns: how a repository stays current, made concrete.
// Promises: plain values.
// Must not: know files.

import type { StackSpec } from "../spec/schema/spec-types.js";
import { UPGRADE_SCHEDULE } from "./presets/upkeep.js";

export interface Upkeep {
  readonly door: "command" | "projen";
  readonly pullRequests: boolean;
  readonly schedule: string;
}

export function deriveUpkeep({ upkeep }: StackSpec): Upkeep {
  const door = upkeep?.door ?? "command";
  return {
    door,
    pullRequests: upkeep?.pullRequests ?? door === "projen",
    schedule: upkeep?.schedule ?? UPGRADE_SCHEDULE,
  };
}

// Owns: what adoption has to say beside the spec: what is left as it is, what to look at, each with its place.
// Promises: each thing once, however many environments have it; never a secret value.
// Must not: print.

import type { Origin, Remark } from "./manifest.js";

export class Report {
  private readonly left = new Map<string, Remark>();
  private readonly look = new Map<string, Remark>();

  /** Something of the repository that the proposal does not carry over. */
  leave(what: string, origin?: Origin): void {
    if (!this.left.has(what)) this.left.set(what, { what, origin });
  }

  /** Something that people should do or know before they switch over. */
  warn(what: string, origin?: Origin): void {
    if (!this.look.has(what)) this.look.set(what, { what, origin });
  }

  get leftAsIs(): readonly Remark[] {
    return [...this.left.values()];
  }

  get warnings(): readonly Remark[] {
    return [...this.look.values()];
  }
}

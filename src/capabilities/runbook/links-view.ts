// Owns: how pages of the runbook refer to the pages of alerts.
// Promises: a link where this stack has the alert, else its name alone.
// Must not: know who refers.

import { ALERT_NAMES } from "../../stack/alert-names.js";
import { alertsOf } from "../../stack/alerts.js";
import type { Stack } from "../../stack/stack.js";

/** Links to alert pages, from beside them and from above; only a name where this stack has no such alert. */
export function linksView(stack: Stack) {
  const here = new Set(stack.disabled.includes("monitoring") ? [] : alertsOf(stack).map(({ name }) => name));
  const links = (folder: string) =>
    Object.fromEntries(
      ALERT_NAMES.map((name) => [name, here.has(name) ? `[${name}](${folder}${name}.md)` : name]),
    );
  return { link: links(""), page: links("alerts/") };
}

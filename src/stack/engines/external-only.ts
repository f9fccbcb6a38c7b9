// Owns: what an engine is that the stack only ever connects to.
// Promises: nothing of it is ever run: no image, no server, no exporter, no backup.
// Must not: name an engine.

import type { Engine } from "./engine.js";

type Given = Pick<
  Engine,
  "summary" | "family" | "defaults" | "answers" | "port" | "tlsPort" | "connection" | "symptoms" | "client"
>;

export function externalOnly(engine: Given): Engine {
  return {
    ...engine,
    modes: ["external"],
    image: undefined,
    tagOf: (version) => version,
    // Nobody's: it has no pod here.
    user: 65534,
    group: 65534,
    check: () => "",
    rotation: () => [],
    credentials: ["password"],
    server: undefined,
    configuration: () => undefined,
    exporter: () => undefined,
    backup: undefined,
    noBackup: "no backup by this stack: whoever runs it keeps its data",
    monitoring: { up: undefined, recordings: () => [], alerts: () => [], drops: [] },
  };
}

// Owns: the picture of a stack as a Mermaid diagram.
// Promises: every declared edge once; labels are quoted, so that no name can break it.
// Must not: invent nodes.

import type { Stack } from "../stack/stack.js";

/** Mermaid's quotes take no quotes and no brackets inside. */
function label(text: string): string {
  return `"${text.replace(/["\\[\]{}()<>]/g, " ")}"`;
}

/** A flowchart: clients, gateway, services, datastores, externals, object store, Prometheus. */
export function diagramOf(stack: Stack): string {
  const { services, datastores, externals } = stack.base;
  const exposed = services.filter(({ exposure }) => exposure !== undefined);
  const backups = datastores.filter(({ backup }) => backup !== undefined);
  const measured = datastores.filter(({ metrics }) => metrics !== undefined);
  const lines = ["flowchart LR"];
  if (exposed.length > 0) lines.push(`  clients((${label("clients")})) --> gateway[${label("gateway")}]`);
  lines.push(...services.map(({ name, runtime }) => `  s_${id(name)}[${label(`${name}: ${runtime}`)}]`));
  lines.push(
    ...datastores.map(
      ({ name, engineName, version, mode }) =>
        `  d_${id(name)}[(${label(`${name}: ${engineName} ${mode === "external" ? "outside" : version}`)})]`,
    ),
  );
  lines.push(...externals.map(({ name, host }) => `  e_${id(name)}>${label(`${name}: ${host}`)}]`));
  lines.push(
    ...exposed.map(({ name, exposure }) => `  gateway -->|${label(exposure?.path ?? "/")}| s_${id(name)}`),
  );
  for (const { name, edges } of services)
    lines.push(
      ...edges.map(
        ({ target, port }) => `  s_${id(name)} -->|${port}| ${prefix(stack, target)}_${id(target)}`,
      ),
    );
  if (backups.length > 0) lines.push(`  store[(${label("object store")})]`);
  lines.push(
    ...backups.map(
      ({ name, backup }) => `  d_${id(name)} -. ${label(`backup ${backup?.schedule ?? ""}`)} .-> store`,
    ),
  );
  if (services.some(({ metrics }) => metrics !== undefined) || measured.length > 0)
    lines.push(`  prometheus[${label("Prometheus")}]`);
  lines.push(
    ...services
      .filter(({ metrics }) => metrics !== undefined)
      .map(({ name }) => `  prometheus -.-> s_${id(name)}`),
    ...measured.map(({ name }) => `  prometheus -.-> d_${id(name)}`),
  );
  return lines.join("\n");
}

/** Of the node of what a service uses. */
function prefix({ base }: Stack, target: string): string {
  if (base.datastores.some(({ name }) => name === target)) return "d";
  return base.externals.some(({ name }) => name === target) ? "e" : "s";
}

function id(name: string): string {
  return name.replaceAll("-", "_");
}

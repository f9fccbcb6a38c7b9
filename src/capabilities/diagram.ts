// Owns: the picture of a stack as a Mermaid diagram.
// Promises: every edge that is declared anywhere, once; labels are quoted, so that no name can break it.
// Must not: invent nodes.

import { servicesAcross } from "../stack/across-environments.js";
import type { Stack } from "../stack/stack.js";

/** Mermaid's quotes take no quotes and no brackets inside. */
function label(text: string): string {
  return `"${text.replace(/["\\[\]{}()<>]/g, " ")}"`;
}

/** What a service is anywhere: an environment may expose it, or give it an edge, that the base has not. */
function serviceNodes(stack: Stack) {
  return servicesAcross(stack).map(({ name, any, base, inEnvironment }) => {
    const all = [base, ...stack.environments.map(inEnvironment)].filter((one) => one !== undefined);
    const edges = new Map(
      all.flatMap((one) => one.edges).map((edge) => [`${edge.target}:${edge.port}`, edge]),
    );
    return {
      name,
      runtime: any.runtime,
      exposure: all.find(({ exposure }) => exposure !== undefined)?.exposure,
      edges: [...edges.keys()].sort().flatMap((key) => edges.get(key) ?? []),
      metrics: all.some(({ metrics }) => metrics !== undefined),
    };
  });
}

/** The same of datastores, which the base has all. */
function datastoreNodes({ base, environments }: Stack) {
  return base.datastores.map((datastore) => {
    const all = [base, ...environments].flatMap((view) =>
      view.datastores.filter(({ name }) => name === datastore.name),
    );
    return {
      ...datastore,
      backup: all.find(({ backup }) => backup !== undefined)?.backup,
      metrics: all.find(({ metrics }) => metrics !== undefined)?.metrics,
    };
  });
}

/** Above so many services a picture of all of them shows nothing, and Mermaid refuses more than 500 edges (maxEdges). */
const DRAWN = 40;

/** A flowchart of the stack; of a large one, of its types of services. */
export function diagramOf(stack: Stack): string {
  return servicesAcross(stack).length > DRAWN ? overviewOf(stack) : wholeDiagram(stack);
}

/** Services by type with their number, and how many edges go from type to type and to each engine. */
function overviewOf(stack: Stack): string {
  const services = serviceNodes(stack);
  const types = new Map(servicesAcross(stack).map(({ name, any }) => [name, any.type]));
  const engines = new Map(stack.base.datastores.map(({ name, engineName }) => [name, engineName]));
  const groupOf = (name: string) => types.get(name) ?? engines.get(name) ?? "external systems";
  const members = [
    ...types.values(),
    ...engines.values(),
    ...stack.base.externals.map(() => "external systems"),
  ];
  const groups = [...new Set(members)].sort();
  const node = (group: string) => `g${groups.indexOf(group)}`;
  const count = (all: readonly string[], one: string) => all.filter((other) => other === one).length;
  const edges = services.flatMap(({ name, edges: own }) =>
    own.map(({ target }) => `${node(groupOf(name))} ${node(groupOf(target))}`),
  );
  const exposed = services
    .filter(({ exposure }) => exposure !== undefined)
    .map(({ name }) => `gateway ${node(groupOf(name))}`);
  return [
    "flowchart LR",
    ...(exposed.length > 0 ? [`  clients((${label("clients")})) --> gateway[${label("gateway")}]`] : []),
    ...groups.map((group) => `  ${node(group)}[${label(`${count(members, group)} × ${group}`)}]`),
    ...[...new Set([...exposed, ...edges])].sort().map((edge) => {
      const [from, to] = edge.split(" ");
      return `  ${from} -->|${count([...exposed, ...edges], edge)}| ${to}`;
    }),
  ].join("\n");
}

/** Clients, gateway, services, datastores, externals, object store, Prometheus. */
function wholeDiagram(stack: Stack): string {
  const { externals } = stack.base;
  const services = serviceNodes(stack);
  const datastores = datastoreNodes(stack);
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
  if (services.some(({ metrics }) => metrics) || measured.length > 0)
    lines.push(`  prometheus[${label("Prometheus")}]`);
  lines.push(
    ...services.filter(({ metrics }) => metrics).map(({ name }) => `  prometheus -.-> s_${id(name)}`),
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

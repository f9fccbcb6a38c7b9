// Owns: addresses inside the cluster that will not do any more: other ports, other namespaces, other names.
// Promises: nothing is rewritten; the line says what to mend.
// Must not: know datastores.

import { asRecord, listAt } from "../validate/values.js";
import type { Port } from "./container-facts.js";
import { hostLabel, type NamedHost } from "./hosts.js";
import { visible } from "./manifest.js";
import type { Scene, ServiceRole } from "./scene.js";
import type { Variable } from "./variables.js";
import type { Workload } from "./workloads.js";

const USUAL_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Why an address in a variable will not do any more. */
export function addressNote({ hosts }: Variable, { services }: Scene): string | undefined {
  for (const named of hosts) {
    const label = hostLabel(named.host);
    const role = services.find(
      ({ key, workload }) => key === label || workload.services.some(({ name }) => name === label),
    );
    const notes = role === undefined ? [] : notesOn(named, role);
    if (notes.length > 0) return notes.join("; ");
  }
  return undefined;
}

function notesOn({ host, port, scheme }: NamedHost, { key, workload }: ServiceRole): string[] {
  const namespace = host.includes(".") ? host.split(".")[1] : undefined;
  const said = port ?? (scheme === undefined ? undefined : USUAL_PORTS[scheme]);
  const moved = movedPorts(workload).find(({ before }) => before === said);
  return [
    ...(hostLabel(host) === key ? [] : [`${host} is called ${key} from now on`]),
    ...(namespace === undefined ? [] : [`names the namespace ${namespace}, the old one: say ${key} alone`]),
    ...(moved === undefined ? [] : [`${key} listens on ${moved.now} from now on: mend the port`]),
  ];
}

/** Ports of Services that are not the container's: the generated Service listens on the container's own. */
function movedPorts({ services, main }: Workload): { service: string; before: number; now: number }[] {
  const own = listAt(main.data, "ports").map(asRecord);
  return services.flatMap((service) =>
    service.list("spec", "ports").flatMap(({ port, targetPort }) => {
      const target = targetPort ?? port;
      const named = own.find(({ name }) => name === target)?.containerPort;
      const now = typeof target === "number" ? target : named;
      return typeof port === "number" && typeof now === "number" && port !== now
        ? [{ service: service.name, before: port, now }]
        : [];
    }),
  );
}

export function notePorts(workload: Workload, ports: readonly Port[], { report }: Scene): void {
  for (const { service, before, now } of movedPorts(workload))
    if (ports.some(({ number }) => number === now))
      report.warn(
        `Service ${visible(service)} listens on ${before} today, and on ${now}, the port of ${visible(workload.object.name)} itself, from now on: mend addresses that say or mean :${before}`,
        workload.services.find(({ name }) => name === service)?.origin("spec", "ports"),
      );
}

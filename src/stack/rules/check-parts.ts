// Owns: rules about the parts of one merged service: containers, files, volumes, schedules.
// Promises: runs before anything is derived, so that derivations may rely on every part being whole.
// Must not: look at other services.

import { CONTENT_VOLUME, keyOf, OWN_VOLUME } from "../derive-volumes.js";
import type { EffectiveService } from "../effective.js";

export interface Fault {
  readonly path: readonly string[];
  readonly message: string;
  readonly expected: string;
}

type Part = (name: string, service: EffectiveService) => Fault[];

/** Overrides may add a part, and then they must say all of it; null may have taken something away. */
const containersAreWhole: Part = (name, { containers }) =>
  Object.entries(containers ?? {}).flatMap(([container, { kind, image }]) => {
    const path = ["containers", container];
    if (kind === undefined || image === undefined)
      return [
        { path, message: `container ${container} of ${name} is not whole`, expected: "kind and image" },
      ];
    return container === name || container === "model-download"
      ? [{ path, message: `"${container}" is the name of another container`, expected: "another name" }]
      : [];
  });

const schedulesAreWhole: Part = (name, { schedules }) =>
  Object.entries(schedules ?? {}).flatMap(([schedule, { cron }]) =>
    cron === undefined
      ? [
          {
            path: ["schedules", schedule],
            message: `schedule ${schedule} of ${name} has no time`,
            expected: "cron",
          },
        ]
      : [],
  );

const imagesAreThere: Part = (name, { type, serving, image, framework, storage, schedules }) => {
  const byKserve = type === "model" && serving !== "deployment";
  const fault = (field: string) => ({ path: [], message: `${name} has no ${field}`, expected: field });
  if (byKserve)
    return [
      ...(framework === undefined ? [fault("framework")] : []),
      ...(storage === undefined ? [fault("storage")] : []),
    ];
  if (image === undefined) return [fault("image")];
  return type === "scheduled-job" && Object.keys(schedules ?? {}).length === 0 ? [fault("schedules")] : [];
};

const KINDS = ["emptyDir", "claim", "secret", "configMap"] as const;

const volumesAreOne: Part = (_name, { volumes }) =>
  Object.entries(volumes ?? {}).flatMap(([volume, spec]) => {
    const path = ["volumes", volume];
    const given = KINDS.filter((kind) => spec[kind] !== undefined);
    if (given.length !== 1)
      return [
        {
          path,
          message: `volume ${volume} is ${given.join(" and ") || "nothing"}`,
          expected: "one of emptyDir, claim, secret and configMap; null takes another away",
        },
      ];
    if (spec.claim === undefined && (spec.class !== undefined || spec.mode !== undefined))
      return [
        {
          path,
          message: `volume ${volume} is no claim, so that it has no class and no mode`,
          expected: "claim: SIZE",
        },
      ];
    const isTaken = volume.startsWith("writable-") || [CONTENT_VOLUME, OWN_VOLUME].includes(volume);
    return isTaken
      ? [
          {
            path,
            message: `"${volume}" is the name of a volume of the generator's`,
            expected: "another name",
          },
        ]
      : [];
  });

const filesAreOne: Part = (name, { files, containers }) => {
  const keys = new Map<string, string>();
  return Object.entries(files ?? {}).flatMap(([file, { content, from, containers: seenBy }]) => {
    const path = ["files", file];
    if ((content === undefined) === (from === undefined))
      return [
        {
          path,
          message: `${file} has ${content === undefined ? "neither content nor from" : "both content and from"}`,
          expected: "one of them; null takes the other away",
        },
      ];
    if (from !== undefined && /(^|\/)kustomization\.yaml$/.test(from))
      return [
        { path: [...path, "from"], message: "is the list of the files beside it", expected: "another name" },
      ];
    const known = [name, ...Object.keys(containers ?? {})];
    const strange = (seenBy ?? []).find((container) => !known.includes(container));
    if (strange !== undefined)
      return [
        {
          path: [...path, "containers"],
          message: `${name} has no container ${strange}`,
          expected: known.join(", "),
        },
      ];
    const other = keys.get(keyOf(file));
    keys.set(keyOf(file), file);
    return other === undefined
      ? []
      : [
          {
            path,
            message: `${file} and ${other} would have one key, ${keyOf(file)}`,
            expected: "another path for one of them",
          },
        ];
  });
};

const mountsExist: Part = (name, { volumes, containers }) => {
  const known = Object.keys(volumes ?? {});
  return Object.entries(containers ?? {}).flatMap(([container, { mounts }]) =>
    Object.keys(mounts ?? {})
      .filter((volume) => !known.includes(volume))
      .map((volume) => ({
        path: ["containers", container, "mounts", volume],
        message: `${name} has no volume ${volume}`,
        expected: known.join(", ") || "a volume under volumes",
      })),
  );
};

/** One name and one number in a pod: its containers share an address, and Services find ports by name. */
const portsDiffer: Part = (name, { ports, containers }) => {
  const seen = new Map<string | number, string>();
  const running = Object.entries(containers ?? {}).filter(([, { kind }]) => kind === "sidecar");
  const all: [readonly string[], string, Readonly<Record<string, number>>][] = [
    [[], name, ports ?? {}],
    ...running.map(([container, spec]): [readonly string[], string, Readonly<Record<string, number>>] => [
      ["containers", container],
      container,
      spec.ports ?? {},
    ]),
  ];
  return all.flatMap(([place, container, own]) =>
    Object.entries(own).flatMap(([port, number]) => {
      const clash = ([port, number] as const).find((key) => (seen.get(key) ?? container) !== container);
      const other = clash === undefined ? undefined : seen.get(clash);
      seen.set(port, container).set(number, container);
      return other === undefined
        ? []
        : [
            {
              path: [...place, "ports", port],
              message: `port ${clash} is also one of ${other}`,
              expected: "another name and number",
            },
          ];
    }),
  );
};

const PARTS: readonly Part[] = [
  containersAreWhole,
  schedulesAreWhole,
  imagesAreThere,
  volumesAreOne,
  filesAreOne,
  mountsExist,
  portsDiffer,
];

/** Everything that is not whole in a service. */
export function unwholeParts(name: string, service: EffectiveService): Fault[] {
  return PARTS.flatMap((part) => part(name, service));
}

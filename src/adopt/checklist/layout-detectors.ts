// Owns: detectors about layout of a repository, its environments, releases and Argo CD.
// Promises: each reads objects or paths, and names them.
// Must not: know ids of rows.

import { type Detector, hasItems, names, no, partly, type Seen, share, yes } from "./seen.js";

const inTier =
  (tier: string) =>
  ({ places }: Seen) =>
    places.filter((place) => place.tier === tier);

/** What production must have, each by kinds of its objects. */
export function production(wanted: Readonly<Record<string, readonly string[]>>): Detector {
  return (seen) => {
    const objects = inTier("production")(seen).flatMap((place) => place.objects);
    const missing = Object.entries(wanted)
      .filter(([, kinds]) => !objects.some(({ kind }) => kinds.includes(kind)))
      .map(([what]) => what);
    if (missing.length === 0) return yes(Object.keys(wanted).join(", "));
    const text = `no ${missing.join(", no ")}`;
    return missing.length === Object.keys(wanted).length ? no(text) : partly(text);
  };
}

export const tierIsThere =
  (tier: string): Detector =>
  (seen) => {
    const [place] = inTier(tier)(seen);
    return place?.origin === undefined ? no(`no ${tier} environment`) : yes(place.name);
  };

export const layout: Detector = ({ reading: { kustomizations }, places }) => {
  const count = kustomizations.size;
  if (count === 0) return no("no kustomization: plain files");
  return places.length > 1 && count > places.length
    ? yes(`${count} kustomizations, ${places.length} environments`)
    : partly(
        `${count} kustomization${count === 1 ? "" : "s"}, ${places.length} environment${places.length === 1 ? "" : "s"}`,
      );
};

export const folders: Detector = ({ paths }) => {
  const found = ["monitoring", "scripts", "runbook"].filter((name) =>
    paths.some((path) =>
      path
        .split("/")
        .slice(0, -1)
        .some((part) => part.startsWith(name)),
    ),
  );
  if (found.length === 3) return yes(found.join(", "));
  return found.length === 0 ? no("none of them") : partly(found.join(", "));
};

export const labels: Detector = ({ objects }) =>
  share(
    objects.map((item) => ({ item, name: item.id })),
    (object) => object.labels["app.kubernetes.io/name"] !== undefined,
    "without app.kubernetes.io/name",
  );

export const replicas: Detector = (seen) => {
  const counts = seen.workloads
    .filter(({ object }) => object.kind === "Deployment")
    .map(({ object }) => Number(object.at("spec", "replicas") ?? 1));
  const most = Math.max(0, ...counts);
  if (seen.places.length < 2)
    return most > 1 ? partly(`up to ${most} replicas, one environment`) : no("single replicas");
  return most >= 3 ? yes(`up to ${most} replicas`) : partly(`up to ${most} replicas`);
};

export const configuration: Detector = ({ reading, objects }) => {
  const generated = [...reading.kustomizations.values()].filter(({ data }) =>
    hasItems(data, "configMapGenerator"),
  );
  if (generated.length > 0) return yes(names(generated.map(({ path }) => path)));
  const maps = objects.filter(({ kind }) => kind === "ConfigMap");
  return maps.length > 0
    ? partly(`${names(maps.map(({ id }) => id))}; a change rolls no pod`)
    : no("no ConfigMap: settings are in the workloads");
};

export const project: Detector = ({ objects }) => {
  const found = objects.filter(({ kind }) => kind === "AppProject");
  if (found.length === 0) return no("no AppProject");
  const open = found.filter(({ data }) => /"\*"/.test(JSON.stringify(data.spec ?? {})));
  return open.length === 0
    ? yes(names(found.map(({ id }) => id)))
    : partly(`with wildcards: ${names(open.map(({ id }) => id))}`);
};

export const releases: Detector = ({ reading }) => {
  const found = [...reading.kustomizations.values()].filter(({ data }) => hasItems(data, "images"));
  return found.length > 0
    ? partly(`${names(found.map(({ path }) => path))}; no promotion`)
    : no("tags are in the workloads");
};

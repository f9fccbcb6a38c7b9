// Owns: detectors about secrets, images, policies, namespaces, certificates, accounts.
// Promises: each reads objects or paths, and names them.
// Must not: know ids of rows.

import { listAt, textAt, valueAt } from "../../validate/values.js";
import { parseImage } from "../known-images.js";
import { isSecretVariable } from "../secret-text.js";
import {
  containersOf,
  type Detector,
  everyWorkload,
  hasItems,
  names,
  no,
  partly,
  share,
  yes,
} from "./seen.js";

export const secrets: Detector = ({ objects, workloads }) => {
  const stored = objects.filter(({ kind }) => ["ExternalSecret", "SealedSecret"].includes(kind));
  const open = objects.filter(
    (one) =>
      one.kind === "Secret" && Object.keys({ ...one.record("data"), ...one.record("stringData") }).length > 0,
  );
  const literal = workloads.filter((workload) =>
    containersOf(workload).some(({ data }) =>
      listAt(data, "env").some((item) =>
        isSecretVariable(textAt(item, "name") ?? "", String(valueAt(item, "value") ?? "")),
      ),
    ),
  );
  const inGit = [
    ...open.map(({ id }) => `${id} in git`),
    ...literal.map(({ object }) => `plain text in ${object.id}`),
  ];
  if (inGit.length > 0) return stored.length > 0 ? partly(names(inGit)) : no(names(inGit));
  return stored.length > 0
    ? yes(names(stored.map(({ id }) => id)))
    : partly("values are not in git; who makes them is not said");
};

export const images: Detector = ({ workloads }) =>
  share(
    workloads.flatMap((workload) =>
      containersOf(workload).map(({ image }) => ({ item: image, name: workload.object.name })),
    ),
    (image) => parseImage(image).digest !== undefined,
    "not pinned by digest",
  );

export const denied: Detector = ({ objects }) => {
  const policies = objects.filter(({ kind }) => /NetworkPolicy$/.test(kind));
  const closed = policies.find(
    (one) =>
      Object.keys(one.record("spec", "podSelector")).length === 0 && !hasItems(one.data, "spec", "ingress"),
  );
  if (policies.length === 0) return no("no NetworkPolicy");
  return closed === undefined
    ? partly(`${names(policies.map(({ id }) => id))}; nothing is denied by default`)
    : yes(names(policies.map(({ id }) => id)));
};

export const restricted: Detector = ({ objects }) => {
  const namespaces = objects.filter(({ kind }) => kind === "Namespace");
  if (namespaces.length === 0) return no("no Namespace here");
  return share(
    namespaces.map((item) => ({ item, name: item.name })),
    (one) => one.labels["pod-security.kubernetes.io/enforce"] === "restricted",
    "not enforced",
  );
};

export const edgeTls: Detector = ({ objects }) => {
  const routes = objects.filter(({ kind }) => kind === "Ingress");
  const renewed = objects.some(
    ({ kind, annotations }) =>
      kind === "Certificate" || Object.keys(annotations).some((key) => key.startsWith("cert-manager.io/")),
  );
  const open = routes.filter((one) => !hasItems(one.data, "spec", "tls"));
  if (routes.length > 0 && open.length === 0)
    return renewed ? yes("TLS by cert-manager") : partly("TLS; nothing renews it");
  return renewed
    ? partly("cert-manager")
    : no(routes.length === 0 ? "no TLS" : `no TLS: ${names(open.map(({ id }) => id))}`);
};

export const accounts = everyWorkload(
  "the default account, or its token",
  ({ pod }) =>
    !["", "default", undefined].includes(textAt(pod, "serviceAccountName")) &&
    pod.automountServiceAccountToken === false,
);

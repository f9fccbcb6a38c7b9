// Owns: detectors about metrics, rules, dashboards, exporters and traces.
// Promises: each reads objects or paths, and names them.
// Must not: know ids of rows.

import { listAt, textAt } from "../../validate/values.js";
import { isExporter } from "../known-images.js";
import {
  containersOf,
  type Detector,
  everyRunning,
  hasPath,
  names,
  no,
  partly,
  textsIn,
  yes,
} from "./seen.js";

export const metrics: Detector = everyRunning(
  "nothing scrapes them",
  ({ monitors, podAnnotations, services }) =>
    monitors.length > 0 ||
    podAnnotations["prometheus.io/scrape"] === "true" ||
    services.some(({ annotations }) => annotations["prometheus.io/scrape"] === "true"),
);

/** Words in the rules of Prometheus. */
export const rules =
  (what: string, pattern: RegExp): Detector =>
  ({ objects }) => {
    const text = textsIn(objects, "PrometheusRule");
    if (text === "") return no("no PrometheusRule");
    return pattern.test(text) ? yes(`PrometheusRule with ${what}`) : partly(`PrometheusRule without ${what}`);
  };

export const dashboards: Detector = (seen) => {
  const found = seen.objects.filter(
    ({ kind, labels: own }) => kind === "ConfigMap" && own.grafana_dashboard !== undefined,
  );
  if (found.length > 0) return yes(names(found.map(({ id }) => id)));
  return hasPath("dashboard", /dashboards?\/[^/]+\.json$/)(seen);
};

export const exporters: Detector = ({ datastores, workloads }) => {
  const images = new Set(workloads.flatMap((one) => containersOf(one).map(({ image }) => image)));
  const own = [...images].filter(isExporter);
  if (own.length === 0) return no("no exporter");
  return own.length >= datastores.length
    ? partly(`${names(own)}; alerts and dashboards are not said`)
    : partly(names(own));
};

export const traced: Detector = ({ workloads }) => {
  const found = workloads.filter(({ main }) =>
    listAt(main.data, "env").some((item) => /^OTEL_|JAEGER|ZIPKIN/.test(textAt(item, "name") ?? "")),
  );
  return found.length > 0 ? partly(names(found.map(({ object }) => object.id))) : no("no tracing");
};

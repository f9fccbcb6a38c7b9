// Owns: a workload of one environment as facts of a service in prod-stack.yaml.
// Promises: what the manifest says, in the schema's words; what it leaves open is left to the generator's defaults.
// Must not: compare environments.

import { MODEL_FORMATS } from "../spec/schema/words.js";
import { engines } from "../stack/engines/index.js";
import { asRecord, textAt } from "../validate/values.js";
import { addressNote, notePorts } from "./addresses.js";
import { externalsIn, policyEdges, type StoreEdge, serviceEdges, storeEdges } from "./connections.js";
import {
  commandFacts,
  imageFact,
  type Placed,
  portFacts,
  portsOf,
  probeFacts,
  resourceFacts,
  userFacts,
} from "./container-facts.js";
import { exposureFacts } from "./exposure-facts.js";
import { Fact, type Facts, isEmpty, put } from "./facts.js";
import { runtimeFact, typeFact } from "./infer-type.js";
import { isExporter } from "./known-images.js";
import { visible } from "./manifest.js";
import { podFacts } from "./pod-facts.js";
import { jobFacts, scalingFacts } from "./running-facts.js";
import { labelOf, type Scene, type ServiceRole } from "./scene.js";
import { type Variable, variablesOf } from "./variables.js";
import { sharedMounts, volumeFacts } from "./volume-facts.js";
import type { Container, Workload } from "./workloads.js";

export interface ServiceContext {
  readonly scene: Scene;
  readonly domain: string | undefined;
  /** Hosts at which the stack itself is reached. */
  readonly ownHosts: ReadonlySet<string>;
  /** The externals of the place, to which this adds. */
  readonly externals: Facts;
  /** The secrets of the place, to which this adds. */
  readonly secrets: Map<string, Map<string, Fact>>;
}

const ASKS_PATHS = ["spring-boot", "dotnet", "nodejs", "go", "python", "nginx", "envoy"];

export function serviceFacts({ key, workload }: ServiceRole, context: ServiceContext): Facts {
  const { scene } = context;
  const { report, place } = scene;
  const { object, main, pod } = workload;
  const placed: Placed = { container: main, object, report };
  const endsByItself = object.kind === "CronJob" || object.kind === "Job";
  const ports = endsByItself ? [] : portsOf(placed, workload.services);
  const variables = variablesOf({ container: main, object, service: key, objects: place.objects, report });
  const volumes = volumeFacts({ workload, objects: place.objects, report });
  const signs = { key, workload, ports, variables, hasClaim: volumes.hasClaim };
  const type = typeFact(signs);
  const runtime = runtimeFact(signs);
  const asksPaths = ASKS_PATHS.includes(String(runtime.value)) && type.value !== "grpc-service";
  const probes = endsByItself ? {} : probeFacts(placed, ports, asksPaths);
  const facts: Facts = {
    type,
    runtime,
    image: imageFact(placed),
    ...commandFacts(placed),
    ...filled("ports", portFacts(ports)),
    ...filled("resources", resourceFacts(placed)),
    ...filled("probes", probes),
    ...userFacts(placed, pod),
    ...volumes.facts,
    ...podFacts(workload, ports, asksPaths, scene),
    ...(endsByItself
      ? jobFacts(workload)
      : scalingFacts(workload, { type: String(type.value), tier: place.tier, hasClaim: volumes.hasClaim })),
  };
  putEdges(facts, { key, workload }, variables, context);
  putContainers(facts, key, workload, context);
  for (const [secret, { keys, origin }] of volumes.secrets)
    for (const name of keys.length > 0 ? keys : ["value"])
      rememberSecret(
        context,
        secret,
        name,
        new Fact(name, origin, keys.length > 0 ? undefined : "its keys are not in the repository"),
      );
  const exposure = endsByItself
    ? undefined
    : exposureFacts({ workload, ports, domain: context.domain, report });
  if (exposure !== undefined) facts.expose = exposure;
  notePorts(workload, ports, scene);
  return facts;
}

function filled(key: string, facts: Facts): Facts {
  return isEmpty(facts) ? {} : { [key]: facts };
}

/** The variables, less what the connections of `uses` give. */
function putEdges(
  facts: Facts,
  self: ServiceRole,
  variables: readonly Variable[],
  context: ServiceContext,
): void {
  const { scene, ownHosts, externals } = context;
  const { key } = self;
  const edges = storeEdges(variables, scene);
  const given = new Set(edges.flatMap(({ parts }) => [...parts.values()]));
  for (const { store, parts, origin } of edges) {
    warnOfPassword(key, { store, parts, origin }, scene);
    const names = [...parts].map(([part, { name, origin: place }]) => [part, new Fact(name, place)] as const);
    put(
      facts,
      ["uses", store.key],
      parts.size === 0 ? new Fact({}, origin) : { env: Object.fromEntries(names) },
    );
  }
  const rest = variables.filter((variable) => !given.has(variable));
  for (const variable of rest)
    put(facts, ["env", variable.name], variableFact(variable, context, addressNote(variable, scene)));
  for (const [target, policy] of policyEdges(self, scene))
    put(facts, ["uses", target], new Fact({}, policy.origin(), `since ${visible(policy.id)} lets it`));
  for (const [target, { variable }] of serviceEdges(rest, key, scene))
    put(facts, ["uses", target], new Fact({}, variable.origin, `since ${variable.name} names it`));
  const stores = scene.datastores.flatMap(({ key: name, hosts }) => [name, ...hosts]);
  const inside = new Set([...ownHosts, ...stores, ...scene.services.map((one) => one.key)]);
  for (const { host, port, variable } of externalsIn(rest, inside)) {
    const name = labelOf(host.replaceAll(".", "-"));
    put(externals, [name, "host"], new Fact(host, variable.origin));
    put(externals, [name, "port"], new Fact(port, variable.origin));
    put(facts, ["uses", name], new Fact({}, variable.origin, `since ${variable.name} names it`));
  }
}

/** Parts of a connection that carry the password. */
const WITH_PASSWORD = ["password", "url", "connectionString", "jaasConfig"];

/** Every generated datastore asks for one. */
function warnOfPassword(key: string, { store, parts, origin }: StoreEdge, { report }: Scene): void {
  if (WITH_PASSWORD.some((part) => parts.has(part)) || !engines[store.engine].modes.includes("statefulset"))
    return;
  report.warn(
    `${key} talks to ${store.key} without a password today, and the generated ${store.engine} asks for one: read it from the variable that services.${key}.uses.${store.key}.env.password names`,
    origin,
  );
}

function variableFact(
  { text, secret, origin, note, name }: Variable,
  context: ServiceContext,
  hint?: string,
): Fact {
  if (secret === undefined) return new Fact(text ?? "", origin, hint);
  rememberSecret(context, secret.name, secret.key, new Fact(secret.key, origin));
  return new Fact(
    { secret: secret.name, key: secret.key },
    origin,
    note === undefined ? undefined : `${name} ${note}`,
  );
}

function rememberSecret({ secrets }: ServiceContext, name: string, key: string, fact: Fact): void {
  const keys = secrets.get(name) ?? new Map<string, Fact>();
  if (!keys.has(key)) keys.set(key, fact);
  secrets.set(name, keys);
}

const MESH = /^(?:istio-proxy|istio-init|linkerd-proxy|linkerd-init)$/;

function putContainers(facts: Facts, key: string, workload: Workload, context: ServiceContext): void {
  const { report, place } = context.scene;
  const add = (container: Container, kind: "sidecar" | "init") => {
    if (MESH.test(container.name) || isExporter(container.image)) return;
    const placed: Placed = { container, object: workload.object, report };
    const name = labelOf(container.name);
    const ports = kind === "init" ? [] : portsOf(placed, []);
    const variables = variablesOf({
      container,
      object: workload.object,
      service: key,
      objects: place.objects,
      report,
    });
    const volumes = facts.volumes instanceof Fact || facts.volumes === undefined ? {} : facts.volumes;
    const path = ["containers", name === key ? `${name}-${kind}` : name];
    put(facts, path, {
      kind: new Fact(kind, workload.object.origin(...container.path)),
      image: imageFact(placed),
      ...commandFacts(placed),
      ...filled("ports", portFacts(ports)),
      ...filled("env", Object.fromEntries(variables.map((one) => [one.name, variableFact(one, context)]))),
      ...filled("resources", resourceFacts(placed)),
      ...filled("mounts", sharedMounts(container, volumes)),
      ...userFacts(placed, workload.pod),
    });
  };
  for (const container of workload.sidecars) add(container, "sidecar");
  for (const container of workload.inits) add(container, "init");
}

/** KServe's own object, in its present form or in the old one: predictor.sklearn. */
export function modelFacts(object: Scene["models"][number]["object"]): Facts {
  const predictor = object.record("spec", "predictor");
  const old = MODEL_FORMATS.find((format) => predictor[format] !== undefined);
  const field = old ?? "model";
  const model = asRecord(predictor[field]);
  const framework = old ?? textAt(model, "modelFormat", "name");
  const storage = textAt(model, "storageUri");
  const origin = object.origin("spec", "predictor", field);
  return {
    type: new Fact("model", object.origin()),
    ...(framework === undefined ? {} : { framework: new Fact(framework, origin) }),
    ...(storage === undefined ? {} : { storage: new Fact(storage, origin) }),
  };
}

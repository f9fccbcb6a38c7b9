// Owns: the rules about scaling, nodes and priorities: what each refuses, where, and what it lets pass.
// Promises: a red and a green case each.
// Must not: test what the schema refuses.

import { describe, expect, test } from "vitest";
import { stackProblems } from "../spec/problems-of.js";

function spec(service: string, top = "", environment = ""): string {
  return `apiVersion: prod-stack/v1
name: a
source: { url: "https://github.com/example-org/a" }
services:
  jobs: { type: worker, runtime: go, image: example/a, ${service} }
datastores: { queue: { engine: redis } }
externals: { mq: { host: mq.example.com, port: 5672 } }
secrets: { mq: { keys: [uri] } }
${top}
environments:
  prod: { tier: production, domain: example.com, ${environment} }
`;
}

const scaling = (triggers: string, rest = "min: 0, max: 9") =>
  `scaling: { ${rest}, triggers: { t: ${triggers} } }`;
const list = "redis: { from: queue, list: l, length: 5 }";
const at = "environments.prod.services.jobs.scaling.triggers.t";
const spot = "placement: { spot: true }";

const CASES: readonly [string, Parameters<typeof spec>, Parameters<typeof spec>, string, RegExp][] = [
  [
    "zero pods that nothing wakes",
    ["scaling: { min: 0, max: 3, cpu: 50 }"],
    ["scaling: { min: 1, max: 3, cpu: 50 }"],
    "environments.prod.services.jobs.scaling.min",
    /never come back from zero/,
  ],
  [
    "zero pods behind a route",
    [`ports: { http: 80 }, expose: {}, ${scaling(`{ ${list} }`)}`],
    [scaling(`{ ${list} }`)],
    "environments.prod.services.jobs.scaling.min",
    /exposed, and requests to zero pods fail/,
  ],
  [
    "a trigger of two kinds",
    [scaling(`{ ${list}, cron: { start: "0 8 * * *", end: "0 9 * * *", replicas: 2 } }`)],
    [scaling('{ cron: { start: "0 8 * * *", end: "0 9 * * *", replicas: 2 } }')],
    at,
    /is redis and cron/,
  ],
  ["a trigger of no kind", [scaling("{}")], [scaling(`{ ${list} }`)], at, /is nothing/],
  [
    "a trigger without what it counts",
    [scaling("{ redis: { from: queue, list: l } }")],
    [scaling(`{ ${list} }`)],
    `${at}.redis`,
    /lacks length/,
  ],
  [
    "a trigger on a list and a stream",
    [scaling("{ redis: { from: queue, list: l, stream: s, length: 5 } }")],
    [scaling("{ redis: { from: queue, stream: s, group: g, length: 5 } }")],
    `${at}.redis`,
    /lacks one of list and stream/,
  ],
  [
    "a queue whose broker nobody names",
    [scaling("{ rabbitmq: { queue: q, length: 5 } }")],
    [scaling("{ rabbitmq: { queue: q, length: 5, uri: { secret: mq, key: uri } } }")],
    `${at}.rabbitmq`,
    /lacks from/,
  ],
  [
    "a trigger on what is not there",
    [scaling("{ rabbitmq: { from: mqq, queue: q, length: 5 } }")],
    [scaling("{ rabbitmq: { from: mq, queue: q, length: 5 } }")],
    `${at}.rabbitmq.from`,
    /no datastore or external is called "mqq"/,
  ],
  [
    "a trigger on a datastore of another engine",
    [scaling("{ kafka: { from: queue, topic: t, group: g, lag: 5 } }")],
    [scaling("{ kafka: { from: mq, topic: t, group: g, lag: 5 } }")],
    `${at}.kafka.from`,
    /queue is redis, and not kafka/,
  ],
  [
    "a login that is not declared",
    [scaling("{ rabbitmq: { queue: q, length: 5, uri: { secret: mq, key: urii } } }")],
    [scaling("{ rabbitmq: { queue: q, length: 5, uri: { secret: mq, key: uri } } }")],
    at,
    /logs in with urii of the secret mq, which is not declared/,
  ],
  [
    "pods counted and sized by the same measure",
    ["vertical: { mode: InPlaceOrRecreate }, scaling: { min: 1, max: 3, cpu: 50, memory: null }"],
    [
      "vertical: { mode: InPlaceOrRecreate, resources: [memory] }, scaling: { min: 1, max: 3, cpu: 50, memory: null }",
    ],
    "environments.prod.services.jobs.vertical",
    /counted and sized by the same cpu/,
  ],
  [
    "a size above the limit",
    ["vertical: { max: { memory: 9Gi } }"],
    ["vertical: { max: { memory: 1Gi } }"],
    "environments.prod.services.jobs.vertical",
    /vertical.max.memory of jobs is out of bounds/,
  ],
  [
    "spot nodes of nobody",
    [spot],
    [spot, "nodes: { spot: aks }"],
    "environments.prod.services.jobs.placement.spot",
    /nothing says whose they are/,
  ],
  [
    "a single pod on spot nodes",
    [`${spot}, scaling: { min: 1, max: 3, cpu: 50 }`, "nodes: { spot: eks }"],
    [`${spot}, scaling: { min: 2, max: 3, cpu: 50 }`, "nodes: { spot: eks }"],
    "environments.prod.services.jobs.placement.spot",
    /a single pod on spot nodes/,
  ],
  [
    "a class with a name of Kubernetes",
    ["", "priorityClasses: { system-high: { value: 1 } }"],
    ["", "priorityClasses: { high: { value: 1 } }"],
    "priorityClasses.system-high",
    /classes of Kubernetes itself/,
  ],
  [
    "a class with two meanings",
    ["", "priorityClasses: { high: { value: 1 } }", "priorityClasses: { high: { value: 2 } }"],
    ["", "priorityClasses: { high: { value: 1 } }", "priorityClasses: { high: { value: 1 } }"],
    "environments.prod.priorityClasses.high",
    /not the same everywhere/,
  ],
];

describe("a stack with", () => {
  test.each(CASES)("%s is refused", (_title, red, green, path, message) => {
    const found = stackProblems(spec(...red)).filter((problem) => problem.path === path);
    expect(found.map((problem) => problem.message)).toEqual([expect.stringMatching(message)]);
    expect(found[0]?.line).toBeGreaterThan(3);
    expect(stackProblems(spec(...green))).toEqual([]);
  });
});

// Owns: the proof of docs/checklist.md: how a stack stands to each row is what the stack has, not which capability is on.
// Promises: each optional row in both states, against the text of the files that the page names.
// Must not: judge whether the files are right; the rows' own tests do.

import { expect, test } from "vitest";
import { ROW_EVIDENCE } from "../../src/capabilities/checklist/row-evidence.js";
import { type RowStatus, rowStatuses } from "../../src/capabilities/checklist/row-status.js";
import { CHECKLIST } from "../../src/capabilities/checklist.js";
import type { FileTree } from "../../src/render/file-tree.js";
import { yieldsOf } from "../../src/render/render-tree.js";
import { renderText } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

interface Answered {
  readonly tree: FileTree;
  readonly rows: ReadonlyMap<string, RowStatus>;
}

function answer(text: string): Answered {
  const { stack, tree } = renderText(text);
  return { tree, rows: new Map(rowStatuses(stack, yieldsOf(stack)).map((row) => [row.id, row])) };
}

/** A stack in three places, with what a case adds to its service, its top level and its production. */
function stackWith({
  service = "",
  top = "",
  prod = "",
  dev = "",
}: Partial<Record<string, string>> = {}): string {
  return `apiVersion: prod-stack/v1
name: plain
source: { url: https://github.com/example-org/plain-deploy }
services:
  api: { type: web-api, runtime: generic, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }${service} }
  aside: { type: worker, runtime: generic, image: ghcr.io/example-org/aside:1.0.0 }
${top}
environments:
  dev: { tier: development, domain: dev.example.com${dev} }
  prod: { tier: production, domain: example.com${prod} }
`;
}

const EXPOSED = ", expose: { host: api }";
const answers = (expose: string) => ({ service: `, expose: { host: api, ${expose} }` });

/** Row: what asks for it, what does not, a text that its files have then, and where it is met. */
const CASES: Readonly<
  Record<
    string,
    {
      on: Parameters<typeof stackWith>[0];
      off: Parameters<typeof stackWith>[0];
      text: RegExp;
      status: string;
      /** The text is there without the row too. */
      remains?: true;
    }
  >
> = {
  "GIT-03": {
    on: { prod: ", argocd: { mode: application }" },
    off: {},
    text: /^kind: Application$/m,
    status: "met in prod",
  },
  "SEC-06": {
    on: {},
    off: { prod: ", network: { policies: false }" },
    text: /name: default-deny/,
    status: "met in prod",
  },
  "SEC-07": {
    on: {
      service: ", env: { TOKEN: { secret: api, key: token } }",
      top: "secrets: { api: { keys: [token] } }",
    },
    off: {},
    text: /^kind: ExternalSecret$/m,
    status: "met",
  },
  "SEC-08": {
    on: {
      service: ", env: { TOKEN: { secret: api, key: token } }",
      top: "secrets: { api: { keys: [token] } }",
    },
    off: {
      service: ", env: { TOKEN: { secret: api, key: token } }",
      top: "secrets: { api: { keys: [token] } }\nreloader: off",
    },
    text: /refreshInterval/,
    remains: true,
    status: "met",
  },
  "SEC-11": {
    on: { service: EXPOSED },
    off: { service: EXPOSED, prod: ", certManager: { mode: off }" },
    text: /^kind: Certificate$/m,
    status: "met in prod",
  },
  "SEC-13": {
    on: {},
    off: { top: "policy: { engine: none }" },
    text: /^kind: ValidatingAdmissionPolicy$/m,
    status: "met",
  },
  "SEC-14": {
    on: { dev: ", pullSecrets: [registry]" },
    off: {},
    text: /imagePullSecrets/,
    status: "met in dev",
  },
  "SEC-04": { on: {}, off: { top: "namespaces: external" }, text: /enforce: restricted/, status: "met" },
  "RES-02": { on: {}, off: { top: "namespaces: external" }, text: /^kind: ResourceQuota$/m, status: "met" },
  "RES-05": {
    on: {},
    off: { prod: ", services: { api: { scaling: null }, aside: { scaling: null } }" },
    text: /^kind: HorizontalPodAutoscaler$/m,
    status: "met in prod",
  },
  "RES-06": {
    on: {
      service:
        ', scaling: { min: 1, max: 3, triggers: { nightly: { cron: { start: "0 8 * * *", end: "0 9 * * *", replicas: 3 } } } }',
    },
    off: {},
    text: /^kind: ScaledObject$/m,
    status: "met",
  },
  "RES-07": {
    on: { service: ", vertical: {}" },
    off: {},
    text: /^kind: VerticalPodAutoscaler$/m,
    status: "met",
  },
  "RES-12": {
    on: answers("affinity: cookie"),
    off: { service: EXPOSED },
    text: /consistentHash/,
    status: "met",
  },
  "RES-13": {
    on: { service: ", priorityClass: first", top: "priorityClasses: { first: { value: 1000 } }" },
    off: {},
    text: /priorityClassName: first|^kind: PriorityClass$/m,
    status: "met",
  },
  "NET-02": {
    on: { service: EXPOSED, prod: ", services: { api: { expose: { rateLimit: 100/min } } }" },
    off: { service: EXPOSED },
    text: /rateLimit:/,
    status: "met in prod",
  },
  "NET-03": {
    on: { service: EXPOSED },
    off: {
      service: EXPOSED,
      top: "gateway: { defaults: { headers: { Referrer-Policy: null, Strict-Transport-Security: null, X-Content-Type-Options: null, X-Frame-Options: null } } }",
    },
    text: /X-Content-Type-Options/,
    status: "met",
  },
  "NET-04": {
    on: answers('cors: { origins: ["https://app.example.com"] }'),
    off: { service: EXPOSED },
    text: /https:\/\/app\.example\.com/,
    status: "met",
  },
  "NET-05": {
    on: answers("allow: [203.0.113.0/24]"),
    off: { service: EXPOSED },
    text: /203\.0\.113\.0\/24/,
    status: "met",
  },
  "NET-06": {
    on: { service: EXPOSED, top: "gateway: { mode: own, class: envoy, loadBalancer: { internal: aws } }" },
    off: { service: EXPOSED },
    text: /aws-load-balancer-scheme/,
    status: "met",
  },
  "NET-08": {
    on: { prod: ", clusters: { east: { name: prod-east }, west: { name: prod-west } }" },
    off: {},
    text: /prod\/(east|west)/,
    status: "met in prod",
  },
  "MON-13": {
    on: {
      top: "monitoring: { receivers: { page: { webhook: { secret: alerting, key: url } } } }\nsecrets: { alerting: { keys: [url] } }",
    },
    off: {},
    text: /^kind: AlertmanagerConfig$/m,
    status: "met",
  },
  "BAK-01": {
    on: {
      top: "datastores: { orders: { engine: postgresql } }",
      prod: ", backup: { store: { s3: { bucket: plain-backups } } }",
    },
    off: { top: "datastores: { orders: { engine: postgresql } }" },
    text: /^kind: CronJob$/m,
    status: "met in prod",
  },
  "BAK-02": {
    on: {
      top: "datastores: { redis: { engine: redis, role: store } }",
      prod: ", backup: { store: { s3: { bucket: plain-backups } } }",
    },
    off: { top: "datastores: { redis: { engine: redis, role: store } }" },
    text: /^kind: CronJob$/m,
    status: "met in prod",
  },
};

const textOf = ({ tree }: Answered, paths: readonly string[]) =>
  tree.filter(({ path }) => paths.includes(path)).map(({ contents }) => contents);
const pageLine = ({ tree }: Answered, id: string) =>
  String(tree.find(({ path }) => path === "docs/checklist.md")?.contents)
    .split("\n")
    .find((line) => line.startsWith(`| ${id} |`));

test.each(Object.entries(CASES))(
  "%s is met where it was asked for, and else says how to",
  (id, { on, off, text, status, remains }) => {
    const asked = answer(stackWith(on));
    const met = asked.rows.get(id);
    expect(met?.state).toBe("met");
    expect(pageLine(asked, id)).toContain(`| ${status} |`);
    const named = textOf(asked, met?.files.map(({ path }) => path) ?? []);
    expect(named.length).toBe(met?.files.length);
    expect(named.some((contents) => text.test(contents))).toBe(true);

    const unasked = answer(stackWith(off));
    expect(unasked.rows.get(id)).toMatchObject({
      state: ROW_EVIDENCE[id]?.ask === undefined ? "not for this stack" : "not asked for",
      files: [],
    });
    expect(unasked.rows.get(id)?.note).not.toBe("");
    // The row is not met by anything that the page overlooks, either.
    const managed = unasked.tree.filter(({ path }) =>
      /^(base|overlays|clusters|bootstrap|monitoring)\//.test(path),
    );
    if (!remains)
      expect(managed.filter(({ contents }) => text.test(contents)).map(({ path }) => path)).toEqual([]);
  },
);

test("a row about what the stack has not is not for this stack", () => {
  const { rows } = answer(stackWith());
  const foreign = [...rows.values()]
    .filter(({ state }) => state === "not for this stack")
    .map(({ id }) => id);
  expect(foreign).toEqual(
    expect.arrayContaining([
      "ENV-03",
      "RES-04",
      "RES-12",
      "NET-01",
      "NET-02",
      "SEC-11",
      "MON-10",
      "BAK-01",
      "BAK-07",
    ]),
  );
  const single = answer(SAMPLE_STACKS.smallest ?? "").rows.get("LAY-05");
  expect(single).toMatchObject({ state: "not for this stack", note: "one service alone" });
});

test("a row of answers that are apart says which of them are open", () => {
  const { rows } = answer(stackWith(answers("compression: true")));
  expect(rows.get("NET-07")).toMatchObject({ state: "met", note: "not asked for: buffering, body size" });
});

test("only files of places and services that have the row are named", () => {
  const { rows } = answer(SAMPLE_STACKS.nginx ?? "");
  const paths = rows.get("RES-12")?.files.map(({ path }) => path) ?? [];
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !path.includes("one"))).toEqual([]);
});

test("a row whose capability is switched off says so", () => {
  const { rows } = answer(stackWith({ service: EXPOSED, top: "capabilities: { exposure: false }" }));
  expect(rows.get("NET-01")).toMatchObject({ state: "switched off", note: "capabilities.exposure is false" });
});

test("what only people and platform can do is a page, and what nothing makes is not generated", () => {
  const { rows } = answer(stackWith());
  const page = rows.get("SEC-09");
  expect(page?.state).toBe("page");
  expect(page?.files.map(({ path }) => path)).toEqual(["docs/platform/encryption-at-rest.md"]);
  const claimed = new Set(
    yieldsOf(renderText(stackWith()).stack).flatMap(({ capability }) => capability.rows),
  );
  for (const [id, { state }] of rows) expect(state === "not generated", id).toBe(!claimed.has(id));
});

test("every met row of every sample names files that are there; no evidence is dead", {
  timeout: 600_000,
}, () => {
  const alive = new Set<string>();
  for (const text of Object.values(SAMPLE_STACKS)) {
    const { tree, rows } = answer(text);
    const paths = new Set(tree.map(({ path }) => path));
    for (const { id, state, files } of rows.values()) {
      if (files.length > 0) alive.add(id);
      expect([state === "met" || state === "page", id]).toEqual([files.length > 0, id]);
      for (const { path, root } of files)
        if (root === "stack") expect([...paths].some((one) => one.endsWith(path))).toBe(true);
    }
  }
  const ids = CHECKLIST.map(({ id }) => id);
  expect(Object.keys(ROW_EVIDENCE).filter((id) => !ids.includes(id))).toEqual([]);
  const silent = Object.keys(ROW_EVIDENCE).filter((id) => !alive.has(id));
  expect(
    silent.filter(
      (id) =>
        answer(SAMPLE_STACKS.shop ?? "").rows.get(id)?.state !== "not generated" && CASES[id] === undefined,
    ),
  ).toEqual([]);
});

// Proves U5: where merging lines would yield one thing twice, or something that nobody meant, structure decides.
import { describe, expect, test } from "vitest";
import { mergeFile } from "../../src/plan/merge-file.js";
import { mergeText } from "../../src/plan/merge-text.js";

interface Case {
  readonly name: string;
  readonly path: string;
  /** With two places, far enough from each other for lines to merge without a conflict. */
  readonly text: string;
  /** What both sides add, with the value that differs. */
  readonly added: string;
  /** Where a conflict is said to be. */
  readonly place: string;
}

const POD = (list: string, element: string) =>
  `spec:\n  containers:\n    - name: api\n      image: api\n      ${list}:\n@1@${element}      tty: true\n`;

const CASES: readonly Case[] = [
  {
    name: "a key of the file",
    path: "a.yaml",
    text: "@1@kind: A\nspec:\n  a: 1\n@2@",
    added: "paused: VALUE\n",
    place: "paused",
  },
  {
    name: "a key of a map",
    path: "a.yaml",
    text: "spec:\n@1@  replicas: 2\n  strategy: Recreate\n@2@  paused: false\n",
    added: "  minReadySeconds: VALUE\n",
    place: "spec.minReadySeconds",
  },
  {
    name: "a label",
    path: "a.yml",
    text: "metadata:\n  labels:\n@1@    app: a\n    tier: b\n@2@spec: {}\n",
    added: '    example.com/team: "VALUE"\n',
    place: "metadata.labels.example.com/team",
  },
  {
    name: "a variable",
    path: "a.yaml",
    text: POD("env", "        - name: A\n          value: a\n        - name: B\n          value: b\n@2@"),
    added: '        - name: LEVEL\n          value: "VALUE"\n',
    place: "spec.containers[api].env[LEVEL].value",
  },
  {
    name: "a container",
    path: "a.yaml",
    text: "spec:\n  containers:\n@1@    - name: api\n      image: api\n@2@  volumes: []\n",
    added: "    - name: agent\n      image: agent:VALUE\n",
    place: "spec.containers[agent].image",
  },
  {
    name: "a port",
    path: "a.yaml",
    text: POD("ports", "        - name: http\n          containerPort: 80\n@2@"),
    added: "        - name: metrics\n          containerPort: 900VALUE\n",
    place: "spec.containers[api].ports[metrics].containerPort",
  },
  {
    name: "a mount",
    path: "a.yaml",
    text: POD("volumeMounts", "        - mountPath: /tmp\n          name: tmp\n@2@"),
    added: "        - mountPath: /data\n          name: data-VALUE\n",
    place: "spec.containers[api].volumeMounts[/data].name",
  },
  {
    name: "a toleration",
    path: "a.yaml",
    text: "spec:\n  tolerations:\n@1@    - key: a\n      effect: NoSchedule\n@2@  nodeName: x\n",
    added: '    - key: pool\n      effect: NoSchedule\n      value: "VALUE"\n',
    place: "spec.tolerations[pool NoSchedule].value",
  },
  {
    name: "an image of a kustomization",
    path: "kustomization.yaml",
    text: "images:\n@1@  - name: a\n    newTag: a\n@2@resources: []\n",
    added: '  - name: b\n    newTag: "VALUE"\n',
    place: "images[b].newTag",
  },
  {
    name: "a literal of a kustomization",
    path: "kustomization.yaml",
    text: "configMapGenerator:\n  - name: a\n    literals:\n@1@      - A=1\n      - B=2\n@2@",
    added: "      - C=VALUE\n",
    place: "configMapGenerator[a].literals[C]",
  },
  {
    name: "a key of a later document",
    path: "a.yaml",
    text: "kind: A\n---\nkind: B\nspec:\n@1@  a: 1\n  b: 2\n@2@",
    added: "  c: VALUE\n",
    place: "document 2: spec.c",
  },
  {
    name: "a document",
    path: "a.yaml",
    text: `${object("a")}@1@${object("b")}@2@`,
    added: `${object("c")}data:\n  key: "VALUE"\n`,
    place: "ConfigMap c: data.key",
  },
  {
    name: "a key of JSON",
    path: "package.json",
    text: '{\n@1@  "a": 1,\n  "b": 2,\n@2@  "c": 3\n}\n',
    added: '  "d": VALUE,\n',
    place: "d",
  },
  {
    name: "an object of a JSON list",
    path: "dashboard.json",
    text: '{\n  "list": [\n@1@    { "name": "a" },\n    { "name": "b" },\n@2@    { "name": "c" }\n  ]\n}\n',
    added: '    { "name": "d", "value": VALUE },\n',
    place: "list[d].value",
  },
];

function object(name: string): string {
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
}

function versions({ text, added }: Case, [ours, theirs]: readonly [string, string], isSwapped: boolean) {
  const at = (first: string, second: string) => text.replace("@1@", first).replace("@2@", second);
  const value = (one: string) => added.replaceAll("VALUE", one);
  const [mine, other] = [value(ours), value(theirs)];
  return {
    base: at("", ""),
    edited: isSwapped ? at("", mine) : at(mine, ""),
    rendered: isSwapped ? at(other, "") : at("", other),
    wrong: isSwapped ? at(other, mine) : at(mine, other),
    decided: isSwapped ? at("", other) : at(other, ""),
  };
}

describe.each(CASES)("$name that both have added", (one) => {
  test.each([false, true])(
    "with the same value is there once, where the user put it (swapped: %s)",
    (isSwapped) => {
      const { base, edited, rendered, wrong } = versions(one, ["7", "7"], isSwapped);
      expect(mergeText(base, edited, rendered)).toEqual({ merged: wrong });
      expect(mergeFile(one.path, base, edited, rendered)).toEqual({ merged: edited });
    },
  );

  test.each([false, true])(
    "with different values is a conflict of the value alone (swapped: %s)",
    (isSwapped) => {
      const { base, edited, rendered, wrong, decided } = versions(one, ["7", "8"], isSwapped);
      expect(mergeText(base, edited, rendered)).toEqual({ merged: wrong });
      const merge = mergeFile(one.path, base, edited, rendered);
      expect(merge).toMatchObject({
        conflict: `${one.place} changed on both sides`,
        ours: edited,
        theirs: decided,
      });
    },
  );
});

describe("an element without a key of its own", () => {
  const route =
    "rules:\n  - matches:\n      - path:\n          type: Prefix\n          value: /\n    port: 1\n";

  test("that both change in the same place is one conflict, not two elements", () => {
    const edited = route.replace("          type: Prefix\n", "");
    const rendered = route.replace("Prefix", "Exact");
    expect(mergeFile("a.yaml", route, edited, rendered)).toMatchObject({
      conflict: "rules[0].matches[0].path.type changed on both sides",
      ours: edited,
      theirs: rendered,
    });
  });

  test("gets the comment of one and the value of the other", () => {
    const edited = route.replace("Prefix", "Exact");
    const rendered = route.replace("          value", "          # New.\n          value");
    expect(mergeFile("a.yaml", route, edited, rendered)).toEqual({
      merged: rendered.replace("Prefix", "Exact"),
    });
  });
});

test("a comment that both have above a key that one has moved and the other removed is a conflict, not lost", () => {
  const base = "a:\n  # About b.\n  b: 1\n  c: 2\n";
  const edited = "a:\n  # About b.\n  b: 1\n";
  expect(mergeFile("a.yaml", base, edited, "a:\n  # About b.\n  c: 2\n  b: 1\n")).toHaveProperty("conflict");
});

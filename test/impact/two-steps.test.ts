// Proves that a plan which needs a procedure of two steps names it, by the heading that the generated runbook has.

import { expect, it } from "vitest";
import { compareObjects } from "../../src/impact/compare-objects.js";
import { toBuiltObject } from "../../src/validate/built-object.js";
import { COMPLETE } from "../cli/command.js";
import { renderText } from "../render/build-stacks.js";

const deployment = (spec: object) => object("apps/v1", "Deployment", spec);
const scaler = object("autoscaling/v2", "HorizontalPodAutoscaler", {
  scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
});

function object(apiVersion: string, kind: string, spec: object) {
  const built = toBuiltObject({ apiVersion, kind, metadata: { name: "api", namespace: "shop" }, spec });
  if (built === undefined) throw new Error("no object");
  return built;
}

it("names the way to turn autoscaling on, and only where replicas are lost", () => {
  const effects = (before: object, after: object) =>
    compareObjects("prod", [deployment(before)], [deployment(after), scaler]).filter(
      ({ id }) => id === "Deployment/api",
    );
  const [change] = effects({ replicas: 3, paused: false }, { paused: false });
  expect(change?.effect).toBe("unscale");
  const [, heading = ""] = /says under "([^"]+)"/.exec(change?.reason ?? "") ?? [];
  const page = renderText(COMPLETE).tree.find(({ path }) => path === "docs/runbook/README.md")?.contents;
  expect(page).toContain(`\n### ${heading}\n`);
  expect(effects({ replicas: 3 }, { replicas: 4 })).toMatchObject([{ effect: "update" }]);
  expect(effects({ paused: false }, { paused: true })).toMatchObject([{ effect: "update" }]);
});

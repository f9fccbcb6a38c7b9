/** Holds that a report reads well in a terminal: it fits, says what failed, what could not run, and why. */
import { describe, expect, it } from "vitest";
import { formatValidation } from "../../src/validate/format-validation.js";
import {
  type CheckResult,
  notRun,
  outcomeOf,
  reportOf,
  type ValidationReport,
} from "../../src/validate/validation-report.js";

const tool = { name: "embedded checker", path: undefined };
const error = {
  severity: "error",
  rule: "secret",
  object: "Deployment/web",
  path: "spec.template.spec.containers[0].env[3].valueFrom.secretKeyRef",
  message: "refers to the Secret web, which nothing in the overlay yields",
  hint: "The overlay has no Secrets.",
} as const;
const warning = {
  severity: "warning",
  rule: "version-label",
  message: "says 1.4.1",
  hint: "Set it.\u001b[31m",
} as const;

function result(check: CheckResult["check"], outcome: ReturnType<typeof outcomeOf>): CheckResult {
  return { check, milliseconds: 1234, ...outcome };
}

const report: ValidationReport = reportOf("1.36", 4321, [
  {
    environment: "repository",
    directory: ".",
    checks: [
      result("files", outcomeOf(68, "files", [])),
      result("workflows", notRun("files", "no-tool", "actionlint was not found")),
    ],
  },
  {
    environment: "production-europe-west-with-a-long-name",
    directory: "overlays/x",
    checks: [
      result("build", outcomeOf(1, "objects", [])),
      result("schemas", outcomeOf(1, "objects", [], tool)),
      result("references", outcomeOf(1, "objects", [warning, error])),
      result("alert-rules", notRun("rules", "nothing-to-check", "no PrometheusRule")),
    ],
  },
]);

describe.each([100, 80, 60, 40, 5])("at %i columns", (width) => {
  const text = formatValidation(report, { width, color: false });

  it("fits", () => {
    const widest = Math.max(...text.split("\n").map((line) => line.length));
    const longestWord = Math.max(...text.split(/\s+/).map((word) => word.length)) + 4;
    expect(widest).toBeLessThanOrEqual(Math.max(width, 40, longestWord));
  });

  it("says everything, in ASCII", () => {
    const words = text.replace(/\s+/g, " ");
    for (const fact of [
      "FAILED",
      "passed",
      "not run",
      "nothing",
      "68 files",
      "1 object ",
      "Deployment/web",
      "[secret]",
      "The overlay has no Secrets.",
      "actionlint was not found",
      "1 errors, 1 warnings",
      "Kubernetes 1.36",
      "4.32 s",
    ])
      expect(words).toContain(fact);
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

describe("colour", () => {
  it("changes nothing but colour", () => {
    const plain = formatValidation(report, { width: 80, color: false });
    const colored = formatValidation(report, { width: 80, color: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(plain);
    expect(colored).toContain("\u001b[31mFAILED\u001b[0m");
  });
});

describe("a report", () => {
  it("lists errors before warnings", () => {
    expect(report.rows[1]?.checks[2]?.findings.map(({ severity }) => severity)).toEqual(["error", "warning"]);
  });

  it("is JSON", () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(report)));
    expect(report.status).toBe("failed");
  });

  it("fails where nothing was checked", () => {
    expect(outcomeOf(0, "objects", []).status).toBe("failed");
    expect(reportOf("1.35", 1, []).status).toBe("failed");
    expect(
      reportOf("1.35", 1, [
        { environment: "repository", directory: ".", checks: [result("files", outcomeOf(5, "files", []))] },
      ]).status,
    ).toBe("failed");
  });

  it("passes with warnings and with checks that could not run", () => {
    const checks = [
      result("build", outcomeOf(3, "objects", [warning])),
      result("alert-rules", notRun("rules", "no-tool", "x")),
    ];
    expect(reportOf("1.35", 1, [{ environment: "prod", directory: "overlays/prod", checks }]).status).toBe(
      "passed",
    );
  });
});

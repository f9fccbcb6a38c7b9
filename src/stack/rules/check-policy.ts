// Owns: rules about exceptions to checks.
// Promises: each has a reason, an owner, a last day and a tool that it is told to; whom it is for is there.
// Must not: know the date.

import { exceptionsOf } from "../derive-exceptions.js";
import { ADMISSION_IDS } from "../presets/admission-rules.js";
import { environmentPath, type StackRule } from "./stack-rule.js";

const exceptionsAreWhole: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    exceptionsOf(environment).flatMap((exception) => {
      const { id, tool } = exception;
      const missing = (["reason", "owner", "expires"] as const).filter((field) => exception[field] === "");
      const path = environmentPath(environment, "exceptions", id);
      const problem = (message: string, expected: string) => source.problem(path, message, { expected });
      return [
        ...(missing.length === 0
          ? []
          : [
              problem(
                `the exception ${id} has no ${missing.join(", no ")}`,
                "reason, owner and expires, from all layers together",
              ),
            ]),
        ...(tool === undefined
          ? [problem(`nothing says whose check ${id} is`, "tool: kube-linter, kube-score, checkov or trivy")]
          : []),
        ...(tool === "admission" && !ADMISSION_IDS.includes(id)
          ? [problem(`there is no rule ${id} of admission`, ADMISSION_IDS.join(", "))]
          : []),
      ];
    }),
  );

const exceptionsAreForSomebody: StackRule = ({ environments, base }, source) =>
  environments.flatMap((environment) => {
    const known = [base, environment].flatMap(({ services, datastores }) =>
      [...services, ...datastores].map(({ name }) => name),
    );
    return exceptionsOf(environment).flatMap(({ id, on }) =>
      on
        .filter((name) => !known.includes(name))
        .map((name) =>
          source.problem(
            environmentPath(environment, "exceptions", id, "on"),
            `the exception ${id} is for ${name}, which is not there`,
            { expected: [...new Set(known)].sort().join(", ") },
          ),
        ),
    );
  });

const datesAreReal: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    exceptionsOf(environment)
      .filter(({ expires }) => expires !== "" && !isDate(expires))
      .map(({ id, expires }) =>
        source.problem(environmentPath(environment, "exceptions", id, "expires"), `${expires} is no day`, {
          expected: "a day that the calendar has",
        }),
      ),
  );

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export const policyRules = [exceptionsAreWhole, exceptionsAreForSomebody, datesAreReal] as const;

// Owns: what a rule about resolved values is.
// Promises: types and paths only.
// Must not: hold rules.

import type { Path, SpecDocument } from "../../spec/spec-document.js";
import type { Problem } from "../../stack-error.js";
import type { Service } from "../service.js";
import type { Environment, Stack } from "../stack.js";
import { pathOf } from "../stack-layers.js";

export type StackRule = (stack: Stack, source: SpecDocument) => Problem[];

export function environmentPath(environment: Environment, ...rest: string[]): Path {
  return [...pathOf(environment), ...rest];
}

/** A fault of one service in one environment: below which key, what, and what would be right. */
export interface ServiceFault {
  readonly path: readonly string[];
  readonly message: string;
  readonly expected: string;
}

/** A rule that looks at one service of one environment after the other. */
export function serviceRule(
  find: (service: Service, environment: Environment, stack: Stack) => readonly ServiceFault[],
): StackRule {
  return (stack, source) =>
    stack.environments.flatMap((environment) =>
      environment.services.flatMap((service) =>
        find(service, environment, stack).map(({ path, message, expected }) =>
          source.problem(
            environmentPath(environment, "services", service.name, ...path),
            `${message} in ${environment.label}`,
            { expected },
          ),
        ),
      ),
    );
}

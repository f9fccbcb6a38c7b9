// Owns: exceptions to checks that have come to their last day.
// Promises: whoever calls brings the day; the same spec and day give the same findings.
// Must not: judge whether an exception is well made; `create-prod-stack` does, when it reads the spec.

import { readDocuments } from "./read-yaml.js";
import type { StackFile } from "./stack-files.js";
import type { Finding } from "./validation-report.js";
import { asRecord, textAt } from "./values.js";

const FILES = ["prod-stack.yaml", "platform.yaml"];
/** Days before the end in which it is told as a warning. */
const NOTICE_DAYS = 14;
const DAY = 86_400_000;

/** @param today a day such as 2027-03-01; without one nothing has expired */
export function findExpiredExceptions(files: readonly StackFile[], today: string | undefined): Finding[] {
  if (today === undefined) return [];
  return files
    .filter(({ path }) => FILES.includes(path))
    .flatMap(({ path, text }) => {
      const spec = text === undefined ? undefined : readDocuments(text).documents[0]?.value;
      return exceptionsIn(spec).flatMap((exception) => judge(exception, path, today));
    });
}

interface Expiring {
  readonly id: string;
  readonly path: string;
  readonly expires: string;
  readonly owner: string;
}

/** On every layer that may have some. */
function exceptionsIn(spec: unknown): Expiring[] {
  const root = asRecord(spec);
  const layers: [string, unknown][] = [
    ["", root],
    ...(["tiers", "environments"] as const).flatMap((map) =>
      Object.entries(asRecord(root[map])).map(([name, value]): [string, unknown] => [
        `${map}.${name}.`,
        value,
      ]),
    ),
  ];
  return layers.flatMap(([prefix, layer]) =>
    Object.entries(asRecord(asRecord(layer).exceptions)).flatMap(([id, value]) => {
      const expires = textAt(value, "expires");
      return expires === undefined
        ? []
        : [{ id, expires, path: `${prefix}exceptions.${id}`, owner: textAt(value, "owner") ?? "its owner" }];
    }),
  );
}

function judge({ id, path, expires, owner }: Expiring, file: string, today: string): Finding[] {
  const left = Math.round((Date.parse(expires) - Date.parse(today)) / DAY);
  if (Number.isNaN(left) || left > NOTICE_DAYS) return [];
  const hint = `${owner} meets the check, or gives the exception a new day and says why.`;
  const isOver = left < 0;
  return [
    {
      severity: isOver ? "error" : "warning",
      rule: isOver ? "exception-expired" : "exception-expires",
      file,
      path,
      message: isOver
        ? `the exception to ${id} ended on ${expires}`
        : `the exception to ${id} ends on ${expires}`,
      hint,
    },
  ];
}

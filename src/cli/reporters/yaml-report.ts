// Owns: values with their origins as YAML lines.
// Promises: valid YAML; origins are comments in a column of their own, where the terminal has room.
// Must not: know what the values mean.

import { formatValue } from "../../index.js";
import { paint, type Terminal, widthOf } from "../terminal.js";

/** A value, or a map of further values where the origin is empty. */
export interface Annotated {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

interface Row {
  readonly text: string;
  readonly origin: string;
}

/** Beyond this column a long value pushes its own comment. */
const WIDEST = 60;

export function yamlLines(entries: readonly Annotated[], terminal: Terminal): string[] {
  const rows = rowsOf(entries, "");
  const widest = Math.min(WIDEST, Math.floor(widthOf(terminal) * 0.6));
  const column = Math.max(...rows.map(({ text }) => text.length).filter((length) => length <= widest), 0);
  return rows.map(({ text, origin }) =>
    origin === "" ? text : `${text.padEnd(column)}  ${paint(terminal, "dim", `# ${origin}`)}`,
  );
}

function rowsOf(entries: readonly Annotated[], indent: string): Row[] {
  return entries.flatMap(({ key, value, origin }): Row[] => {
    const name = `${indent}${formatValue(key)}:`;
    if (origin !== "") return [{ text: `${name} ${formatValue(value)}`, origin }];
    return [{ text: name, origin }, ...rowsOf(value as readonly Annotated[], `${indent}  `)];
  });
}

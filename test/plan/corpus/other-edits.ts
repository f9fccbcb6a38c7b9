// Owns: what people and templates do to JSON, scripts and pages.
// Promises: each leaves the file valid.
// Must not: know the merge.

import { type Edit, indentationOf, nearest, replaced, spaces, spliced } from "./lines.js";

function jsonValue(suffix: string): Edit {
  return (lines, near) =>
    replaced(
      lines,
      nearest(lines, near, /^\s*"(description|title|text|expr|legendFormat)": "[^"\\]*",?$/),
      (line) => line.replace(/"(,?)$/, `${suffix}"$1`),
    );
}

function jsonNumber(by: number): Edit {
  return (lines, near) =>
    replaced(lines, nearest(lines, near, /^\s*"\w+": \d+,?$/), (line) =>
      line.replace(/\d+(?=,?$)/, (value) => String(Number(value) + by)),
    );
}

/** A key behind another one, also behind the last: that one gets its comma. */
function jsonKey(name: string): Edit {
  return (lines, near) => {
    const at = nearest(lines, near, /^\s*"[\w$]+": (\d+|"[^"\\]*"|true|false),?$/);
    if (at === undefined) return undefined;
    const line = lines[at] ?? "";
    const added = `${spaces(indentationOf(line))}"${name}": true`;
    return spliced(lines, at, 1, line.replace(/,?$/, ","), line.endsWith(",") ? `${added},` : added);
  };
}

function jsonTag(name: string): Edit {
  return (lines, near) =>
    replaced(lines, nearest(lines, near, /^\s*"tags": \["[^\]]*"\],?$/), (line) =>
      line.replace("]", `,"${name}"]`),
    );
}

const jsonLine: Edit = (lines, near) => {
  const at = nearest(
    lines,
    near,
    (line, index) =>
      /^\s*"\w+": (\d+|"[^"\\]*"|true|false),$/.test(line) && /^\s*"/.test(lines[index + 1] ?? ""),
  );
  return at === undefined || /"(id|name|title|uid|type)":/.test(lines[at] ?? "")
    ? undefined
    : spliced(lines, at, 1);
};

const jsonFormatted: Edit = (lines) => JSON.stringify(JSON.parse(lines.join("\n")), null, 4).split("\n");

export const JSON_PEOPLE: Readonly<Record<string, Edit>> = {
  "a text": jsonValue(" (ours)"),
  "a number": jsonNumber(7),
  "a key": jsonKey("ourKey"),
  "a key removed": jsonLine,
  "a tag": jsonTag("ours"),
  reformatted: jsonFormatted,
};

export const JSON_TEMPLATES: Readonly<Record<string, Edit>> = {
  "a text": jsonValue(" v2"),
  "a number": jsonNumber(100),
  "a key": jsonKey("newKey"),
  "a key removed": jsonLine,
  "a tag": jsonTag("new"),
};

function changeLine(suffix: string): Edit {
  return (lines, near) =>
    replaced(
      lines,
      nearest(lines, near, (line) => line.trim() !== "" && !/^\s*(```|EOF|#!)/.test(line)),
      (line) => `${line}${suffix}`,
    );
}

function addLine(text: string): Edit {
  return (lines, near) => spliced(lines, Math.min(near + 1, lines.length), 0, text);
}

const removeLine: Edit = (lines, near) => spliced(lines, near, 1);

export const TEXT_PEOPLE: Readonly<Record<string, Edit>> = {
  "a line changed": changeLine(" # ours"),
  "a line added": addLine("# a line of ours"),
  "a line removed": removeLine,
  "two lines added": (lines, near) => spliced(lines, near, 0, "# first of ours", "# second of ours"),
};

export const TEXT_TEMPLATES: Readonly<Record<string, Edit>> = {
  "a line changed": changeLine(" # since v2"),
  "a line added": addLine("# a line of v2"),
  "a line removed": removeLine,
  "lines added": (lines, near) => spliced(lines, near, 0, "# new", "# in v2", "# three lines"),
};

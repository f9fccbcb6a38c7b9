// Owns: the outline of a YAML text in block style: which lines are the entry of which key, without parsing a value.
// Promises: linear; a text with anything that lines alone do not tell (anchors, tags, values over several lines, documents) has none.
// Must not: say what is valid; a parser does, wherever it matters.

export interface OutlineEntry {
  /** The key; an element of a list is called by its place. */
  readonly name: string;
  readonly column: number;
  /** First line, with the comments and empty lines before it, and the line behind the last. */
  readonly start: number;
  end: number;
  /** Its first line is the entry's own: the first key of an element stands on the element's. */
  readonly hasOwnLine: boolean;
  readonly children: OutlineEntry[];
}

const TRIVIA = /^ *(?:#.*)?\n$/;
const DASH = /^( *)-(?: +|(?=\n))/;
const KEY = /^( *)([A-Za-z0-9_.$/-][^\s:#"'{}[\],&*!|>%@`]*|"[^"\\]*"|'[^']*'):(?: +|(?=\n))(.*)\n$/;
const BLOCK_SCALAR = /^[|>][+-]?(?: *#.*)?$/;
const COMMENT = "(?: +#.*)?";
const PLAIN = new RegExp(`^[^\\s&*!|>%@\`"'{}\\[\\],#?:-](?:[^\\s:#]|:(?=\\S)| +(?![#\\s])|#)*${COMMENT} *$`);
const NUMBER = new RegExp(`^-?[0-9][0-9.eE+]*${COMMENT} *$`);
const QUOTED = new RegExp(`^(?:"(?:[^"\\\\]|\\\\.)*"|'(?:[^']|'')*')${COMMENT} *$`);
const FLOW = new RegExp(`^(?:\\{[^{}[\\]"'#&*!\\\\]*\\}|\\[[^{}[\\]"'#&*!\\\\]*\\])${COMMENT} *$`);

function isWhole(value: string): boolean {
  return /^(?:#.*)?$/.test(value) || [PLAIN, NUMBER, QUOTED, FLOW].some((form) => form.test(value));
}

/** @param lines with their ends; undefined where the outline is not to be had from lines */
export function outlineOf(lines: readonly string[]): OutlineEntry | undefined {
  const root: OutlineEntry = {
    name: "",
    column: -1,
    start: 0,
    end: lines.length,
    hasOwnLine: true,
    children: [],
  };
  const outline = new Outline(lines, [root]);
  return outline.read() ? root : undefined;
}

class Outline {
  private at = 0;
  /** Where the comments before the next entry begin. */
  private lead = 0;

  constructor(
    private readonly lines: readonly string[],
    private readonly open: OutlineEntry[],
  ) {}

  read(): boolean {
    while (this.at < this.lines.length) {
      const line = this.lines[this.at] ?? "";
      if (TRIVIA.test(line)) this.at += 1;
      else if (!this.content(line)) return false;
    }
    this.close(0);
    return true;
  }

  /** A line of an entry, and the text block that it may open. */
  private content(line: string): boolean {
    let rest = line;
    let offset = 0;
    let isFirst = true;
    for (let dash = DASH.exec(rest); dash !== null; dash = DASH.exec(rest)) {
      if (!this.enter(offset + (dash[1]?.length ?? 0), undefined, isFirst)) return false;
      offset += dash[0].length;
      rest = rest.slice(dash[0].length);
      isFirst = false;
    }
    const [, indent = "", key, value = ""] = KEY.exec(rest) ?? [];
    if (key === undefined && isFirst) return false;
    if (key !== undefined && !this.enter(offset + indent.length, key, isFirst)) return false;
    return this.value((key === undefined ? rest.replace(/\n$/, "") : value).trimEnd());
  }

  private value(value: string): boolean {
    this.at += 1;
    this.lead = this.at;
    if (!BLOCK_SCALAR.test(value)) return isWhole(value);
    const column = this.open.at(-1)?.column ?? 0;
    const isInside = (line: string) => /^ *\n$/.test(line) || line.search(/[^ ]/) > column;
    while (this.at < this.lines.length && isInside(this.lines[this.at] ?? "")) this.at += 1;
    this.lead = this.at;
    return true;
  }

  /** An element of a list where there is no key. False where it stands beside what is of another kind or column. */
  private enter(column: number, key: string | undefined, hasOwnLine: boolean): boolean {
    const isOf = (entry: OutlineEntry) =>
      entry.column < column || (key === undefined && entry.column === column && !isElement(entry));
    while (this.open.length > 1 && !isOf(this.open.at(-1) as OutlineEntry)) this.closeLast(this.lead);
    const parent = this.open.at(-1) as OutlineEntry;
    const name = key === undefined ? `- ${parent.children.length}` : key.replace(/^(["'])(.*)\1$/, "$2");
    const [sibling] = parent.children;
    const entry = { name, column, start: this.lead, end: this.lines.length, hasOwnLine, children: [] };
    if (sibling !== undefined && (sibling.column !== column || isElement(sibling) !== isElement(entry)))
      return false;
    parent.children.push(entry);
    this.open.push(entry);
    return true;
  }

  private closeLast(end: number): void {
    const entry = this.open.pop();
    if (entry !== undefined) entry.end = end;
  }

  private close(depth: number): void {
    while (this.open.length > depth) this.closeLast(this.open.length === 1 ? this.lines.length : this.lead);
  }
}

function isElement({ name }: OutlineEntry): boolean {
  return name.startsWith("- ");
}

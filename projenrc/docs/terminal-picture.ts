// Owns: text with ANSI colours → an SVG that looks like a terminal.
// Promises: self-contained (no fonts or scripts from elsewhere), readable in light and dark pages.
// Must not: run anything.

const COLORS: Readonly<Record<number, string>> = {
  30: "#6e7681",
  31: "#ff7b72",
  32: "#7ee787",
  33: "#e3b341",
  34: "#79c0ff",
  35: "#d2a8ff",
  36: "#76e3ea",
  37: "#e6edf3",
  90: "#8b949e",
};
/** Select Graphic Rendition: escape, bracket, codes, m. */
const SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[([0-9;]*)m`);
const FOREGROUND = "#e6edf3";
const LINE = 19;
const CHARACTER = 8.43;

interface Style {
  color: string;
  bold: boolean;
  dim: boolean;
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function restyle(style: Style, codes: readonly number[]): Style {
  let next = { ...style };
  for (const code of codes) {
    if (code === 0) next = { color: FOREGROUND, bold: false, dim: false };
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code === 39) next.color = FOREGROUND;
    else next.color = COLORS[code] ?? next.color;
  }
  return next;
}

/** One line as tspans; the style goes on to the next line, as in a terminal. */
function spans(line: string, style: Style): { svg: string; style: Style } {
  let svg = "";
  let current = style;
  // Splitting by the sequences keeps their codes in between.
  for (const [index, part] of line.split(SEQUENCE).entries()) {
    if (index % 2 === 1) current = restyle(current, part.split(";").map(Number));
    else if (part !== "")
      svg += `<tspan fill="${current.color}"${current.bold ? ' font-weight="bold"' : ""}${current.dim ? ' opacity="0.65"' : ""}>${xml(part)}</tspan>`;
  }
  return { svg, style: current };
}

/** The picture. `title` stands in the bar and is what a screen reader reads. */
export function terminalPicture(text: string, title: string, columns: number): string {
  const lines = text.replace(/\s+$/, "").split("\n");
  const width = Math.ceil(columns * CHARACTER) + 32;
  const height = lines.length * LINE + 64;
  let style: Style = { color: FOREGROUND, bold: false, dim: false };
  const rows = lines.map((line, index) => {
    const row = spans(line, style);
    style = row.style;
    return `<text x="16" y="${58 + index * LINE}" xml:space="preserve">${row.svg}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xml(title)}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<circle cx="20" cy="20" r="6" fill="#ff5f57"/><circle cx="40" cy="20" r="6" fill="#febc2e"/><circle cx="60" cy="20" r="6" fill="#28c840"/>
<text x="${width / 2}" y="25" fill="#8b949e" text-anchor="middle" font-size="13">${xml(title)}</text>
${rows.join("\n")}
</svg>
`;
}

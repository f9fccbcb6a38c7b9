// Owns: what surrounds the lines of a text: byte order mark, line ends, the newline at the end.
// Promises: each is merged for itself, so that an editor that changes one of them does not touch every line or the last.
// Must not: look at the lines.

interface Frame {
  readonly hasMark: boolean;
  readonly hasCarriageReturns: boolean;
  readonly hasEnd: boolean;
}

export interface Framed {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** Puts merged text back into the merged frame. */
  readonly frame: (text: string) => string;
}

/** The three texts as LF lines, each with its end. */
export function withoutFrame(base: string, ours: string, theirs: string): Framed {
  const frames = [base, ours, theirs].map(frameOf) as [Frame, Frame, Frame];
  const pick = (key: keyof Frame) => (frames[1][key] === frames[0][key] ? frames[2][key] : frames[1][key]);
  const frame: Frame = {
    hasMark: pick("hasMark"),
    hasCarriageReturns: pick("hasCarriageReturns"),
    hasEnd: pick("hasEnd"),
  };
  return {
    base: unframed(base, frames[0]),
    ours: unframed(ours, frames[1]),
    theirs: unframed(theirs, frames[2]),
    frame: (text) => framed(text, frame),
  };
}

function frameOf(text: string): Frame {
  return {
    hasMark: text.startsWith("\uFEFF"),
    hasCarriageReturns: text.includes("\r\n") && !/(?<!\r)\n/.test(text),
    hasEnd: text === "" || text.endsWith("\n"),
  };
}

function unframed(text: string, { hasMark, hasCarriageReturns, hasEnd }: Frame): string {
  const body = hasMark ? text.slice(1) : text;
  const lines = hasCarriageReturns ? body.replaceAll("\r\n", "\n") : body;
  return hasEnd ? lines : `${lines}\n`;
}

function framed(text: string, { hasMark, hasCarriageReturns, hasEnd }: Frame): string {
  const lines = hasEnd ? text : text.replace(/\n$/, "");
  return `${hasMark ? "\uFEFF" : ""}${hasCarriageReturns ? lines.replaceAll("\n", "\r\n") : lines}`;
}

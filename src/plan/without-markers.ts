// Owns: what a file says of its generator, and the file without it.
// Promises: comments and pages only; no value changes, so that every place builds what it built before.
// Must not: decide which files.

/** A sentence about the generator, or about the file that it read. */
const ABOUT = /create-prod-stack|^To change [^:]{1,60}: .*prod-stack\.yaml|^Generated\b/;

/** Text without sentences about the generator in its comments; a comment of nothing else goes. */
export function withoutMarkers(path: string, text: string): string {
  if (path.endsWith(".md"))
    return withoutSentences(text, /^(<!-- )(.*)( -->)$/).replace(/^.*`npx create-prod-stack.*\n/gm, "");
  const isWorkflow = /(?:^|\/)\.github\/workflows\//.test(path);
  return withoutSentences(isWorkflow ? withoutSteps(text) : text, /^(\s*# )(.*)()$/);
}

function withoutSentences(text: string, comment: RegExp): string {
  const lines = text.split("\n").flatMap((line) => {
    const [, open, words, close] = comment.exec(line.replace(/\r$/, "")) ?? [];
    if (open === undefined || words === undefined || close === undefined || line.includes("$schema="))
      return [line];
    const sentences = words.split(/(?<=[.;]) (?=[A-Z`])/);
    const kept = sentences.filter((sentence) => !ABOUT.test(sentence));
    if (kept.length === sentences.length) return [line];
    return kept.length === 0 ? [] : [`${open}${kept.join(" ")}${close}`];
  });
  return lines.join("\n");
}

/** Steps of a workflow that run the generator. */
function withoutSteps(text: string): string {
  return text.replace(
    /^( *)- name: .*\n(?:\1 {2}.*\n)*?\1 {2}run: .*create-prod-stack.*\n(?:\1 {2}.*\n)*/gm,
    "",
  );
}

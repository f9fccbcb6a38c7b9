// Owns: whether Kubernetes takes a cron schedule.
// Promises: the rules of robfig/cron v3's standard parser, which the CronJob controller uses.
// Must not: compute times.

const FIELDS = [
  { name: "minute", min: 0, max: 59, words: [] },
  { name: "hour", min: 0, max: 23, words: [] },
  { name: "day of month", min: 1, max: 31, words: [] },
  {
    name: "month",
    min: 1,
    max: 12,
    words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { name: "day of week", min: 0, max: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
] as const;

type Field = (typeof FIELDS)[number];

/** What is wrong with a schedule, or undefined. */
export function cronProblem(schedule: string): string | undefined {
  if (/^@(hourly|daily|midnight|weekly|monthly|yearly|annually)$/.test(schedule)) return undefined;
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return "a schedule has five fields";
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? "";
    if (!part.split(",").every((range) => isRange(range, field))) return `"${part}" is no ${field.name}`;
  }
  return undefined;
}

function isRange(range: string, field: Field): boolean {
  const match = /^(?:(\*|\?)|([^-/]+)(?:-([^-/]+))?)(?:\/([0-9]+))?$/.exec(range);
  if (match === null) return false;
  const [, star, from, to, step] = match;
  if (step !== undefined && Number(step) < 1) return false;
  if (star !== undefined) return true;
  const low = numberOf(from, field);
  const high = to === undefined ? low : numberOf(to, field);
  return low !== undefined && high !== undefined && low <= high;
}

function numberOf(text: string | undefined, field: Field): number | undefined {
  const word = (field.words as readonly string[]).indexOf(String(text).toLowerCase());
  const value = word >= 0 ? word + field.min : /^[0-9]+$/.test(String(text)) ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : undefined;
}

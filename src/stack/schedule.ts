// Owns: how long the pauses of a cron schedule are.
// Promises: pure; looks at three fixed years, so that leap days and long months count.
// Must not: know the time of day now, or refuse schedules; src/spec/cron.ts does.

const DAY = 86400;
const FIRST_DAY = Date.UTC(2027, 0, 1);
const DAYS = 3 * 365 + 1;
const WORDS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const SHORTHANDS: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/** The longest time between two runs, in seconds; a year where it runs less often than that. */
export function longestGapSeconds(schedule: string): number {
  const [minute = "*", hour = "*", day = "*", month = "*", weekday = "*"] = (SHORTHANDS[schedule] ?? schedule)
    .trim()
    .split(/\s+/);
  const times = valuesOf(hour, 0, 23).flatMap((h) => valuesOf(minute, 0, 59).map((m) => h * 3600 + m * 60));
  const isDaily = [day, month, weekday].every((field) => /^[*?]$/.test(field));
  const days = isDaily
    ? [0, 1]
    : daysOf(
        valuesOf(day, 1, 31),
        valuesOf(month, 1, 12, WORDS),
        valuesOf(weekday, 0, 6, WEEKDAYS),
        !/^[*?]/.test(day),
        !/^[*?]/.test(weekday),
      );
  let longest = days.length === 0 || times.length === 0 ? 365 * DAY : 0;
  for (let index = 1; index < times.length; index += 1)
    longest = Math.max(longest, (times[index] ?? 0) - (times[index - 1] ?? 0));
  for (let index = 1; index < days.length; index += 1) {
    const pause = ((days[index] ?? 0) - (days[index - 1] ?? 0)) * DAY;
    longest = Math.max(longest, pause - (times.at(-1) ?? 0) + (times[0] ?? 0));
  }
  return longest;
}

/** cron(5): where both day fields are restricted, either suffices. */
function daysOf(
  days: number[],
  months: number[],
  weekdays: number[],
  hasDay: boolean,
  hasWeekday: boolean,
): number[] {
  return Array.from({ length: DAYS }, (_, index) => index).filter((index) => {
    const date = new Date(FIRST_DAY + index * DAY * 1000);
    const onDay = days.includes(date.getUTCDate());
    const onWeekday = weekdays.includes(date.getUTCDay());
    return (
      months.includes(date.getUTCMonth() + 1) &&
      (hasDay && hasWeekday ? onDay || onWeekday : onDay && onWeekday)
    );
  });
}

function valuesOf(field: string, min: number, max: number, words: readonly string[] = []): number[] {
  const number = (text: string) =>
    words.includes(text.toLowerCase()) ? words.indexOf(text.toLowerCase()) + min : Number(text);
  const found = new Set<number>();
  for (const range of field.split(",")) {
    const [span = "*", step] = range.split("/");
    const [from = "*", to] = span.split("-");
    const isAll = from === "*" || from === "?";
    const low = isAll ? min : number(from);
    const high = isAll ? max : to === undefined ? (step === undefined ? low : max) : number(to);
    for (let value = low; value <= high; value += Number(step ?? 1)) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

/** Times are whole seconds since 1970-01-01T00:00:00Z, days whole days; no Date object, no time zone, no locale. */
export const secondsPerDay = 86_400;

/** The day number of a date of the proleptic Gregorian calendar (Howard Hinnant's days_from_civil). */
export function dayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** `YYYY-MM-DD` of a day number. */
export function dateText(day: number): string {
  return (dates[day - firstDay] ??= formatDay(day));
}

/** `YYYY-MM-DDThh:mm:ssZ` of a time in seconds. */
export function timeText(seconds: number): string {
  const day = Math.floor(seconds / secondsPerDay);
  const rest = seconds - day * secondsPerDay;
  const minute = Math.floor(rest / 60);
  return `${dateText(day)}T${minutes[minute]!}:${two[rest - minute * 60]!}Z`;
}

/** The day number of a time. */
export function dayOfTime(seconds: number): number {
  return Math.floor(seconds / secondsPerDay);
}

/** Whole years between two day numbers. */
export function yearsBetween(from: number, to: number): number {
  return Math.floor((packed(to) - packed(from)) / 10_000);
}

/** Year, month and day of a day number (civil_from_days). */
function civil(day: number): { year: number; month: number; day: number } {
  const z = day + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

const two = Array.from({ length: 60 }, (_, i) => (i < 10 ? `0${i}` : String(i)));
const minutes = Array.from({ length: 1440 }, (_, i) => `${two[Math.floor(i / 60)]!}:${two[i % 60]!}`);
const firstDay = dayOf(1890, 1, 1);
const dates: string[] = [];

function formatDay(day: number): string {
  const date = civil(day);
  return `${date.year}-${two[date.month]!}-${two[date.day]!}`;
}

function packed(day: number): number {
  const date = civil(day);
  return date.year * 10_000 + date.month * 100 + date.day;
}

/** Dates of the page: UTC throughout, as the lake has them. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Such as `Mar 2024`. */
export function formatMonth(date: Date): string {
  return `${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** Such as `25 Nov 2026, 13:02`; UTC. */
export function formatMinute(date: Date): string {
  return `${date.getUTCDate()} ${formatMonth(date)}, ${date.toISOString().slice(-13, -8)}`;
}

/** The two largest units of a duration, such as `3 d 4 h`. */
export function formatDuration(seconds: bigint): string {
  const size = seconds < 0n ? -seconds : seconds;
  const parts = [
    { unit: 'd', of: size / 86_400n },
    { unit: 'h', of: (size / 3600n) % 24n },
    { unit: 'min', of: (size / 60n) % 60n },
    { unit: 's', of: size % 60n },
  ];
  const first = parts.findIndex(({ of }) => of > 0n);
  if (first === -1) return '0 s';
  const shown = parts.slice(first, first + 2).filter(({ of }) => of > 0n);
  return `${seconds < 0n ? '-' : ''}${shown.map(({ unit, of }) => `${of.toLocaleString('en-US')} ${unit}`).join(' ')}`;
}

/** How long ago in words, such as `3 minutes ago`. */
export function formatAge(date: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - date.getTime()) / 1000));
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (seconds < 45) return 'just now';
  if (seconds < 5400) return words.format(-Math.round(seconds / 60), 'minute');
  if (seconds < 129_600) return words.format(-Math.round(seconds / 3600), 'hour');
  return words.format(-Math.round(seconds / 86_400), 'day');
}

/** Whole months since year 0, so that neighbours differ by one. */
export function monthNumber(date: Date): number {
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** First day of a month by its number. */
export function monthDate(number: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(number / 12), number % 12, 1);
  return date;
}

/** .NET's date and time format strings, for FORMAT. */
import { culture, type Culture } from './cultures';

const ROUND_TRIP = "yyyy-MM-dd'T'HH:mm:ss.fffffff";
const standard = (c: Culture): Readonly<Record<string, string>> => ({
  d: c.shortDate,
  D: c.longDate,
  f: `${c.longDate} ${c.shortTime}`,
  F: `${c.longDate} ${c.longTime}`,
  g: `${c.shortDate} ${c.shortTime}`,
  G: `${c.shortDate} ${c.longTime}`,
  m: c.monthDay,
  M: c.monthDay,
  o: ROUND_TRIP,
  O: ROUND_TRIP,
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: c.shortTime,
  T: c.longTime,
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  U: `${c.longDate} ${c.longTime}`,
  y: c.yearMonth,
  Y: c.yearMonth,
});

/** A pattern's pieces: quoted text, an escaped character, a run of one letter, anything else. */
export const PIECES = /'([^']*)'|"([^"]*)"|\\(.)|([a-zA-Z])\4*|([^])/g;

/** `value` is `yyyy-mm-dd hh:mm:ss.ffffff`; null for a format that .NET does not know. */
export function formatDate(value: string, pattern: string, name: string): string | null {
  const c = culture(name);
  const [year, month, day, hour, minute, second, fraction] = value.match(/\d+/g)!;
  const digits = (fraction ?? '').padEnd(7, '0');
  const weekday = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  weekday.setUTCFullYear(Number(year));
  const custom = pattern.length === 1 ? standard(c)[pattern] : pattern.replace(/^%(.)$/, '$1');
  if (custom === undefined) return null;
  const two = (n: number, width: number): string => String(n).padStart(Math.min(width, 2), '0');
  const run = (letter: string, n: number, text: string): string | null => {
    switch (letter) {
      case 'y':
        return n <= 2 ? two(Number(year) % 100, n) : String(Number(year)).padStart(n, '0');
      case 'M':
        return n >= 4
          ? c.months[Number(month) - 1]!
          : n === 3
            ? c.shortMonths[Number(month) - 1]!
            : two(Number(month), n);
      case 'd':
        return n >= 4
          ? c.days[weekday.getUTCDay()]!
          : n === 3
            ? c.shortDays[weekday.getUTCDay()]!
            : two(Number(day), n);
      case 'H':
        return two(Number(hour), n);
      case 'h':
        return two(Number(hour) % 12 || 12, n);
      case 'm':
        return two(Number(minute), n);
      case 's':
        return two(Number(second), n);
      case 'f':
        return n > 7 ? null : digits.slice(0, n);
      case 'F':
        return n > 7 ? null : digits.slice(0, n).replace(/0+$/, '');
      case 't': {
        const half = Number(hour) < 12 ? c.am : c.pm;
        return n === 1 ? half.slice(0, 1) : half;
      }
      case 'g':
        return 'A.D.';
      case 'z':
        return n === 1 ? '+0' : n === 2 ? '+00' : '+00:00';
      case 'K':
        return '';
      default:
        return text;
    }
  };
  let out = '';
  for (const [text, single, double, escaped, letter, other] of custom.matchAll(PIECES)) {
    let piece: string | null = single ?? double ?? escaped ?? null;
    if (letter) {
      piece = run(letter, text.length, text);
      // `.FFF` without digits takes its point with it.
      if (letter === 'F' && piece === '' && out.endsWith('.')) out = out.slice(0, -1);
    } else if (other) piece = other === '/' ? c.dateSeparator : other;
    if (piece === null) return null;
    out += piece;
  }
  return out;
}

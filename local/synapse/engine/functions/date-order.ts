/** SET DATEFORMAT: numeric dates with separators in another order than month, day, year. */
const NUMERIC = /^ *(\d{1,4})[-/.](\d{1,4})[-/.](\d{1,4})( .*)?$/s;

/**
 * `text` with its date as year-month-day; other text as it is. `order` is one of the six of SET DATEFORMAT. A year of four digits shows
 * itself; only datetime and smalldatetime (`legacy`) read the rest of 2024-02-01 in that order.
 */
export function inOrder(text: string, order: string, legacy: boolean): string {
  const [, a, b, c, rest = ''] = NUMERIC.exec(text) ?? [];
  if (a === undefined || b === undefined || c === undefined) return text;
  const isDayFirst = order.indexOf('d') < order.indexOf('m');
  const date = (year: string, first: string, second: string, dayFirst = isDayFirst): string =>
    `${year}-${dayFirst ? `${second}-${first}` : `${first}-${second}`}${rest}`;
  if (a.length > 2) return date(a, b, c, legacy && isDayFirst);
  if (c.length > 2) return date(c, a, b);
  if (b.length > 2) return date(b, a, c);
  const of = (letter: string): string => [a, b, c][order.indexOf(letter)]!;
  const year = of('y').padStart(2, '0');
  // "Two digit year cutoff": 49 is 2049, 50 is 1950.
  return date(`${year < '50' ? '20' : '19'}${year}`, of('m'), of('d'), false);
}

/** DBCC SHOW_STATISTICS: what statistics say of the rows as they are now, in T-SQL, so that text groups and sorts by its collation. */
import { TSqlError } from '../../contract';
import type { ObjectInfo, StatisticsInfo } from '../../catalog/model';
import { isString } from '../types/sql-types';

const STEPS = 200;
const name = (text: string): string => `[${text.replaceAll(']', ']]')}]`;
const literal = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

/** The statistics or index of that name. Msg 2767. */
function statisticsOf(o: ObjectInfo, wanted: string): StatisticsInfo {
  const same = (x: { readonly name: string }): boolean => x.name.toLowerCase() === wanted.toLowerCase();
  const index = o.indexes?.find((x) => same(x) && x.type !== 'CLUSTERED COLUMNSTORE');
  const found =
    o.statistics?.find(same) ??
    (index && { name: index.name, columns: index.columns.map((c) => c.name), auto: false, updated: o.modified });
  if (found) return found;
  throw new TSqlError(2767, `Could not locate statistics '${wanted}' in the system catalogs.`);
}

/** A batch whose results are the parts that `options` name; all three without any. */
export function statisticsReport(o: ObjectInfo, wanted: string, options: readonly string[]): string {
  const statistics = statisticsOf(o, wanted);
  const parts = { STAT_HEADER: header, DENSITY_VECTOR: densities, HISTOGRAM: histogram };
  const asked = Object.entries(parts).filter(([part]) => options.includes(part));
  return (asked.length ? asked : Object.entries(parts)).map(([, sql]) => sql(o, statistics)).join(';\n');
}

const rows = (o: ObjectInfo, s: StatisticsInfo): string =>
  `${o.temp ? name(o.name) : `${name(o.schema)}.${name(o.name)}`}${s.filter ? ` WHERE ${s.filter}` : ''}`;
const lengths = (columns: readonly string[]): string =>
  columns.map((c) => `ISNULL(DATALENGTH(${name(c)}), 0)`).join(' + ');

/** Each value of the first column with its rows: `n` of it, its step `s`, in order of `r`. */
const steps = (o: ObjectInfo, s: StatisticsInfo): string =>
  `SELECT k, n, r, CASE WHEN m <= ${STEPS} OR r = 1 THEN r ELSE 2 + (r - 2) * ${STEPS - 1} / (m - 1) END AS s
    FROM (SELECT k, n, ROW_NUMBER() OVER (ORDER BY k) AS r, COUNT_BIG(*) OVER () AS m
      FROM (SELECT ${name(s.columns[0]!)} AS k, COUNT_BIG(*) AS n FROM ${rows(o, s)} GROUP BY ${name(s.columns[0]!)}) AS g) AS r`;

function header(o: ObjectInfo, s: StatisticsInfo): string {
  const first = o.columns.find((c) => c.name === s.columns[0]);
  const text = (value: string, type: string): string => `CAST(${value} AS ${type})`;
  const count = s.updated ? 'h.n' : 'CAST(NULL AS bigint)';
  const ofRows = (sql: string): string => (s.updated ? sql : 'NULL');
  return `SELECT ${text(literal(s.name), 'nvarchar(128)')} AS [Name],
    CONVERT(nvarchar(20), CAST(${s.updated ? `'${s.updated}'` : 'NULL'} AS datetime2(3)), 0) AS [Updated],
    ${count} AS [Rows], ${count} AS [Rows Sampled], ${text(ofRows('h.steps'), 'smallint')} AS [Steps],
    ${text(ofRows('CASE WHEN h.d > h.steps THEN 1E0 / (h.d - h.steps) ELSE 0E0 END'), 'real')} AS [Density],
    ${text(ofRows('h.l'), 'real')} AS [Average key length],
    ${text(first && isString(first.type) ? "N'YES'" : "N'NO'", 'nchar(3)')} AS [String Index],
    ${text(s.filter ? literal(`(${s.filter})`) : 'NULL', 'nvarchar(max)')} AS [Filter Expression],
    ${s.updated ? 'h.a' : count} AS [Unfiltered Rows], CAST(0 AS float) AS [Persisted Sample Percent]
    FROM (SELECT (SELECT COUNT_BIG(*) FROM ${rows(o, s)}) AS n, (SELECT COUNT_BIG(*) FROM ${rows(o, { ...s, filter: undefined })}) AS a,
      (SELECT AVG(CAST(${lengths(s.columns)} AS float)) FROM ${rows(o, s)}) AS l,
      (SELECT COUNT_BIG(*) FROM (${steps(o, s)}) AS v) AS d, (SELECT COUNT(DISTINCT v.s) FROM (${steps(o, s)}) AS v) AS steps) AS h`;
}

/** One row for each prefix of the columns. */
function densities(o: ObjectInfo, s: StatisticsInfo): string {
  const prefixes = s.columns.map((_, n) => s.columns.slice(0, n + 1));
  const sql = prefixes.map(
    (columns, n) =>
      `SELECT ${n} AS n, (SELECT COUNT_BIG(*) FROM (SELECT DISTINCT ${columns.map(name).join(', ')} FROM ${rows(o, s)}) AS d) AS d,
      (SELECT AVG(CAST(${lengths(columns)} AS float)) FROM ${rows(o, s)}) AS l, CAST(${literal(columns.join(', '))} AS nvarchar(4000)) AS c`,
  );
  return `SELECT CAST(1E0 / v.d AS real) AS [All density], CAST(v.l AS real) AS [Average Length], v.c AS [Columns]
    FROM (${sql.join(' UNION ALL ')}) AS v WHERE v.d > 0 AND ${s.updated ? '1 = 1' : '1 = 0'} ORDER BY v.n`;
}

function histogram(o: ObjectInfo, s: StatisticsInfo): string {
  return `SELECT b.k AS [RANGE_HI_KEY], CAST(h.n - b.n AS real) AS [RANGE_ROWS], CAST(b.n AS real) AS [EQ_ROWS], h.d - 1 AS [DISTINCT_RANGE_ROWS],
    CAST(CASE WHEN h.d > 1 THEN (h.n - b.n) / CAST(h.d - 1 AS float) ELSE 1 END AS real) AS [AVG_RANGE_ROWS]
    FROM (SELECT s, MAX(r) AS r, SUM(n) AS n, COUNT_BIG(*) AS d FROM (${steps(o, s)}) AS v GROUP BY s) AS h
    JOIN (${steps(o, s)}) AS b ON b.r = h.r WHERE ${s.updated ? '1 = 1' : '1 = 0'} ORDER BY h.s`;
}

/**
 * Where a pool keeps the rows of a table: 60 distributions on one compute node, each with the table's partitions. DuckDB has neither, so
 * both follow from the rows: the hash of a distribution column, or the order of the rows where they are dealt out in turn.
 */
import type { IndexInfo, ObjectInfo } from './model';
import { newBinder } from '../tsql/bind/binder';
import { partitionCondition, partitionCount } from '../tsql/bind/partition';
import { bindTable, physicalName } from '../tsql/bind/tables';
import { reference, Scope } from '../tsql/bind/scope';
import { Environment } from '../tsql/run/environment';
import type { State } from '../tsql/run/state';
import { bytes } from '../tsql/types/type-facts';
import { ident } from '../tsql/types/typed';

export const DISTRIBUTIONS = 60;
/** pdw_node_id of the one compute node. */
export const COMPUTE_NODE = 2;
const PAGE = 8192;

/** Bytes of a row before compression: fixed types take their size, text and binary values their own length. */
function rowBytes(o: ObjectInfo, names: readonly string[]): string {
  const sizes = o.columns
    .filter((c) => names.some((name) => name.toLowerCase() === c.name.toLowerCase()))
    .map(({ name, type }) => {
      if (!/^n?var|^text|^ntext|^image|variant/.test(type.name)) return String(bytes(type));
      const length = type.name === 'varbinary' ? `octet_length(${ident(name)})` : `length(${ident(name)})`;
      return `coalesce(${type.name.startsWith('n') ? `2 * ${length}` : length}, 0)`;
    });
  return sizes.join(' + ') || '0';
}

/** The distribution of a row, counted from 1. A replicated table is whole on the first of the node. */
function distributionOf(o: ObjectInfo): string {
  if (o.distribution === 'REPLICATE') return '1';
  const columns = (o.hashColumns ?? []).map(ident);
  const number = columns.length ? `hash(${columns.join(', ')})` : o.kind === 'V' ? 'row_number() OVER () - 1' : 'rowid';
  return `CAST(1 + ${number} % ${DISTRIBUTIONS} AS INTEGER)`;
}
/** Whether a table has rows on one distribution only. */
export const distributionCount = (o: ObjectInfo): number => (o.distribution === 'REPLICATE' ? 1 : DISTRIBUTIONS);

/** What DuckDB reads the rows of a table, or of a materialized view, from. */
function rowsOf(s: State, o: ObjectInfo): string {
  if (o.kind === 'U') return physicalName(o);
  const env = new Environment(s);
  const scope = new Scope(undefined);
  const from = env.asOwner(() => bindTable(newBinder(env), scope, [o.schema, o.name], 'v'));
  const [source] = scope.sources;
  return `(SELECT ${source!.columns.map((c) => `${reference(source!, c).sql} AS ${ident(c.name)}`).join(', ')} FROM ${from})`;
}

/** Rows of each partition of a table or materialized view: `p` from 1, `n` rows. */
export function partitionRows(s: State, o: ObjectInfo): string {
  return `SELECT p.p, coalesce(c.n, 0) AS n FROM (SELECT CAST(unnest(range(1, ${partitionCount(o) + 1})) AS INTEGER) AS p) AS p
    LEFT JOIN (SELECT ${partitionOf(o)} AS p, count(*) AS n FROM ${rowsOf(s, o)} GROUP BY ALL) AS c ON c.p = p.p`;
}
const partitionOf = (o: ObjectInfo): string =>
  `CASE ${Array.from({ length: partitionCount(o) }, (_, p) => `WHEN ${partitionCondition(o, p + 1)} THEN ${p + 1}`).join(' ')} END`;

/** Rows and pages of each partition of one index on each distribution: `p` and `d` from 1, `n` rows, `pages` of 8 KB. */
export function spread(s: State, o: ObjectInfo, index: IndexInfo): string {
  const names = index.type === 'NONCLUSTERED' ? index.columns.map((c) => c.name) : o.columns.map((c) => c.name);
  return `SELECT p.p, d.d, coalesce(c.n, 0) AS n, CAST(coalesce((c.bytes + ${PAGE - 1}) // ${PAGE}, 0) AS BIGINT) AS pages
    FROM (SELECT CAST(unnest(range(1, ${partitionCount(o) + 1})) AS INTEGER) AS p) AS p
    CROSS JOIN (SELECT CAST(unnest(range(1, ${distributionCount(o) + 1})) AS INTEGER) AS d) AS d
    LEFT JOIN (SELECT p, d, count(*) AS n, sum(bytes) AS bytes FROM (SELECT ${partitionOf(o)} AS p, ${distributionOf(o)} AS d, ${rowBytes(o, names)} AS bytes
      FROM ${rowsOf(s, o)}) GROUP BY ALL) AS c ON c.p = p.p AND c.d = d.d`;
}

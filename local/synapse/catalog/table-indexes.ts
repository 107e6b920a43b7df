/** What the views of storage share: tables with rows, their indexes and their partitions. */
import type { IndexInfo, ObjectInfo } from './model';
import { parseShape, valuesSql } from './shape';
import type { State } from '../tsql/run/state';

export const tables = (s: State): ObjectInfo[] =>
  [...s.catalog.snapshot.objects.values()].filter((o) => o.kind === 'U' || o.materialized);
/** index_id: 0 heap, 1 clustered, 2 and up the others. */
export function indexes(o: ObjectInfo): { id: number; index: IndexInfo }[] {
  let next = 2;
  const list = o.indexes ?? [];
  const base = list.find((i) => i.type !== 'NONCLUSTERED') ?? { name: '', type: 'HEAP' as const, columns: [] };
  return [
    { id: base.type === 'HEAP' ? 0 : 1, index: base },
    ...list.filter((i) => i.type === 'NONCLUSTERED').map((index) => ({ id: next++, index })),
  ];
}
export const TYPES = { HEAP: 0, CLUSTERED: 1, NONCLUSTERED: 2, 'CLUSTERED COLUMNSTORE': 5 } as const;
export const columnId = (o: ObjectInfo, name: string): number =>
  o.columns.find((c) => c.name.toLowerCase() === name.toLowerCase())?.id ?? 0;
/** How an index is compressed: code and name. */
export const compression = (index: IndexInfo): string =>
  index.type === 'CLUSTERED COLUMNSTORE' ? "3, 'COLUMNSTORE'" : "0, 'NONE'";
export const partitionId = (o: ObjectInfo, indexId: number): string =>
  `CAST(${o.id * 10000 + indexId * 1000} + r.p AS BIGINT)`;
/** `sql` of each index of each table, one after the other. */
export function ofIndexes(
  s: State,
  columns: string,
  sql: (o: ObjectInfo, id: number, index: IndexInfo) => string,
): string {
  const parts = tables(s).flatMap((o) => indexes(o).map(({ id, index }) => sql(o, id, index)));
  return parts.length ? parts.join(' UNION ALL ') : valuesSql([], parseShape(columns).length);
}
export const PARTITIONS =
  'partition_id bigint!, object_id int!, index_id int!, partition_number int!, hobt_id bigint!, rows bigint, data_compression tinyint!, data_compression_desc nvarchar(60)';

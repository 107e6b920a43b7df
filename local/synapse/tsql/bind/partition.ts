/** The rows of one partition of a table, as a condition in DuckDB, which has no partitions of that kind. */
import type { ObjectInfo } from '../../catalog/model';
import type { SqlType } from '../../contract';
import { convert } from '../types/convert';
import { ident, quote, type Typed } from '../types/typed';
import { compare } from './predicates';
import { reference } from './scope';
import { physicalName } from './tables';

/** A table without boundaries is one partition. */
export const partitionCount = ({ partition }: ObjectInfo): number => (partition?.values.length ?? 0) + 1;

/** A boundary, which is kept as text, as a value of the column's type. */
export const boundaryOf = (text: string, type: SqlType): Typed =>
  convert({ sql: quote(text), type: { name: 'varchar', length: -1 }, nullable: false, literal: text }, type);

/** Condition for the rows of partition `n`, counted from 1; NULLs are in the first one. */
export function partitionCondition(table: ObjectInfo, n: number): string {
  const { partition } = table;
  const column = table.columns.find(({ name }) => name.toLowerCase() === partition?.column.toLowerCase());
  if (!partition || !column) return 'true';
  const key = reference(
    { alias: physicalName(table), exposed: [], columns: [] },
    { name: column.name, type: column.type, nullable: column.nullable, sql: ident(column.name) },
  );
  const boundary = (k: number): Typed => boundaryOf(partition.values[k]!, column.type);
  const low = n > 1 ? compare(partition.right ? '>=' : '>', key, boundary(n - 2)) : '';
  const high = n < partitionCount(table) ? compare(partition.right ? '<' : '<=', key, boundary(n - 1)) : '';
  const both = [low, high].filter(Boolean).join(' AND ') || 'true';
  return n === 1 ? `(${both} OR ${ident(column.name)} IS NULL)` : `(${both})`;
}

/** Keys and defaults as objects of their own. */
import type { ObjectInfo, Snapshot } from './model';

export interface ConstraintInfo {
  readonly id: number;
  readonly name: string;
  readonly table: ObjectInfo;
  readonly type: 'PK' | 'UQ' | 'D';
}

export function constraints(snapshot: Snapshot): ConstraintInfo[] {
  return [...snapshot.objects.values()].flatMap((table) => [
    ...(table.indexes ?? []).flatMap((x, n): ConstraintInfo[] =>
      x.primaryKey || x.unique ? [{ id: keyId(table, n), name: x.name, table, type: x.primaryKey ? 'PK' : 'UQ' }] : [],
    ),
    ...table.columns.flatMap((c): ConstraintInfo[] =>
      c.default ? [{ id: defaultId(table.id, c.id), name: c.default.name, table, type: 'D' }] : [],
    ),
  ]);
}
/** object_id of the key that is index `n` of its table. */
export const keyId = (table: ObjectInfo, n: number): number => table.id * 100 + n;
export const defaultId = (table: number, column: number): number => 1_000_000 + table * 1000 + column;

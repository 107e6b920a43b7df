import { createHash } from 'node:crypto';
import type { Warehouse } from '../connection/warehouse';
import { targetId, type Target } from '../graph/model';
import { literal, quoted } from '../sql/names';

/**
 * What tells that an object of the warehouse is still the one that was seen before: a table by its object id and number of rows,
 * a view by its definition. Rows that were changed in place leave the mark as it is.
 */
export type Marks = ReadonlyMap<string, string>;

export async function readMarks(warehouse: Warehouse, targets: readonly Target[]): Promise<Marks> {
  const wanted = new Map(targets.map((target) => [targetId(target).toLowerCase(), target]));
  const schemas = [...new Set(targets.map(({ schema }) => schema))].map(literal).join(', ');
  const objects = await warehouse.query<{
    schema_name: string;
    name: string;
    object_id: number;
    definition: string | null;
  }>(
    `SELECT s.name AS schema_name, o.name, o.object_id, m.definition
FROM sys.objects o
JOIN sys.schemas s ON s.schema_id = o.schema_id
LEFT JOIN sys.sql_modules m ON m.object_id = o.object_id
WHERE o.type IN ('U', 'V') AND s.name IN (${schemas})`,
  );
  const marks = new Map<string, string>();
  const tables = new Map<string, { target: Target; objectId: number }>();
  for (const { schema_name, name, object_id, definition } of objects) {
    const target = wanted.get(`${schema_name}.${name}`.toLowerCase());
    if (!target) continue;
    if (definition === null) tables.set(targetId(target), { target, objectId: object_id });
    else marks.set(targetId(target), createHash('sha256').update(definition).digest('hex').slice(0, 16));
  }
  if (!tables.size) return marks;
  const counts = [...tables].map(
    ([id, { target }]) => `SELECT ${literal(id)} AS id, COUNT_BIG(*) AS n FROM ${quoted(target)}`,
  );
  const counted = await warehouse.query<{ id: string; n: string | number }>(counts.join('\nUNION ALL\n'));
  for (const { id, n } of counted) marks.set(id, `${tables.get(id)!.objectId}:${n}`);
  return marks;
}

/** ALTER TABLE … SPLIT, MERGE and SWITCH. */
import { TSqlError } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { partitionCondition, partitionCount } from '../bind/partition';
import { physicalName } from '../bind/tables';
import type { Expr } from '../syntax/ast';
import type { StatementOf } from '../syntax/ast-statements';
import { typeText } from '../types/sql-types';
import { duplicateBoundary, partitionValue, sortBoundaries } from './boundaries';
import { columnIn, replace } from './ddl-names';
import type { Interpreter } from './interpreter';

export async function changePartitions(
  i: Interpreter,
  table: ObjectInfo,
  kind: 'split' | 'merge',
  node: Expr,
): Promise<void> {
  const { partition } = table;
  if (!partition) {
    // A table without partitions has one range, which SPLIT and MERGE cannot change; nothing depends on it here.
    return;
  }
  const type = columnIn(table, partition.column).type;
  const value = await partitionValue(i, node, type);
  const known = partition.values.includes(value);
  if (kind === 'merge' && !known) throw new TSqlError(7715, 'The specified partition range value could not be found.');
  if (kind === 'split' && known) throw duplicateBoundary(7721, partition.values.indexOf(value) + 1);
  const values = kind === 'merge' ? partition.values.filter((v) => v !== value) : [...partition.values, value];
  const sorted = await sortBoundaries(i, values, type);
  await refuseFull(i, table, kind, (kind === 'split' ? sorted : partition.values).indexOf(value) + 1);
  await replace(i, table, { ...table, partition: { ...partition, values: sorted } });
}
/** A columnstore index splits no partition that has rows, and merges no two that have. `n` is the (lower) partition. */
async function refuseFull(i: Interpreter, table: ObjectInfo, kind: 'split' | 'merge', n: number): Promise<void> {
  if (!table.indexes?.some((x) => x.type === 'CLUSTERED COLUMNSTORE')) return;
  const hasRows = async (number: number): Promise<boolean> =>
    (await i.state.rows(`SELECT 1 FROM ${physicalName(table)} WHERE ${partitionCondition(table, number)} LIMIT 1`))
      .length > 0;
  const until =
    'Consider disabling the columnstore index before issuing the ALTER PARTITION statement, then rebuilding the columnstore index after ALTER PARTITION is complete.';
  if (kind === 'split' && (await hasRows(n)))
    throw new TSqlError(
      35346,
      `SPLIT clause of ALTER PARTITION statement failed because the partition is not empty. Only empty partitions can be split in when a columnstore index exists on the table. ${until}`,
    );
  if (kind === 'merge' && (await hasRows(n)) && (await hasRows(n + 1)))
    throw new TSqlError(
      35344,
      `MERGE clause of ALTER PARTITION statement failed because two nonempty partitions containing a columnstore index cannot be merged. ${until}`,
    );
}

/** Moves the rows of one partition (or all rows) to a table of the same shape. */
export async function switchPartition(
  i: Interpreter,
  table: ObjectInfo,
  action: Extract<StatementOf<'alterTable'>['action'], { kind: 'switch' }>,
): Promise<void> {
  const to = i.env.object(action.target);
  if (!to || to.kind !== 'U')
    throw new TSqlError(
      4902,
      `Cannot find the object "${action.target.join('.')}" because it does not exist or you do not have permissions.`,
    );
  if (to.columns.length !== table.columns.length)
    throw new TSqlError(
      4943,
      `ALTER TABLE SWITCH statement failed because table '${table.name}' has ${table.columns.length} columns and table '${to.name}' has ${to.columns.length} columns.`,
    );
  table.columns.forEach((c, n) => {
    const other = to.columns[n]!;
    if (c.name.toLowerCase() !== other.name.toLowerCase())
      throw new TSqlError(
        4957,
        `'ALTER TABLE SWITCH' statement failed because column '${c.name}' at ordinal ${n + 1} in table '${table.name}' has a different name than the column '${other.name}' at the same ordinal in table '${to.name}'.`,
      );
    if (typeText(c.type) !== typeText(other.type) || c.nullable !== other.nullable)
      throw new TSqlError(
        4944,
        `ALTER TABLE SWITCH statement failed because column '${c.name}' has data type ${typeText(c.type)} in source table '${table.name}' which is different from its type ${typeText(other.type)} in target table '${to.name}'.`,
      );
  });
  if (table.distribution !== to.distribution)
    throw new TSqlError(4947, 'ALTER TABLE SWITCH statement failed. The distributions of the two tables differ.');
  const from = await range(i, table, action.partition);
  const into = await range(i, to, action.targetPartition);
  await i.state.define([], {}, async () => {
    if (action.truncateTarget) await i.state.run(`DELETE FROM ${physicalName(to)} WHERE ${into}`);
    else {
      const rows = await i.state.rows(`SELECT 1 FROM ${physicalName(to)} WHERE ${into} LIMIT 1`);
      if (rows.length && action.targetPartition)
        throw new TSqlError(
          4904,
          `ALTER TABLE SWITCH statement failed. The specified partition ${await i.integer(action.targetPartition)} of target table '${to.name}' must be empty.`,
        );
      if (rows.length)
        throw new TSqlError(4905, `ALTER TABLE SWITCH statement failed. The target table '${to.name}' must be empty.`);
    }
    const outside = await i.state.rows(
      `SELECT 1 FROM ${physicalName(table)} WHERE ${from} AND NOT coalesce((${into}), false) LIMIT 1`,
    );
    if (outside.length)
      throw new TSqlError(
        4972,
        `ALTER TABLE SWITCH statement failed. Check constraints or partition function of source table '${table.name}' allows values that are not allowed by target table '${to.name}'.`,
      );
    await i.state.run(`INSERT INTO ${physicalName(to)} SELECT * FROM ${physicalName(table)} WHERE ${from}`);
    return i.state.run(`DELETE FROM ${physicalName(table)} WHERE ${from}`);
  });
}
/** Condition for the rows of the partition that a SWITCH names, or for all rows. */
async function range(i: Interpreter, table: ObjectInfo, node: Expr | undefined): Promise<string> {
  if (!node) return 'true';
  const n = await i.integer(node);
  const count = partitionCount(table);
  if (n < 1 || n > count)
    throw new TSqlError(
      7722,
      `Invalid partition number ${n} specified for table '${table.name}', partition number can range from 1 to ${count}.`,
    );
  return partitionCondition(table, n);
}

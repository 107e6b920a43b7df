/** CREATE, ALTER and DROP INDEX: kept in the catalog, DuckDB has none of them. */
import { TSqlError } from '../../contract';
import type { IndexInfo } from '../../catalog/model';
import { refusedByPool } from '../errors';
import type { StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';
import { checkPoolColumns } from './create-table';
import { duplicateColumns } from './column-rules';
import { columnIn, need, replace } from './ddl-names';

export async function indexes(
  i: Interpreter,
  s: StatementOf<'createIndex'> | StatementOf<'dropIndex'> | StatementOf<'alterIndex'>,
): Promise<void> {
  const table = need(i, s.table, ['U', 'V']);
  const list = table.indexes ?? [];
  const has = list.some((x) => x.name.toLowerCase() === s.name.toLowerCase());
  if (s.kind === 'alterIndex') {
    if (s.name !== 'ALL' && !has) throw new TSqlError(2727, `Cannot find index '${s.name}'.`, 1, 11);
    return;
  }
  if (s.kind === 'dropIndex') {
    if (!has) {
      if (s.ifExists) return;
      throw new TSqlError(
        3701,
        `Cannot drop the index '${s.table.join('.')}.${s.name}', because it does not exist or you do not have permission.`,
        7,
        11,
      );
    }
    const rest = list.filter((x) => x.name.toLowerCase() !== s.name.toLowerCase());
    return replace(i, table, { ...table, indexes: rest });
  }
  if (s.unique && i.state.surface !== 'server') throw refusedByPool('A UNIQUE index', s.span.line);
  if (has && !s.dropExisting)
    throw new TSqlError(
      1913,
      `The operation failed because an index or statistics with name '${s.name}' already exists on table '${s.table.join('.')}'.`,
    );
  s.columns.forEach((c) => columnIn(table, c.name));
  duplicateColumns(
    s.columns.map((c) => c.name),
    'index',
  );
  const made: IndexInfo = { name: s.name, type: s.type.toUpperCase() as IndexInfo['type'], columns: s.columns };
  if (s.type === 'clustered columnstore') checkPoolColumns(i, table.columns, !table.temp);
  const others = list.filter((x) => x.name.toLowerCase() !== s.name.toLowerCase());
  const rest = s.type === 'nonclustered' ? others : others.filter((x) => x.type === 'NONCLUSTERED');
  await replace(i, table, { ...table, indexes: s.type === 'nonclustered' ? [...rest, made] : [made, ...rest] });
}

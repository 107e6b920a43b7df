/** CREATE TABLE and CREATE TABLE AS SELECT with Synapse's WITH clause. */
import { TSqlError } from '../../contract';
import type { Expr } from './ast';
import type { StatementBody, TableOptions } from './ast-statements';
import { parseColumnDefinitions } from './columns';
import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parseQuery } from './query';

const DEFAULTS: TableOptions = {
  distribution: 'ROUND_ROBIN',
  hashColumns: [],
  index: 'CLUSTERED COLUMNSTORE',
  indexColumns: [],
  explicitDistribution: false,
};

/** A table without options: a columnstore in a pool, a heap in SQL Server. */
const defaults = (c: Cursor): TableOptions => (c.surface === 'server' ? { ...DEFAULTS, index: 'HEAP' } : DEFAULTS);

export function parseCreateTable(c: Cursor): StatementBody {
  c.expect('TABLE');
  if (c.is('IF')) throw c.error();
  const name = c.name();
  if (c.is('(') && isNameList(c)) {
    const columns = c.parenthesized(() => c.identifier());
    return parseCtas(c, name, columns);
  }
  if (c.is('(')) {
    const { columns, keys, checks } = parseColumnDefinitions(c);
    if (!columns.length) throw c.error();
    const options = c.accept('WITH') ? parseTableOptions(c) : defaults(c);
    while (c.isAny('ON', 'TEXTIMAGE_ON')) {
      c.refuse('A filegroup');
      c.take();
      c.identifier();
    }
    return { kind: 'createTable', name, columns, keys, checks, options };
  }
  return parseCtas(c, name, undefined);
}

function parseCtas(c: Cursor, name: readonly string[], columns: string[] | undefined): StatementBody {
  const options = c.accept('WITH') ? parseTableOptions(c) : defaults(c);
  c.expect('AS');
  if (!options.explicitDistribution && c.surface !== 'server')
    throw new TSqlError(
      103010,
      `Parse error at line: ${c.line}: CREATE TABLE AS SELECT needs a DISTRIBUTION option in its WITH clause.`,
      1,
      16,
      c.line,
    );
  return { kind: 'ctas', name, columns, query: parseQuery(c, 'rows'), options };
}

/** True for `(a, b)` before WITH … AS: column names without types. */
function isNameList(c: Cursor): boolean {
  const next = c.peek(2).upper;
  return next === ',' || next === ')';
}

/** `(DISTRIBUTION = …, HEAP | CLUSTERED …, PARTITION (…))` */
export function parseTableOptions(c: Cursor, isView = false): TableOptions {
  let options = DEFAULTS;
  let hasIndex = false;
  c.parenthesized(() => {
    const option = parseTableOption(c, isView);
    if (option.index && hasIndex)
      throw new TSqlError(
        103010,
        `Parse error at line: ${c.line}: a table has one of HEAP and CLUSTERED INDEX.`,
        1,
        16,
        c.line,
      );
    hasIndex ||= option.index !== undefined;
    options = { ...options, ...option };
  });
  return options;
}
function parseTableOption(c: Cursor, isView: boolean): Partial<TableOptions> {
  if (c.accept('DISTRIBUTION')) {
    c.expect('=');
    if (c.accept('ROUND_ROBIN')) return { distribution: 'ROUND_ROBIN', hashColumns: [], explicitDistribution: true };
    if (c.accept('REPLICATE')) return { distribution: 'REPLICATE', hashColumns: [], explicitDistribution: true };
    c.expect('HASH');
    return { distribution: 'HASH', hashColumns: c.parenthesized(() => c.identifier()), explicitDistribution: true };
  }
  if (c.accept('HEAP')) return { index: 'HEAP', indexColumns: [] };
  if (c.accept('CLUSTERED', 'COLUMNSTORE', 'INDEX')) {
    return { index: 'CLUSTERED COLUMNSTORE', indexColumns: c.accept('ORDER') ? parseIndexColumns(c) : [] };
  }
  if (c.accept('CLUSTERED', 'INDEX')) return { index: 'CLUSTERED', indexColumns: parseIndexColumns(c) };
  if (c.accept('PARTITION')) return { partition: parsePartition(c) };
  if (isView && c.accept('FOR_APPEND')) return {};
  if (c.accept('LOCATION')) {
    c.expect('=');
    c.take();
    return {};
  }
  throw c.error();
}
function parseIndexColumns(c: Cursor): { name: string; descending: boolean }[] {
  return c.parenthesized(() => {
    const name = c.identifier();
    const descending = c.accept('DESC');
    if (!descending) c.accept('ASC');
    return { name, descending };
  });
}
/** PARTITION (column RANGE [LEFT | RIGHT] FOR VALUES (…)) */
function parsePartition(c: Cursor): NonNullable<TableOptions['partition']> {
  c.expect('(');
  const column = c.identifier();
  c.expect('RANGE');
  const right = c.accept('RIGHT');
  if (!right) c.accept('LEFT');
  c.expect('FOR', 'VALUES', '(');
  const values: Expr[] = c.is(')') ? [] : c.list(() => parseExpr(c));
  c.expect(')', ')');
  return { column, right, values };
}

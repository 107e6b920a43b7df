/** CREATE, ALTER and DROP. */
import { refusedByPool } from '../errors';
import type { DropType, StatementBody } from './ast-statements';
import type { Cursor } from './cursor';
import { parseColumnDefinitions } from './columns';
import { parsePredicate } from './expressions';
import { parseCreateExternal } from './external';
import { parseAlterRole, parseAlterUser, parseCreatePrincipal, parseSecurityPolicy } from './security';
import { skipSample } from './statements';
import { parseCreateTable } from './tables';
import { parseTypeName } from './type-name';
import { parseFunction, parseProcedure, parseView } from './modules';
import { parseAlterTable } from './alter-table';
import { parseAlterDatabase, parseCredential, parseMasterKey } from './keys';
import { parseWorkload } from './workload';

export type Mode = 'create' | 'alter' | 'create or alter';

export function parseCreate(c: Cursor): StatementBody {
  c.expect('CREATE');
  let mode: Mode = 'create';
  if (c.accept('OR', 'ALTER')) mode = 'create or alter';
  if (c.is('VIEW')) return parseView(c, mode);
  if (c.isAny('PROC', 'PROCEDURE')) return parseProcedure(c, mode);
  if (c.is('FUNCTION')) return parseFunction(c, mode);
  if (mode !== 'create') throw c.error();
  if (c.is('TABLE')) return parseCreateTable(c);
  if (c.is('EXTERNAL')) return parseCreateExternal(c);
  if (c.accept('SCHEMA')) {
    if (c.accept('AUTHORIZATION')) return { kind: 'createSchema', name: c.identifier() };
    const name = c.identifier();
    return { kind: 'createSchema', name, owner: c.accept('AUTHORIZATION') ? c.identifier() : undefined };
  }
  if (c.accept('MATERIALIZED')) return parseView(c, mode, true);
  if (c.is('SECURITY', 'POLICY')) return parseSecurityPolicy(c, 'create');
  if (c.isAny('USER', 'ROLE', 'LOGIN')) return parseCreatePrincipal(c);
  if (c.is('STATISTICS')) return parseCreateStatistics(c);
  if (c.isAny('INDEX', 'UNIQUE', 'CLUSTERED', 'NONCLUSTERED', 'COLUMNSTORE')) return parseCreateIndex(c);
  if (c.is('WORKLOAD')) return parseWorkload(c, 'create');
  if (c.is('MASTER', 'KEY')) return parseMasterKey(c, 'create');
  if (c.is('DATABASE', 'SCOPED', 'CREDENTIAL')) return parseCredential(c, 'create');
  if (c.is('CREDENTIAL')) {
    const what = `CREATE ${c.token.upper} ${c.peek().upper}`;
    skipToEnd(c);
    return { kind: 'accepted', what };
  }
  if (c.accept('DATABASE')) {
    const name = c.identifier();
    if (c.accept('COLLATE')) c.take();
    return { kind: 'createDatabase', name };
  }
  if (c.is('TYPE') && c.surface === 'server') return parseCreateType(c);
  if (
    c.isAny(
      'TRIGGER',
      'SEQUENCE',
      'SYNONYM',
      'TYPE',
      'ASSEMBLY',
      'XML',
      'FULLTEXT',
      'RULE',
      'DEFAULT',
      'AGGREGATE',
      'QUEUE',
    )
  )
    throw refusedByPool(`CREATE ${c.token.upper}`, c.line);
  throw c.error();
}

export function parseAlter(c: Cursor): StatementBody {
  c.expect('ALTER');
  if (c.is('VIEW')) return parseView(c, 'alter');
  if (c.accept('MATERIALIZED', 'VIEW')) {
    c.name();
    if (!c.accept('REBUILD')) c.expect('DISABLE');
    return { kind: 'accepted', what: 'ALTER MATERIALIZED VIEW' };
  }
  if (c.isAny('PROC', 'PROCEDURE')) return parseProcedure(c, 'alter');
  if (c.is('FUNCTION')) return parseFunction(c, 'alter');
  if (c.accept('TABLE')) return parseAlterTable(c);
  if (c.accept('SCHEMA')) {
    const schema = c.identifier();
    c.expect('TRANSFER');
    if (c.accept('OBJECT', '::')) return { kind: 'transfer', schema, name: c.name() };
    return { kind: 'transfer', schema, name: c.name() };
  }
  // Owners have no effect here: every module runs as dbo.
  if (c.accept('AUTHORIZATION', 'ON')) {
    if (c.peek().upper === '::') {
      c.take();
      c.take();
    }
    c.name();
    c.expect('TO');
    if (!c.accept('SCHEMA', 'OWNER')) c.identifier();
    return { kind: 'accepted', what: 'ALTER AUTHORIZATION' };
  }
  if (c.is('ROLE')) return parseAlterRole(c);
  if (c.is('SECURITY', 'POLICY')) return parseSecurityPolicy(c, 'alter');
  if (c.accept('INDEX')) {
    const name = c.identifierOrAll();
    c.expect('ON');
    const table = c.name();
    if (!c.accept('REBUILD') && !c.accept('REORGANIZE') && !c.accept('DISABLE')) {
      c.expect('SET');
    }
    if (c.accept('PARTITION')) {
      c.expect('=');
      c.take();
    }
    if (c.accept('WITH')) skipParenthesis(c);
    else if (c.is('(')) skipParenthesis(c);
    return { kind: 'alterIndex', name, table };
  }
  if (c.is('WORKLOAD')) return parseWorkload(c, 'alter');
  if (c.is('MASTER', 'KEY')) return parseMasterKey(c, 'alter');
  if (c.is('DATABASE', 'SCOPED', 'CREDENTIAL')) return parseCredential(c, 'alter');
  if (c.is('DATABASE') && c.peek().upper !== 'SCOPED' && c.surface !== 'server') return parseAlterDatabase(c);
  if (c.is('USER')) return parseAlterUser(c);
  if (c.isAny('DATABASE', 'LOGIN', 'EXTERNAL', 'CREDENTIAL')) {
    const what = `ALTER ${c.token.upper}`;
    skipToEnd(c);
    return { kind: 'accepted', what };
  }
  if (c.isAny('TRIGGER', 'SEQUENCE', 'ASSEMBLY')) throw refusedByPool(`ALTER ${c.token.upper}`, c.line);
  throw c.error();
}

const DROPS: readonly [readonly string[], DropType][] = [
  [['EXTERNAL', 'DATA', 'SOURCE'], 'external data source'],
  [['EXTERNAL', 'FILE', 'FORMAT'], 'external file format'],
  [['EXTERNAL', 'TABLE'], 'external table'],
  [['SECURITY', 'POLICY'], 'security policy'],
  [['TABLE'], 'table'],
  [['VIEW'], 'view'],
  [['PROCEDURE'], 'procedure'],
  [['PROC'], 'procedure'],
  [['FUNCTION'], 'function'],
  [['TYPE'], 'type'],
  [['USER'], 'user'],
  [['ROLE'], 'role'],
  [['LOGIN'], 'login'],
  [['STATISTICS'], 'statistics'],
];
export function parseDrop(c: Cursor): StatementBody {
  c.expect('DROP');
  for (const [words, type] of DROPS) {
    if (!c.accept(...words)) continue;
    const ifExists = c.accept('IF', 'EXISTS');
    return { kind: 'drop', type, names: c.list(() => c.name()), ifExists };
  }
  if (c.accept('SCHEMA')) {
    const ifExists = c.accept('IF', 'EXISTS');
    return { kind: 'dropSchema', name: c.identifier(), ifExists };
  }
  if (c.accept('INDEX')) {
    const ifExists = c.accept('IF', 'EXISTS');
    const name = c.name();
    if (c.accept('ON')) return { kind: 'dropIndex', name: name[0]!, table: c.name(), ifExists };
    return { kind: 'dropIndex', name: name.at(-1)!, table: name.slice(0, -1), ifExists };
  }
  if (c.is('DATABASE') && c.peek().upper !== 'SCOPED') {
    c.take();
    const ifExists = c.accept('IF', 'EXISTS');
    return { kind: 'dropDatabase', names: c.list(() => c.identifier()), ifExists };
  }
  if (c.is('WORKLOAD')) return parseWorkload(c, 'drop');
  if (c.is('MASTER', 'KEY')) return parseMasterKey(c, 'drop');
  if (c.is('DATABASE', 'SCOPED', 'CREDENTIAL')) return parseCredential(c, 'drop');
  if (c.isAny('DATABASE', 'CREDENTIAL')) {
    const what = `DROP ${c.token.upper}`;
    skipToEnd(c);
    return { kind: 'accepted', what };
  }
  throw c.error();
}

/** CREATE TYPE t AS TABLE (…) | FROM type */
function parseCreateType(c: Cursor): StatementBody {
  c.expect('TYPE');
  const name = c.name();
  if (c.accept('FROM')) {
    const alias = parseTypeName(c);
    if (c.accept('NOT')) c.expect('NULL');
    else c.accept('NULL');
    return { kind: 'createType', name, alias };
  }
  c.expect('AS', 'TABLE');
  const { columns, keys } = parseColumnDefinitions(c);
  return { kind: 'createType', name, columns, keys };
}

/** Statements about services that a laptop has not: their text is checked no further than its end. */
function skipToEnd(c: Cursor): void {
  while (c.token.kind !== 'end' && !c.is(';')) {
    if (c.is('(')) skipParenthesis(c);
    else c.take();
  }
}
export const skipParenthesis = (c: Cursor): void => {
  hasOption(c, '');
};
/** Skips options in parentheses; whether `name = ON` is one of them. */
function hasOption(c: Cursor, name: string): boolean {
  let isOn = false;
  c.expect('(');
  while (!c.is(')')) {
    if (c.token.kind === 'end') throw c.error();
    if (c.is('(')) skipParenthesis(c);
    else if (name && c.accept(name)) isOn = c.accept('=') && c.accept('ON');
    else c.take();
  }
  c.expect(')');
  return isOn;
}

function parseCreateStatistics(c: Cursor): StatementBody {
  c.expect('STATISTICS');
  const name = c.identifier();
  c.expect('ON');
  const table = c.name();
  const columns = c.parenthesized(() => c.identifier());
  let filter: string | undefined;
  if (c.accept('WHERE')) {
    const { start } = c.token;
    parsePredicate(c);
    filter = c.sql.slice(start, c.lastEnd);
  }
  if (c.accept('WITH')) c.list(() => skipSample(c));
  return { kind: 'createStatistics', name, table, columns, filter };
}

function parseCreateIndex(c: Cursor): StatementBody {
  const unique = c.accept('UNIQUE');
  const clustered = c.accept('CLUSTERED');
  if (!clustered) c.accept('NONCLUSTERED');
  const columnstore = c.accept('COLUMNSTORE');
  c.expect('INDEX');
  const name = c.identifier();
  c.expect('ON');
  const table = c.name();
  const column = (): { name: string; descending: boolean } => {
    const columnName = c.identifier();
    const descending = c.accept('DESC');
    if (!descending) c.accept('ASC');
    return { name: columnName, descending };
  };
  let columns = c.is('(') ? c.parenthesized(column) : [];
  if (c.accept('ORDER')) columns = c.parenthesized(column);
  if (!columnstore && !columns.length) throw c.error();
  if (c.is('INCLUDE')) {
    c.refuse('An index with INCLUDE');
    c.take();
    c.parenthesized(() => c.identifier());
  }
  const dropExisting = c.accept('WITH') && hasOption(c, 'DROP_EXISTING');
  const type = columnstore ? 'clustered columnstore' : clustered ? 'clustered' : 'nonclustered';
  return { kind: 'createIndex', name, table, type, unique, columns, dropExisting };
}

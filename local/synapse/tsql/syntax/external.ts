/** Statements and sources over the lake: OPENROWSET, COPY INTO, external data sources, file formats and tables. */
import { notSupported } from '../errors';
import type { CopyColumn, StatementBody } from './ast-statements';
import type { FileColumn, Options, Source } from './ast';
import type { Cursor } from './cursor';
import { parseColumnDefinitions } from './columns';
import { parseExpr } from './expressions';
import { parseOption, parseQuery } from './query';
import { parseSourceAlias } from './sources';
import { parseTypeName } from './type-name';

/** `KEY = value, KEY (nested), …` inside parentheses; the cursor stands on the opening one. */
export function parseOptions(c: Cursor): Options {
  const options: Record<string, string | Options> = {};
  c.parenthesized(() => {
    const key = c.take().text.toUpperCase();
    if (c.is('(')) options[key] = parseOptions(c);
    else {
      c.expect('=');
      options[key] = c.is('(') ? parseOptions(c) : parseOptionValue(c);
    }
  });
  return options;
}
function parseOptionValue(c: Cursor): string {
  const sign = c.accept('-') ? '-' : '';
  const { token } = c;
  if (token.kind === 'op' || token.kind === 'end') throw c.error();
  return sign + (c.take().kind === 'hex' ? '0x' : '') + token.text;
}

/** OPENROWSET (BULK 'path' | ('path', …), options) [WITH (columns)] [AS] alias [(names)] */
export function parseOpenRowset(c: Cursor): Source {
  const { line } = c;
  c.expect('OPENROWSET', '(');
  if (!c.accept('BULK')) throw notSupported('OPENROWSET with a provider', line);
  const paths = c.is('(') ? c.parenthesized(() => c.string()) : [c.string()];
  const options: Record<string, string | Options> = {};
  while (c.accept(',')) {
    const key = c.take().text.toUpperCase();
    if (c.is('(')) options[key] = parseOptions(c);
    else {
      if (key.startsWith('SINGLE_')) {
        options[key] = 'TRUE';
        continue;
      }
      c.expect('=');
      options[key] = c.is('(') ? parseOptions(c) : parseOptionValue(c);
    }
  }
  c.expect(')');
  const columns = c.accept('WITH') ? c.parenthesized(() => parseFileColumn(c)) : undefined;
  const alias = parseSourceAlias(c);
  const names = alias !== undefined && c.is('(') ? c.parenthesized(() => c.identifier()) : undefined;
  return { kind: 'openrowset', paths, options, columns, alias, names, line };
}
function parseFileColumn(c: Cursor): FileColumn {
  const name = c.identifier();
  const type = parseTypeName(c);
  let ordinal: number | undefined;
  let path: string | undefined;
  let notNull = false;
  for (;;) {
    if (c.token.kind === 'integer') ordinal = c.integer();
    else if (c.token.kind === 'string' || c.token.kind === 'nstring') path = c.string();
    else if (c.accept('NOT', 'NULL')) notNull = true;
    else if (!c.accept('NULL')) return { name, type, ordinal, path, notNull };
  }
}

/** COPY INTO table [(column [DEFAULT x] [field], …)] FROM 'url' [, …] [WITH (…)] [OPTION (…)] */
export function parseCopy(c: Cursor): StatementBody {
  c.expect('COPY', 'INTO');
  const table = c.name();
  const columns = c.is('(')
    ? c.parenthesized((): CopyColumn => {
        const name = c.identifier();
        const value = c.accept('DEFAULT') ? parseExpr(c) : undefined;
        const ordinal = c.token.kind === 'integer' ? c.integer() : undefined;
        return { name, default: value, ordinal };
      })
    : undefined;
  c.expect('FROM');
  const paths = c.list(() => c.string());
  const options = c.accept('WITH') ? parseOptions(c) : {};
  return { kind: 'copy', table, columns, paths, options, option: parseOption(c) };
}

/** CREATE EXTERNAL DATA SOURCE | FILE FORMAT | TABLE; the cursor stands after CREATE. */
export function parseCreateExternal(c: Cursor): StatementBody {
  c.expect('EXTERNAL');
  if (c.accept('DATA', 'SOURCE')) {
    const name = c.identifier();
    c.expect('WITH');
    return { kind: 'createDataSource', name, options: parseOptions(c) };
  }
  if (c.accept('FILE', 'FORMAT')) {
    const name = c.identifier();
    c.expect('WITH');
    return { kind: 'createFileFormat', name, options: parseOptions(c) };
  }
  if (!c.accept('TABLE')) throw notSupported(`CREATE EXTERNAL ${c.token.text}`, c.line);
  const name = c.name();
  const columns = c.is('(') ? parseColumnDefinitions(c).columns : undefined;
  c.expect('WITH');
  const options = parseOptions(c);
  const query = !columns && c.accept('AS') ? parseQuery(c, 'rows') : undefined;
  if (!columns && !query) throw c.error();
  return { kind: 'createExternalTable', name, columns, options, query };
}

/** COPY INTO. */
import { writeFileSync, mkdirSync } from 'node:fs';
import { TSqlError } from '../contract';
import type { ColumnInfo, ObjectInfo } from '../catalog/model';
import { newBinder } from '../tsql/bind/binder';
import { defaultOf, insertSql } from '../tsql/bind/insert';
import type { Env } from '../tsql/bind/env';
import { expr } from '../tsql/bind/expr';
import { Scope } from '../tsql/bind/scope';
import { physicalName } from '../tsql/bind/tables';
import { notSupported } from '../tsql/errors';
import type { CopyColumn, StatementOf } from '../tsql/syntax/ast-statements';
import { assign, convert } from '../tsql/types/convert';
import { duckType, isString, MAX, varchar } from '../tsql/types/sql-types';
import { ident, quote, type Typed } from '../tsql/types/typed';
import type { State } from '../tsql/run/state';
import { csvRows, firstRecord, formatOf, isLineFormat } from './csv';
import { localPath } from './paths';
import { csvFormat, findFiles, parquet, text, withFileFormat } from './sources';

const OPTIONS = new Set([
  'FILE_TYPE',
  'FILE_FORMAT',
  'CREDENTIAL',
  'ERRORFILE',
  'ERRORFILE_CREDENTIAL',
  'MAXERRORS',
  'COMPRESSION',
  'FIELDQUOTE',
  'FIELDTERMINATOR',
  'ROWTERMINATOR',
  'FIRSTROW',
  'DATEFORMAT',
  'ENCODING',
  'IDENTITY_INSERT',
  'AUTO_CREATE_TABLE',
]);

/** Loads the files; returns the number of rows loaded. */
export async function copyInto(
  state: State,
  env: Env,
  table: ObjectInfo,
  written: StatementOf<'copy'>,
): Promise<number> {
  const s = { ...written, options: withFileFormat(state, written.options) };
  for (const name of Object.keys(s.options))
    if (!OPTIONS.has(name)) throw new TSqlError(103010, `Parse error: '${name}' is no option of COPY INTO.`);
  const type = (text(s.options.FILE_TYPE) ?? 'CSV').toUpperCase();
  if (!['CSV', 'PARQUET'].includes(type)) throw notSupported(`COPY INTO with FILE_TYPE = ${type}`);
  const list = findFiles(state, s.paths, undefined, true);
  const binder = newBinder(env);
  const columns = (
    s.columns ?? table.columns.filter((c) => !c.identity).map((c): CopyColumn => ({ name: c.name }))
  ).map((c, i) => ({ ...c, info: columnOf(table, c.name), ordinal: c.ordinal ?? i + 1 }));
  if (type === 'PARQUET') {
    const source = await parquet(state, list, undefined);
    const items = columns.map((c): Typed => {
      const field = source.columns[c.ordinal - 1];
      if (!field && !c.default) throw new TSqlError(13812, `Column ordinal ${c.ordinal} is not in the Parquet files.`);
      const value: Typed = field
        ? { sql: ident(field.name), type: field.type, nullable: true }
        : expr(binder, new Scope(undefined), c.default!);
      return c.default && field
        ? withDefault(value, convert(expr(binder, new Scope(undefined), c.default), field.type, { explicit: true }))
        : value;
    });
    const query = {
      sql: `SELECT ${items.map((x) => x.sql).join(', ')} FROM ${source.sql}`,
      columns: items.map((x, i) => ({ ...x, name: columns[i]!.name })),
    };
    return state.run(
      insertSql(
        binder,
        table,
        columns.map((c) => c.name),
        query,
        /^on$/i.test(text(s.options.IDENTITY_INSERT) ?? ''),
      ),
    );
  }
  return copyCsv(state, binder, table, s, columns, list.files);
}
const withDefault = (x: Typed, fallback: Typed): Typed => ({ ...x, sql: `coalesce(${x.sql}, ${fallback.sql})` });
function columnOf(table: ObjectInfo, name: string): ColumnInfo {
  const found = table.columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
  if (!found) throw new TSqlError(207, `Invalid column name '${name}'.`);
  return found;
}

type Target = CopyColumn & { readonly info: ColumnInfo; readonly ordinal: number };

async function copyCsv(
  state: State,
  binder: ReturnType<typeof newBinder>,
  table: ObjectInfo,
  s: StatementOf<'copy'>,
  columns: readonly Target[],
  files: readonly string[],
): Promise<number> {
  const format = formatOf(csvFormat(s.options), files[0]!);
  const maxErrors = Number(text(s.options.MAXERRORS) ?? 0);
  const wanted = columns.filter((c) => !c.default).length;
  const fields = isLineFormat(format) && wanted === 1 ? 1 : fieldsOf(files[0]!, format);
  const values = columns.map((c) => {
    const raw: Typed = { sql: `c${c.ordinal - 1}`, type: varchar(MAX), nullable: true };
    if (c.ordinal > fields) {
      if (!c.default)
        throw new TSqlError(13812, `Column '${c.name}' expects field ${c.ordinal}; the file has ${fields}.`);
      return expr(binder, new Scope(undefined), c.default);
    }
    const value: Typed = isString(c.info.type) ? raw : { ...raw, sql: `nullif(${raw.sql}, '')` };
    return c.default
      ? withDefault(value, convert(expr(binder, new Scope(undefined), c.default), varchar(MAX), { explicit: true }))
      : value;
  });
  const rows = csvRows(files, format, fields);
  const names = columns.map((c) => c.name);
  const plain = {
    sql: `SELECT ${values.map((x) => x.sql).join(', ')} FROM ${rows}`,
    columns: values.map((x, i) => ({ ...x, literal: undefined, name: names[i]! })),
  };
  if (maxErrors === 0) return state.run(insertSql(binder, table, names, plain, true));
  return copyTolerant(state, binder, table, s, columns, values, rows, maxErrors);
}

/** Fields of the first row; a file that ends after its header has those of the header. */
function fieldsOf(file: string, format: ReturnType<typeof csvFormat>): number {
  const first = firstRecord(file, format, format.skip);
  const isMissing = first.length === 1 && first[0] === '' && format.skip > 0;
  return isMissing ? firstRecord(file, format).length : first.length;
}

/** With MAXERRORS: rows that do not convert are counted, put into ERRORFILE, and left out. */
async function copyTolerant(
  state: State,
  binder: ReturnType<typeof newBinder>,
  table: ObjectInfo,
  s: StatementOf<'copy'>,
  columns: readonly Target[],
  values: readonly Typed[],
  rows: string,
  maxErrors: number,
): Promise<number> {
  const checks = columns.map((c, i) => {
    const attempted = convert(values[i]!, c.info.type, { explicit: true, attempt: true }).sql;
    const text_ = values[i]!.sql;
    const tooLong =
      isString(c.info.type) && c.info.type.length !== MAX
        ? ` OR length(rtrim(${text_}, ' ')) > ${c.info.type.length}`
        : '';
    const missing = c.info.nullable ? '' : ` OR ${text_} IS NULL`;
    return `(${text_} IS NOT NULL AND (${attempted}) IS NULL)${tooLong}${missing}`;
  });
  const bad = checks.map((c) => `coalesce((${c}), false)`).join(' OR ');
  const rejected = await state.rows(
    `SELECT filename, ${values.map((x) => `CAST(${x.sql} AS VARCHAR)`).join(', ')} FROM ${rows} WHERE ${bad} LIMIT ${maxErrors + 1}`,
  );
  if (rejected.length > maxErrors)
    throw new TSqlError(13822, `Bulk load failed: the number of rejected rows is more than MAXERRORS (${maxErrors}).`);
  const folder = text(s.options.ERRORFILE);
  if (folder && rejected.length)
    writeErrors(
      state,
      folder,
      s.paths[0]!,
      rejected.map((row) =>
        row
          .slice(1)
          .map((v) => (v === null ? '' : String(v)))
          .join(','),
      ),
    );
  const given = new Map(
    columns.map((c, i) => [c.info.id, convert(values[i]!, c.info.type, { explicit: true, attempt: true }).sql]),
  );
  const list = table.columns.map((c) => {
    const sql = given.get(c.id);
    if (sql) return sql;
    const value = defaultOf(binder, c);
    return value.isNull
      ? `CAST(NULL AS ${duckType(c.type)})`
      : assign(value, c.type, { table: table.name, column: c.name }).sql;
  });
  return state.run(`INSERT INTO ${physicalName(table)} SELECT ${list.join(', ')} FROM ${rows} WHERE NOT (${bad})`);
}
function writeErrors(state: State, folder: string, firstPath: string, lines: readonly string[]): void {
  const { lakeRoot, lakeAccount } = state.catalog.options;
  const container = /^(https?:\/\/[^/]+\/[^/]+|abfss?:\/\/[^/]+)/i.exec(firstPath)?.[1] ?? '';
  const url = /^\w+:\/\//.test(folder) ? folder : `${container}/${folder.replace(/^\/+/, '')}`;
  const at =
    localPath(url, lakeRoot, lakeAccount).replace(/\/+$/, '') +
    `/_rejectedrows/${state.session.spid}-${Math.round(performance.now())}`;
  mkdirSync(at, { recursive: true });
  writeFileSync(`${at}/Row.csv`, lines.join('\n') + '\n');
  writeFileSync(
    `${at}/Error.txt`,
    `${lines.length} rows were rejected because a value did not convert to its column's type.\n`,
  );
}
export { quote };

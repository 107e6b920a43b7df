/** OPENROWSET and external tables: files as table expressions with T-SQL columns. */
import { TSqlError, type SqlType } from '../contract';
import type { ColumnInfo, ObjectInfo } from '../catalog/model';
import { Pending, type FileSource } from '../tsql/bind/env';
import { notSupported } from '../tsql/errors';
import type { FileColumn, Options, Source } from '../tsql/syntax/ast';
import { convert } from '../tsql/types/convert';
import { duckType, isString, MAX, resolveType, varchar } from '../tsql/types/sql-types';
import { ident, quote, type Typed } from '../tsql/types/typed';
import type { State } from '../tsql/run/state';
import { csvRows, fileArray, firstRecord, formatOf, isLineFormat, terminator, type CsvFormat } from './csv';
import { listFiles, localPath, type FileList } from './paths';

type OpenRowset = Extract<Source, { kind: 'openrowset' }>;
export const text = (value: string | Options | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The full URL of a path below a data source. */
export function fullUrl(state: State, path: string, dataSource: string | undefined): string {
  if (dataSource === undefined || /^\w+:\/\//.test(path)) return path;
  const found = state.catalog.snapshot.dataSources.get(dataSource.toLowerCase());
  if (!found) throw new TSqlError(12703, `Referenced external data source "${dataSource}" not found.`);
  return `${(text(found.options.LOCATION) ?? '').replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
export function findFiles(
  state: State,
  paths: readonly string[],
  dataSource: string | undefined,
  deep: boolean,
): FileList {
  const { lakeRoot, lakeAccount } = state.catalog.options;
  const urls = paths.map((path) => fullUrl(state, path, dataSource));
  return listFiles(
    urls,
    urls.map((url) => localPath(url, lakeRoot, lakeAccount)),
    deep,
  );
}

export function openRowset(state: State, source: OpenRowset): FileSource {
  const id = JSON.stringify([source.paths, source.options, source.columns]);
  const known = state.files.get(id);
  if (known) return known;
  throw new Pending(async () => {
    state.files.set(id, await describe(state, source));
  });
}

async function describe(state: State, source: OpenRowset): Promise<FileSource> {
  const { options } = source;
  const format = (
    text(options.FORMAT) ?? (Object.keys(options).some((k) => k.startsWith('SINGLE_')) ? 'SINGLE' : '')
  ).toUpperCase();
  if (format === 'DELTA') throw notSupported('OPENROWSET with FORMAT = DELTA', source.line);
  if (!['PARQUET', 'CSV', 'SINGLE'].includes(format))
    throw notSupported(`OPENROWSET with FORMAT = ${format || '(none)'}`, source.line);
  const list = findFiles(state, source.paths, text(options.DATA_SOURCE), false);
  if (format === 'SINGLE') {
    const blob = 'SINGLE_BLOB' in options;
    const type: SqlType = blob
      ? { name: 'varbinary', length: MAX }
      : { name: 'SINGLE_NCLOB' in options ? 'nvarchar' : 'varchar', length: MAX };
    return {
      sql: `(SELECT content AS "BulkColumn", filename FROM read_${blob ? 'blob' : 'text'}(${fileArray(list.files)}))`,
      columns: [{ id: 1, name: 'BulkColumn', type, nullable: true }],
      pathColumn: 'filename',
      pathPattern: list.pattern,
    };
  }
  if (format === 'PARQUET') return parquet(state, list, source.columns?.map(fileColumn));
  const csv = formatOf(csvFormat(options), list.files[0]!);
  return source.columns
    ? csvWith(
        list,
        csv,
        source.columns.map((c, i) => ({ ...fileColumn(c, i), ordinal: c.ordinal ?? i + 1 })),
        truthy(options.HEADER_ROW),
      )
    : csvInferred(list, csv, truthy(options.HEADER_ROW));
}
const truthy = (value: string | Options | undefined): boolean => /^true$/i.test(text(value) ?? '');
const fileColumn = (c: FileColumn, i: number): ColumnInfo & { path?: string } => ({
  id: i + 1,
  name: c.name,
  type: resolveType(c.type),
  nullable: !c.notNull,
  ...(c.type.collation ? { collation: c.type.collation } : {}),
  ...(c.path ? { path: c.path } : {}),
});

export function csvFormat(options: Options): CsvFormat {
  return {
    delimiter: terminator(text(options.FIELDTERMINATOR)) ?? ',',
    quote: terminator(text(options.FIELDQUOTE)) ?? '"',
    row: terminator(text(options.ROWTERMINATOR)),
    skip: Math.max(0, Number(text(options.FIRSTROW) ?? 1) - 1),
    compression: /gzip/i.test(text(options.COMPRESSION) ?? text(options.DATA_COMPRESSION) ?? '') ? 'gzip' : undefined,
    encoding: /^utf-?16$/i.test(text(options.ENCODING) ?? '') ? 'utf-16' : undefined,
  };
}

/** The options of an external file format of delimited text as those of COPY INTO. */
function asCopyOptions({ FORMAT_OPTIONS, DATA_COMPRESSION }: Options): Options {
  const o = (FORMAT_OPTIONS ?? {}) as Options;
  if (text(o.DATE_FORMAT)) throw notSupported('An external file format with DATE_FORMAT');
  const options: Record<string, string | Options | undefined> = {
    ENCODING: o.ENCODING,
    FIELDTERMINATOR: o.FIELD_TERMINATOR ?? ',',
    FIELDQUOTE: o.STRING_DELIMITER ?? '0x00',
    FIRSTROW: o.FIRST_ROW,
    COMPRESSION: DATA_COMPRESSION,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}
/** The options of COPY INTO with those of its FILE_FORMAT. Msg 12703 when there is no such format. */
export function withFileFormat(state: State, options: Options): Options {
  const name = text(options.FILE_FORMAT);
  if (name === undefined) return options;
  const format = state.catalog.snapshot.fileFormats.get(name.toLowerCase());
  if (!format) throw new TSqlError(12703, `Referenced external file format "${name}" not found.`);
  const type = (text(format.options.FORMAT_TYPE) ?? '').toUpperCase();
  return type === 'DELIMITEDTEXT'
    ? { ...asCopyOptions(format.options), FILE_TYPE: 'CSV', ...options }
    : { FILE_TYPE: type, ...options };
}

/** Parquet columns by name (case-insensitive); T-SQL types from the files when no WITH clause gives them. */
export async function parquet(
  state: State,
  list: FileList,
  columns: readonly (ColumnInfo & { path?: string })[] | undefined,
): Promise<FileSource> {
  const reader = `read_parquet(${fileArray(list.files)}, hive_partitioning=false, union_by_name=true, filename=true)`;
  const found = (await state.rows(`DESCRIBE SELECT * EXCLUDE (filename) FROM ${reader}`)).map(
    (row) => [String(row[0]), String(row[1])] as const,
  );
  const own = found.map(
    ([name, duck], i): ColumnInfo => ({ id: i + 1, name, type: fromParquet(duck), nullable: true }),
  );
  const wanted = columns ?? own;
  const items = wanted.map((column) => {
    const name = (column as { path?: string }).path?.replace(/^\$\./, '') ?? column.name;
    const at = own.findIndex((c) => c.name.toLowerCase() === name.toLowerCase());
    if (at < 0) return `CAST(NULL AS ${duckType(column.type)}) AS ${ident(column.name)}`;
    const raw = ident(own[at]!.name);
    const duck = found[at]![1];
    const base: Typed = {
      sql: /^(STRUCT|MAP|.*\[\])/.test(duck) ? `CAST(to_json(${raw}) AS VARCHAR)` : duckCast(raw, duck),
      type: own[at]!.type,
      nullable: true,
    };
    return `${(columns ? convert(base, column.type, { explicit: true }) : base).sql} AS ${ident(column.name)}`;
  });
  return {
    sql: `(SELECT ${items.join(', ')}, filename AS "__file" FROM ${reader})`,
    columns: wanted,
    pathColumn: '"__file"',
    pathPattern: list.pattern,
  };
}
function duckCast(raw: string, duck: string): string {
  if (duck === 'TINYINT') return `CAST(${raw} AS SMALLINT)`;
  if (duck === 'USMALLINT') return `CAST(${raw} AS INTEGER)`;
  if (duck === 'UINTEGER') return `CAST(${raw} AS BIGINT)`;
  if (duck === 'UBIGINT' || duck === 'HUGEINT') return `CAST(${raw} AS DECIMAL(38,0))`;
  if (duck.startsWith('TIMESTAMP WITH')) return `tsql.ticks(${raw} AT TIME ZONE 'UTC')`;
  if (duck === 'TIMESTAMP_NS') return `tsql.ticks_of_ns(${raw})`;
  if (duck.startsWith('TIMESTAMP')) return `tsql.ticks(${raw})`;
  if (duck.startsWith('TIME')) return `tsql.time_ticks(CAST(${raw} AS TIME))`;
  return raw;
}
/** "Map of Parquet types to SQL types" of the serverless documentation. */
function fromParquet(duck: string): SqlType {
  const dec = /^DECIMAL\((\d+),(\d+)\)$/.exec(duck);
  if (dec) return { name: 'decimal', precision: Number(dec[1]), scale: Number(dec[2]) };
  const map: Readonly<Record<string, SqlType>> = {
    BOOLEAN: { name: 'bit' },
    TINYINT: { name: 'smallint' },
    UTINYINT: { name: 'tinyint' },
    SMALLINT: { name: 'smallint' },
    USMALLINT: { name: 'int' },
    INTEGER: { name: 'int' },
    UINTEGER: { name: 'bigint' },
    BIGINT: { name: 'bigint' },
    UBIGINT: { name: 'decimal', precision: 38, scale: 0 },
    HUGEINT: { name: 'decimal', precision: 38, scale: 0 },
    FLOAT: { name: 'real' },
    DOUBLE: { name: 'float' },
    DATE: { name: 'date' },
    UUID: { name: 'uniqueidentifier' },
    BLOB: { name: 'varbinary', length: 8000 },
  };
  if (duck.startsWith('TIMESTAMP')) return { name: 'datetime2', scale: 7 };
  if (duck.startsWith('TIME')) return { name: 'time', scale: 7 };
  return map[duck] ?? varchar(8000);
}

/** CSV with the columns of a WITH clause: by ordinal, '' in other than text columns is NULL. */
export function csvWith(
  list: FileList,
  format: CsvFormat,
  columns: readonly (ColumnInfo & { ordinal: number })[],
  header = false,
): FileSource {
  const adjusted = header ? { ...format, skip: format.skip + 1 } : format;
  const fields =
    isLineFormat(format) && columns.length === 1
      ? 1
      : Math.max(firstRecord(list.files[0]!, format, format.skip).length, ...columns.map(() => 1));
  const items = columns.map((c) => {
    const raw = c.ordinal <= fields ? `c${c.ordinal - 1}` : 'CAST(NULL AS VARCHAR)';
    return `${csvValue(raw, c.type)} AS ${ident(c.name)}`;
  });
  return {
    sql: `(SELECT ${items.join(', ')}, filename AS "__file" FROM ${csvRows(list.files, adjusted, fields)})`,
    columns,
    pathColumn: '"__file"',
    pathPattern: list.pattern,
  };
}
export function csvValue(raw: string, type: SqlType): string {
  const value: Typed = { sql: isString(type) ? raw : `nullif(${raw}, '')`, type: varchar(MAX), nullable: true };
  return convert(value, type, { explicit: true }).sql;
}
/** Without WITH every column is text: named by the header row, or C1, C2, … */
function csvInferred(list: FileList, format: CsvFormat, header: boolean): FileSource {
  const first = firstRecord(list.files[0]!, format, format.skip);
  const columns = first.map((name, i): ColumnInfo & { ordinal: number } => ({
    id: i + 1,
    name: header ? name : `C${i + 1}`,
    type: varchar(8000),
    nullable: true,
    ordinal: i + 1,
  }));
  return csvWith(list, format, columns, header);
}

export function externalTable(state: State, object: ObjectInfo): FileSource {
  const options = object.external ?? {};
  const formatName = text(options.FILE_FORMAT);
  const format =
    formatName === undefined ? undefined : state.catalog.snapshot.fileFormats.get(formatName.toLowerCase());
  const type = (text(format?.options.FORMAT_TYPE) ?? 'PARQUET').toUpperCase();
  const list = findFiles(state, [text(options.LOCATION) ?? ''], text(options.DATA_SOURCE), true);
  if (type === 'DELIMITEDTEXT') {
    return csvWith(
      list,
      formatOf(csvFormat(asCopyOptions(format?.options ?? {})), list.files[0]!),
      object.columns.map((c, i) => ({ ...c, ordinal: i + 1 })),
    );
  }
  if (type !== 'PARQUET') throw notSupported(`An external table of format ${type}`);
  const id = `external:${object.id}:${list.files.join('|')}`;
  const known = state.files.get(id);
  if (known) return known;
  throw new Pending(async () => {
    state.files.set(id, await parquet(state, list, object.columns));
  });
}
export { quote };

/** The types an exported column can have. Each has one meaning in T-SQL, Arrow, Parquet, Power Query and the serverless views. */
export type ColumnType =
  | { kind: 'text' }
  | { kind: 'boolean' }
  | { kind: 'int32' }
  | { kind: 'int64' }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'date' }
  | { kind: 'timestamp' };

/** Names as contracts and `_export.json` write them: `text`, `boolean`, `int32`, `int64`, `decimal(18,2)`, `date`, `timestamp`. */
export const columnTypePattern = /^(?:text|boolean|int32|int64|date|timestamp|decimal\((\d{1,2}),(\d{1,2})\))$/;

/** @throws RangeError for a name that `columnTypePattern` does not match, or a precision above 18 (INT64 in Parquet). */
export function parseColumnType(name: string): ColumnType {
  const match = columnTypePattern.exec(name);
  if (!match) throw new RangeError(`parseColumnType: '${name}' is no column type of an export`);
  if (match[1] === undefined) return { kind: name as Exclude<ColumnType['kind'], 'decimal'> };
  const [precision, scale] = [Number(match[1]), Number(match[2])];
  if (precision < 1 || precision > 18 || scale > precision)
    throw new RangeError(`parseColumnType: '${name}': precision must be 1 to 18, scale at most the precision`);
  return { kind: 'decimal', precision, scale };
}

/** A row of INFORMATION_SCHEMA.COLUMNS, as far as it matters here. */
export interface SourceColumn {
  name: string;
  dataType: string;
  precision: number | null;
  scale: number | null;
}

const accepted: Record<Exclude<ColumnType['kind'], 'decimal'>, readonly string[]> = {
  text: ['varchar', 'nvarchar', 'char', 'nchar'],
  boolean: ['bit'],
  int32: ['int', 'smallint', 'tinyint'],
  int64: ['bigint', 'int', 'smallint', 'tinyint'],
  date: ['date'],
  timestamp: ['datetime2', 'datetime', 'smalldatetime'],
};

/** True when every value of the source column fits the contract's type without loss. */
export function fits(type: ColumnType, column: SourceColumn): boolean {
  const dataType = column.dataType.toLowerCase();
  if (type.kind !== 'decimal') return accepted[type.kind].includes(dataType);
  if (dataType !== 'decimal' && dataType !== 'numeric') return false;
  const [precision, scale] = [column.precision ?? 18, column.scale ?? 0];
  return scale <= type.scale && precision - scale <= type.precision - type.scale;
}

/** The source column's type as T-SQL writes it, for messages. */
export function sourceTypeName(column: SourceColumn): string {
  const dataType = column.dataType.toLowerCase();
  return dataType === 'decimal' || dataType === 'numeric' ? `decimal(${column.precision},${column.scale})` : dataType;
}

/** `[name]`, safe in a statement. */
function quotedColumn(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

/**
 * Below this, a decimal that travels as a double is exact: with v = n / 10^scale rounded once, v × 10^scale is off by
 * less than a half while n is below 2^51.
 */
export const exactUnscaled = 2 ** 50;
/** Bytes of a text that certainly fits nvarchar(4000), whatever its code page. */
const narrowText = 2000;

/** The expression that says how large the values of a column are; undefined where it does not matter. */
export function sizeExpression(name: string, type: ColumnType): string | undefined {
  if (type.kind === 'decimal') return `MAX(ABS(${quotedColumn(name)}))`;
  return type.kind === 'text' ? `MAX(DATALENGTH(${quotedColumn(name)}))` : undefined;
}

/** True when values of that size cannot travel the cheap way. */
export function isWide(type: ColumnType, size: number): boolean {
  return type.kind === 'decimal' ? size * 10 ** type.scale >= exactUnscaled : size > narrowText;
}

/**
 * The select-list expression that brings a column over TDS without loss, and cheaply. `tedious` returns `decimal` as a
 * double; wide ones travel as text. Texts travel as UTF-16, which Node reads natively and no code page can harm.
 */
export function selectExpression(name: string, type: ColumnType, wide: boolean): string {
  const column = quotedColumn(name);
  if (type.kind === 'decimal') return wide ? `CAST(${column} AS varchar(40)) AS ${column}` : column;
  if (type.kind === 'text') return `CAST(${column} AS nvarchar(${wide ? 'max' : '4000'})) AS ${column}`;
  return column;
}

/** The column's type in the `WITH` clause of OPENROWSET on Synapse serverless. */
export function serverlessType(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
      return 'varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8';
    case 'boolean':
      return 'bit';
    case 'int32':
      return 'int';
    case 'int64':
      return 'bigint';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'date':
      return 'date';
    case 'timestamp':
      return 'datetime2(6)';
  }
}

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

/**
 * The select-list expression that brings a column over TDS without loss. `tedious` returns `decimal` as a double,
 * exact to the cent only below about 7e13, so decimals travel as text; `bigint` already does.
 */
export function selectExpression(name: string, type: ColumnType): string {
  const column = `[${name.replaceAll(']', ']]')}]`;
  return type.kind === 'decimal' ? `CAST(${column} AS varchar(40)) AS ${column}` : column;
}

/** The column's type in the `WITH` clause of OPENROWSET on Synapse serverless. */
export function serverlessType(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
      return 'varchar(4000) COLLATE Latin1_General_100_BIN2_UTF8';
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

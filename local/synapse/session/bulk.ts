import {
  DuckDBDataChunk,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { TSqlError, type SqlType, type TSqlEngine } from '../contract';
import { typeText } from '../engine/literal';
import { BulkReader } from '../wire/bulk-load';
import type { MessageStream } from '../wire/message-stream';
import type { Reply } from './reply';

interface BulkStatement {
  /** The table as it stands in the statement. */
  readonly target: string;
  /** Column names, quoted. */
  readonly columns: readonly string[];
  readonly keepNulls: boolean;
}

/** Rows appended at a time (DuckDB's vector size). */
const chunkRows = 2048;

const start = /^\s*insert\s+bulk\s+/i;

/** True for INSERT BULK, the statement that announces bulk data. */
export const isBulkInsert = (sql: string): boolean => start.test(sql);

/** Reads INSERT BULK table (column type, ...) [WITH (...)]. Throws Msg 102. */
export function parseBulkInsert(sql: string): BulkStatement {
  const text = sql.replace(start, '');
  const open = outside(text, 0, '(');
  const close = open < 0 ? -1 : outside(text, open + 1, ')');
  const target = open < 0 ? '' : text.slice(0, open).trim();
  if (close < 0 || target === '') throw new TSqlError(102, "Incorrect syntax near 'bulk'.", 1, 15);
  const columns: string[] = [];
  for (let at = open + 1; at < close; ) {
    const comma = outside(text, at, ',');
    const end = comma < 0 || comma > close ? close : comma;
    const name = /^\s*(\[(?:[^\]]|\]\])+\]|"(?:[^"]|"")+"|[^\s]+)/.exec(text.slice(at, end))?.[1];
    if (!name) throw new TSqlError(102, "Incorrect syntax near ','.", 1, 15);
    const plain = /^\[|^"/.test(name) ? name : `[${name}]`;
    columns.push(plain);
    at = end + 1;
  }
  return { target, columns, keepNulls: /\bKEEP_NULLS\b/i.test(text.slice(close + 1)) };
}

/** Place of a character outside brackets, quotes and parentheses, from `at` on; -1 when there is none. */
function outside(text: string, at: number, wanted: string): number {
  let depth = 0;
  for (let index = at; index < text.length; index++) {
    const character = text[index]!;
    if (depth === 0 && character === wanted) return index;
    if (character === '[' || character === '"') {
      const end = text.indexOf(character === '[' ? ']' : '"', index + 1);
      if (end < 0) return -1;
      index = end;
    } else if (character === '(') depth++;
    else if (character === ')') depth--;
  }
  return -1;
}

/** T-SQL type of the staging column for a type on the wire: what a #temp table of a pool may have. */
function stagingType(type: SqlType): string {
  switch (type.name) {
    case 'text':
      return 'varchar(max)';
    case 'ntext':
    case 'xml':
      return 'nvarchar(max)';
    case 'sql_variant':
      return 'nvarchar(4000)';
    case 'image':
      return 'varbinary(max)';
    case 'char':
    case 'varchar':
      return 'varchar(max)';
    case 'nchar':
    case 'nvarchar':
      return 'nvarchar(max)';
    case 'binary':
    case 'varbinary':
      return 'varbinary(max)';
  }
  return typeText(type);
}

/** Bulk load of one session: INSERT BULK, then its data, through a staging #table and one INSERT ... SELECT. */
export class BulkLoad {
  private pending: BulkStatement | undefined;
  private count = 0;

  constructor(
    private readonly engine: TSqlEngine,
    private readonly reply: Reply,
    private readonly connection: DuckDBConnection,
  ) {}

  forget(): void {
    this.pending = undefined;
  }

  /** Takes the statement. False when the table has not these columns: a server then says that it failed, and not why. */
  async prepare(sql: string): Promise<boolean> {
    const statement = parseBulkInsert(sql);
    const probe = `SELECT TOP 0 ${statement.columns.join(', ')} FROM ${statement.target}`;
    try {
      await this.reply.record(() => this.engine.request(probe));
    } catch (error) {
      if (error instanceof TSqlError && error.number === 207) return false;
      throw error;
    }
    this.pending = statement;
    return true;
  }

  /** Takes the data, all of it even when it fails. Throws Msg 4002 without a statement before it. */
  async load(stream: MessageStream, version: number): Promise<void> {
    const statement = this.pending;
    this.pending = undefined;
    try {
      if (!statement) {
        const text =
          'The incoming tabular data stream (TDS) protocol stream is incorrect: bulk data came without INSERT BULK.';
        throw new TSqlError(4002, text);
      }
      await this.insert(statement, new BulkReader(stream, version), stream);
    } finally {
      await stream.discard();
    }
  }

  private async insert(statement: BulkStatement, data: BulkReader, stream: MessageStream): Promise<void> {
    if (!(await data.open())) return this.reply.done('insert', 0);
    const { columns } = data;
    if (columns.length !== statement.columns.length) {
      const text = `Cannot bulk load. The bulk data stream has ${columns.length} columns where ${statement.columns.length} were declared.`;
      throw new TSqlError(4819, text);
    }
    const staging = `#bulk_${++this.count}`;
    const declared = columns.map((column, index) => `c${index} ${stagingType(column.info.type)} NULL`);
    await this.reply.record(() => this.engine.request(`CREATE TABLE ${staging} (${declared.join(', ')})`));
    try {
      const appender = await this.connection.createAppender(staging, 'main', 'temp');
      try {
        await this.append(appender, data);
      } finally {
        appender.closeSync();
      }
      if (this.reply.cancelled() || stream.isIgnored) return;
      // NULL stands for the default unless KEEP_NULLS was given.
      const defaults = statement.keepNulls ? new Map<string, string>() : this.engine.defaults(statement.target);
      const values = statement.columns.map((column, index) => {
        const fallback = defaults.get(bare(column).toLowerCase());
        return fallback === undefined ? `c${index}` : `COALESCE(c${index}, ${fallback})`;
      });
      const target = `${statement.target} (${statement.columns.join(', ')})`;
      await this.engine.request(`INSERT INTO ${target} SELECT ${values.join(', ')} FROM ${staging}`);
    } finally {
      await this.reply.record(() =>
        this.engine.request(`IF OBJECT_ID('tempdb..${staging}') IS NOT NULL DROP TABLE ${staging}`),
      );
    }
  }

  private async append(appender: DuckDBAppender, data: BulkReader): Promise<void> {
    const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index));
    for (;;) {
      const rows = await data.rows();
      if (rows.length === 0 || this.reply.cancelled()) return;
      for (let at = 0; at < rows.length; at += chunkRows) {
        const batch = rows.slice(at, at + chunkRows).map((row) => row.map((value, index) => fit(value, types[index]!)));
        const chunk = DuckDBDataChunk.create(types, batch.length);
        chunk.setRows(batch);
        appender.appendDataChunk(chunk);
        // Other sessions get their turn between chunks.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

const bare = (name: string): string =>
  name.startsWith('[')
    ? name.slice(1, -1).replaceAll(']]', ']')
    : name.startsWith('"')
      ? name.slice(1, -1).replaceAll('""', '"')
      : name;

/** A value as the staging column's DuckDB type wants it. */
function fit(value: DuckDBValue, type: DuckDBType): DuckDBValue {
  if (value === null) return null;
  switch (type.typeId) {
    case DuckDBTypeId.TIMESTAMP_NS:
      return value instanceof DuckDBTimestampValue ? new DuckDBTimestampNanosecondsValue(value.micros * 1000n) : value;
    case DuckDBTypeId.VARCHAR:
      return typeof value === 'string' ? value : String(value);
    case DuckDBTypeId.BIGINT:
      return typeof value === 'number' ? BigInt(value) : value;
  }
  return value;
}

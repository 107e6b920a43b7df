import { TSqlError, type TSqlEngine } from '../contract';
import { encodeValue } from '../engine/encode-value';
import type { RpcParameter } from '../wire/rpc';
import type { TokenWriter } from '../wire/tokens';
import { bindDeclared } from './parameters';
import type { RecordedSet, Reply } from './reply';

interface Statement {
  readonly sql: string;
  readonly declaration: string;
}

interface Cursor {
  readonly set: RecordedSet;
  /** Row number (from 1) of the first row of the last fetch; 0 = before the first row. */
  position: number;
  /** Rows of the last fetch. */
  fetched: number;
}

/** Where a call hands back the cursor and the scroll options (concurrency and row count follow them), and the call's arguments. */
interface Places {
  readonly cursor: number;
  readonly scroll: number;
  readonly values: readonly RpcParameter[];
  /** Of the statement, when the call prepares it too. */
  readonly handle?: number;
}

/** Bits of the scroll options (sp_cursoropen). */
const Scroll = { forwardOnly: 0x4, static: 0x8, fastForward: 0x10, parameterized: 0x1000 } as const;
const readOnly = 1;
/** Bit of the concurrency options: a statement without a result may run all the same, without a cursor. */
const allowDirect = 0x2000;

/** Bits of the fetch type (sp_cursorfetch). */
const Fetch = {
  first: 1,
  next: 2,
  previous: 4,
  last: 8,
  absolute: 0x10,
  relative: 0x20,
  refresh: 0x80,
  info: 0x100,
} as const;

/** A cursor is a copy of its result in memory, so it has a limit. */
const mostRows = 1_000_000;

const procedures = new Set([
  'sp_cursoropen',
  'sp_cursorprepare',
  'sp_cursorexecute',
  'sp_cursorprepexec',
  'sp_cursorunprepare',
  'sp_cursorfetch',
  'sp_cursoroption',
  'sp_cursorclose',
  'sp_cursor',
]);

const number = (parameter: RpcParameter | undefined): number => Number(parameter?.value ?? 0);
const text = (parameter: RpcParameter | undefined): string =>
  typeof parameter?.value === 'string' ? parameter.value : '';

/**
 * API server cursors, as ODBC and JDBC open them when an application asks for scrolling: static and read-only, whatever was
 * asked (the answer says so, as a server may).
 */
export class Cursors {
  private readonly open = new Map<number, Cursor>();
  private readonly prepared = new Map<number, Statement>();
  private nextHandle = 180_150_001;

  constructor(
    private readonly engine: TSqlEngine,
    private readonly reply: Reply,
    private readonly tokens: TokenWriter,
  ) {}

  knows(name: string): boolean {
    return procedures.has(name);
  }

  forget(): void {
    this.open.clear();
    this.prepared.clear();
  }

  async call(name: string, values: readonly RpcParameter[]): Promise<void> {
    switch (name) {
      case 'sp_cursoropen':
        return this.start({ sql: text(values[1]), declaration: text(values[5]) }, values.slice(6), {
          cursor: 0,
          scroll: 2,
          values,
        });
      case 'sp_cursorprepare': {
        const handle = this.prepare({ declaration: text(values[1]), sql: text(values[2]) });
        this.tokens.returnStatus(0);
        this.int(0, handle);
        this.int(4, Scroll.static);
        this.int(5, readOnly);
        return;
      }
      case 'sp_cursorexecute': {
        const statement = this.prepared.get(number(values[0]));
        if (!statement)
          throw new TSqlError(8179, `Could not find prepared statement with handle ${number(values[0])}.`, 2);
        return this.start(statement, values.slice(5), { cursor: 1, scroll: 2, values });
      }
      case 'sp_cursorprepexec': {
        const statement = { declaration: text(values[2]), sql: text(values[3]) };
        const handle = this.prepare(statement);
        return this.start(statement, values.slice(7), { cursor: 1, scroll: 4, values, handle });
      }
      case 'sp_cursorunprepare':
        this.prepared.delete(number(values[0]));
        break;
      case 'sp_cursorfetch':
        return this.fetch(
          this.cursor(values[0]),
          number(values[1]),
          number(values[2]),
          values[3] ? number(values[3]) : 1,
        );
      case 'sp_cursoroption':
        this.cursor(values[0]);
        break;
      case 'sp_cursorclose':
        if (number(values[0]) === -1) this.open.clear();
        else if (this.cursor(values[0])) this.open.delete(number(values[0]));
        break;
      default:
        this.cursor(values[0]);
        throw new TSqlError(16929, 'The cursor is READ ONLY.');
    }
    this.tokens.returnStatus(0);
  }

  private prepare(statement: Statement): number {
    const handle = this.nextHandle++;
    this.prepared.set(handle, statement);
    return handle;
  }

  private cursor(handle: RpcParameter | undefined): Cursor {
    const cursor = this.open.get(number(handle));
    if (!cursor)
      throw new TSqlError(
        16909,
        `sp_cursor: The cursor identifier value provided (${number(handle).toString(16)}) is not valid.`,
      );
    return cursor;
  }

  /** Runs the statement, keeps its first result and answers with its columns and the values handed back. */
  private async start(statement: Statement, values: readonly RpcParameter[], places: Places): Promise<void> {
    const { parameters } = bindDeclared(statement.declaration, values);
    const [set] = await this.reply.record(() => this.engine.request(statement.sql, parameters));
    if (this.reply.cancelled()) return;
    if (!set) return this.withoutResult(places);
    if (set.rows.length > mostRows) {
      throw new TSqlError(
        40517,
        `A server cursor over more than ${mostRows} rows is not supported by the local Synapse.`,
      );
    }
    const handle = this.nextHandle++;
    this.open.set(handle, { set, position: 0, fetched: 0 });
    await this.reply.table(set.columns, []);
    this.reply.release(true);
    this.tokens.returnStatus(0);
    if (places.handle !== undefined) this.int(0, places.handle);
    this.int(places.cursor, handle);
    const asked = number(places.values[places.scroll]) & ~Scroll.parameterized;
    const given = asked === Scroll.forwardOnly || asked === Scroll.fastForward ? asked : Scroll.static;
    this.int(places.scroll, given);
    this.int(places.scroll + 1, readOnly);
    this.int(places.scroll + 2, set.rows.length);
  }

  private withoutResult(places: Places): void {
    if ((number(places.values[places.scroll + 1]) & allowDirect) === 0) {
      throw new TSqlError(16955, 'Could not create an acceptable cursor.', 2);
    }
    this.tokens.returnStatus(0);
    if (places.handle !== undefined) this.int(0, places.handle);
    for (const ordinal of [places.cursor, places.scroll, places.scroll + 1, places.scroll + 2]) this.int(ordinal, 0);
  }

  private async fetch(cursor: Cursor, type: number, row: number, count: number): Promise<void> {
    const total = cursor.set.rows.length;
    if (type & Fetch.info) {
      this.tokens.returnStatus(0);
      this.int(2, Math.min(cursor.position, total));
      this.int(3, total);
      return;
    }
    const first = firstRow(cursor, type, row, count);
    const start = Math.max(first, 1);
    const rows =
      first > total || count <= 0 ? [] : cursor.set.rows.slice(start - 1, Math.max(start - 1, first + count - 1));
    cursor.position = count <= 0 ? Math.max(first - 1, 0) : Math.min(Math.max(first, 0), total + 1);
    cursor.fetched = rows.length;
    await this.reply.table(cursor.set.columns, rows);
    this.reply.release(true);
    this.tokens.returnStatus(0);
  }

  private int(ordinal: number, value: number): void {
    this.tokens.returnValue(ordinal, '', { name: 'int' }, value, encodeValue);
  }
}

/** Number (from 1) of the first row that a fetch asks for; below 1 or above the last = outside the result. */
function firstRow(cursor: Cursor, type: number, row: number, count: number): number {
  const total = cursor.set.rows.length;
  switch (type & 0xff) {
    case Fetch.first:
      return 1;
    case Fetch.previous:
      // A block that would begin before the first row is moved to begin there.
      return cursor.position <= 1 ? 1 - count : Math.max(1, cursor.position - count);
    case Fetch.last:
      return Math.max(1, total - count + 1);
    case Fetch.absolute:
      return row >= 0 ? row : Math.max(1, total + row + 1);
    case Fetch.relative:
      return cursor.position + row;
    case Fetch.refresh:
      return cursor.position;
  }
  return cursor.position === 0 ? 1 : cursor.position + Math.max(cursor.fetched, cursor.position > total ? 0 : 1);
}

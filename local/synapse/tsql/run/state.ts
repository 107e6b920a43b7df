/** What one session holds: connection, current user, variables, transaction, temporary tables. */
import { committing } from '../../engine/committing';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import {
  TSqlError,
  type EngineOptions,
  type SessionInfo,
  type Sink,
  type Surface,
  type SqlType,
  type TSqlEngine,
} from '../../contract';
import type { Catalog } from '../../catalog/store';
import { changeSql, type Change } from '../../catalog/store';
import { setDateOrder } from '../../catalog/date-order';
import { key, type ObjectInfo } from '../../catalog/model';
import type { FileSource } from '../bind/env';
import { duckType, isBinary, isString } from '../types/sql-types';
import { ident, quote, type Typed } from '../types/typed';
import type { Statement } from '../syntax/ast-statements';
import { isTempStatement } from './ddl-names';
import { isTransient, mapError } from './map-error';
import { isOn } from './session-options';
import { refusedByPool } from '../errors';

export interface Variable {
  readonly type: SqlType;
  value: Typed;
}
export interface Frame {
  readonly variables: Map<string, Variable>;
  /** schema.name of the procedure that runs, '' outside. */
  readonly procedure: string;
  /** Table variables by name. */
  tables?: Map<string, ObjectInfo>;
  /** Of those, the table-valued parameters: tables of the caller, which stay when the frame ends. */
  borrowed?: ReadonlySet<string>;
  /** Last IDENTITY number that was given in it. */
  identity?: string;
  /** Of a scalar function: what RETURN gives, and who takes it. */
  readonly returns?: Returns;
}
export interface Returns {
  readonly type: SqlType;
  readonly take: (value: Typed) => void;
}
interface Settings {
  readonly options: ReadonlyMap<string, string>;
  readonly noCount: boolean;
  readonly xactAbort: boolean;
}
/** Of every connection: translated statements rely on them. */
export const SETTINGS = [
  'SET integer_division=true',
  "SET default_null_order='nulls_first_on_asc_last_on_desc'",
  "SET default_collation='NOCASE'",
  "SET TimeZone='UTC'",
];

export class State {
  readonly connection: DuckDBConnection;
  catalog: Catalog;
  readonly session: SessionInfo;
  sink: Sink;
  database: string;
  frames: Frame[] = [{ variables: new Map(), procedure: '' }];
  /** Names of users, the current one last (EXECUTE AS puts one on top). */
  users: string[];
  transactions = 0;
  doomed = false;
  /** Last IDENTITY numbers: of all, and of those given outside procedures. */
  lastIdentity: string | undefined;
  batchIdentity: string | undefined;
  rowCount = 0;
  /** TRY blocks that the current statement is in. */
  tries = 0;
  noCount = false;
  xactAbort = false;
  identityInsert: string | undefined;
  options = new Map<string, string>();
  errors: TSqlError[] = [];
  lastError = 0;
  temp = new Map<string, ObjectInfo>();
  /** Above zero while a module's own objects are read for its caller. */
  owner = 0;
  label: string | undefined;
  files = new Map<string, FileSource>();
  /** The session's engine, for system procedures that describe statements. */
  describer!: Pick<TSqlEngine, 'describe' | 'undeclaredParameters' | 'database'>;

  constructor(options: EngineOptions) {
    this.connection = options.connection;
    this.catalog = options.shared as Catalog;
    this.session = options.session;
    this.sink = options.sink;
    this.database = options.database;
    this.users = [this.loginUser()];
  }
  /** The database user of the login: a user of that name, or made for it; dbo for everyone else. */
  private loginUser(): string {
    const login = this.session.login.toLowerCase();
    for (const p of this.catalog.snapshot.principals.values())
      if (p.type === 'S' && !p.fixed && (p.login ?? p.name).toLowerCase() === login) return p.name;
    return 'dbo';
  }
  get user(): string {
    return this.users.length > 1 ? this.users.at(-1)! : this.loginUser();
  }
  /** Where the current user's names without a schema are looked up first, and made. */
  get defaultSchema(): string {
    return this.catalog.snapshot.principals.get(this.user.toLowerCase())?.defaultSchema ?? 'dbo';
  }
  get surface(): Surface {
    return this.catalog.options.surface;
  }
  private get isQuotedIdentifierOn(): boolean {
    return this.options.has('QUOTED_IDENTIFIER') || this.session.odbc ? isOn(this.options, 'QUOTED_IDENTIFIER') : false;
  }
  /** What "…" is: SQL Server's surface knows QUOTED_IDENTIFIER OFF. */
  get doubleQuotes(): 'quoted' | 'string' {
    return this.surface === 'server' && !this.isQuotedIdentifierOn ? 'string' : 'quoted';
  }
  /** USE: another database of the server; false when there is none. */
  async switchDatabase(name: string): Promise<boolean> {
    const catalog = (await this.catalog.options.openDatabase(name)) as Catalog | undefined;
    if (!catalog) return false;
    await this.connection.run(`USE "${catalog.options.database}".dbo`);
    this.catalog = catalog;
    this.database = catalog.options.database;
    return true;
  }
  /** Msg 1087 for a table variable that was not declared. */
  tableVariable(name: string): ObjectInfo {
    const table = this.frame.tables?.get(name.toLowerCase());
    if (!table) throw new TSqlError(1087, `Must declare the table variable "${name}".`, 2, 15);
    return table;
  }
  /** Ends the innermost frame with its table variables. */
  async dropTableVariables(frame: Frame | undefined): Promise<void> {
    for (const [name, table] of frame?.tables ?? [])
      if (!frame?.borrowed?.has(name))
        await this.connection.run(`DROP TABLE IF EXISTS ${ident(table.name)}`).catch(() => undefined);
    frame?.tables?.clear();
  }
  get frame(): Frame {
    return this.frames.at(-1)!;
  }
  async applySettings(): Promise<void> {
    for (const sql of SETTINGS) await this.connection.run(sql);
  }

  /** Runs DuckDB SQL; a failure inside a transaction dooms it. */
  async run(sql: string): Promise<number> {
    try {
      const result = await this.connection.run(sql);
      return Number(result.rowsChanged ?? 0);
    } catch (failure) {
      throw await this.failed(failure);
    }
  }
  async rows(sql: string): Promise<DuckDBValue[][]> {
    try {
      return (await this.connection.runAndReadAll(sql)).getRows();
    } catch (failure) {
      throw await this.failed(failure);
    }
  }
  /** What must happen after DuckDB refused a statement. */
  async failed(failure: unknown): Promise<TSqlError> {
    const error = mapError(failure);
    await this.doom();
    return error;
  }
  /** An open transaction can only be rolled back from now on; what it did is gone already. */
  async doom(): Promise<void> {
    if (this.transactions === 0 || this.doomed) return;
    await this.connection.run('ROLLBACK').catch(() => undefined);
    this.doomed = true;
  }

  /** Runs `action` in one DuckDB transaction: the user's, or one of its own that is tried again on conflicts. */
  async atomic<T>(action: () => Promise<T>): Promise<T> {
    this.demandLive();
    if (this.transactions > 0) return action();
    for (let attempt = 0; ; attempt++) {
      await this.connection.run('BEGIN TRANSACTION');
      try {
        const result = await action();
        await this.commitNow();
        return result;
      } catch (failure) {
        await this.connection.run('ROLLBACK').catch(() => undefined);
        if (!isTransient(failure) || attempt >= 8) throw mapError(failure);
        await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** Math.min(attempt, 5)));
      }
    }
  }

  /** What SET changed inside a procedure or dynamic SQL ends with it. */
  settings(): Settings {
    return { options: new Map(this.options), noCount: this.noCount, xactAbort: this.xactAbort };
  }
  async restore({ options, noCount, xactAbort }: Settings): Promise<void> {
    if (this.dateOrder !== (options.get('DATEFORMAT') ?? 'mdy'))
      await setDateOrder(this.connection, options.get('DATEFORMAT') ?? 'mdy');
    for (const name of this.options.keys()) if (!name.startsWith('CONTEXT ')) this.options.delete(name);
    for (const [name, value] of options) if (!name.startsWith('CONTEXT ')) this.options.set(name, value);
    this.noCount = noCount;
    this.xactAbort = xactAbort;
  }
  /** SET DATEFORMAT: the order of month, day and year in numeric dates. */
  get dateOrder(): string {
    return this.options.get('DATEFORMAT') ?? 'mdy';
  }
  /** Runs `action` with dates in another order than the session's. */
  async inDateOrder<T>(order: string, action: () => Promise<T>): Promise<T> {
    if (order === this.dateOrder) return action();
    await setDateOrder(this.connection, order);
    try {
      return await action();
    } finally {
      await setDateOrder(this.connection, this.dateOrder);
    }
  }
  /** SET ROWCOUNT: rows of a SELECT at most; 0 = all. */
  get rowLimit(): number {
    return Number(this.options.get('ROWCOUNT') ?? 0);
  }
  /** A transaction that failed takes nothing but ROLLBACK. */
  demandLive(): void {
    if (!this.doomed) return;
    throw this.surface === 'server'
      ? new TSqlError(
          3930,
          'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
        )
      : new TSqlError(
          111233,
          'The current transaction has aborted, and any pending changes have been rolled back. The cause of this issue is that a transaction in a rollback-only state is not explicitly rolled back before a DDL, DML, or SELECT statement.',
        );
  }

  private async commitNow(): Promise<void> {
    committing.add(this.connection);
    try {
      await this.connection.run('COMMIT');
    } finally {
      committing.delete(this.connection);
    }
  }

  /** DDL: `sql` and the change of the catalog in one transaction of their own; then all sessions see it. */
  async define(
    sql: readonly string[],
    change: (() => Partial<Change>) | Partial<Change>,
    fill?: () => Promise<number>,
  ): Promise<number> {
    this.refuseInTransaction();
    let done: Change | undefined;
    // The settings row is one row: its writers take turns. Tables of different names need no turn.
    const write = async (): Promise<number> => {
      const rows = await this.atomic(async () => {
        for (const statement of sql) await this.run(statement);
        const count = fill ? await fill() : 0;
        const made = typeof change === 'function' ? change() : change;
        done = { removed: made.removed ?? [], added: made.added ?? [], settings: made.settings ?? {} };
        for (const object of done.removed) this.demandCurrent(object);
        for (const statement of changeSql(done, this.catalog)) await this.run(statement);
        return count;
      });
      if (this.transactions > 0) this.undo.push(inverse(done!, this.catalog));
      this.catalog.publish(done!);
      return rows;
    };
    return fill ? write() : this.catalog.exclusive(write);
  }
  /** Another session may have dropped or renamed the object since this one looked it up. */
  private demandCurrent({ id, schema, name }: ObjectInfo): void {
    if (this.catalog.snapshot.objects.get(key(schema, name))?.id !== id)
      throw new TSqlError(
        1088,
        `Cannot find the object "${schema}.${name}" because it does not exist or you do not have permissions.`,
        12,
      );
  }
  /** Inverses of the catalog changes of the open transaction: applied when it is rolled back. */
  private undo: Change[] = [];
  /** True for a transaction that the client's driver began by the protocol, not by a BEGIN TRANSACTION statement. */
  private byDriver = false;

  /** DDL on permanent objects is refused inside a user transaction; #temp tables may come and go. */
  refuseInTransactionUnlessTemp(s: Statement): void {
    if (!isTempStatement(s)) this.refuseInTransaction();
  }
  refuseInTransaction(): void {
    // Drivers without autocommit wrap every statement in a transaction; a script's own BEGIN TRANSACTION is what a pool refuses.
    if (this.transactions > 0 && !this.byDriver && this.surface !== 'server')
      throw new TSqlError(111212, 'Operation cannot be performed within a transaction.');
  }

  /** BEGIN TRANSACTION: a pool has no nested transactions. */
  async beginByScript(): Promise<void> {
    if (this.transactions > 0 && !this.byDriver && this.surface !== 'server')
      throw refusedByPool('A nested transaction');
    await this.begin();
  }
  async begin(byDriver = false): Promise<void> {
    if (this.transactions === 0) {
      this.byDriver = byDriver;
      this.undo = [];
      await this.connection.run('BEGIN TRANSACTION');
      this.sink.transaction('begin');
    }
    this.transactions++;
  }
  async commit(): Promise<void> {
    if (this.transactions === 0)
      throw new TSqlError(3902, 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    this.demandLive();
    if (this.transactions > 1) {
      this.transactions--;
      return;
    }
    try {
      await this.commitNow();
    } catch (failure) {
      this.doomed = true;
      await this.rollback();
      throw mapError(failure);
    }
    this.transactions = 0;
    this.undo = [];
    this.sink.transaction('commit');
  }
  async rollback(): Promise<void> {
    if (this.transactions === 0)
      throw new TSqlError(3903, 'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    if (!this.doomed) await this.connection.run('ROLLBACK').catch(() => undefined);
    this.transactions = 0;
    this.doomed = false;
    for (const change of this.undo.reverse()) this.catalog.publish(change);
    this.undo = [];
    this.sink.transaction('rollback');
  }

  /** The value of `x` as a constant of type `type`. */
  async evaluate(x: Typed, type: SqlType): Promise<Typed> {
    return (await this.evaluateAll(`SELECT ${textSql(x.sql, type)}`, [type]))[0]!;
  }
  async evaluateAll(sql: string, types: readonly SqlType[]): Promise<Typed[]> {
    const row = (await this.rows(sql)).at(-1) ?? types.map(() => null);
    return types.map((type, i) => constant(row[i] === null || row[i] === undefined ? null : String(row[i]), type));
  }
}

function inverse(change: Change, catalog: Catalog): Change {
  const before = catalog.currentSettings();
  const settings = Object.fromEntries(
    Object.keys(change.settings).map((name) => [name, before[name as keyof typeof before]]),
  );
  return { removed: change.added, added: change.removed, settings };
}

/** `sql` as text that `constant` can make a value of again. */
export const textSql = (sql: string, type: SqlType): string =>
  isBinary(type) ? `hex(${sql})` : `CAST(${sql} AS VARCHAR)`;
/** A value as a DuckDB constant. */
export function constant(text: string | null, type: SqlType): Typed {
  const duck = duckType(type);
  if (text === null) return { sql: `CAST(NULL AS ${duck})`, type, nullable: true };
  if (isString(type)) return { sql: quote(text), type, nullable: false, literal: text };
  if (isBinary(type)) return { sql: `unhex('${text}')`, type, nullable: false };
  if (type.name === 'int') return { sql: `CAST(${text} AS INTEGER)`, type, nullable: false };
  if (type.name === 'bit') return { sql: text, type, nullable: false };
  return { sql: `CAST(${quote(text)} AS ${duck})`, type, nullable: false };
}

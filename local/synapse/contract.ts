/**
 * The one interface between the protocol half (wire/, session/, engine/) and the language half (tsql/, catalog/, lake/)
 * of the local Synapse. One session owns one `TSqlEngine` and one DuckDB connection; what the engine produces goes,
 * in order, into the session's `Sink`, which turns it into TDS tokens.
 *
 * The language half exports from `local/synapse/tsql/index.ts`:
 *   `openCatalog: OpenCatalog` (once per server) and `createEngine: CreateEngine` (once per session).
 */
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';

/** Names of T-SQL types as sys.types spells them; `numeric` is sent as `decimal`. */
export type SqlTypeName =
  | 'bit'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'real'
  | 'float'
  | 'decimal'
  | 'money'
  | 'smallmoney'
  | 'date'
  | 'time'
  | 'datetime'
  | 'smalldatetime'
  | 'datetime2'
  | 'datetimeoffset'
  | 'char'
  | 'varchar'
  | 'nchar'
  | 'nvarchar'
  | 'binary'
  | 'varbinary'
  | 'uniqueidentifier'
  | 'text'
  | 'ntext'
  | 'image'
  | 'xml'
  | 'sql_variant';

/** A T-SQL type. Lengths are as declared: characters for n(var)char, bytes for (var)char and (var)binary; -1 = max. */
export interface SqlType {
  readonly name: SqlTypeName;
  readonly length?: number;
  readonly precision?: number;
  /** decimal scale, or fractional second digits (0 to 7) of time, datetime2 and datetimeoffset. */
  readonly scale?: number;
}

/** One column of a result set as the client is to see it. Without `type` the wire side derives one from DuckDB's. */
export interface ResultColumn {
  readonly name: string;
  readonly type?: SqlType;
  readonly nullable?: boolean;
  readonly identity?: boolean;
  /** Not a column of a table that a client could change: an expression or a computed column. */
  readonly computed?: boolean;
}

/** Rows of a table-valued parameter. */
export interface TableParameter {
  /** Schema ('' = the default one) and name of the table type; no name = the procedure's parameter has that type. */
  readonly type: readonly [string, string];
  /** For each column of the type, whether rows have a value for it (else it is at its default). */
  readonly given: readonly boolean[];
  /** Types of the values, as they were sent. */
  readonly types: readonly SqlType[];
  /** Values as typed DuckDB expressions, safe to splice. */
  readonly rows: readonly (readonly string[])[];
}

/** A parameter of a request (RPC). `sql` is its value as a typed DuckDB expression, safe to splice. */
export interface RequestParameter {
  /** With the leading `@`; `''` when a procedure's argument is given by position. */
  readonly name: string;
  readonly type: SqlType;
  /** `type` as T-SQL text, such as `nvarchar(max)` or `decimal(18,2)`. */
  readonly typeText: string;
  readonly sql: string;
  /** The type of `sql` where it is not `type`, which it is to be converted to. */
  readonly sent?: SqlType;
  readonly isNull: boolean;
  /** Of a table-valued parameter, which has no value. */
  readonly table?: TableParameter;
  /** True for OUTPUT parameters: their last value is in `RequestResult.outputs`. */
  readonly output: boolean;
  /** True when the caller asks for the procedure's default value (fDefaultValue); `sql` is then NULL. */
  readonly useDefault: boolean;
}

/** Value of an OUTPUT parameter; `value` as DuckDB's `getRows()` gives it, already of the DuckDB type behind `type`. */
export interface OutputValue {
  readonly name: string;
  readonly type: SqlType;
  readonly value: DuckDBValue;
}

export interface RequestResult {
  readonly outputs: readonly OutputValue[];
  /** What RETURN gave (0 without one). */
  readonly returnStatus: number;
}

/** A message of class 0 to 10 (PRINT, RAISERROR below 11, "Changed database context", ...). */
export interface InfoMessage {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly line: number;
  readonly message: string;
  readonly procedure?: string;
}

/** An error a client sees: number, state, class (severity) and 1-based line as SQL Server would report them. */
export class TSqlError extends Error {
  override readonly name = 'TSqlError';
  constructor(
    readonly number: number,
    message: string,
    readonly state = 1,
    readonly severity = 16,
    readonly line = 1,
    readonly procedure = '',
  ) {
    super(message);
  }
  /** Severity under its protocol name. */
  get class(): number {
    return this.severity;
  }
}

/** What ended a statement that returned no rows; it becomes CurCmd of the DONE token. */
export type Command =
  | 'select'
  | 'insert'
  | 'update'
  | 'delete'
  | 'merge'
  | 'select into'
  | 'copy'
  | 'ddl'
  | 'set'
  | 'execute'
  | 'other';

/** Where an engine puts its answers, strictly in the order a client is to see them. Every call ends the one before. */
export interface Sink {
  /**
   * Streams one result set: runs `sql` (DuckDB) on the session's connection with back pressure and returns the number of rows.
   * Columns are matched by position. Throws what DuckDB throws (the engine maps it); after cancel it returns early.
   * `counted` false = SET NOCOUNT ON: the client is not told how many rows there were.
   * `sortedBy`: positions of the columns that ORDER BY names, from 1 on; 0 for what is no column.
   */
  rows(
    sql: string,
    columns?: readonly ResultColumn[],
    counted?: boolean,
    sortedBy?: readonly number[],
  ): Promise<number>;
  /** One result set from values in memory (answers that need no DuckDB, such as `SELECT 1`). Every column has a `type`. */
  table(
    columns: readonly ResultColumn[],
    rows: readonly (readonly DuckDBValue[])[],
    counted?: boolean,
  ): Promise<number>;
  /** A statement without rows has ended; `rows` = its count, undefined when it has none (DDL) or SET NOCOUNT is ON. */
  done(command: Command, rows?: number): void;
  info(message: InfoMessage): void;
  /** A statement failed and the batch goes on (no XACT_ABORT). A failure that ends the batch is thrown out of `request` instead. */
  error(error: TSqlError): void;
  /**
   * EXEC of a procedure begins and ends (with its return status), calls nested in pairs: the outermost of a batch is answered by
   * RETURNSTATUS and DONEPROC, and what is inside it by DONEINPROC. An error that leaves the procedure ends it too.
   */
  procedureStart(): void;
  procedureEnd(status: number): void;
  /** The outermost transaction began or ended, for whatever reason. */
  transaction(event: 'begin' | 'commit' | 'rollback'): void;
  /** USE: the current database changed. The sink sends ENVCHANGE and message 5701. */
  database(name: string): void;
  /** True once the client asked to cancel the current request: stop before the next statement. */
  cancelled(): boolean;
  /** Signal of the current request, aborted on cancel (for WAITFOR and other waits). */
  signal(): AbortSignal;
}

/** What the client said at login and what the server knows of the session; read by functions such as HOST_NAME(). */
export interface SessionInfo {
  /** Session id, 51 and up. */
  readonly spid: number;
  readonly login: string;
  readonly host: string;
  readonly application: string;
  readonly clientLibrary: string;
  readonly language: string;
  readonly startedAt: Date;
  /** Set when the TDS version is below 7.3: the client knows no date, time(n), datetime2, datetimeoffset. */
  readonly legacyTypes: boolean;
  /** Negotiated TDS version as LOGINACK has it (0x74000004 = 7.4). */
  readonly tdsVersion: number;
  /** Bytes of a TDS packet of the session (@@MAX_... and sys.dm_exec_connections). */
  readonly packetSize: number;
  readonly encrypted: boolean;
  /** The login named a database; without one it is a login to the server, where USE may switch. */
  readonly namesDatabase: boolean;
  /** The client asked for the settings of ODBC: QUOTED_IDENTIFIER begins ON (in a pool it always does). */
  readonly odbc: boolean;
}

/**
 * What statements a database takes: `dedicated` = a Synapse dedicated SQL pool, `serverless` = the serverless endpoint,
 * `server` = SQL Server, as in the `master` of an Azure logical server: what a pool refuses is taken there as far as it is known.
 */
export type Surface = 'dedicated' | 'serverless' | 'server';

/** Settings of the server that the language needs. */
export interface CatalogOptions {
  readonly instance: DuckDBInstance;
  /** Name of the attached DuckDB database = name of the T-SQL database. */
  readonly database: string;
  /** Every database of the server with its id (sys.databases, DB_ID): `master` 1, `tempdb` 2, `model` 3, `msdb` 4, the pool's 5. */
  readonly databaseIds: ReadonlyMap<string, number>;
  /** Folder of the local lake; containers are its subfolders. */
  readonly lakeRoot: string;
  /** Storage account whose URLs are mapped to `lakeRoot`. */
  readonly lakeAccount: string;
  /** Logins that exist (sys.server_principals). */
  readonly logins: readonly string[];
  readonly surface: Surface;
  /**
   * Catalog procedures (sp_tables, sp_columns, ...) written by the protocol half. EXEC looks a name up here (lower case,
   * no schema) before user procedures, evaluates the arguments and runs the returned T-SQL as a nested batch.
   */
  readonly systemProcedures: ReadonlyMap<string, SystemProcedure>;
  /** The sessions that are open now (sys.dm_pdw_exec_sessions, sp_who). */
  sessions(): readonly SessionInfo[];
  /** The catalog of another database of the server for USE; undefined when there is no such database. */
  openDatabase(name: string): Promise<SharedCatalog | undefined>;
  /** CREATE and DROP DATABASE on SQL Server's surface: databases in memory. False when it is there already, or is not. */
  createDatabase(name: string): Promise<boolean>;
  dropDatabase(name: string): Promise<boolean>;
  /** Ends another session (KILL); false when there is none with that id. */
  kill(spid: number): boolean;
}

/** Value of an argument of a system procedure: text for everything (numbers in decimal), null for NULL or absent. */
export type ProcedureArgument = string | null;

export interface SystemProcedure {
  /** Parameter names with `@`, in order of position. */
  readonly parameters: readonly string[];
  /**
   * T-SQL batch to run; `arguments_` is by lower-case parameter name. Throws `TSqlError` for wrong arguments.
   * `engine` is the session's (for procedures that describe statements); it must not be asked to run anything here.
   */
  batch(
    arguments_: Readonly<Record<string, ProcedureArgument>>,
    engine: Pick<TSqlEngine, 'describe' | 'undeclaredParameters' | 'database'>,
  ): string | Promise<string>;
}

/** State shared by all sessions (catalog snapshot with a version, procedures, external objects...). Opaque to the protocol half. */
export interface SharedCatalog {
  /** Bumped by every change of the catalog. */
  version: number;
}

/** Once per server, on a connection whose default schema is `<database>.dbo`: installs macros and reads persisted definitions. */
export type OpenCatalog = (connection: DuckDBConnection, options: CatalogOptions) => Promise<SharedCatalog>;

export interface EngineOptions {
  /** The session's own connection; default schema `<database>.dbo`. */
  readonly connection: DuckDBConnection;
  readonly shared: SharedCatalog;
  readonly sink: Sink;
  readonly session: SessionInfo;
  /** Database named at login (already checked by `knowsDatabase`). */
  readonly database: string;
}

/** Once per session: applies the connection settings of ADR "settings on every connection" and returns the session's engine. */
export type CreateEngine = (options: EngineOptions) => Promise<TSqlEngine>;

export type IsolationLevel = 'READ UNCOMMITTED' | 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE' | 'SNAPSHOT';

export interface TSqlEngine {
  /**
   * Runs one batch (SQL batch, sp_executesql, sp_execute). Results go to the sink; a failure that ends the batch is thrown as
   * `TSqlError` (every DuckDB error mapped; no translated SQL in the text). A doomed transaction has been rolled back (and
   * told to the sink) when this returns or throws.
   */
  request(sql: string, parameters?: readonly RequestParameter[]): Promise<RequestResult>;
  /** Runs a stored procedure by name (RPC request), user or system. Msg 2812 when there is none. */
  call(procedure: string, parameters: readonly RequestParameter[]): Promise<RequestResult>;
  /**
   * Columns of the first result set of `sql` without running it; undefined when it has none or they cannot be known.
   * `declaration` is the parameter declaration as of sp_prepare (`@a int, @b nvarchar(10)`), '' without parameters.
   */
  describe(sql: string, declaration: string): Promise<readonly ResultColumn[] | undefined>;
  /** Parameters used and not declared in `sql` with their suggested types (sp_describe_undeclared_parameters). */
  undeclaredParameters(
    sql: string,
    declaration: string,
  ): Promise<readonly { readonly name: string; readonly type: SqlType }[]>;
  /** T-SQL texts of the defaults of a table's columns, by lower-case column name; none when there is no such table. */
  defaults(table: string): ReadonlyMap<string, string>;
  /** Nesting of transactions (@@TRANCOUNT). */
  readonly transactionCount: number;
  /** `isolation` is the session's from then on; DuckDB gives every level SNAPSHOT. */
  begin(isolation?: IsolationLevel): Promise<void>;
  commit(): Promise<void>;
  /** Rolls all back. */
  rollback(): Promise<void>;
  /** Session reset (RESETCONNECTION): SET options, temp tables, variables back to the state after login; open transaction rolled back unless kept. */
  reset(keepTransaction: boolean): Promise<void>;
  /** Current database. */
  readonly database: string;
  /** Drops what the session owns outside its connection. The connection is closed by the session afterwards. */
  close(): Promise<void>;
}

/*
 * Rules both halves rely on
 * - A #temp table `#t` is the DuckDB temp table named `#t` of the session's connection (bulk load appends to one by that name).
 * - DuckDB type behind each T-SQL type: bit BOOLEAN, tinyint UTINYINT, smallint SMALLINT, int INTEGER, bigint BIGINT, real FLOAT,
 *   float DOUBLE, decimal(p,s) DECIMAL(p,s), money DECIMAL(19,4), smallmoney DECIMAL(10,4), date DATE, time TIME,
 *   datetime TIMESTAMP_MS, smalldatetime TIMESTAMP_S, datetime2 TIMESTAMP,
 *   datetime2(7) and time(7) BIGINT (ticks of 100 ns since 0001-01-01, since midnight; ticks.ts),
 *   datetimeoffset VARCHAR (`2024-01-01 10:00:00.0000000 +02:00`), all strings VARCHAR, binary/varbinary/image BLOB, uniqueidentifier UUID, xml and sql_variant VARCHAR.
 *   The row encoder also accepts any of these behind any T-SQL type that can hold it.
 * - Only one statement is active on a connection: the engine awaits `sink.rows` before it touches the connection again.
 */

/**
 * The catalog of the database: read once into an immutable snapshot that all sessions share, written through to tables of schema
 * `tsql` in the same DuckDB transaction as the DDL itself, so that a crash never leaves the two apart.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CatalogOptions, SharedCatalog, SqlType } from '../contract';
import { duckType, typeText } from '../tsql/types/sql-types';
import { quote } from '../tsql/types/typed';
import { parseBatch } from '../tsql/syntax/statements';
import { installMacros } from './macros';
import {
  key,
  type Module,
  type NamedOptions,
  type ObjectInfo,
  type PermissionInfo,
  type PrincipalInfo,
  type SchemaInfo,
  type Snapshot,
} from './model';
import { storeTicks } from './older-columns';
import { RequestLog } from './request-log';

const TABLES = [
  'CREATE SCHEMA IF NOT EXISTS tsql',
  'CREATE SCHEMA IF NOT EXISTS dbo',
  'CREATE TABLE IF NOT EXISTS tsql.objects (id INTEGER, schema_name VARCHAR, name VARCHAR, kind VARCHAR, created VARCHAR, modified VARCHAR, data VARCHAR)',
  'CREATE TABLE IF NOT EXISTS tsql.settings (name VARCHAR, data VARCHAR)',
];

const COLUMN_SHAPE = {
  id: 'INTEGER',
  name: 'VARCHAR',
  type: { name: 'VARCHAR', length: 'INTEGER', precision: 'INTEGER', scale: 'INTEGER' },
  nullable: 'BOOLEAN',
  identity: { seed: 'BIGINT', increment: 'BIGINT' },
  default: { name: 'VARCHAR', text: 'VARCHAR' },
  mask: 'VARCHAR',
  collation: 'VARCHAR',
};
/** The columns are read out of the objects: a table of them would cost every DDL statement more than its own work. */
const COLUMNS = `CREATE OR REPLACE VIEW tsql.columns AS
  SELECT id AS object_id, c.id AS column_id, c.name, c.type.name AS type_name, c.type.length, c.type.precision, c.type.scale, c.nullable,
    c.identity IS NOT NULL AS is_identity, c.identity.seed, c.identity.increment, c.default.name AS default_name, c.default.text AS default_text,
    c.mask, c.collation AS collation_name
  FROM (SELECT id, unnest(from_json(json_extract(data, '$.columns'), ${quote(JSON.stringify([COLUMN_SHAPE]))})) AS c FROM tsql.objects)`;

/** What is not an object: schemas, principals, permissions, data sources, file formats. */
export interface Settings {
  readonly schemas: readonly SchemaInfo[];
  readonly principals: readonly PrincipalInfo[];
  readonly members: Snapshot['members'];
  readonly permissions: readonly PermissionInfo[];
  readonly dataSources: readonly NamedOptions[];
  readonly fileFormats: readonly NamedOptions[];
  readonly credentials: readonly NamedOptions[];
  readonly hasMasterKey: boolean;
  readonly databaseOptions: Snapshot['databaseOptions'];
  readonly workloadGroups: readonly NamedOptions[];
  readonly workloadClassifiers: readonly NamedOptions[];
}
const FIXED_ROLES = [
  'public',
  'db_owner',
  'db_accessadmin',
  'db_securityadmin',
  'db_ddladmin',
  'db_backupoperator',
  'db_datareader',
  'db_datawriter',
  'db_denydatareader',
  'db_denydatawriter',
  'staticrc10',
  'staticrc20',
  'smallrc',
  'mediumrc',
  'largerc',
  'xlargerc',
];
const fixedRoleId = (i: number): number => (i === 0 ? 0 : 16383 + i);
const INITIAL: Settings = {
  schemas: [{ id: 1, name: 'dbo', owner: 'dbo' }],
  principals: [
    { id: 1, name: 'dbo', type: 'S', fixed: true },
    { id: 2, name: 'guest', type: 'S', fixed: true },
    ...FIXED_ROLES.map((name, i): PrincipalInfo => ({ id: fixedRoleId(i), name, type: 'R', fixed: true })),
  ],
  members: [],
  permissions: [],
  dataSources: [],
  fileFormats: [],
  credentials: [],
  hasMasterKey: false,
  databaseOptions: {},
  workloadGroups: [],
  workloadClassifiers: [],
};

export class Catalog implements SharedCatalog {
  version = 1;
  snapshot: Snapshot;
  readonly log = new RequestLog();
  /** When this server was started (sys.databases and the like). */
  readonly startedAt = new Date();
  private settings: Settings;
  private nextId: number;
  private readonly modules = new Map<string, Module>();
  private writing: Promise<unknown> = Promise.resolve();

  constructor(
    readonly options: CatalogOptions,
    objects: readonly ObjectInfo[],
    settings: Settings,
  ) {
    this.settings = settings;
    this.snapshot = makeSnapshot(settings, new Map(objects.map((o) => [key(o.schema, o.name), o])));
    const ids = [
      1000,
      ...objects.map((o) => o.id),
      ...settings.schemas.map((s) => s.id),
      ...settings.principals.filter((p) => !p.fixed).map((p) => p.id),
    ];
    this.nextId =
      Math.max(
        ...ids,
        ...[
          settings.dataSources,
          settings.fileFormats,
          settings.credentials,
          settings.workloadGroups,
          settings.workloadClassifiers,
        ].flatMap((list) => list.map((x) => x.id)),
      ) + 1;
  }
  newId(): number {
    return this.nextId++;
  }

  /** Makes changes visible to all sessions. Call it after COMMIT only. */
  publish(change: Change): void {
    this.settings = { ...this.settings, ...change.settings };
    const objects = new Map(this.snapshot.objects);
    for (const old of change.removed) objects.delete(key(old.schema, old.name));
    for (const object of change.added) objects.set(key(object.schema, object.name), object);
    this.snapshot = makeSnapshot(this.settings, objects);
    this.version++;
  }
  currentSettings(): Settings {
    return this.settings;
  }

  /** Parsed text of a module; kept by text. */
  module(object: ObjectInfo): Module {
    const text = object.definition ?? '';
    const known = this.modules.get(text);
    if (known) return known;
    const statement = parseBatch(text, 'server')[0];
    let module: Module = { parameters: [], body: [] };
    if (statement?.kind === 'createView')
      module = { parameters: [], body: [], query: statement.query, columns: statement.columns };
    else if (statement?.kind === 'createProcedure') module = { parameters: statement.parameters, body: statement.body };
    else if (statement?.kind === 'createFunction')
      module = { parameters: statement.parameters, body: statement.body, returns: statement.returns };
    if (this.modules.size > 2000) this.modules.clear();
    this.modules.set(text, module);
    return module;
  }

  /** Waits for a change that is being made; true when the catalog is no longer that of `version`. */
  async hasChangedSince(version: number): Promise<boolean> {
    await this.exclusive(async () => undefined);
    return this.version !== version;
  }

  /** One change of the settings row or of an object at a time. */
  async exclusive<T>(action: () => Promise<T>): Promise<T> {
    const before = this.writing;
    let release = (): void => undefined;
    this.writing = new Promise<void>((resolve) => (release = resolve));
    await before.catch(() => undefined);
    try {
      return await action();
    } finally {
      release();
    }
  }
}

export interface Change {
  readonly removed: readonly ObjectInfo[];
  readonly added: readonly ObjectInfo[];
  readonly settings: Partial<Settings>;
}

function makeSnapshot(settings: Settings, objects: ReadonlyMap<string, ObjectInfo>): Snapshot {
  const byName = <T extends { name: string }>(list: readonly T[]): Map<string, T> =>
    new Map(list.map((x) => [x.name.toLowerCase(), x]));
  return {
    schemas: byName(settings.schemas),
    objects,
    principals: byName(settings.principals),
    members: settings.members,
    permissions: settings.permissions,
    dataSources: byName(settings.dataSources),
    fileFormats: byName(settings.fileFormats),
    credentials: byName(settings.credentials),
    hasMasterKey: settings.hasMasterKey,
    databaseOptions: settings.databaseOptions,
    workloadGroups: byName(settings.workloadGroups),
    workloadClassifiers: byName(settings.workloadClassifiers),
  };
}

/** Reads the catalog (and creates it in a new database). Tables that DuckDB has and the catalog has not are taken over. */
export async function openStore(connection: DuckDBConnection, options: CatalogOptions): Promise<Catalog> {
  for (const sql of TABLES) await connection.run(sql);
  await defineColumns(connection);
  await installMacros(connection);
  const rows = await connection.runAndReadAll('SELECT data FROM tsql.objects ORDER BY id');
  const objects = rows.getRows().map((row) => JSON.parse(String(row[0])) as ObjectInfo);
  const found = await connection.runAndReadAll("SELECT data FROM tsql.settings WHERE name = 'settings'");
  const text = found.getRows()[0]?.[0];
  // A file of an earlier version has fewer settings.
  const settings = typeof text === 'string' ? { ...INITIAL, ...(JSON.parse(text) as Partial<Settings>) } : INITIAL;
  if (typeof text !== 'string')
    await connection.run(`INSERT INTO tsql.settings VALUES ('settings', ${quote(JSON.stringify(settings))})`);
  const catalog = new Catalog(options, objects, settings);
  await adopt(connection, catalog);
  await storeTicks(connection);
  return catalog;
}

/** In the place of the table that earlier builds kept. */
async function defineColumns(connection: DuckDBConnection): Promise<void> {
  const older = await connection.runAndReadAll(
    "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'tsql' AND table_name = 'columns'",
  );
  if (older.getRows().length) await connection.run('DROP TABLE tsql.columns');
  await connection.run(COLUMNS);
}

const now = (): string => new Date().toISOString().replace('T', ' ').replace('Z', '');
const ADOPTED: Readonly<Record<string, SqlType>> = {
  BOOLEAN: { name: 'bit' },
  UTINYINT: { name: 'tinyint' },
  TINYINT: { name: 'smallint' },
  SMALLINT: { name: 'smallint' },
  INTEGER: { name: 'int' },
  BIGINT: { name: 'bigint' },
  FLOAT: { name: 'real' },
  DOUBLE: { name: 'float' },
  DATE: { name: 'date' },
  TIME: { name: 'time', scale: 6 },
  TIMESTAMP: { name: 'datetime2', scale: 6 },
  TIMESTAMP_MS: { name: 'datetime' },
  TIMESTAMP_S: { name: 'smalldatetime' },
  'TIMESTAMP WITH TIME ZONE': { name: 'datetimeoffset', scale: 7 },
  UUID: { name: 'uniqueidentifier' },
  BLOB: { name: 'varbinary', length: -1 },
};

/** Tables made with DuckDB itself get an entry with types derived from DuckDB's. */
async function adopt(connection: DuckDBConnection, catalog: Catalog): Promise<void> {
  const rows = await connection.runAndReadAll(
    `SELECT schema_name, table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE database_name = current_database()
     AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()) AND schema_name NOT IN ('tsql', 'main', 'information_schema', 'pg_catalog') ORDER BY table_oid, column_index`,
  );
  const tables = new Map<string, { schema: string; name: string; columns: [string, string, boolean][] }>();
  for (const [schema, name, column, type, nullable] of rows.getRows() as [string, string, string, string, boolean][]) {
    if (catalog.snapshot.objects.has(key(schema, name))) continue;
    const id = key(schema, name);
    const table = tables.get(id) ?? { schema, name, columns: [] };
    table.columns.push([column, type, nullable]);
    tables.set(id, table);
  }
  if (!tables.size) return;
  const added: ObjectInfo[] = [];
  const schemas = [...catalog.currentSettings().schemas];
  for (const table of tables.values()) {
    if (!schemas.some((s) => s.name.toLowerCase() === table.schema.toLowerCase()))
      schemas.push({ id: catalog.newId(), name: table.schema, owner: 'dbo' });
    const columns = table.columns.map(([name, type, nullable], i) => ({
      id: i + 1,
      name,
      type: adoptedType(type),
      nullable,
    }));
    added.push({
      id: catalog.newId(),
      schema: table.schema,
      name: table.name,
      kind: 'U',
      created: now(),
      modified: now(),
      columns,
      distribution: 'ROUND_ROBIN',
      indexes: [{ name: `ClusteredIndex_${table.name}`, type: 'CLUSTERED COLUMNSTORE', columns: [] }],
    });
  }
  await connection.run('BEGIN TRANSACTION');
  for (const sql of changeSql({ removed: [], added, settings: { schemas } }, catalog)) await connection.run(sql);
  await connection.run('COMMIT');
  catalog.publish({ removed: [], added, settings: { schemas } });
}
function adoptedType(duck: string): SqlType {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(duck);
  if (match) return { name: 'decimal', precision: Number(match[1]), scale: Number(match[2]) };
  return (
    ADOPTED[duck] ??
    (duck === 'HUGEINT' ? { name: 'decimal', precision: 38, scale: 0 } : { name: 'varchar', length: 8000 })
  );
}

/** The statements that write a change; they run inside the transaction of the DDL. Few, because each costs a millisecond. */
export function changeSql(change: Change, catalog: Catalog): string[] {
  const sql: string[] = [];
  const before = new Map(change.removed.map((object) => [object.id, object]));
  for (const o of change.added) {
    const old = before.get(o.id);
    before.delete(o.id);
    const values = [o.schema, o.name, o.kind, o.created, o.modified, JSON.stringify(o)].map(quote);
    if (old)
      sql.push(
        `UPDATE tsql.objects SET (schema_name, name, kind, created, modified, data) = (${values.join(', ')}) WHERE id = ${o.id}`,
      );
    else sql.push(`INSERT INTO tsql.objects VALUES (${o.id}, ${values.join(', ')})`);
  }
  for (const id of before.keys()) sql.push(`DELETE FROM tsql.objects WHERE id = ${id}`);
  if (Object.keys(change.settings).length)
    sql.push(
      `UPDATE tsql.settings SET data = ${quote(JSON.stringify({ ...catalog.currentSettings(), ...change.settings }))} WHERE name = 'settings'`,
    );
  return sql;
}
export { duckType, now, typeText };

/** The session as translation sees it. */
import path from 'node:path';
import { TSqlError, type SqlType, type Surface } from '../../contract';
import { hasPermission, isMember, isAdministrator } from '../../catalog/security';
import { systemView } from '../../catalog/system-views';
import { key, type Module, type ObjectInfo } from '../../catalog/model';
import { externalTable, openRowset } from '../../lake/sources';
import type { Env, FileSource, SystemView } from '../bind/env';
import { crossDatabase } from '../bind/expr';
import type { Name, Source } from '../syntax/ast';
import { BIGINT, DATETIME, INT, nvarchar, SMALLINT, SYSNAME, TINYINT, varchar } from '../types/sql-types';
import { quote, typed, type Typed } from '../types/typed';
import { lastIdentity, scopeIdentity } from './identity';
import { metadataFunction } from './metadata-functions';
import { isOn, optionBits, textSize } from './session-options';
import type { State } from './state';

/** What SESSIONPROPERTY tells. */
const SESSION_PROPERTIES = new Set([
  'ANSI_NULLS',
  'ANSI_PADDING',
  'ANSI_WARNINGS',
  'ARITHABORT',
  'CONCAT_NULL_YIELDS_NULL',
  'NUMERIC_ROUNDABORT',
  'QUOTED_IDENTIFIER',
]);

export class Environment implements Env {
  constructor(private readonly state: State) {}
  get database(): string {
    return this.state.catalog.options.database;
  }

  get surface(): Surface {
    return this.state.surface;
  }
  get lake(): { root: string; url: string } {
    const { lakeRoot, lakeAccount } = this.state.catalog.options;
    return { root: path.normalize(lakeRoot).replace(/\/+$/, ''), url: `https://${lakeAccount}.dfs.core.windows.net` };
  }
  get dateFirst(): number {
    return Number(this.state.options.get('DATEFIRST') ?? 7);
  }

  object(name: Name, objects = this.state.catalog.snapshot.objects): ObjectInfo | undefined {
    const last = name.at(-1)!;
    if (last.startsWith('@')) return this.state.tableVariable(last);
    if (last.startsWith('#')) return this.state.temp.get(last.toLowerCase());
    const schema = this.schema(name);
    const own = schema ? undefined : objects.get(key(this.state.defaultSchema, last));
    return own ?? objects.get(key(schema || 'dbo', last));
  }
  /** The schema part of a name, '' without one. Msg 40515 for another database. */
  private schema(name: Name): string {
    if (name.length > 3) throw crossDatabase(name);
    const database = name.length === 3 ? name[0]!.toLowerCase() : '';
    if (
      database &&
      database !== this.database.toLowerCase() &&
      !(database === 'tempdb' && name.at(-1)!.startsWith('#')) &&
      !(['master', 'msdb'].includes(database) && this.systemView(name.slice(1)))
    )
      throw crossDatabase(name);
    return (name.length > 1 ? name.at(-2) : '') ?? '';
  }
  module(object: ObjectInfo): Module {
    return this.state.catalog.module(object);
  }
  systemView(name: Name): SystemView | undefined {
    return systemView(this.state, name);
  }
  variable(name: string): Typed | undefined {
    return this.state.frame.variables.get(name)?.value;
  }

  systemVariable(variable: string): Typed | undefined {
    const { state } = this;
    const number = (value: number | bigint, type: SqlType = INT): Typed =>
      typed(
        `CAST(${value} AS ${type.name === 'int' ? 'INTEGER' : type.name === 'bigint' ? 'BIGINT' : type.name === 'tinyint' ? 'UTINYINT' : 'SMALLINT'})`,
        type,
        false,
      );
    const text = (value: string, type: SqlType): Typed => ({
      sql: quote(value),
      type,
      nullable: false,
      literal: value,
    });
    const name = (value: string): Typed => text(value, nvarchar(128));
    switch (variable) {
      case '@@ROWCOUNT':
        return number(state.rowCount);
      case '@@TRANCOUNT':
        return number(state.transactions);
      case '@@ERROR':
        return number(state.lastError);
      case '@@VERSION':
        return text(
          'Microsoft Azure SQL Data Warehouse - 10.0.17097.0 (X64) \n\tlocal Synapse on DuckDB \n\tCopyright (c) Microsoft Corporation\n',
          nvarchar(300),
        );
      case '@@SPID':
        return number(state.session.spid, SMALLINT);
      case '@@SERVERNAME':
        return name('local-synapse');
      case '@@SERVICENAME':
        return name('MSSQLSERVER');
      case '@@LANGUAGE':
        return name('us_english');
      case '@@LANGID':
        return number(0, SMALLINT);
      case '@@DATEFIRST':
        return number(this.dateFirst, TINYINT);
      case '@@MAX_PRECISION':
        return number(38, TINYINT);
      case '@@MICROSOFTVERSION':
        return number(167772160);
      case '@@LOCK_TIMEOUT':
        return number(-1);
      case '@@TEXTSIZE':
        return number(textSize(state.options));
      case '@@OPTIONS':
        return number(optionBits(state.options));
      case '@@NESTLEVEL':
        return number(state.frames.filter((f) => f.procedure).length);
      case '@@PROCID':
        return number(0);
      case '@@FETCH_STATUS':
        return number(-1);
      case '@@IDENTITY':
        return lastIdentity(state);
      case '@@DBTS':
        return typed("'\\x00'::BLOB", { name: 'varbinary', length: 8 }, false);
      case '@@CONNECTIONS':
      case '@@MAX_CONNECTIONS':
        return number(32767);
      case '@@CPU_BUSY':
      case '@@IDLE':
      case '@@IO_BUSY':
        return number(0);
    }
    return undefined;
  }

  sessionFunction(name: string, args: readonly (Typed | undefined)[]): Typed | undefined {
    const { state } = this;
    const error = state.errors.at(-1);
    const orNull = (value: number | string | undefined): Typed => {
      if (value === undefined)
        return typed(typeof value === 'string' ? 'CAST(NULL AS VARCHAR)' : 'CAST(NULL AS INTEGER)', INT);
      return typeof value === 'number'
        ? typed(`CAST(${value} AS INTEGER)`, INT)
        : { sql: quote(value), type: nvarchar(4000), nullable: true, literal: value };
    };
    const name128 = (value: string | undefined): Typed =>
      value === undefined
        ? typed('CAST(NULL AS VARCHAR)', SYSNAME)
        : { sql: quote(value), type: SYSNAME, nullable: true, literal: value };
    switch (name) {
      case 'ERROR_NUMBER':
        return orNull(error?.number);
      case 'ERROR_MESSAGE':
        return error ? orNull(error.message) : typed('CAST(NULL AS VARCHAR)', nvarchar(4000));
      case 'ERROR_SEVERITY':
        return orNull(error?.severity);
      case 'ERROR_STATE':
        return orNull(error?.state);
      case 'ERROR_LINE':
        return orNull(error?.line);
      case 'ERROR_PROCEDURE':
        return error?.procedure ? name128(error.procedure.split('.').at(-1)!) : typed('CAST(NULL AS VARCHAR)', SYSNAME);
      case 'XACT_STATE':
        return typed(
          `CAST(${state.doomed ? (state.surface === 'server' ? -1 : -2) : state.transactions > 0 ? 1 : 0} AS SMALLINT)`,
          SMALLINT,
          false,
        );
      case 'SCOPE_IDENTITY':
        return scopeIdentity(state);
      case 'CURRENT_USER':
      case 'USER':
      case 'SESSION_USER':
        return name128(state.user);
      case 'USER_NAME':
        if (!args.length) return name128(state.user);
        break;
      case 'SYSTEM_USER':
      case 'SUSER_SNAME':
      case 'SUSER_NAME':
      case 'ORIGINAL_LOGIN':
        if (!args.length)
          return name128(state.users.length > 1 && name !== 'ORIGINAL_LOGIN' ? state.user : state.session.login);
        break;
      case 'HOST_NAME':
        return name128(state.session.host);
      case 'APP_NAME':
      case 'PROGRAM_NAME':
        return name128(state.session.application);
      case 'SESSION_ID':
        return { sql: quote(`SID${state.session.spid}`), type: nvarchar(32), nullable: false };
      case 'ROWCOUNT_BIG':
        return typed(`CAST(${state.rowCount} AS BIGINT)`, BIGINT, false);
      case 'IS_MEMBER':
      case 'IS_ROLEMEMBER':
      case 'IS_SRVROLEMEMBER': {
        const role = args[0]?.literal;
        if (role === undefined) break;
        const who = args[1]?.literal ?? state.user;
        const found =
          name === 'IS_SRVROLEMEMBER'
            ? role.toLowerCase() === 'sysadmin' || role.toLowerCase() === 'public'
              ? isAdministrator(state.catalog.snapshot, who)
              : undefined
            : isMember(state.catalog.snapshot, who, role);
        return typed(found === undefined ? 'CAST(NULL AS INTEGER)' : found ? '1' : '0', INT);
      }
      case 'HAS_DBACCESS':
        return typed('1', INT);
      case 'SESSIONPROPERTY': {
        const option = args[0]?.literal?.toUpperCase() ?? '';
        const known = SESSION_PROPERTIES.has(option);
        return typed(known ? (isOn(state.options, option) ? '1' : '0') : 'CAST(NULL AS INTEGER)', INT);
      }
      case 'SESSION_CONTEXT': {
        const value = state.options.get(`CONTEXT ${args[0]?.literal?.toLowerCase() ?? ''}`);
        return value === undefined
          ? typed('CAST(NULL AS VARCHAR)', nvarchar(4000))
          : { sql: quote(value), type: nvarchar(4000), nullable: true, literal: value };
      }
      case 'CONNECTIONPROPERTY':
        return {
          sql:
            args[0]?.literal?.toLowerCase() === 'net_transport'
              ? "'TCP'"
              : args[0]?.literal?.toLowerCase() === 'auth_scheme'
                ? "'SQL'"
                : "'127.0.0.1'",
          type: nvarchar(128),
          nullable: true,
        };
      case 'DATABASE_PRINCIPAL_ID': {
        const found = state.catalog.snapshot.principals.get((args[0]?.literal ?? state.user).toLowerCase());
        return typed(found ? `CAST(${found.id} AS INTEGER)` : 'CAST(NULL AS INTEGER)', INT);
      }
    }
    return metadataFunction(state, this, name, args);
  }

  demand(permission: string, object: ObjectInfo, columns?: readonly string[]): void {
    const { state } = this;
    if (state.owner > 0 || object.temp) return;
    if (hasPermission(state.catalog.snapshot, state.user, permission, object, columns)) return;
    throw new TSqlError(
      229,
      `The ${permission} permission was denied on the object '${object.name}', database '${this.database}', schema '${object.schema}'.`,
      5,
      14,
    );
  }
  closedColumns(object: ObjectInfo): ReadonlySet<string> {
    const { state } = this;
    const { snapshot } = state.catalog;
    const may = (column: string): boolean => hasPermission(snapshot, state.user, 'SELECT', object, [column]);
    const closed = state.owner > 0 || object.temp ? [] : object.columns.map((c) => c.name).filter((name) => !may(name));
    if (closed.length === object.columns.length) this.demand('SELECT', object);
    return new Set(closed);
  }
  masked(object: ObjectInfo): boolean {
    return (
      object.columns.some((c) => c.mask) &&
      !hasPermission(this.state.catalog.snapshot, this.state.user, 'UNMASK', object)
    );
  }
  policies(object: ObjectInfo): readonly { function: ObjectInfo; args: readonly string[] }[] {
    const { snapshot } = this.state.catalog;
    const found: { function: ObjectInfo; args: readonly string[] }[] = [];
    for (const policy of snapshot.objects.values()) {
      if (!policy.policy?.enabled) continue;
      for (const p of policy.policy.predicates) {
        const fn = p.table === object.id ? this.object(p.functionName) : undefined;
        if (fn) found.push({ function: fn, args: p.args });
      }
    }
    return found;
  }
  files(source: Extract<Source, { kind: 'openrowset' }>): FileSource {
    return openRowset(this.state, source);
  }
  externalTable(object: ObjectInfo): FileSource {
    return externalTable(this.state, object);
  }
  asOwner<T>(action: () => T): T {
    this.state.owner++;
    try {
      return action();
    } finally {
      this.state.owner--;
    }
  }
}
export { DATETIME, varchar };

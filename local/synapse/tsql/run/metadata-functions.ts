/** OBJECT_ID and the other functions over the catalog. Constants are answered while translating, columns by DuckDB. */
import { hasPermission, mayDefine, schemaId } from '../../catalog/security';
import { constraints } from '../../catalog/constraints';
import { statisticsId, type ObjectInfo } from '../../catalog/model';
import type { Environment } from './environment';
import { notSupported } from '../errors';
import { BIGINT, INT, isString, nvarchar, SMALLINT, SYSNAME } from '../types/sql-types';
import { bytes, precisionOf, scaleOf, TYPE_IDS } from '../types/type-facts';
import { quote, typed, type Typed } from '../types/typed';
import { indexProperty, objectProperty, typeProperty } from './object-properties';
import type { State } from './state';

const int = (value: number | undefined): Typed =>
  typed(value === undefined ? 'CAST(NULL AS INTEGER)' : `CAST(${value} AS INTEGER)`, INT);
const name = (value: string | undefined): Typed =>
  value === undefined
    ? typed('CAST(NULL AS VARCHAR)', SYSNAME)
    : { sql: quote(value), type: SYSNAME, nullable: true, literal: value };

/** `[dbo].[t]`, `"dbo"."t"`, `tempdb..#t` as parts. */
export function splitName(text: string): string[] {
  const parts: string[] = [];
  const rule = /\s*(?:\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.[\]"]*))\s*(\.|$)/y;
  while (rule.lastIndex < text.length) {
    const m = rule.exec(text);
    if (!m) return [text];
    parts.push(m[1]?.replaceAll(']]', ']') ?? m[2]?.replaceAll('""', '"') ?? m[3]!.trim());
    if (m[4] === '') break;
  }
  return parts;
}
function find(env: Environment, text: string): ObjectInfo | undefined {
  const parts = splitName(text);
  if (parts.length > 2 && parts[0] && !['tempdb', env.database.toLowerCase()].includes(parts[0].toLowerCase()))
    return undefined;
  try {
    return env.object(parts);
  } catch {
    return undefined;
  }
}
const TYPES: Readonly<Record<string, string>> = { U: 'U', V: 'V', P: 'P', FN: 'FN', IF: 'IF', ET: 'U', SP: 'SP' };

export function metadataFunction(
  state: State,
  env: Environment,
  fn: string,
  args: readonly (Typed | undefined)[],
): Typed | undefined {
  const { snapshot } = state.catalog;
  const [a, b, c] = args;
  const text = a?.literal;
  const id = (x: Typed | undefined): number | undefined => {
    const found = /^(?:CAST\((-?\d+) AS \w+\)|(-?\d+))$/.exec(x?.sql ?? '');
    return found ? Number(found[1] ?? found[2]) : undefined;
  };
  const byId = (wanted: number | undefined): ObjectInfo | undefined =>
    wanted === undefined
      ? undefined
      : [...snapshot.objects.values(), ...state.temp.values()].find((o) => o.id === wanted);
  const isConstant = (x: Typed | undefined): boolean =>
    x?.literal !== undefined || x?.isNull === true || id(x) !== undefined || (x?.sql ?? '').startsWith('CAST(NULL AS');
  switch (fn) {
    case 'OBJECT_ID': {
      if (text === undefined)
        return isConstant(a)
          ? int(undefined)
          : typed(
              `(SELECT o.id FROM tsql.objects o WHERE lower(o.schema_name || '.' || o.name) = lower(CASE WHEN contains(${a!.sql}, '.') THEN regexp_replace(${a!.sql}, '["\\[\\]]', '', 'g') ELSE 'dbo.' || regexp_replace(${a!.sql}, '["\\[\\]]', '', 'g') END))`,
              INT,
            );
      const found = find(env, text);
      if (found && b?.literal !== undefined && TYPES[found.kind] !== b.literal.trim().toUpperCase())
        return int(undefined);
      return int(found?.id ?? constraintId(state, text, b?.literal));
    }
    case 'OBJECT_NAME':
      if (isConstant(a)) return name(byId(id(a))?.name);
      return typed(`(SELECT o.name FROM tsql.objects o WHERE o.id = ${a!.sql})`, SYSNAME);
    case 'OBJECT_SCHEMA_NAME':
      if (isConstant(a)) return name(byId(id(a))?.schema);
      return typed(`(SELECT o.schema_name FROM tsql.objects o WHERE o.id = ${a!.sql})`, SYSNAME);
    case 'OBJECT_DEFINITION':
      return name(byId(id(a))?.definition);
    case 'SCHEMA_NAME': {
      if (!a) return name(state.defaultSchema);
      const cases = [
        ...snapshot.schemas.values(),
        { id: schemaId('sys'), name: 'sys' },
        { id: schemaId('INFORMATION_SCHEMA'), name: 'INFORMATION_SCHEMA' },
      ].map((s) => `WHEN ${s.id} THEN ${quote(s.name)}`);
      return typed(`CASE ${a.sql} ${cases.join(' ')} END`, SYSNAME);
    }
    case 'SCHEMA_ID': {
      if (!a) return int(1);
      if (text === undefined) throw notSupported('SCHEMA_ID of an expression');
      return int(
        snapshot.schemas.get(text.toLowerCase())?.id ??
          (['sys', 'information_schema'].includes(text.toLowerCase()) ? schemaId(text) : undefined),
      );
    }
    case 'DB_NAME': {
      const wanted = id(a);
      if (!a) return name(state.database);
      return name([...state.catalog.options.databaseIds].find(([, number]) => number === wanted)?.[0]);
    }
    case 'DB_ID': {
      const wanted = (a ? (text ?? '') : env.database).toLowerCase();
      const known = [...state.catalog.options.databaseIds].find(([own]) => own.toLowerCase() === wanted)?.[1];
      return typed(`CAST(${known ?? 'NULL'} AS SMALLINT)`, SMALLINT);
    }
    case 'COL_LENGTH': {
      const column = find(env, text ?? '')?.columns.find((x) => x.name.toLowerCase() === b?.literal?.toLowerCase());
      return typed(column ? `CAST(${bytes(column.type)} AS SMALLINT)` : 'CAST(NULL AS SMALLINT)', SMALLINT);
    }
    case 'COL_NAME':
      if (id(a) === undefined || id(b) === undefined)
        return typed(
          `(SELECT c.name FROM tsql.columns c WHERE c.object_id = ${a!.sql} AND c.column_id = ${b!.sql})`,
          SYSNAME,
        );
      return name(byId(id(a))?.columns.find((x) => x.id === id(b))?.name);
    case 'COLUMNPROPERTY': {
      const column = byId(id(a))?.columns.find((x) => x.name.toLowerCase() === b?.literal?.toLowerCase());
      const value: Partial<Record<string, number>> = {
        allowsnull: column?.nullable ? 1 : 0,
        isidentity: column?.identity ? 1 : 0,
        iscomputed: 0,
        columnid: column?.id,
        precision: column ? precisionOf(column.type) || column.type.length : undefined,
        scale: column && !isString(column.type) ? scaleOf(column.type) : undefined,
        charmaxlen: column?.type.length,
        ishidden: 0,
        issparse: 0,
      };
      if (id(a) === undefined)
        return typed(
          `(SELECT CASE ${quote((c?.literal ?? '').toLowerCase())} WHEN 'allowsnull' THEN CAST(x.nullable AS INTEGER) WHEN 'isidentity' THEN CAST(x.is_identity AS INTEGER) WHEN 'columnid' THEN x.column_id ELSE 0 END FROM tsql.columns x WHERE x.object_id = ${a!.sql} AND x.name = ${b!.sql})`,
          INT,
        );
      return int(column ? value[c?.literal?.toLowerCase() ?? ''] : undefined);
    }
    case 'OBJECTPROPERTY':
    case 'OBJECTPROPERTYEX': {
      const kinds: Readonly<Record<string, string>> = {
        istable: 'U',
        isusertable: 'U',
        isview: 'V',
        isprocedure: 'P',
        isscalarfunction: 'FN',
        isinlinefunction: 'IF',
      };
      const wanted = b?.literal?.toLowerCase() ?? '';
      const kind = kinds[wanted];
      if (id(a) === undefined)
        return typed(
          kind
            ? `(SELECT CASE WHEN o.kind = '${kind}' THEN 1 ELSE 0 END FROM tsql.objects o WHERE o.id = ${a!.sql})`
            : '0',
          INT,
        );
      const object = byId(id(a));
      return int(object ? (kind ? Number(object.kind === kind) : objectProperty(object, wanted)) : undefined);
    }
    case 'TYPE_NAME':
      return typed(
        `(SELECT t.n FROM (VALUES ${TYPE_IDS.map(([n, i]) => `(${i}, '${n}')`).join(', ')}) AS t(i, n) WHERE t.i = ${a!.sql})`,
        SYSNAME,
      );
    case 'TYPE_ID':
      return int(TYPE_IDS.find(([n]) => n === text?.toLowerCase())?.[1] ?? userType(env, text));
    case 'USER_NAME':
    case 'SUSER_SNAME':
    case 'SUSER_NAME': {
      const cases = [...snapshot.principals.values()].map((p) => `WHEN ${p.id} THEN ${quote(p.name)}`);
      return (a && /INT|^\d/.test(a.sql)) || fn === 'USER_NAME'
        ? typed(`CASE ${a!.sql} ${cases.join(' ')} END`, SYSNAME)
        : name(state.session.login);
    }
    case 'USER_ID':
      return int(snapshot.principals.get((text ?? state.user).toLowerCase())?.id);
    case 'SUSER_ID':
    case 'SUSER_SID':
      return int(1);
    case 'SERVERPROPERTY':
      return serverProperty(text ?? '');
    case 'DATABASEPROPERTYEX':
      return databaseProperty(b?.literal ?? '');
    case 'HAS_PERMS_BY_NAME':
      return int(hasPermissionByName(env, state, text, b?.literal, c?.literal ?? ''));
    case 'STATS_DATE':
      return statisticsDate(state, a!, b!);
    case 'INDEXPROPERTY':
      return int(indexProperty(byId(id(a)), b?.literal ?? '', c?.literal ?? ''));
    case 'INDEX_COL':
    case 'FULLTEXTSERVICEPROPERTY':
      return int(0);
    case 'TYPEPROPERTY':
      return int(typeProperty(text ?? '', b?.literal ?? ''));
    case 'COLLATIONPROPERTY':
      return int(
        b?.literal?.toLowerCase() === 'lcid'
          ? 1033
          : b?.literal?.toLowerCase() === 'codepage'
            ? 1252
            : b?.literal?.toLowerCase() === 'comparisonstyle'
              ? 196609
              : 0,
      );
    case 'PARSENAME': {
      const part = id(b) ?? Number(b?.literal);
      if (text === undefined) return typed(`list_reverse(string_split(${a!.sql}, '.'))[${b!.sql}]`, SYSNAME);
      return name(splitName(text).reverse()[part - 1] || undefined);
    }
  }
  return undefined;
}

/** A key or default by its name, in the schema of its table. */
function constraintId(state: State, text: string, type: string | undefined): number | undefined {
  const [name, schema = state.defaultSchema] = splitName(text.toLowerCase()).reverse();
  return constraints(state.catalog.snapshot).find(
    (x) =>
      x.name.toLowerCase() === name &&
      x.table.schema.toLowerCase() === (schema || 'dbo') &&
      (type === undefined || x.type === type.trim().toUpperCase()),
  )?.id;
}

function statisticsDate(state: State, object: Typed, statistics: Typed): Typed {
  const dates = [...state.catalog.snapshot.objects.values()].flatMap((o) =>
    (o.statistics ?? []).flatMap((x, n) => (x.updated ? [`(${o.id}, ${statisticsId(n)}, '${x.updated}')`] : [])),
  );
  const found = dates.length
    ? `(SELECT v.d FROM (VALUES ${dates.join(', ')}) AS v(o, s, d) WHERE v.o = ${object.sql} AND v.s = ${statistics.sql})`
    : 'NULL';
  return typed(`CAST(${found} AS TIMESTAMP_MS)`, { name: 'datetime' });
}

function userType(env: Environment, text: string | undefined): number | undefined {
  const found = text === undefined ? undefined : env.object(splitName(text));
  return found?.kind === 'TT' ? found.id : undefined;
}
/** 1 or 0; undefined for an object, a schema or a class that is not there. */
function hasPermissionByName(
  env: Environment,
  state: State,
  securable: string | undefined,
  kind: string | undefined,
  permission: string,
): number | undefined {
  const { snapshot } = state.catalog;
  const asked = permission.toUpperCase();
  if (securable === undefined || kind === undefined || kind.toUpperCase() === 'DATABASE')
    return Number(mayDefine(snapshot, state.user, asked === 'ANY' ? 'CONNECT' : asked));
  if (kind.toUpperCase() === 'SCHEMA') {
    if (!snapshot.schemas.has(securable.toLowerCase())) return undefined;
    const any = { id: -1, schema: securable, name: '', kind: 'U' } as ObjectInfo;
    return Number(hasPermission(snapshot, state.user, asked, any));
  }
  if (kind.toUpperCase() !== 'OBJECT') return undefined;
  const object = find(env, securable);
  return object && Number(hasPermission(snapshot, state.user, asked, object));
}

function serverProperty(property: string): Typed {
  const values: Readonly<Record<string, string | number | null>> = {
    engineedition: 6,
    edition: 'SQL Azure',
    productversion: '10.0.17097.0',
    productlevel: 'RTM',
    servername: 'local-synapse',
    machinename: 'local-synapse',
    instancename: null,
    isclustered: 0,
    issingleuser: 0,
    collation: 'SQL_Latin1_General_CP1_CI_AS',
    isintegratedsecurityonly: 0,
    productmajorversion: '10',
    productminorversion: '0',
    productbuild: '17097',
    ishadrenabled: 0,
    isfulltextinstalled: 0,
    isxtpsupported: 0,
    processid: 1,
    lcid: 1033,
    resourceversion: '10.00.17097',
    resourcelastupdatedatetime: null,
    editionid: 1674378470,
    isadvancedanalyticsinstalled: 0,
    ispolybaseinstalled: 1,
    licensetype: 'DISABLED',
    productupdatelevel: null,
    productupdatereference: null,
    filestreamconfiguredlevel: 0,
    filestreameffectivelevel: 0,
    hadrmanagerstatus: null,
    instancedefaultdatapath: null,
    instancedefaultlogpath: null,
    collationid: 872468488,
    comparisonstyle: 196609,
    sqlcharset: 1,
    sqlcharsetname: 'iso_1',
    sqlsortorder: 52,
    sqlsortordername: 'nocase_iso',
    isbigdatacluster: 0,
    isexternalauthenticationonly: 0,
    isserversuspendedforsnapshotbackup: 0,
    istempdbmetadatamemoryoptimized: 0,
    buildclrversion: 'v4.0.30319',
    computernamephysicalnetbios: 'local-synapse',
    numlicenses: null,
  };
  const value = values[property.toLowerCase()];
  const type = nvarchar(128);
  if (value === undefined || value === null) return typed('CAST(NULL AS VARCHAR)', type);
  return typeof value === 'number'
    ? typed(`CAST(${value} AS INTEGER)`, INT)
    : { sql: quote(value), type, nullable: true, literal: value };
}
function databaseProperty(property: string): Typed {
  const values: Readonly<Record<string, string | number>> = {
    collation: 'SQL_Latin1_General_CP1_CI_AS',
    edition: 'DataWarehouse',
    serviceobjective: 'DW100c',
    status: 'ONLINE',
    updateability: 'READ_WRITE',
    // Never: a pool does not check itself by DBCC.
    lastgoodcheckdbtime: '1900-01-01 00:00:00.000',
    useraccess: 'MULTI_USER',
    recovery: 'SIMPLE',
    version: 904,
    isansinullsenabled: 1,
    isquotedidentifiersenabled: 1,
    maxsizeinbytes: 263882790666240,
  };
  const value = values[property.toLowerCase()];
  if (value === undefined) return typed('CAST(NULL AS VARCHAR)', nvarchar(128));
  return typeof value === 'number'
    ? typed(`CAST(${value} AS BIGINT)`, BIGINT)
    : { sql: quote(value), type: nvarchar(128), nullable: true, literal: value };
}

/** A call by name: aggregate, window function, built-in, method of a file source, user function. */
import { TSqlError } from '../../contract';
import { notSupported } from '../errors';
import type { Call, Expr } from '../syntax/ast';
import { nvarchar } from '../types/sql-types';
import { quote, type Typed } from '../types/typed';
import { AGGREGATES } from './aggregate-walk';
import { aggregateCall, WINDOW_FUNCTIONS, windowCall } from './aggregates';
import type { Binder } from './binder';
import { constantInteger, expr } from './expr';
import { BUILT_IN } from './functions';
import { scalarFunction } from './scalar-function';
import type { Scope } from './scope';

export function bindCall(b: Binder, scope: Scope, call: Call): Typed {
  if (call.name.length > 1) return bindQualified(b, scope, call);
  const name = call.name[0]!.toUpperCase();
  if (AGGREGATES.has(name)) return aggregateCall(b, scope, call);
  if (WINDOW_FUNCTIONS.has(name)) return windowCall(b, scope, call);
  if (call.over || call.withinGroup || call.distinct)
    throw new TSqlError(102, `Incorrect syntax near '${call.name[0]}'.`, 1, 15, call.line);
  const spec = BUILT_IN.get(name);
  if (spec) {
    const [least, most] = spec.arity;
    if (call.args.length < least || call.args.length > most) throw wrongArity(call, least, most);
    return spec.bind({
      b,
      scope,
      call,
      name,
      arg: (i) => expr(b, scope, call.args[i]!),
      has: (i) => i < call.args.length,
    });
  }
  if (REFUSED.has(name) && !(b.env.surface === 'server' && name === 'SCOPE_IDENTITY'))
    throw new TSqlError(104467, `${name} is not supported in a dedicated SQL pool.`, 1, 16, call.line);
  const unknown = new TSqlError(
    195,
    `'${call.name[0]}' is not a recognized built-in function name.`,
    10,
    15,
    call.line,
  );
  const session = SESSION_FUNCTIONS[name];
  // Before its arguments, which may be words that only the function knows.
  if (!session) throw unknown;
  if (call.args.length < session[0] || call.args.length > session[1]) throw wrongArity(call, ...session);
  const found = b.env.sessionFunction(
    name,
    call.args.map((arg) => expr(b, scope, arg)),
  );
  if (!found) throw unknown;
  return found;
}
/** The functions that ask the session and its catalog, with their least and most arguments. */
const SESSION_FUNCTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ...Object.fromEntries(
    'ERROR_NUMBER ERROR_MESSAGE ERROR_SEVERITY ERROR_STATE ERROR_LINE ERROR_PROCEDURE XACT_STATE SCOPE_IDENTITY CURRENT_USER USER SESSION_USER SYSTEM_USER ORIGINAL_LOGIN HOST_NAME APP_NAME PROGRAM_NAME SESSION_ID ROWCOUNT_BIG'
      .split(' ')
      .map((name) => [name, [0, 0]] as const),
  ),
  USER_NAME: [0, 1],
  USER_ID: [0, 1],
  SUSER_NAME: [0, 1],
  SUSER_SNAME: [0, 1],
  SUSER_ID: [0, 1],
  SUSER_SID: [0, 2],
  IS_MEMBER: [1, 1],
  IS_ROLEMEMBER: [1, 2],
  IS_SRVROLEMEMBER: [1, 2],
  HAS_DBACCESS: [1, 1],
  SESSIONPROPERTY: [1, 1],
  SESSION_CONTEXT: [1, 1],
  CONNECTIONPROPERTY: [1, 1],
  DATABASE_PRINCIPAL_ID: [0, 1],
  INDEX_COL: [3, 3],
  FULLTEXTSERVICEPROPERTY: [1, 1],
  TYPEPROPERTY: [2, 2],
  COLLATIONPROPERTY: [2, 2],
  OBJECT_ID: [1, 2],
  OBJECT_NAME: [1, 2],
  OBJECT_SCHEMA_NAME: [1, 2],
  OBJECT_DEFINITION: [1, 1],
  SCHEMA_NAME: [0, 1],
  SCHEMA_ID: [0, 1],
  DB_NAME: [0, 1],
  DB_ID: [0, 1],
  COL_LENGTH: [2, 2],
  COL_NAME: [2, 2],
  COLUMNPROPERTY: [3, 3],
  OBJECTPROPERTY: [2, 2],
  OBJECTPROPERTYEX: [2, 2],
  INDEXPROPERTY: [3, 3],
  TYPE_NAME: [1, 1],
  TYPE_ID: [1, 1],
  SERVERPROPERTY: [1, 1],
  DATABASEPROPERTYEX: [2, 2],
  HAS_PERMS_BY_NAME: [3, 5],
  STATS_DATE: [2, 2],
  PARSENAME: [2, 2],
};
const REFUSED = new Set([
  'CHECKSUM_AGG',
  'PARSE',
  'TRY_PARSE',
  'FREETEXT',
  'CONTAINS',
  'CURSOR_STATUS',
  'IDENT_CURRENT',
  'SCOPE_IDENTITY',
]);

function wrongArity(call: Call, least: number, most: number): TSqlError {
  const name = call.name[0]!.toLowerCase();
  if (least === most)
    return new TSqlError(174, `The ${name} function requires ${least} argument(s).`, 1, 15, call.line);
  return new TSqlError(189, `The ${name} function requires ${least} to ${most} arguments.`, 1, 15, call.line);
}

/** `r.filepath(1)`, `r.filename()` or `schema.function(…)`. */
function bindQualified(b: Binder, scope: Scope, call: Call): Typed {
  const method = call.name.at(-1)!.toUpperCase();
  if (call.name.length === 2 && (method === 'FILEPATH' || method === 'FILENAME')) {
    const source = scope.source(call.name.slice(0, 1));
    if (!source.pathColumn) throw notSupported(`${method} on '${call.name[0]}'`, call.line);
    const path = `${source.alias}.${source.pathColumn}`;
    const made =
      method === 'FILENAME'
        ? `parse_filename(${path})`
        : call.args.length
          ? filePart(b, scope, path, source.pathPattern, call.args[0]!)
          : `replace(${path}, ${quote(b.env.lake.root)}, ${quote(b.env.lake.url)})`;
    const result: Typed = { sql: made, type: nvarchar(method === 'FILENAME' ? 260 : 1024), nullable: true };
    return grouped(scope, result);
  }
  return scalarFunction(b, scope, call);
}
function filePart(b: Binder, scope: Scope, path: string, pattern: string | undefined, arg: Expr): string {
  const index = constantInteger(expr(b, scope, arg));
  return `regexp_extract(${path}, ${quote(pattern ?? '')}, ${index})`;
}
function grouped(scope: Scope, x: Typed): Typed {
  if (!scope.grouping || scope.aggregates > 0) return x;
  return scope.grouping.keys.get(x.sql) ?? x;
}

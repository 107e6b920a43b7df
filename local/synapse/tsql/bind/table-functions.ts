/** Inline table functions and STRING_SPLIT in FROM. */
import { TSqlError } from '../../contract';
import { invalidObject, notSupported } from '../errors';
import type { ObjectInfo } from '../../catalog/model';
import type { Query, Source } from '../syntax/ast';
import { convert } from '../types/convert';
import { isString, MAX, nvarchar, resolveType } from '../types/sql-types';
import type { Typed } from '../types/typed';
import type { Binder, OutputColumn } from './binder';
import { bindCollationList } from './collation-list';
import { expr } from './expr';
import { bindQuery, namedColumns } from './query';
import { type BoundColumn, Scope } from './scope';
import { add } from './sources';

/** The query of an inline table function with its parameters replaced by `args`. */
export function inlineFunction(
  b: Binder,
  object: ObjectInfo,
  args: readonly Typed[],
): { sql: string; columns: readonly OutputColumn[] } {
  const module = b.env.module(object);
  const statement = module.body[0];
  const query: Query | undefined = statement?.kind === 'return' ? statement.query : undefined;
  if (!query) throw notSupported(`Function ${object.schema}.${object.name}`);
  const outer = b.ctes.splice(0);
  b.parameters.push(bindParameters(b, object, args));
  try {
    return bindQuery(b, query, undefined);
  } finally {
    b.parameters.pop();
    b.ctes.push(...outer);
  }
}
export function bindParameters(
  b: Binder,
  object: ObjectInfo,
  args: readonly (Typed | undefined)[],
): Map<string, Typed> {
  const { parameters } = b.env.module(object);
  if (args.length < parameters.length)
    throw new TSqlError(
      313,
      `An insufficient number of arguments were supplied for the procedure or function ${object.schema}.${object.name}.`,
      3,
    );
  if (args.length > parameters.length)
    throw new TSqlError(
      8144,
      `Procedure or function ${object.schema}.${object.name} has too many arguments specified.`,
      3,
    );
  return new Map(
    parameters.map((p, i) => {
      const given = args[i] ?? (p.default ? expr(b, new Scope(undefined), p.default) : undefined);
      if (!given)
        throw new TSqlError(
          201,
          `Procedure or function '${object.name}' expects parameter '${p.name}', which was not supplied.`,
          4,
        );
      return [p.name.toLowerCase(), { ...convert(given, resolveType(p.type)), column: undefined }];
    }),
  );
}

export function bindFunction(
  b: Binder,
  scope: Scope,
  source: Extract<Source, { kind: 'function' }>,
  outer: Scope | undefined,
): string {
  const { call } = source;
  const argumentScope = outer ?? new Scope(undefined);
  const upper = call.name.at(-1)!.toUpperCase();
  if (call.name.length === 1) {
    if (upper === 'STRING_SPLIT') return bindStringSplit(b, scope, source, argumentScope);
    if (upper === 'GENERATE_SERIES') throw new TSqlError(208, "Invalid object name 'GENERATE_SERIES'.");
  }
  if (upper === 'FN_HELPCOLLATIONS' && ['', 'SYS'].includes(call.name.slice(0, -1).join('.').toUpperCase()))
    return bindCollationList(b, scope, source.alias ?? 'fn_helpcollations');
  const object = b.env.object(call.name);
  if (!object || object.kind !== 'IF') throw invalidObject(call.name.join('.'));
  b.env.demand('SELECT', object);
  const args = call.args.map((arg) =>
    arg.kind === 'literal' && arg.type === 'default' ? undefined : expr(b, argumentScope, arg),
  );
  const module = b.env.module(object);
  const query = b.env.asOwner(() =>
    inlineFunction(
      b,
      object,
      args.map((x, i) => x ?? expr(b, argumentScope, module.parameters[i]!.default!)),
    ),
  );
  return add(
    b,
    scope,
    query.sql,
    namedColumns(query.columns, source.columns, object.name),
    source.alias === undefined ? call.name : [source.alias],
  );
}

function bindStringSplit(b: Binder, scope: Scope, source: Extract<Source, { kind: 'function' }>, outer: Scope): string {
  const [text, separator, ordinal] = source.call.args.map((arg) => expr(b, outer, arg));
  if (!text || !separator)
    throw new TSqlError(
      313,
      'An insufficient number of arguments were supplied for the procedure or function STRING_SPLIT.',
      3,
    );
  if (separator.literal !== undefined && separator.literal.length !== 1)
    throw new TSqlError(214, "Procedure expects parameter 'separator' of type 'nchar(1)/nvarchar(1)'.", 11);
  const value = convert(text, isString(text.type) ? { ...text.type, length: MAX } : nvarchar(MAX));
  const columns: BoundColumn[] = [
    { name: 'value', type: { ...value.type, length: text.type.length ?? MAX }, nullable: true },
  ];
  const rows = `tsql.split_rows(${value.sql}, ${separator.sql})`;
  const names = source.columns ? source.columns.map((name, i) => ({ ...columns[i]!, name })) : columns;
  if (ordinal?.literal === '1') {
    names.push({ name: 'ordinal', type: { name: 'bigint' }, nullable: true });
    return add(b, scope, `SELECT unnest(${rows}), CAST(generate_subscripts(${rows}, 1) AS BIGINT)`, names, [
      source.alias ?? 'STRING_SPLIT',
    ]);
  }
  return add(b, scope, `SELECT unnest(${rows})`, names, [source.alias ?? 'STRING_SPLIT']);
}

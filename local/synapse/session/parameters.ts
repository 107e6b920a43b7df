import { TSqlError, type RequestParameter, type TableParameter } from '../contract';
import { duckType } from '../duck-type';
import { literal, typeText } from '../engine/literal';
import { isTicks } from '../ticks';
import type { RpcParameter } from '../wire/rpc';
import type { TableValue } from '../wire/table-value';
import { parseDeclaration, type DeclaredParameter } from './declaration';

/** Clients need not name the type that the declaration names. */
function tableParameter({ type, columns, rows }: TableValue, declared = ''): TableParameter {
  const named = declared.split('.').map((part) => part.replaceAll(/^\s*[["]?|[\]"]?\s*$/g, ''));
  const types = columns.flatMap((column) => column ?? []);
  return {
    type: type[1] === '' ? [named.at(-2) ?? '', named.at(-1)!] : type,
    given: columns.map((column) => column !== undefined),
    types,
    rows: rows.map((row) => row.map((value, index) => literal(value, types[index]!))),
  };
}

/** A value of a call as the engine takes it, of its own type. */
export function requestParameter(parameter: RpcParameter, declared?: DeclaredParameter): RequestParameter {
  const type = declared?.type ?? parameter.type;
  const own = literal(parameter.value, parameter.type);
  // DuckDB's casts do not know ticks: the engine converts them.
  const isTold = isTicks(type) !== isTicks(parameter.type);
  const isSame = isTold || duckType(type) === duckType(parameter.type);
  return {
    name: parameter.name || declared?.name || '',
    type,
    typeText: declared?.typeText ?? typeText(type),
    sql: isSame ? own : `CAST(${own} AS ${duckType(type)})`,
    ...(isTold ? { sent: parameter.type } : {}),
    isNull: parameter.value === null,
    ...(parameter.table ? { table: tableParameter(parameter.table, declared?.typeText) } : {}),
    output: parameter.output || (declared?.output ?? false),
    useDefault: parameter.useDefault,
  };
}

/**
 * Matches the values of sp_executesql or sp_execute with the declaration, by name or by position.
 * Throws Msg 8178 for a declared parameter without a value and 8144 for values too many.
 */
export function bindDeclared(
  declaration: string,
  values: readonly RpcParameter[],
): { parameters: RequestParameter[]; sent: RpcParameter[] } {
  const declared = parseDeclaration(declaration);
  if (values.length > declared.length) {
    throw new TSqlError(8144, 'Procedure or function  has too many arguments specified.', 2);
  }
  const given = new Map<string, RpcParameter>();
  values.forEach((value, index) => {
    const name = value.name || declared[index]!.name;
    given.set(name.toLowerCase(), value);
  });
  const parameters: RequestParameter[] = [];
  const sent: RpcParameter[] = [];
  for (const one of declared) {
    const value = given.get(one.name.toLowerCase());
    if (!value) {
      const list = declaration.trim();
      throw new TSqlError(
        8178,
        `The parameterized query '(${list})' expects the parameter '${one.name}', which was not supplied.`,
      );
    }
    parameters.push({ ...requestParameter(value, one), name: one.name, output: value.output });
    sent.push(value);
  }
  return { parameters, sent };
}

/** JSON functions. Paths are T-SQL's (`lax $.a."b c"[0]`); DuckDB takes the same without the mode. */
import { TSqlError } from '../../../contract';
import { notSupported } from '../../errors';
import { convert } from '../../types/convert';
import { INT, isNumber, isString, MAX, nvarchar } from '../../types/sql-types';
import { askingForm, raising } from '../../types/observation';
import { once, quote, type Typed } from '../../types/typed';
import { documentKey } from '../json-paths';
import { result, spec, text, type CallContext, type Functions } from './spec';

export interface JsonPath {
  readonly sql: string;
  readonly strict: boolean;
  /** Members and indexes, when the path is a literal. */
  readonly steps?: readonly (string | number)[];
}

/** Checks and splits a literal path; Msg 13607 when it is none. */
export function jsonPath(path: Typed): JsonPath {
  if (path.literal === undefined)
    return { sql: `regexp_replace(${text(path).sql}, '^ *(lax|strict) +', '')`, strict: false };
  const match = /^\s*(?:(lax|strict)\s+)?(\$.*)$/is.exec(path.literal);
  const bad = (): TSqlError =>
    new TSqlError(
      13607,
      `JSON path is not properly formatted. Unexpected character '${path.literal![0] ?? ''}' is found at position 0.`,
      4,
    );
  if (!match) throw bad();
  const body = match[2]!.trim();
  const steps: (string | number)[] = [];
  const rule = /\.\s*(?:"((?:[^"\\]|\\.)*)"|([\p{L}_$][\p{L}\p{N}_$]*))|\[\s*(\d+)\s*\]/uy;
  rule.lastIndex = 1;
  while (rule.lastIndex < body.length) {
    const step = rule.exec(body);
    if (!step) throw bad();
    if (step[3] !== undefined) steps.push(Number(step[3]));
    else steps.push(step[1] !== undefined ? (JSON.parse(`"${step[1]}"`) as string) : step[2]!);
  }
  const sql =
    '$' +
    steps
      .map((s) => (typeof s === 'number' ? `[${s}]` : `."${s.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`))
      .join('');
  return { sql: quote(sql), strict: match[1]?.toLowerCase() === 'strict', steps };
}

const document = (x: Typed): string => convert(x, nvarchar(MAX)).sql;

/** All paths that the select reads from one document are extracted in one call, which DuckDB's common subexpressions then share. */
function jsonValue(c: CallContext): Typed {
  const x = c.arg(0);
  const path = jsonPath(c.arg(1));
  const doc = document(x);
  const done = (sql: string): Typed => result(raising(sql), nvarchar(4000), [x], true);
  if (x.isNull) return result('CAST(NULL AS VARCHAR)', nvarchar(4000), [x], true);
  if (path.strict) return done(`tsql.json_value_strict(${doc}, ${path.sql})`);
  if (!path.steps) return done(`tsql.json_value(${doc}, ${path.sql})`);
  const known = c.b.json.at(-1)?.get(documentKey(c.call.args[0]!)) ?? [];
  const paths = known
    .map((p) => jsonPath({ ...c.arg(1), literal: p }))
    .filter((p) => !p.strict)
    .map((p) => p.sql);
  if (paths.length < 2 || !paths.includes(path.sql)) return done(`tsql.json_value(${doc}, ${path.sql})`);
  const value = `json_extract_string(${doc}, [${paths.join(', ')}])[${paths.indexOf(path.sql) + 1}]`;
  return done(once(value, (v) => `tsql.json_extracted(${v}, ${doc}, ${path.sql})`));
}

function jsonQuery(c: CallContext): Typed {
  const x = c.arg(0);
  const path = c.has(1) ? jsonPath(c.arg(1)) : { sql: "'$'", strict: false };
  return {
    ...result(
      raising(`tsql.json_query${path.strict ? '_strict' : ''}(${document(x)}, ${path.sql})`),
      nvarchar(MAX),
      [x],
      true,
    ),
    json: true,
  };
}

/** A value as JSON text: the result of a JSON function is JSON already, numbers and bits are bare, the rest is a string. */
function jsonText(c: CallContext, i: number): string {
  const node = c.call.args[i]!;
  const x = c.arg(i);
  if (x.isNull) return "''";
  let sql = `replace(CAST(to_json(${convert(x, nvarchar(MAX), { explicit: true }).sql}) AS VARCHAR), '/', '\\/')`;
  if (node.kind === 'call' && /^JSON_(QUERY|MODIFY)$/i.test(node.name[0]!)) sql = x.sql;
  else if (x.type.name === 'bit') sql = `CAST(to_json(${x.sql}) AS VARCHAR)`;
  else if (isNumber(x.type)) sql = `CAST(${x.sql} AS VARCHAR)`;
  return `coalesce(${sql}, '')`;
}

/** JSON_MODIFY changes the text and leaves the rest of the document as it is written. */
function jsonModify(c: CallContext): Typed {
  const x = c.arg(0);
  const given = c.arg(1);
  if (given.literal === undefined) throw notSupported('JSON_MODIFY with a path that is not a constant');
  const [, append, rest = ''] = /^\s*(append\s+)?(.*)$/is.exec(given.literal)!;
  const path = jsonPath({ ...given, literal: rest });
  if (!path.steps!.length && !append)
    throw new TSqlError(13619, 'Unsupported JSON path found in argument 2 of JSON_MODIFY.');
  const mode = `${append ? 'append ' : ''}${path.strict ? 'strict' : 'lax'}`;
  const doc = document(x);
  const changed = (v: string): string =>
    `CASE WHEN ${v} IS NULL THEN NULL WHEN json_valid(${v}) THEN tsql_json_modify(${v}, ${path.sql}, '${mode}', ${jsonText(c, 2)}) ELSE tsql.bad_json() END`;
  return { ...result(raising(once(doc, changed)), nvarchar(MAX), [x], true), json: true };
}

export const JSON_FUNCTIONS: Functions = {
  JSON_VALUE: spec(2, 2, jsonValue),
  JSON_QUERY: spec(1, 2, jsonQuery),
  JSON_MODIFY: spec(3, 3, jsonModify),
  ISJSON: spec(1, 2, (c) => {
    const x = c.arg(0);
    if (!c.has(1)) return result(askingForm(`tsql.isjson(${document(x)})`), INT, [x]);
    const node = c.call.args[1]!;
    const kind = node.kind === 'column' ? node.parts[0]!.toUpperCase() : '';
    if (!['VALUE', 'ARRAY', 'OBJECT', 'SCALAR'].includes(kind))
      throw new TSqlError(102, "Incorrect syntax near ')'.", 1, 15);
    return result(askingForm(`tsql.isjson_as(${document(x)}, '${kind}')`), INT, [x]);
  }),
};
export { isString };

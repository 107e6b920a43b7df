/** JSON functions. Paths are T-SQL's (`lax $.a."b c"[0]`); DuckDB takes the same without the mode. */
import { TSqlError } from '../../../contract';
import { notSupported } from '../../errors';
import { convert } from '../../types/convert';
import { INT, isNumber, isString, MAX, nvarchar } from '../../types/sql-types';
import { quote, type Typed } from '../../types/typed';
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
  const done = (sql: string): Typed => result(sql, nvarchar(4000), [x], true);
  if (x.isNull) return done('CAST(NULL AS VARCHAR)');
  if (path.strict) return done(`tsql.json_value_strict(${doc}, ${path.sql})`);
  if (!path.steps) return done(`tsql.json_value(${doc}, ${path.sql})`);
  const known = c.b.json.at(-1)?.get(documentKey(c.call.args[0]!)) ?? [];
  const paths = known
    .map((p) => jsonPath({ ...c.arg(1), literal: p }))
    .filter((p) => !p.strict)
    .map((p) => p.sql);
  if (paths.length < 2 || !paths.includes(path.sql)) return done(`tsql.json_value(${doc}, ${path.sql})`);
  const value = `json_extract_string(${doc}, [${paths.join(', ')}])[${paths.indexOf(path.sql) + 1}]`;
  // Only text that begins like an object or an array needs a second look: it may also be a string that holds JSON.
  const short = `CASE WHEN length(${value}) <= 4000 THEN ${value} END`;
  const isObject = `json_type(${doc}, ${path.sql}) IN ('OBJECT', 'ARRAY')`;
  return done(
    `CASE WHEN left(${value}, 1) NOT IN ('{', '[') THEN ${short} WHEN ${isObject} THEN NULL ELSE ${short} END`,
  );
}

function jsonQuery(c: CallContext): Typed {
  const x = c.arg(0);
  const path = c.has(1) ? jsonPath(c.arg(1)) : { sql: "'$'", strict: false };
  return result(
    `tsql.json_query${path.strict ? '_strict' : ''}(${document(x)}, ${path.sql})`,
    nvarchar(MAX),
    [x],
    true,
  );
}

/** A value as JSON text: the result of a JSON function is JSON already, numbers and bits are bare, the rest is a string. */
function jsonText(c: CallContext, i: number): string {
  const node = c.call.args[i]!;
  const x = c.arg(i);
  if (node.kind === 'call' && /^JSON_(QUERY|MODIFY)$/i.test(node.name[0]!)) return `CAST(${x.sql} AS JSON)`;
  if (x.type.name === 'bit') return `to_json(${x.sql})`;
  if (isNumber(x.type)) return `CAST(CAST(${x.sql} AS VARCHAR) AS JSON)`;
  return `to_json(${convert(x, nvarchar(MAX), { explicit: true }).sql})`;
}

function jsonModify(c: CallContext): Typed {
  const x = c.arg(0);
  const pathArg = c.arg(1);
  const append = /^\s*append\s+/i.test(pathArg.literal ?? '');
  const path = jsonPath(
    pathArg.literal === undefined ? pathArg : { ...pathArg, literal: pathArg.literal.replace(/^\s*append\s+/i, '') },
  );
  if (!path.steps) throw notSupported('JSON_MODIFY with a path that is not a constant');
  if (!path.steps.length) throw new TSqlError(13619, 'Unsupported JSON path found in argument 2 of JSON_MODIFY.');
  const value = c.arg(2);
  const doc = document(x);
  if (append) {
    const list = `coalesce(from_json(json_extract(${doc}, ${path.sql}), '["JSON"]'), [])`;
    const added = `to_json(list_append(${list}, ${value.isNull ? "CAST('null' AS JSON)" : jsonText(c, 2)}))`;
    return result(patch(doc, path, added), nvarchar(MAX), [x], true);
  }
  if (value.isNull || (value.literal === undefined && value.nullable && value.sql.startsWith('CAST(NULL'))) {
    if (!path.strict) return result(remove(doc, path), nvarchar(MAX), [x], true);
    return result(patch(doc, path, `CAST('null' AS JSON)`), nvarchar(MAX), [x], true);
  }
  const json = jsonText(c, 2);
  if (!value.nullable) return result(patch(doc, path, json), nvarchar(MAX), [x], true);
  return result(
    `CASE WHEN ${value.sql} IS NULL THEN ${remove(doc, path)} ELSE ${patch(doc, path, json)} END`,
    nvarchar(MAX),
    [x],
    true,
  );
}
/** Sets a member or an element. Elements of arrays are replaced by rebuilding the array. */
function patch(doc: string, path: JsonPath, json: string): string {
  const parent = (n: number): string => quoteSteps(path.steps!.slice(0, n));
  const build = (n: number, value: string): string => {
    if (n === 0) return value;
    const step = path.steps![n - 1]!;
    const container = n === 1 ? `CAST(${doc} AS JSON)` : `json_extract(${doc}, ${parent(n - 1)})`;
    if (typeof step === 'number') {
      const items = `from_json(${container}, '["JSON"]')`;
      return build(
        n - 1,
        `CASE WHEN json_type(${container}) = 'ARRAY' THEN to_json(list_transform(${items}, lambda e, i: CASE WHEN i = ${step + 1} THEN ${value} ELSE e END)) ELSE ${container} END`,
      );
    }
    return build(n - 1, setMember(container, step, value));
  };
  return `CASE WHEN json_valid(${doc}) THEN CAST(${build(path.steps!.length, json)} AS VARCHAR) WHEN ${doc} IS NOT NULL THEN tsql.bad_json() END`;
}
/** json_merge_patch would merge objects and drop nulls: rebuild the object member by member. */
function setMember(container: string, name: string, value: string): string {
  const label = quote(JSON.stringify(name));
  const keep = `list_transform(coalesce(json_keys(${container}), []), lambda k: CASE WHEN k = ${quote(name)} COLLATE "BINARY" THEN ${label} || ':' || CAST(${value} AS VARCHAR) ELSE CAST(to_json(k) AS VARCHAR) || ':' || CAST(json_extract(${container}, '$."' || replace(k, '"', '\\"') || '"') AS VARCHAR) END)`;
  const added = `CASE WHEN list_contains(coalesce(json_keys(${container}), []), ${quote(name)}) THEN [] ELSE [${label} || ':' || CAST(${value} AS VARCHAR)] END`;
  return `CASE WHEN ${container} IS NULL OR json_type(${container}) = 'OBJECT' THEN CAST('{' || array_to_string(list_concat(${keep}, ${added}), ',') || '}' AS JSON) ELSE ${container} END`;
}
function remove(doc: string, path: JsonPath): string {
  const steps = path.steps!;
  const last = steps.at(-1)!;
  if (typeof last === 'number') throw notSupported('JSON_MODIFY that deletes an array element');
  const parent: JsonPath = { sql: quoteSteps(steps.slice(0, -1)), strict: false, steps: steps.slice(0, -1) };
  const container = steps.length === 1 ? `CAST(${doc} AS JSON)` : `json_extract(${doc}, ${parent.sql})`;
  const rest = `CAST('{' || array_to_string(list_transform(list_filter(coalesce(json_keys(${container}), []), lambda k: k <> ${quote(last)}), lambda k: CAST(to_json(k) AS VARCHAR) || ':' || CAST(json_extract(${container}, '$."' || replace(k, '"', '\\"') || '"') AS VARCHAR)), ',') || '}' AS JSON)`;
  if (steps.length === 1)
    return `CASE WHEN json_valid(${doc}) THEN CAST(${rest} AS VARCHAR) WHEN ${doc} IS NOT NULL THEN tsql.bad_json() END`;
  return `CASE WHEN json_extract(${doc}, ${path.sql}) IS NULL THEN ${doc} ELSE ${patch(doc, parent, rest)} END`;
}
const quoteSteps = (steps: readonly (string | number)[]): string =>
  quote(
    '$' +
      steps
        .map((s) => (typeof s === 'number' ? `[${s}]` : `."${s.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`))
        .join(''),
  );

export const JSON_FUNCTIONS: Functions = {
  JSON_VALUE: spec(2, 2, jsonValue),
  JSON_QUERY: spec(1, 2, jsonQuery),
  JSON_MODIFY: spec(3, 3, jsonModify),
  ISJSON: spec(1, 2, (c) => {
    const x = c.arg(0);
    if (!c.has(1)) return result(`tsql.isjson(${document(x)})`, INT, [x]);
    const node = c.call.args[1]!;
    const kind = node.kind === 'column' ? node.parts[0]!.toUpperCase() : '';
    if (!['VALUE', 'ARRAY', 'OBJECT', 'SCALAR'].includes(kind))
      throw new TSqlError(102, "Incorrect syntax near ')'.", 1, 15);
    return result(`tsql.isjson_as(${document(x)}, '${kind}')`, INT, [x]);
  }),
};
export { isString };

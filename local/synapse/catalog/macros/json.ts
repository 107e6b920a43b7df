/**
 * Macros for JSON. Paths reach them in DuckDB's form (`$.a."b c"[0]`), with lax or strict already taken off. DuckDB gives numbers in their
 * shortest form and fragments without blanks; where the document has another, engine/functions reads the text again.
 */
export const JSON_MACROS: readonly string[] = [
  `bad_json() AS error('TSQL:13609:JSON text is not properly formatted. Unexpected character is found.')`,
  // DuckDB's parser forgives a comma before the end, NaN and Infinity: what looks like them is looked at without its strings.
  String.raw`lenient(x) AS CASE WHEN regexp_matches(x, ',\s*[\]}]|[\[:,]\s*[-+]?(?i:nan|inf)') THEN regexp_matches(regexp_replace(x, '"(\\.|[^"\\])*"', '""', 'g'), ',\s*[\]}]|[\[:,]\s*[-+]?(?i:nan|inf)') ELSE false END`,
  `isjson(x) AS CASE WHEN x IS NULL THEN NULL WHEN json_valid(x) AND json_type(x) IN ('OBJECT', 'ARRAY') AND NOT tsql.lenient(x) THEN 1 ELSE 0 END`,
  `isjson_as(x, t) AS CASE WHEN x IS NULL THEN NULL WHEN NOT json_valid(x) OR tsql.lenient(x) THEN 0 WHEN t = 'VALUE' THEN 1 WHEN t = 'SCALAR' THEN CASE WHEN json_type(x) IN ('OBJECT', 'ARRAY', 'BOOLEAN', 'NULL') THEN 0 ELSE 1 END ELSE CASE WHEN json_type(x) = t THEN 1 ELSE 0 END END`,
  // A scalar as text; NULL for objects, arrays, JSON null and what is longer than nvarchar(4000).
  `json_scalar(j) AS CASE json_type(j) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL ELSE json_extract_string(j, '$') END`,
  // A document with a number like 1.50, 1e5 or one of sixteen digits: its text is not what the parser gives back.
  String.raw`odd_number(x) AS regexp_matches(x, '[:\[,]\s*-?[0-9]*([.][0-9]*0[,}\]\s]|([.][0-9]+)?[eE]|[0-9.]{16})|^\s*-?[0-9.eE+-]+\s*$')`,
  String.raw`may_be_rewritten(s) AS regexp_full_match(s, '-?[0-9]+[.][0-9]+(e[+-]?[0-9]+)?')`,
  `json_number(s, x, p) AS CASE WHEN tsql.may_be_rewritten(s) THEN CASE WHEN tsql.odd_number(x) AND json_type(x, p) <> 'VARCHAR' THEN tsql_json_raw(x, p) ELSE s END ELSE s END`,
  // What json_extract_string made of a value. Only text that begins like an object or an array, or is a number that a parser may rewrite, needs a second look at the document.
  `json_extracted(s, x, p) AS CASE WHEN length(s) > 4000 OR (left(s, 1) IN ('{', '[') AND json_type(x, p) IN ('OBJECT', 'ARRAY')) THEN NULL ELSE tsql.json_number(s, x, p) END`,
  `json_written(j, x, p) AS CASE WHEN contains(x, CAST(j AS VARCHAR)) THEN CAST(j AS VARCHAR) ELSE tsql_json_raw(x, p) END`,
  `json_value(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() ELSE tsql.json_number(tsql.json_value_of(json_extract(v, p), 4000), v, p) END)[1]`,
  `json_value_of(j, len) AS list_transform([tsql.json_scalar(j)], lambda v: CASE WHEN length(v) <= len THEN v END)[1]`,
  `json_value_strict(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() WHEN json_extract(v, p) IS NULL THEN error('TSQL:13608:Property cannot be found on the specified JSON path.') WHEN json_type(json_extract(v, p)) IN ('OBJECT', 'ARRAY') THEN error('TSQL:13623:Scalar value cannot be found in the specified JSON path.') ELSE tsql.json_number(json_extract_string(v, p), v, p) END)[1]`,
  `json_query(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() WHEN json_type(v, p) IN ('OBJECT', 'ARRAY') THEN tsql.json_written(json_extract(v, p), v, p) END)[1]`,
  `json_query_strict(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() WHEN json_extract(v, p) IS NULL THEN error('TSQL:13608:Property cannot be found on the specified JSON path.') WHEN json_type(v, p) IN ('OBJECT', 'ARRAY') THEN tsql.json_written(json_extract(v, p), v, p) ELSE error('TSQL:13624:Object or array cannot be found in the specified JSON path.') END)[1]`,
  `json_having(x, p) AS CASE WHEN x IS NOT NULL AND json_valid(x) AND json_type(x, p) IS NULL THEN error('TSQL:13608:Property cannot be found on the specified JSON path.') ELSE x END`,
  // All paths of one document at once: [valid, values].
  `json_many(x, ps) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() ELSE json_extract(v, ps) END)[1]`,
  `json_rows(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN [] WHEN NOT json_valid(v) THEN tsql.bad_json() WHEN json_type(v, p) NOT IN ('ARRAY', 'OBJECT') THEN [] WHEN NOT contains(v, CAST(json_extract(v, p) AS VARCHAR)) THEN from_json(tsql_json_elements(v, p), '["VARCHAR"]') WHEN json_type(v, p) = 'ARRAY' THEN CAST(from_json(json_extract(v, p), '["JSON"]') AS VARCHAR[]) ELSE [CAST(json_extract(v, p) AS VARCHAR)] END)[1]`,
  `json_pairs(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN [] WHEN NOT json_valid(v) THEN tsql.bad_json() ELSE from_json(tsql_json_pairs(v, p), '[{"k":"VARCHAR","v":"VARCHAR","t":"INTEGER"}]') END)[1]`,
];

/** Macros for JSON. Paths reach them in DuckDB's form (`$.a."b c"[0]`), with lax or strict already taken off. */
export const JSON_MACROS: readonly string[] = [
  `bad_json() AS error('TSQL:13609:JSON text is not properly formatted. Unexpected character is found.')`,
  `isjson(x) AS CASE WHEN x IS NULL THEN NULL WHEN json_valid(x) AND json_type(x) IN ('OBJECT', 'ARRAY') THEN 1 ELSE 0 END`,
  `isjson_as(x, t) AS CASE WHEN x IS NULL THEN NULL WHEN NOT json_valid(x) THEN 0 WHEN t = 'VALUE' THEN 1 WHEN t = 'SCALAR' THEN CASE WHEN json_type(x) IN ('OBJECT', 'ARRAY', 'BOOLEAN', 'NULL') THEN 0 ELSE 1 END ELSE CASE WHEN json_type(x) = t THEN 1 ELSE 0 END END`,
  // A scalar as text; NULL for objects, arrays, JSON null and what is longer than nvarchar(4000).
  `json_scalar(j) AS CASE json_type(j) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL ELSE json_extract_string(j, '$') END`,
  `json_value(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() ELSE tsql.json_value_of(json_extract(v, p), 4000) END)[1]`,
  `json_value_of(j, len) AS list_transform([tsql.json_scalar(j)], lambda v: CASE WHEN length(v) <= len THEN v END)[1]`,
  `json_value_strict(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() WHEN json_extract(v, p) IS NULL THEN error('TSQL:13608:Property cannot be found on the specified JSON path.') WHEN json_type(json_extract(v, p)) IN ('OBJECT', 'ARRAY') THEN error('TSQL:13623:Scalar value cannot be found in the specified JSON path.') ELSE json_extract_string(v, p) END)[1]`,
  `json_query(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() WHEN json_type(v, p) IN ('OBJECT', 'ARRAY') THEN CAST(json_extract(v, p) AS VARCHAR) END)[1]`,
  `json_query_strict(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() WHEN json_extract(v, p) IS NULL THEN error('TSQL:13608:Property cannot be found on the specified JSON path.') WHEN json_type(v, p) IN ('OBJECT', 'ARRAY') THEN CAST(json_extract(v, p) AS VARCHAR) ELSE error('TSQL:13624:Object or array cannot be found in the specified JSON path.') END)[1]`,
  `json_having(x, p) AS CASE WHEN x IS NOT NULL AND json_valid(x) AND json_type(x, p) IS NULL THEN error('TSQL:13608:Property cannot be found on the specified JSON path.') ELSE x END`,
  // All paths of one document at once: [valid, values].
  `json_many(x, ps) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN NOT json_valid(v) THEN tsql.bad_json() ELSE json_extract(v, ps) END)[1]`,
  `json_rows(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN [] WHEN NOT json_valid(v) THEN tsql.bad_json() ELSE CASE json_type(v, p) WHEN 'ARRAY' THEN from_json(json_extract(v, p), '["JSON"]') WHEN 'OBJECT' THEN [json_extract(v, p)] ELSE [] END END)[1]`,
  `json_kind(j) AS CASE json_type(j) WHEN 'NULL' THEN 0 WHEN 'VARCHAR' THEN 1 WHEN 'BOOLEAN' THEN 3 WHEN 'ARRAY' THEN 4 WHEN 'OBJECT' THEN 5 ELSE 2 END`,
  `json_text(j) AS CASE WHEN json_type(j) IN ('OBJECT', 'ARRAY') THEN CAST(j AS VARCHAR) ELSE json_extract_string(j, '$') END`,
  `json_pairs(x, p) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN [] WHEN NOT json_valid(v) THEN tsql.bad_json() ELSE CASE json_type(v, p)
     WHEN 'ARRAY' THEN list_transform(from_json(json_extract(v, p), '["JSON"]'), lambda e, i: {'k': CAST(i - 1 AS VARCHAR), 'v': tsql.json_text(e), 't': tsql.json_kind(e)})
     WHEN 'OBJECT' THEN list_transform(json_keys(v, p), lambda k: {'k': k, 'v': tsql.json_text(json_extract(json_extract(v, p), '$."' || replace(k, '"', '\\"') || '"')), 't': tsql.json_kind(json_extract(json_extract(v, p), '$."' || replace(k, '"', '\\"') || '"'))}) ELSE [] END END)[1]`,
];

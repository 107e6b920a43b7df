// @ts-nocheck
/* oxlint-disable */
// T-SQL functions as DuckDB macros, in schema tsql of the database. Typed overloads give type-directed semantics at bind time.
export const MACROS = String.raw`
add(a VARCHAR, b VARCHAR) AS a || b, (a VARCHAR, b INTEGER) AS tsql.to_big(a) + b, (a INTEGER, b VARCHAR) AS a + tsql.to_big(b), (a TIMESTAMP, b INTEGER) AS a + to_days(b), (a TIMESTAMP_MS, b INTEGER) AS CAST(a + to_days(b) AS TIMESTAMP_MS), (a TIMESTAMP_MS, b DOUBLE) AS CAST(a + to_microseconds(CAST(b * 86400000000 AS BIGINT)) AS TIMESTAMP_MS), (a, b) AS a + b
sub(a TIMESTAMP, b INTEGER) AS a - to_days(b), (a TIMESTAMP_MS, b INTEGER) AS CAST(a - to_days(b) AS TIMESTAMP_MS), (a VARCHAR, b INTEGER) AS tsql.to_big(a) - b, (a, b) AS a - b
div(a, b) AS CASE WHEN b = 0 THEN error('TSQL:8134:Divide by zero error encountered.') ELSE a / b END
modulo(a, b) AS CASE WHEN b = 0 THEN error('TSQL:8134:Divide by zero error encountered.') ELSE a % b END
like_rx(p) AS replace(replace(replace(replace(replace(replace(replace(regexp_replace(p, '([\\.+*?(){}|$^])', '\\\1', 'g'), '[\^', '[^'), '[_]', chr(1)), '[%]', chr(2)), '%', '.*'), '_', '.'), chr(1), '_'), chr(2), '%')
like(a, p) AS CASE WHEN contains(CAST(p AS VARCHAR), '[') THEN regexp_full_match(CAST(a AS VARCHAR), tsql.like_rx(CAST(p AS VARCHAR)), 'is') ELSE CAST(a AS VARCHAR) ILIKE CAST(p AS VARCHAR) END
like_cs(a, p) AS CASE WHEN contains(p, '[') THEN regexp_full_match(a, tsql.like_rx(p), 's') ELSE a LIKE p END
esc(p, c) AS replace(replace(replace(p, c || '%', '[%]'), c || '_', '[_]'), c || '[', '[[]')
isnull(a, b) AS coalesce(a, b)
len(a) AS length(rtrim(CAST(a AS VARCHAR), ' '))
datalength(a) AS CASE typeof(a) WHEN 'BLOB' THEN octet_length(TRY_CAST(a AS BLOB)) WHEN 'INTEGER' THEN 4 WHEN 'BIGINT' THEN 8 ELSE strlen(CAST(a AS VARCHAR)) END
charindex(f, s) AS strpos(lower(s), lower(f)), (f, s, n) AS CASE WHEN strpos(substring(lower(s), n), lower(f)) = 0 THEN 0 ELSE strpos(substring(lower(s), n), lower(f)) + n - 1 END
patindex(p, s) AS CASE WHEN NOT tsql.like(s, p) THEN 0 WHEN p NOT LIKE '\%%' ESCAPE '\' THEN 1 ELSE length(regexp_extract(s, '(?is)^(.*?)' || tsql.like_rx(rtrim(ltrim(p, '%'), '%')), 1)) + 1 END
stuff(s, st, n, r) AS CASE WHEN st < 1 OR st > length(s) THEN NULL ELSE left(s, st - 1) || coalesce(r, '') || substring(s, st + n) END
replace(s, f, r) AS CASE WHEN f = '' THEN s ELSE regexp_replace(s, regexp_escape(f), replace(r, '\', '\\'), 'gi') END
substring(s, st, n) AS CASE WHEN n < 0 THEN error('TSQL:537:Invalid length parameter passed to the LEFT or SUBSTRING function.') WHEN st < 1 THEN substring(s, 1, greatest(n + st - 1, 0)) ELSE substring(s, st, n) END
replicate(s, n) AS repeat(s, n)
space(n) AS repeat(' ', n)
quotename(s) AS '[' || replace(s, ']', ']]') || ']', (s, c) AS CASE WHEN c IN ('[', ']') THEN '[' || replace(s, ']', ']]') || ']' ELSE c || replace(s, c, c || c) || c END
nchar(n) AS chr(n)
char(n) AS chr(n)
str(x) AS CASE typeof(x) WHEN 'VARCHAR' THEN CAST(x AS VARCHAR) WHEN 'BOOLEAN' THEN CASE CAST(x AS VARCHAR) WHEN 'true' THEN '1' WHEN 'false' THEN '0' END WHEN 'TIMESTAMP_MS' THEN strftime(TRY_CAST(x AS TIMESTAMP), '%b ') || lpad(strftime(TRY_CAST(x AS TIMESTAMP), '%-d'), 2, ' ') || strftime(TRY_CAST(x AS TIMESTAMP), ' %Y ') || lpad(strftime(TRY_CAST(x AS TIMESTAMP), '%-I'), 2, ' ') || strftime(TRY_CAST(x AS TIMESTAMP), ':%M%p') WHEN 'TIMESTAMP' THEN strftime(TRY_CAST(x AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%f') || '0' WHEN 'UUID' THEN upper(CAST(x AS VARCHAR)) WHEN 'BLOB' THEN decode(TRY_CAST(x AS BLOB)) WHEN 'DOUBLE' THEN regexp_replace(format('{:.6g}', TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)), 'e([+-])(\d\d)$', 'e\10\2') WHEN 'FLOAT' THEN regexp_replace(format('{:.6g}', TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)), 'e([+-])(\d\d)$', 'e\10\2') ELSE CAST(x AS VARCHAR) END
cut(o, s, n) AS CASE WHEN length(s) > n AND typeof(o) IN ('INTEGER', 'BIGINT', 'SMALLINT', 'UTINYINT') THEN '*' ELSE left(s, n) END
str_fn(x) AS lpad(CAST(CAST(round(x) AS BIGINT) AS VARCHAR), 10, ' '), (x, w) AS lpad(CAST(CAST(round(x) AS BIGINT) AS VARCHAR), w, ' '), (x, w, d) AS lpad(format('{:.' || d || 'f}', CAST(x AS DOUBLE)), w, ' ')
str_to_big(x) AS CASE WHEN trim(x) = '' THEN 0 WHEN regexp_full_match(trim(x), '[+-]?[0-9]+') THEN CAST(trim(x) AS BIGINT) WHEN x IS NULL THEN NULL ELSE error('TSQL:245:Conversion failed when converting the varchar value ''' || x || ''' to data type int.') END
to_big(x) AS CASE typeof(x) WHEN 'VARCHAR' THEN tsql.str_to_big(CAST(x AS VARCHAR)) WHEN 'BLOB' THEN tsql.bin_to_big(hex(TRY_CAST(x AS BLOB))) WHEN 'DOUBLE' THEN CAST(trunc(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) AS BIGINT) WHEN 'FLOAT' THEN CAST(trunc(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) AS BIGINT) WHEN 'BOOLEAN' THEN CASE CAST(x AS VARCHAR) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END WHEN 'INTEGER' THEN TRY_CAST(x AS BIGINT) WHEN 'BIGINT' THEN TRY_CAST(x AS BIGINT) ELSE CAST(trunc(TRY_CAST(CAST(x AS VARCHAR) AS DECIMAL(38, 10))) AS BIGINT) END
bin_sub(b, st, n) AS unhex(substring(hex(b), 2 * st - 1, 2 * n))
bin_to_big(h) AS CASE WHEN length(h) >= 16 AND right(h, 16) >= '8' THEN CAST(CAST(('0x' || right(h, 16)) AS UBIGINT)::HUGEINT - 18446744073709551616 AS BIGINT) ELSE CAST(('0x' || right(h, 16)) AS BIGINT) END
try_str_to_big(x) AS list_transform([x], lambda v: CASE WHEN trim(v) = '' THEN 0 WHEN regexp_full_match(trim(v), '[+-]?[0-9]+') THEN TRY_CAST(trim(v) AS BIGINT) END)[1]
try_to_big(x) AS CASE typeof(x) WHEN 'VARCHAR' THEN CASE WHEN trim(CAST(x AS VARCHAR)) = '' THEN 0 WHEN regexp_full_match(trim(CAST(x AS VARCHAR)), '[+-]?[0-9]+') THEN TRY_CAST(trim(CAST(x AS VARCHAR)) AS BIGINT) END ELSE tsql.to_big(x) END
to_bit(x) AS CASE typeof(x) WHEN 'VARCHAR' THEN CAST(CAST(x AS VARCHAR) AS BOOLEAN) WHEN 'BOOLEAN' THEN CAST(CAST(x AS VARCHAR) AS BOOLEAN) ELSE TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE) <> 0 END
try_to_bit(x) AS CASE WHEN typeof(x) IN ('VARCHAR', 'BOOLEAN') THEN TRY_CAST(CAST(x AS VARCHAR) AS BOOLEAN) ELSE TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE) <> 0 END
to_bin(x) AS CASE typeof(x) WHEN 'BLOB' THEN TRY_CAST(x AS BLOB) ELSE encode(CAST(x AS VARCHAR)) END
try_parse_ts(s) AS list_transform([s], lambda v: CASE WHEN trim(v) = '' THEN TIMESTAMP '1900-01-01' ELSE coalesce(TRY_CAST(v AS TIMESTAMP), try_strptime(v, ['%Y%m%d', '%Y%m%d %H:%M:%S', '%Y%m%d %H:%M', '%m/%d/%Y', '%m/%d/%Y %H:%M:%S', '%Y/%m/%d', '%b %d %Y', '%d %b %Y', '%Y-%m-%d %H:%M'])) END)[1]
str_to_ts(s) AS CASE WHEN s IS NULL THEN NULL ELSE coalesce(tsql.try_parse_ts(s), error('TSQL:241:Conversion failed when converting date and/or time from character string.')) END
to_ts(s) AS CASE typeof(s) WHEN 'VARCHAR' THEN tsql.str_to_ts(CAST(s AS VARCHAR)) WHEN 'INTEGER' THEN TIMESTAMP '1900-01-01' + to_days(TRY_CAST(CAST(s AS VARCHAR) AS INTEGER)) WHEN 'TIME' THEN DATE '1900-01-01' + TRY_CAST(s AS TIME) ELSE TRY_CAST(s AS TIMESTAMP) END
try_to_ts(s) AS CASE typeof(s) WHEN 'VARCHAR' THEN tsql.try_parse_ts(CAST(s AS VARCHAR)) ELSE tsql.to_ts(s) END
to_time(x) AS CASE typeof(x) WHEN 'VARCHAR' THEN coalesce(TRY_CAST(CAST(x AS VARCHAR) AS TIME), CAST(tsql.to_ts(x) AS TIME)) ELSE CAST(tsql.to_ts(x) AS TIME) END
try_to_time(x) AS CASE typeof(x) WHEN 'VARCHAR' THEN coalesce(TRY_CAST(CAST(x AS VARCHAR) AS TIME), CAST(tsql.try_to_ts(x) AS TIME)) ELSE CAST(tsql.try_to_ts(x) AS TIME) END
dt3ms(t) AS CAST(make_timestamp(CAST(round(round(epoch_us(t) * 3 / 10000.0) * 10 / 3.0) AS BIGINT) * 1000) AS TIMESTAMP_MS)
sundays(t) AS CAST(floor(date_diff('day', TIMESTAMP '1900-01-07', t) / 7.0) AS BIGINT)
dadd(iv, d) AS CAST(tsql.to_ts(d) + iv AS TIMESTAMP_MS)
dtrunc(p, d) AS date_trunc(p, tsql.to_ts(d))
sunday_of(d) AS date_trunc('day', tsql.to_ts(d)) - to_days(CAST(dayofweek(tsql.to_ts(d)) AS INTEGER))
week_no(t) AS (dayofyear(t) - 1 + dayofweek(date_trunc('year', t))) // 7 + 1
eomonth(d) AS last_day(CAST(d AS DATE)), (d, n) AS last_day(CAST(CAST(d AS DATE) + to_months(CAST(n AS INTEGER)) AS DATE))
datefromparts(y, m, d) AS make_date(y, m, d)
datetime2fromparts(y, m, d, h, mi, s, f, p) AS make_timestamp(y, m, d, h, mi, CAST(s AS DOUBLE)) + to_microseconds(CAST(f * pow(10, 6 - p) AS BIGINT))
datetimefromparts(y, m, d, h, mi, s, ms) AS tsql.dt3ms(make_timestamp(y, m, d, h, mi, CAST(s AS DOUBLE)) + to_milliseconds(ms))
timefromparts(h, m, s, f, p) AS make_time(h, m, CAST(s + f * pow(10, -p) AS DOUBLE))
getdate() AS CAST(get_current_timestamp() AT TIME ZONE 'UTC' AS TIMESTAMP_MS)
getutcdate() AS CAST(get_current_timestamp() AT TIME ZONE 'UTC' AS TIMESTAMP_MS)
sysutcdatetime() AS get_current_timestamp() AT TIME ZONE 'UTC'
sysdatetime() AS get_current_timestamp() AT TIME ZONE 'UTC'
sysdatetimeoffset() AS get_current_timestamp()
isdate(s) AS CASE WHEN tsql.try_parse_ts(CAST(s AS VARCHAR)) IS NULL THEN 0 ELSE 1 END
isnumeric(s) AS CASE WHEN regexp_full_match(trim(CAST(s AS VARCHAR)), '[+-]?[0-9,]*\.?[0-9]*([eE][+-]?[0-9]+)?') AND regexp_matches(CAST(s AS VARCHAR), '[0-9]') THEN 1 ELSE 0 END
fmt(x, fms, fus) AS CASE typeof(x) WHEN 'TIMESTAMP' THEN strftime(TRY_CAST(x AS TIMESTAMP), fus) WHEN 'TIMESTAMP_MS' THEN strftime(TRY_CAST(x AS TIMESTAMP), fms) WHEN 'TIMESTAMP_S' THEN strftime(TRY_CAST(x AS TIMESTAMP), fms) WHEN 'DATE' THEN strftime(TRY_CAST(x AS TIMESTAMP), fms) ELSE tsql.str(x) END
fmtnet(x, d, n) AS CASE WHEN typeof(x) IN ('DATE', 'TIMESTAMP', 'TIMESTAMP_MS', 'TIMESTAMP_S') THEN strftime(TRY_CAST(x AS TIMESTAMP), d) WHEN regexp_full_match(n, '0+') THEN lpad(CAST(CAST(round(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) AS BIGINT) AS VARCHAR), CAST(length(n) AS INTEGER), '0') ELSE format(n, TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) END
hexbin(x, p) AS CASE typeof(x) WHEN 'BLOB' THEN p || hex(TRY_CAST(x AS BLOB)) ELSE tsql.str(x) END
utf16(s) AS unhex(array_to_string(list_transform(string_split_regex(s, ''), c -> format('{:02x}{:02x}', ord(c) % 256, ord(c) // 256)), ''))
hashbytes_md5(x) AS unhex(md5(x))
hashbytes_sha1(x) AS unhex(sha1(x))
hashbytes_sha2_256(x) AS unhex(sha256(x))
checksum_s(s) AS CAST(CAST(hash(lower(s)) % 4294967296 AS BIGINT) - 2147483648 AS INTEGER)
binary_checksum(s) AS CAST(list_reduce(list_transform(string_split_regex(s, ''), c -> CAST(ord(c) AS BIGINT)), (a, b) -> xor((((a << 4) & 4294967295) | (a >> 28)), b), 0::BIGINT) AS BIGINT)
newid() AS uuid()
round(x, n) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN round(x, n) ELSE round(x, n) END, (x, n, f) AS CASE WHEN f = 0 THEN round(x, n) ELSE trunc(x * pow(10, n)) / pow(10, n) END
log(x) AS ln(x), (x, b) AS ln(x) / ln(b)
square(x) AS CAST(x AS DOUBLE) * x
isjson(x) AS CASE WHEN x IS NULL THEN NULL WHEN json_valid(x) AND json_type(x) IN ('OBJECT', 'ARRAY') THEN 1 ELSE 0 END
jpath(p) AS regexp_replace(p, '^(lax|strict)\s+', '')
json_value(x, p) AS list_transform([json_extract(x, tsql.jpath(p))], lambda j: CASE WHEN json_type(j) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(j, '$') END)[1]
json_query(x) AS CAST(json(x) AS VARCHAR), (x, p) AS CASE WHEN json_type(x, tsql.jpath(p)) IN ('OBJECT', 'ARRAY') THEN CAST(json_extract(x, tsql.jpath(p)) AS VARCHAR) END
json_rows(x, p) AS CASE json_type(CAST(x AS JSON), tsql.jpath(p)) WHEN 'ARRAY' THEN from_json(json_extract(CAST(x AS JSON), tsql.jpath(p)), '["JSON"]') WHEN 'OBJECT' THEN [json_extract(CAST(x AS JSON), tsql.jpath(p))] ELSE [] END
filepath(fn, rx, n) AS regexp_extract(fn, rx, n)
filename(fn) AS regexp_extract(fn, '[^/]+$')
object_id(n) AS (SELECT z.__i FROM (SELECT object_id AS __i, lower(full_name) AS __n FROM sys.objects) z WHERE z.__n = tsql.norm_name(n)), (n, t) AS (SELECT z.__i FROM (SELECT object_id AS __i, lower(full_name) AS __n, trim(type) AS __t FROM sys.objects) z WHERE z.__n = tsql.norm_name(n) AND z.__t = t)
norm_name(n) AS lower(CASE WHEN regexp_matches(n, '#') THEN 'tempdb..' || regexp_extract(n, '#\w+') WHEN contains(regexp_replace(n, '["\[\]]', '', 'g'), '.') THEN regexp_extract(regexp_replace(n, '["\[\]]', '', 'g'), '[^.]+\.[^.]+$') ELSE 'dbo.' || regexp_replace(n, '["\[\]]', '', 'g') END)
object_name(i) AS (SELECT z.__n FROM (SELECT object_id AS __i, name AS __n FROM sys.objects) z WHERE z.__i = i)
schema_name() AS 'dbo', (i) AS (SELECT z.__n FROM (SELECT schema_id AS __i, name AS __n FROM sys.schemas) z WHERE z.__i = i)
schema_id(n) AS (SELECT z.__i FROM (SELECT schema_id AS __i, name AS __n FROM sys.schemas) z WHERE z.__n = n)
db_name() AS current_database(), (i) AS current_database()
suser_sname() AS 'local'
user_name() AS 'dbo'
session_id() AS 'SID1'
newsequentialid() AS uuid()
col_length(t, c) AS (SELECT z.__l FROM (SELECT max_length AS __l, object_id AS __i, lower(name) AS __n FROM sys.columns) z WHERE z.__i = tsql.object_id(t) AND z.__n = lower(c))
tz(z) AS CASE z WHEN 'W. Europe Standard Time' THEN 'Europe/Berlin' WHEN 'Central European Standard Time' THEN 'Europe/Warsaw' WHEN 'Romance Standard Time' THEN 'Europe/Paris' WHEN 'GMT Standard Time' THEN 'Europe/London' WHEN 'Eastern Standard Time' THEN 'America/New_York' WHEN 'Pacific Standard Time' THEN 'America/Los_Angeles' WHEN 'Central Standard Time' THEN 'America/Chicago' ELSE z END
atz_to(x, z) AS CAST(x AT TIME ZONE tsql.tz(z) AS TIMESTAMP)
atz_from(x, z) AS tsql.to_ts(x) AT TIME ZONE tsql.tz(z)
`
  .trim()
  .split('\n');
export const TABLE_MACROS = [
  `CREATE OR REPLACE MACRO tsql.string_split(s, sep) AS TABLE SELECT unnest(str_split(s, sep)) AS value`,
  `CREATE OR REPLACE MACRO tsql.openjson(j) AS TABLE SELECT e.key AS "key", CASE WHEN e.type IN ('OBJECT','ARRAY') THEN CAST(e.value AS VARCHAR) ELSE json_extract_string(e.value, '$') END AS "value", CASE WHEN e.type IN ('NULL') THEN 0 WHEN e.type = 'VARCHAR' THEN 1 WHEN e.type IN ('BOOLEAN') THEN 3 WHEN e.type = 'ARRAY' THEN 4 WHEN e.type = 'OBJECT' THEN 5 ELSE 2 END AS "type" FROM json_each(j) AS e`,
];
export const MACRO_NAMES = new Set(MACROS.map((m) => m.slice(0, m.indexOf('('))));
export async function install(run) {
  for (const s of [
    'CREATE SCHEMA IF NOT EXISTS tsql',
    'CREATE SCHEMA IF NOT EXISTS sys',
    'CREATE SCHEMA IF NOT EXISTS dbo',
    `CREATE TABLE IF NOT EXISTS tsql.meta_columns(sch VARCHAR, tbl VARCHAR, col VARCHAR, tsql_type VARCHAR)`,
    `CREATE TABLE IF NOT EXISTS tsql.meta_modules(sch VARCHAR, name VARCHAR, kind VARCHAR, src VARCHAR)`,
    `CREATE TABLE IF NOT EXISTS tsql.meta_external(kind VARCHAR, name VARCHAR, props VARCHAR)`,
  ])
    await run(s);
  const DB = `database_name = current_database()`,
    HIDE = `schema_name NOT IN ('tsql','sys','main','information_schema','pg_catalog')`;
  const ty = (c) =>
    `lower(CASE WHEN ${c} LIKE 'DECIMAL%' THEN 'decimal' ELSE CASE ${c} WHEN 'INTEGER' THEN 'int' WHEN 'VARCHAR' THEN 'varchar' WHEN 'BOOLEAN' THEN 'bit' WHEN 'UTINYINT' THEN 'tinyint' WHEN 'TIMESTAMP' THEN 'datetime2' WHEN 'TIMESTAMP_MS' THEN 'datetime' WHEN 'TIMESTAMP_S' THEN 'smalldatetime' WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'datetimeoffset' WHEN 'DOUBLE' THEN 'float' WHEN 'FLOAT' THEN 'real' WHEN 'UUID' THEN 'uniqueidentifier' WHEN 'BLOB' THEN 'varbinary' WHEN 'HUGEINT' THEN 'bigint' ELSE ${c} END END)`;
  for (const v of [
    `sys.schemas AS SELECT schema_name AS name, CAST(oid AS INTEGER) AS schema_id, 1 AS principal_id FROM duckdb_schemas() WHERE ${DB} AND ${HIDE}`,
    `sys.tables AS SELECT table_name AS name, CAST(table_oid AS INTEGER) + 100000 AS object_id, CAST(schema_oid AS INTEGER) AS schema_id, 'U ' AS type, 'USER_TABLE' AS type_desc, false AS is_external FROM duckdb_tables() WHERE ${DB} AND ${HIDE}`,
    `sys.views AS SELECT view_name AS name, CAST(view_oid AS INTEGER) + 200000 AS object_id, CAST(schema_oid AS INTEGER) AS schema_id, 'V ' AS type, 'VIEW' AS type_desc FROM duckdb_views() WHERE ${DB} AND ${HIDE} AND NOT internal`,
    `sys.objects AS SELECT t.name, t.object_id, t.schema_id, t.type, t.type_desc, s.name || '.' || t.name AS full_name FROM (SELECT name, object_id, schema_id, type, type_desc FROM sys.tables UNION ALL SELECT name, object_id, schema_id, type, type_desc FROM sys.views) t JOIN sys.schemas s USING (schema_id) UNION ALL SELECT name, CAST(hash(sch || '.' || name) % 1000000 AS INTEGER) + 300000, NULL, kind, kind, sch || '.' || name FROM tsql.meta_modules UNION ALL SELECT table_name, CAST(table_oid AS INTEGER) + 400000, NULL, 'U', 'USER_TABLE', 'tempdb..' || table_name FROM duckdb_tables() WHERE database_name = 'temp'`,
    `sys.columns AS SELECT c.column_name AS name, CASE WHEN v.view_name IS NULL THEN 100000 ELSE 200000 END + CAST(c.table_oid AS INTEGER) AS object_id, c.column_index AS column_id, ${ty('c.data_type')} AS user_type_id, ${ty('c.data_type')} AS system_type_id, CASE c.data_type WHEN 'INTEGER' THEN 4 WHEN 'BIGINT' THEN 8 WHEN 'VARCHAR' THEN -1 ELSE 8 END AS max_length, c.numeric_precision AS precision, c.numeric_scale AS scale, c.is_nullable FROM duckdb_columns() c LEFT JOIN duckdb_views() v ON v.view_oid = c.table_oid AND v.database_name = c.database_name WHERE c.${DB} AND c.${HIDE}`,
    `sys.types AS SELECT unnest(['int','bigint','smallint','tinyint','bit','decimal','float','real','date','time','datetime','datetime2','smalldatetime','datetimeoffset','varchar','nvarchar','uniqueidentifier','varbinary']) AS name, name AS user_type_id, name AS system_type_id`,
    `sys.external_data_sources AS SELECT name FROM tsql.meta_external WHERE kind = 'ds'`,
    `sys.external_file_formats AS SELECT name FROM tsql.meta_external WHERE kind = 'ff'`,
    `sys.external_tables AS SELECT name FROM tsql.meta_external WHERE kind = 'tbl'`,
    `tsql.is_tables AS SELECT table_catalog, table_schema, table_name, table_type FROM information_schema.tables WHERE table_catalog = current_database() AND table_schema NOT IN ('tsql','sys','main')`,
    `tsql.is_schemata AS SELECT catalog_name, schema_name, schema_owner FROM information_schema.schemata WHERE catalog_name = current_database() AND schema_name NOT IN ('tsql','sys','main','pg_catalog')`,
    `tsql.is_views AS SELECT table_catalog, table_schema, table_name FROM information_schema.tables WHERE table_catalog = current_database() AND table_type = 'VIEW'`,
    `tsql.is_columns AS SELECT c.table_catalog, c.table_schema, c.table_name, c.column_name, c.ordinal_position, c.column_default, c.is_nullable, coalesce(m.tsql_type, ${ty('c.data_type')}) AS data_type, c.numeric_precision, c.numeric_scale FROM information_schema.columns c LEFT JOIN tsql.meta_columns m ON m.sch = c.table_schema AND m.tbl = c.table_name AND m.col = c.column_name WHERE c.table_catalog = current_database() AND c.table_schema NOT IN ('tsql','sys','main') ORDER BY c.table_schema, c.table_name, c.ordinal_position`,
  ])
    await run(`CREATE OR REPLACE VIEW ${v}`);
  let todo = MACROS.map((m) => {
    const i = m.indexOf('(');
    return `CREATE OR REPLACE MACRO tsql."${m.slice(0, i)}"${m.slice(i)}`;
  }).concat(TABLE_MACROS); // retry until dependencies exist
  for (let last = null; todo.length; ) {
    const next = [];
    for (const t of todo) {
      try {
        await run(t);
      } catch (e) {
        next.push(t);
        last = e;
      }
    }
    if (next.length === todo.length) throw new Error(last.message + '\n' + next.map((x) => x.slice(0, 80)).join('\n'));
    todo = next;
  }
}

/** Macros for text and binary values. */
import { UPPER } from '../../wire/code-page';

export const STRINGS: readonly string[] = [
  // A pattern with classes or escapes is a regular expression (engine/functions/like-pattern.ts), any other is ILIKE or LIKE as it is.
  `like_rx(p, e) AS CASE WHEN contains(p, '[') OR (e <> '' AND (contains(p, e) OR length(e) > 1)) THEN tsql_like_rx(p, e) END`,
  String.raw`like_ci(a, p, e) AS CASE WHEN e IS NULL THEN NULL WHEN tsql.like_rx(p, e) IS NOT NULL THEN regexp_full_match(a, tsql.like_rx(p, e), 'is') ELSE replace(a, '\', chr(5)) ILIKE replace(p, '\', chr(5)) END`,
  String.raw`like_cs(a, p, e) AS CASE WHEN e IS NULL THEN NULL WHEN tsql.like_rx(p, e) IS NOT NULL THEN regexp_full_match(a, tsql.like_rx(p, e), 's') ELSE replace(a, '\', chr(5)) LIKE replace(p, '\', chr(5)) END`,
  // Characters outside the first plane count twice, as UTF-16 keeps them.
  String.raw`utf16_length(s) AS CASE WHEN strlen(s) = length(s) THEN length(s) ELSE length(s) + length(regexp_replace(s, '[^\x{10000}-\x{10FFFF}]', '', 'g')) END`,
  `charindex(f, s, n) AS CASE WHEN f = '' OR s IS NULL THEN CASE WHEN f IS NULL OR s IS NULL THEN NULL ELSE 0 END WHEN strpos(substring(s, greatest(n, 1)), f) = 0 THEN 0 ELSE strpos(substring(s, greatest(n, 1)), f) + greatest(n, 1) - 1 END`,
  String.raw`patindex(p, s, f) AS list_transform([{'p': p, 's': s}], lambda v: CASE WHEN v.p IS NULL OR v.s IS NULL THEN NULL WHEN NOT CASE f WHEN 's' THEN tsql.like_cs(v.s, v.p, '') ELSE tsql.like_ci(v.s, v.p, '') END THEN 0 WHEN left(v.p, 1) <> '%' THEN 1 ELSE length(regexp_extract(v.s, '^(.*?)' || tsql_like_rx(regexp_replace(regexp_replace(v.p, '^%+', ''), '%+$', ''), '') || CASE WHEN right(v.p, 1) = '%' THEN '' ELSE '$' END, 1, f)) + 1 END)[1]`,
  `stuff(s, st, n, r) AS CASE WHEN st < 1 OR st > length(s) OR n < 0 THEN NULL ELSE left(s, st - 1) || coalesce(r, '') || substring(s, st + n) END`,
  String.raw`replace_ci(s, f, r) AS CASE WHEN s IS NULL OR f IS NULL OR r IS NULL THEN NULL WHEN f = '' THEN s ELSE regexp_replace(s, regexp_escape(f), replace(r, '\', '\\'), 'gi') END`,
  `substring(s, st, n) AS CASE WHEN n IS NULL THEN NULL WHEN n < 0 THEN error('TSQL:537:Invalid length parameter passed to the LEFT or SUBSTRING function.') WHEN st < 1 THEN substring(s, 1, greatest(n + st - 1, 0)) ELSE substring(s, st, n) END`,
  `left_n(s, n, fn) AS CASE WHEN n < 0 THEN error('TSQL:' || CASE fn WHEN 'RIGHT' THEN '536' ELSE '537' END || ':Invalid length parameter passed to the ' || CASE fn WHEN 'RIGHT' THEN 'RIGHT' ELSE 'LEFT or SUBSTRING' END || ' function.') WHEN n = 0 AND s IS NOT NULL THEN '' WHEN fn = 'RIGHT' THEN right(s, n) ELSE left(s, n) END`,
  `bin_sub(b, st, n) AS CASE WHEN st >= 1 AND n >= 1 THEN array_slice(b, st, st + n - 1) ELSE unhex(substring(hex(b), 2 * st - 1, 2 * n)) END`,
  `quotename(s, given) AS list_transform([left(given, 1)], lambda c: CASE WHEN length(s) > 128 THEN NULL WHEN c IN ('[', ']') THEN '[' || replace(s, ']', ']]') || ']' WHEN c IN ('(', ')') THEN '(' || replace(s, ')', '))') || ')' WHEN c IN ('{', '}') THEN '{' || replace(s, '}', '}}') || '}' WHEN c IN ('<', '>') THEN '<' || replace(s, '>', '>>') || '>' WHEN c IN ('''', '"', '\`') THEN c || replace(s, c, c || c) || c END)[1]`,
  // Truncation on assignment: trailing blanks may go, nothing else (Msg 2628).
  `fit(s, n, t, c) AS CASE WHEN length(rtrim(s, ' ')) > n THEN error('TSQL:2628:String or binary data would be truncated in table ''' || t || ''', column ''' || c || '''. Truncated value: ''' || left(s, n) || '''.') ELSE left(s, n) END`,
  `fit_bin(b, n, t, c) AS CASE WHEN octet_length(b) > n THEN error('TSQL:2628:String or binary data would be truncated in table ''' || t || ''', column ''' || c || '''.') ELSE b END`,
  // Text and bytes. varchar is UTF-8 outside ASCII only in length; nvarchar is UTF-16LE.
  `utf16(s) AS CASE WHEN s = '' THEN ''::BLOB ELSE unhex(coalesce(array_to_string(list_transform(string_split(s, ''), lambda c: CASE WHEN ord(c) > 65535 THEN tsql.surrogates(ord(c) - 65536) ELSE format('{:02x}{:02x}', ord(c) % 256, ord(c) // 256) END), ''), CASE WHEN s = '' THEN '' END)) END`,
  `surrogates(n) AS format('{:02x}{:02x}{:02x}{:02x}', (55296 + n // 1024) % 256, (55296 + n // 1024) // 256, (56320 + n % 1024) % 256, (56320 + n % 1024) // 256)`,
  // Code page 1252: 32 characters stand elsewhere than in Unicode.
  `page_byte(c) AS CASE WHEN strpos('${UPPER}', c) > 0 THEN 127 + strpos('${UPPER}', c) WHEN ord(c) < 256 THEN ord(c) ELSE 63 END`,
  `page_char(n) AS CASE WHEN n BETWEEN 128 AND 159 THEN substring('${UPPER}', n - 127, 1) ELSE chr(n) END`,
  // As many bytes as characters: ASCII.
  `latin(s) AS CASE WHEN strlen(s) = length(s) THEN encode(s) ELSE unhex(array_to_string(list_transform(string_split(s, ''), lambda c: format('{:02x}', tsql.page_byte(c))), '')) END`,
  `unit_at(h, i) AS CAST(concat('0x', substring(h, 4 * i + 3, 2), substring(h, 4 * i + 1, 2)) AS INTEGER)`,
  // A pair of surrogates is one character; half a pair is U+FFFD.
  `utf16_text(h) AS CASE WHEN h = '' THEN '' ELSE array_to_string(list_transform(list_transform(range(0, length(h) // 4), lambda i: {'u': tsql.unit_at(h, i), 'before': CASE WHEN i > 0 THEN tsql.unit_at(h, i - 1) ELSE 0 END, 'after': CASE WHEN length(h) >= 4 * i + 8 THEN tsql.unit_at(h, i + 1) ELSE 0 END}), lambda c: CASE WHEN c.u BETWEEN 55296 AND 56319 THEN CASE WHEN c.after BETWEEN 56320 AND 57343 THEN chr((c.u - 55296) * 1024 + c.after - 56320 + 65536) ELSE chr(65533) END WHEN c.u BETWEEN 56320 AND 57343 THEN CASE WHEN c.before BETWEEN 55296 AND 56319 THEN '' ELSE chr(65533) END ELSE chr(c.u) END), '') END`,
  `latin_text(h) AS CASE WHEN h = '' THEN '' ELSE array_to_string(list_transform(range(0, length(h) // 2), lambda i: tsql.page_char(CAST('0x' || substring(h, 2 * i + 1, 2) AS INTEGER))), '') END`,
  `try_hex_text(s, st) AS list_transform([CASE WHEN st = 1 THEN CASE WHEN lower(left(s, 2)) = '0x' THEN substring(s, 3) END ELSE s END], lambda v: CASE WHEN regexp_full_match(v, '([0-9a-fA-F][0-9a-fA-F])*') THEN unhex(v) END)[1]`,
  `hex_text(s, st) AS CASE WHEN s IS NULL THEN NULL ELSE coalesce(tsql.try_hex_text(s, st), error('TSQL:8114:Error converting data type varchar to varbinary.')) END`,
  // Unique identifiers: the first three groups are stored little-endian.
  `try_str_to_uuid(s) AS list_transform([s], lambda v: CASE WHEN regexp_full_match(left(v, 36), '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}') THEN CAST(left(v, 36) AS UUID) WHEN regexp_full_match(v, '\\{[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\\}.*') THEN CAST(substring(v, 2, 36) AS UUID) END)[1]`,
  `str_to_uuid(s) AS CASE WHEN s IS NULL THEN NULL ELSE coalesce(tsql.try_str_to_uuid(s), error('TSQL:8169:Conversion failed when converting from a character string to uniqueidentifier.')) END`,
  `bin_to_uuid(h) AS CAST(substring(h, 7, 2) || substring(h, 5, 2) || substring(h, 3, 2) || substring(h, 1, 2) || '-' || substring(h, 11, 2) || substring(h, 9, 2) || '-' || substring(h, 15, 2) || substring(h, 13, 2) || '-' || substring(h, 17, 4) || '-' || substring(h, 21, 12) AS UUID)`,
  `uuid_to_bin(u) AS list_transform([replace(CAST(u AS VARCHAR), '-', '')], lambda h: unhex(substring(h, 7, 2) || substring(h, 5, 2) || substring(h, 3, 2) || substring(h, 1, 2) || substring(h, 11, 2) || substring(h, 9, 2) || substring(h, 15, 2) || substring(h, 13, 2) || substring(h, 17)))[1]`,
  `checksum_s(s) AS CAST(CAST(hash(lower(s)) % 4294967296 AS BIGINT) - 2147483648 AS INTEGER)`,
  `binary_checksum(s) AS list_transform([list_reduce(list_transform(string_split(s, ''), lambda c: CAST(ord(c) AS BIGINT)), lambda a, b: xor((((a << 4) & 4294967295) | (a >> 28)), b), 0::BIGINT)], lambda v: CAST(CASE WHEN v > 2147483647 THEN v - 4294967296 ELSE v END AS INTEGER))[1]`,
  `soundex_code(c) AS CASE WHEN contains('BFPV', c) THEN '1' WHEN contains('CGJKQSXZ', c) THEN '2' WHEN contains('DT', c) THEN '3' WHEN c = 'L' THEN '4' WHEN contains('MN', c) THEN '5' WHEN c = 'R' THEN '6' WHEN contains('HW', c) THEN '-' ELSE '0' END`,
  `soundex_digits(s) AS array_to_string(list_transform(string_split(upper(s), ''), lambda c: tsql.soundex_code(c)), '')`,
  `soundex_once(s) AS regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(replace(s, '-', ''), '1+', '1', 'g'), '2+', '2', 'g'), '3+', '3', 'g'), '4+', '4', 'g'), '5+', '5', 'g'), '6+', '6', 'g')`,
  `soundex(s) AS CASE WHEN s IS NULL THEN NULL WHEN NOT regexp_matches(left(s, 1), '[A-Za-z]') THEN '0000' ELSE upper(left(s, 1)) || rpad(left(replace(substring(tsql.soundex_once(tsql.soundex_digits(regexp_extract(s, '^[A-Za-z]+'))), 2), '0', ''), 3), 3, '0') END`,
  `split_rows(s, sep) AS CASE WHEN s IS NULL THEN [] ELSE string_split(s, sep) END`,
  `mask_default(x) AS CASE WHEN x IS NULL THEN NULL ELSE repeat('x', least(4, greatest(length(x), 1))) END`,
  `mask_email(x) AS CASE WHEN x IS NULL THEN NULL ELSE left(x, 1) || 'XXX@XXXX.com' END`,
  `mask_partial(x, a, p, b) AS CASE WHEN x IS NULL THEN NULL WHEN length(x) <= a + b THEN p ELSE left(x, a) || p || CASE WHEN b = 0 THEN '' ELSE right(x, b) END END`,
];

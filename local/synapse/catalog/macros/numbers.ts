/** Macros for numbers: conversions from text and binary, division, rounding. An error is `TSQL:<number>:<text>`. */
export const NUMBERS: readonly string[] = [
  // Text to integer: blanks are trimmed, '' is 0, a lone sign too.
  String.raw`str_to_int(x, lo, hi, ft, tt) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL
    WHEN regexp_full_match(v, ' *[+-]? *') THEN 0::HUGEINT
    WHEN NOT regexp_full_match(v, ' *[+-]? ?[0-9]+ *') THEN error('TSQL:245:Conversion failed when converting the ' || ft || ' value ''' || v || ''' to data type ' || tt || '.')
    WHEN TRY_CAST(replace(v, ' ', '') AS HUGEINT) BETWEEN lo AND hi THEN TRY_CAST(replace(v, ' ', '') AS HUGEINT)
    WHEN tt = 'bigint' THEN error('TSQL:8115:Arithmetic overflow error converting expression to data type bigint.')
    ELSE error('TSQL:' || CASE tt WHEN 'int' THEN '248' ELSE '244' END || ':The conversion of the ' || ft || ' value ''' || trim(v) || ''' overflowed an ' || CASE tt WHEN 'int' THEN 'int' WHEN 'smallint' THEN 'INT2' ELSE 'INT1' END || ' column.' || CASE tt WHEN 'int' THEN '' ELSE ' Use a larger integer column.' END) END)[1]`,
  String.raw`try_str_to_int(x, lo, hi) AS list_transform([x], lambda v: CASE
    WHEN regexp_full_match(v, ' *[+-]? *') THEN 0::HUGEINT
    WHEN regexp_full_match(v, ' *[+-]? ?[0-9]+ *') AND TRY_CAST(replace(v, ' ', '') AS HUGEINT) BETWEEN lo AND hi THEN TRY_CAST(replace(v, ' ', '') AS HUGEINT) END)[1]`,
  String.raw`try_decimal_text(x) AS list_transform([x], lambda v: CASE WHEN regexp_full_match(v, ' *[+-]? ?([0-9]+\.?[0-9]*|\.[0-9]+) *') THEN CASE WHEN contains(v, ' ') THEN replace(v, ' ', '') ELSE v END END)[1]`,
  String.raw`decimal_text(x, ft) AS list_transform([x], lambda v: CASE WHEN v IS NULL OR regexp_full_match(v, ' *[+-]? ?([0-9]+\.?[0-9]*|\.[0-9]+) *') THEN replace(v, ' ', '') ELSE error('TSQL:8114:Error converting data type ' || ft || ' to numeric.') END)[1]`,
  String.raw`try_money_text(x) AS list_transform([x], lambda v: CASE WHEN trim(v) = '' THEN '0' WHEN regexp_full_match(v, ' *[+-]? ?[$€£]? ?[+-]?([0-9][0-9,]*\.?[0-9]*|\.[0-9]+) *') THEN regexp_replace(v, '[ ,$€£]', '', 'g') END)[1]`,
  String.raw`money_text(x) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL ELSE coalesce(tsql.try_money_text(v), error('TSQL:235:Cannot convert a char value to money. The char value has incorrect syntax.')) END)[1]`,
  `money_fits(x, small) AS CASE WHEN small THEN x BETWEEN -214748.3648 AND 214748.3647 ELSE x BETWEEN -922337203685477.5808 AND 922337203685477.5807 END`,
  `try_in_money(x, small) AS list_transform([x], lambda v: CASE WHEN tsql.money_fits(v, small) THEN v END)[1]`,
  `in_money(x, small) AS list_transform([x], lambda v: CASE WHEN v IS NULL OR tsql.money_fits(v, small) THEN v ELSE error('TSQL:8115:Arithmetic overflow error converting expression to data type ' || CASE WHEN small THEN 'smallmoney' ELSE 'money' END || '.') END)[1]`,
  String.raw`try_float_text(x) AS list_transform([x], lambda v: CASE WHEN trim(v) = '' THEN '0' WHEN regexp_full_match(v, ' *[+-]? ?([0-9]+\.?[0-9]*|\.[0-9]+)([eEdD][+-]?[0-9]*)? *') THEN regexp_replace(replace(v, ' ', ''), '[eEdD][+-]?$', '') END)[1]`,
  String.raw`float_text(x, ft, tt) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL ELSE coalesce(tsql.try_float_text(v), error('TSQL:8114:Error converting data type ' || ft || ' to ' || tt || '.')) END)[1]`,
  String.raw`try_str_to_bit(x) AS list_transform([x], lambda v: CASE WHEN lower(rtrim(v, ' ')) = 'true' THEN true WHEN lower(rtrim(v, ' ')) = 'false' THEN false WHEN regexp_full_match(v, ' *[+-]?[0-9]* *') THEN regexp_matches(v, '[1-9]') END)[1]`,
  String.raw`str_to_bit(x, ft) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL ELSE coalesce(tsql.try_str_to_bit(v), error('TSQL:245:Conversion failed when converting the ' || ft || ' value ''' || v || ''' to data type bit.')) END)[1]`,
  // Binary to integer: the last n bytes, two's complement.
  String.raw`bin_to_int(h, n) AS list_transform([lpad(right(h, 2 * n), 2 * n, '0')], lambda v: CASE WHEN n > 1 AND left(v, 1) >= '8' THEN CAST('0x' || v AS UBIGINT)::HUGEINT - (CAST(1 AS HUGEINT) << (8 * n)) ELSE CAST('0x' || v AS UBIGINT)::HUGEINT END)[1]`,
  `bin_to_bigint(b) AS CASE WHEN octet_length(b) = 8 THEN CAST(CAST(b AS BIT) AS BIGINT) ELSE CAST(tsql.bin_to_int(hex(b), 8) AS BIGINT) END`,
  String.raw`int_to_hex(x, n) AS right(lpad(format('{:016x}', CASE WHEN x < 0 THEN CAST(CAST(x AS HUGEINT) + 18446744073709551616 AS UBIGINT) ELSE CAST(x AS UBIGINT) END), greatest(16, 2 * n), '0'), 2 * n)`,
  // Division: Msg 8134 for zero. Decimal division works on unscaled HUGEINTs and truncates as SQL Server does.
  `div0(b) AS CASE WHEN b = 0 THEN error('TSQL:8134:Divide by zero error encountered.') ELSE b END`,
  `idiv(a, b) AS CASE WHEN b = 0 THEN error('TSQL:8134:Divide by zero error encountered.') ELSE a // b END`,
  `fdiv(a, b) AS CASE WHEN b = 0 THEN error('TSQL:8134:Divide by zero error encountered.') ELSE a / b END`,
  `power(a, b) AS CASE WHEN a = 0 AND b < 0 THEN error('TSQL:8134:Divide by zero error encountered.') WHEN a < 0 AND b <> trunc(b) THEN error('TSQL:3623:An invalid floating point operation occurred.') ELSE pow(a, b) END`,
  `modulo(a, b) AS CASE WHEN b = 0 THEN error('TSQL:8134:Divide by zero error encountered.') ELSE a % b END`,
  `day_number(t) AS CAST(floor((epoch_us(t) + 2208988800000000 + 43200000000) / 86400000000.0) AS BIGINT)`,
  `day_fraction(t) AS (epoch_us(t) + 2208988800000000) / 86400000000.0`,
  `exponent3(s) AS regexp_replace(s, 'e([+-])(\\d\\d)$', 'e\\10\\2')`.replaceAll('\\\\', '\\'),
  `fit_number(s, n, what) AS CASE WHEN length(s) > n THEN error('TSQL:8115:Arithmetic overflow error converting ' || what || '.') ELSE s END`,
  `isnumeric(s) AS list_transform([s], lambda v: CASE WHEN v IS NULL THEN 0 WHEN regexp_full_match(trim(v), '[$€£]?[+-]?[$€£]?[0-9,]*\\.?[0-9]*([eEdD][+-]?[0-9]*)?') AND regexp_matches(v, '[0-9]') AND NOT regexp_full_match(trim(v), '.*[$€£,].*[eEdD].*') AND NOT regexp_matches(trim(v), '^[+-]?[eEdD]') THEN 1 WHEN regexp_full_match(trim(v), '[+-]?[.,$€£]|[+-]') THEN 1 ELSE 0 END)[1]`,
  `sql_round(x, n) AS CASE WHEN n >= 0 THEN round(x, n) ELSE round(x / pow(10, -n)) * pow(10, -n) END`,
  `str_fn(x, w, d) AS list_transform([CASE WHEN d = 0 THEN format('{:.0f}', round(CAST(x AS DOUBLE))) ELSE format('{:.' || d || 'f}', round(CAST(x AS DOUBLE), d)) END], lambda v: CASE WHEN v IS NULL THEN NULL WHEN length(v) <= w THEN lpad(v, w, ' ') WHEN strpos(v, '.') > 0 AND strpos(v, '.') - 1 <= w THEN lpad(rtrim(format('{:.' || greatest(0, w - strpos(v, '.')) || 'f}', CAST(x AS DOUBLE)), '.'), w, ' ') WHEN strpos(v, '.') = 0 AND length(v) <= w THEN v ELSE repeat('*', w) END)[1]`,
];

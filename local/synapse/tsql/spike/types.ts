// @ts-nocheck
/* oxlint-disable */
// T-SQL type text -> DuckDB type + the cast family to use
export function parseType(raw) {
  let s = raw
    .replace(/\s*COLLATE\s*\w+/i, '')
    .replace(/[\[\]"]/g, '')
    .replace(/\s+/g, '')
    .toLowerCase();
  const m = /^([a-z_0-9.]+?)(?:\(([^)]*)\))?$/.exec(s);
  if (!m) throw new Error('TSQL:243:type ' + raw);
  const n = m[1].replace(/^sys\./, ''),
    a = m[2] ? m[2].split(',') : [];
  switch (n) {
    case 'int':
    case 'integer':
      return { d: 'INTEGER', f: 'int', n };
    case 'bigint':
      return { d: 'BIGINT', f: 'int', n };
    case 'smallint':
      return { d: 'SMALLINT', f: 'int', n };
    case 'tinyint':
      return { d: 'UTINYINT', f: 'int', n };
    case 'bit':
      return { d: 'BOOLEAN', f: 'bit', n };
    case 'decimal':
    case 'numeric':
    case 'dec':
      return { d: `DECIMAL(${a[0] ?? 18},${a[1] ?? 0})`, f: 'dec', n, p: +(a[0] ?? 18), s: +(a[1] ?? 0) };
    case 'money':
      return { d: 'DECIMAL(19,4)', f: 'dec', n };
    case 'smallmoney':
      return { d: 'DECIMAL(10,4)', f: 'dec', n };
    case 'float':
      return { d: +(a[0] ?? 53) <= 24 ? 'FLOAT' : 'DOUBLE', f: 'flt', n };
    case 'real':
      return { d: 'FLOAT', f: 'flt', n };
    case 'date':
      return { d: 'DATE', f: 'date', n };
    case 'time':
      return { d: 'TIME', f: 'time', n, prec: +(a[0] ?? 7) };
    case 'datetime':
      return { d: 'TIMESTAMP_MS', f: 'datetime', n };
    case 'smalldatetime':
      return { d: 'TIMESTAMP_S', f: 'smalldatetime', n };
    case 'datetime2':
      return { d: 'TIMESTAMP', f: 'datetime2', n, prec: +(a[0] ?? 7) };
    case 'datetimeoffset':
      return { d: 'TIMESTAMPTZ', f: 'dto', n };
    case 'char':
    case 'nchar':
      return { d: 'VARCHAR', f: 'str', n, len: +(a[0] ?? 1), pad: true };
    case 'varchar':
    case 'nvarchar':
    case 'sysname':
      return {
        d: 'VARCHAR',
        f: 'str',
        n,
        len: a[0] === 'max' ? undefined : a[0] ? +a[0] : n === 'sysname' ? 128 : null,
      };
    case 'text':
    case 'ntext':
    case 'xml':
      return { d: 'VARCHAR', f: 'str', n };
    case 'binary':
    case 'varbinary':
    case 'image':
    case 'rowversion':
    case 'timestamp':
      return { d: 'BLOB', f: 'bin', n };
    case 'uniqueidentifier':
      return { d: 'UUID', f: 'uuid', n };
    case 'sql_variant':
      return { d: 'VARCHAR', f: 'str', n };
  }
  throw new Error(`TSQL:243:Type ${n} is not a defined system type.`);
}
export function castSql(x, t, tr) {
  const T = tr ? 'TRY_' : '',
    p = tr ? 'try_' : '';
  switch (t.f) {
    case 'int':
      return t.d === 'BIGINT' ? `tsql.${p}to_big(${x})` : `${T}CAST(tsql.${p}to_big(${x}) AS ${t.d})`;
    case 'bit':
      return `tsql.${p}to_bit(${x})`;
    case 'dec':
      return `${T}CAST(${x} AS ${t.d})`;
    case 'flt':
      return `${T}CAST(${x} AS ${t.d})`;
    case 'date':
      return `CAST(tsql.${p}to_ts(${x}) AS DATE)`;
    case 'time':
      return t.prec === 0
        ? `CAST(date_trunc('second', tsql.${p}to_ts(${x}) + INTERVAL 500 MILLISECOND) AS TIME)`
        : `tsql.${p}to_time(${x})`;
    case 'datetime':
      return `tsql.dt3ms(tsql.${p}to_ts(${x}))`;
    case 'smalldatetime':
      return `CAST(date_trunc('minute', tsql.${p}to_ts(${x}) + INTERVAL 30 SECOND) AS TIMESTAMP_S)`;
    case 'datetime2':
      return t.prec === 0
        ? `date_trunc('second', tsql.${p}to_ts(${x}) + INTERVAL 500 MILLISECOND)`
        : t.prec === 3
          ? `date_trunc('millisecond', tsql.${p}to_ts(${x}) + INTERVAL 500 MICROSECOND)`
          : `tsql.${p}to_ts(${x})`;
    case 'dto':
      return `${T}CAST(${x} AS TIMESTAMPTZ)`;
    case 'uuid':
      return `${T}CAST(${x} AS UUID)`;
    case 'bin':
      return `tsql.to_bin(${x})`;
    case 'str': {
      const len = t.len === null ? 30 : t.len;
      let r = `tsql.str(${x})`;
      if (len) r = t.pad ? `rpad(left(${r}, ${len}), ${len}, ' ')` : `tsql.cut(${x}, ${r}, ${len})`;
      return r;
    }
  }
}

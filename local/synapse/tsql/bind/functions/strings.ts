/** String functions. */
import { TSqlError } from '../../../contract';
import { sizeOf } from '../../../type-size';
import { convert } from '../../types/convert';
import {
  BIGINT,
  INT,
  isBinary,
  isFixedLength,
  isNumber,
  isString,
  isUnicode,
  MAX,
  messageName,
  nvarchar,
  textLength,
  varbinary,
  varchar,
} from '../../types/sql-types';
import { askingForm, raising } from '../../types/observation';
import { bound, once, quote, rightTrimmed, type Typed } from '../../types/typed';
import { notSupported } from '../../errors';
import { collationFor } from '../predicates';
import {
  int,
  lengthOf,
  ofHex,
  result,
  spec,
  stringOf,
  text,
  wholeArgument,
  type CallContext,
  type Functions,
} from './spec';

/** f(text) of the same type and length. */
const simple = (duck: (sql: string) => string) =>
  spec(1, 1, (c) => {
    const x = text(c.arg(0));
    return result(duck(x.sql), stringOf(x.type, lengthOf(x.type)), [x]);
  });

function substring(c: CallContext): Typed {
  const x = c.arg(0);
  const [start, length] = [wholeArgument(c, 1), wholeArgument(c, 2)];
  if (isBinary(x.type)) return bytesOf(x, start, length);
  if (!isString(x.type) && !x.isNull)
    throw new TSqlError(
      8116,
      `Argument data type ${messageName(x.type)} is invalid for argument 1 of substring function.`,
    );
  const s = text(x);
  const known =
    length.literal !== undefined
      ? Math.min(Number(length.literal), lengthOf(s.type) === MAX ? Infinity : lengthOf(s.type))
      : lengthOf(s.type);
  const whole = start.type.name === 'int' && length.type.name === 'int';
  const plain = whole && Number(start.literal) >= 1 && Number(length.literal) >= 0;
  const sql = plain
    ? `substring(${s.sql}, ${start.sql}, ${length.sql})`
    : bound([s.sql, int(start), int(length)], (x_, from, n) => raising(`tsql.substring(${x_}, ${from}, ${n})`));
  return result(sql, stringOf(s.type, known), [x, start, length], true);
}
/** Constant parts of a hash, which surrogate keys are made of, are cut from its hex digits. */
function bytesOf(x: Typed, start: Typed, length: Typed): Typed {
  const [first, count] = [Number(start.literal), Number(length.literal)];
  const { hex } = x;
  if (hex?.sql === x.sql && first >= 1 && count >= 1 && first + count - 1 <= hex.bytes)
    return ofHex(`substring(${hex.text}, ${2 * first - 1}, ${2 * count})`, count, x.type, [x]);
  return result(`tsql.bin_sub(${x.sql}, ${int(start)}, ${int(length)})`, x.type, [x, start, length]);
}
function side(c: CallContext): Typed {
  const x = c.arg(0);
  const n = c.arg(1);
  if (isBinary(x.type) && c.name === 'LEFT') return result(`tsql.bin_sub(${x.sql}, 1, ${int(n)})`, x.type, [x, n]);
  const s = text(x);
  const constant = n.literal !== undefined && n.type.name === 'int' && Number(n.literal) > 0;
  const sql = constant
    ? `${c.name.toLowerCase()}(${s.sql}, ${n.sql})`
    : bound([s.sql, int(n)], (x_, count) => raising(`tsql.left_n(${x_}, ${count}, '${c.name}')`));
  const own = lengthOf(s.type);
  return result(
    sql,
    stringOf(s.type, constant ? (own === MAX ? Number(n.literal) : Math.min(own, Number(n.literal))) : own),
    [x, n],
  );
}

function concat(c: CallContext): Typed {
  const args = c.call.args.map((_, i) => c.arg(i));
  if (args.length < 2) throw new TSqlError(189, 'The concat function requires 2 to 254 arguments.', 1, 15);
  const parts = args.map((x) => (x.isNull ? { ...x, sql: "''", type: varchar(1) } : text(x)));
  const unicode = parts.some((x) => isUnicode(x.type));
  const length = parts.reduce((sum, x) => (sum === MAX || lengthOf(x.type) === MAX ? MAX : sum + lengthOf(x.type)), 0);
  const limit = unicode ? 4000 : 8000;
  const sql = `concat(${parts.map((x) => x.sql).join(', ')})`;
  const type = unicode ? nvarchar(Math.min(length, limit)) : varchar(Math.min(length, limit));
  return result(length > limit ? `left(${sql}, ${limit})` : sql, type, args, false);
}
function concatWs(c: CallContext): Typed {
  const args = c.call.args.map((_, i) => c.arg(i));
  const [separator, ...rest] = args.map((x) =>
    x.isNull ? { ...x, sql: 'CAST(NULL AS VARCHAR)', type: varchar(1) } : text(x),
  );
  const unicode = args.some((x) => isUnicode(x.type));
  return result(
    `concat_ws(${args[0]!.isNull ? "''" : `coalesce(${separator!.sql}, '')`}, ${rest.map((x) => x.sql).join(', ')})`,
    unicode ? nvarchar(4000) : varchar(8000),
    args,
    false,
  );
}

function replace(c: CallContext): Typed {
  const [x, from, to] = [text(c.arg(0)), text(c.arg(1)), text(c.arg(2))];
  const collation = collationFor(x, from);
  if (collation === 'ai') throw notSupported('REPLACE in an accent-insensitive collation');
  const sql =
    collation === 'ci' && !(from.literal !== undefined && from.literal.toLowerCase() === from.literal.toUpperCase())
      ? bound([x.sql, from.sql, to.sql], (a, f, t) => `tsql.replace_ci(${a}, ${f}, ${t})`)
      : `replace(${x.sql}, ${from.sql}, ${to.sql})`;
  const long = [x, from, to].some((s) => s.type.length === MAX);
  return result(
    sql,
    stringOf([x, from, to].some((s) => isUnicode(s.type)) ? nvarchar(1) : varchar(1), long ? MAX : 8000),
    [x, from, to],
  );
}

function charindex(c: CallContext): Typed {
  const [find, x] = [text(c.arg(0)), text(c.arg(1))];
  const start = c.has(2) ? int(c.arg(2)) : '1';
  const collation = collationFor(find, x);
  const fold = (s: Typed): string =>
    collation === 'ai'
      ? `strip_accents(lower(${s.sql}))`
      : collation !== 'ci'
        ? s.sql
        : s.literal !== undefined
          ? quote(s.literal.toLowerCase())
          : `lower(${s.sql})`;
  const big = x.type.length === MAX;
  const type = big ? BIGINT : INT;
  const found = bound([fold(find), fold(x), start], (f, s, n) => `tsql.charindex(${f}, ${s}, ${n})`);
  return result(`CAST(${found} AS ${big ? 'BIGINT' : 'INTEGER'})`, type, [find, x]);
}

/** LTRIM, RTRIM, TRIM and TRIM(characters FROM text). */
function trim(c: CallContext): Typed {
  if (c.name === 'TRIM' && c.has(1)) {
    const [characters, x] = [text(c.arg(0)), text(c.arg(1))];
    return result(`trim(${x.sql}, ${characters.sql})`, stringOf(x.type, lengthOf(x.type)), [x, characters]);
  }
  const x = text(c.arg(0));
  if (c.has(1)) {
    const characters = text(c.arg(1));
    return result(`${c.name.toLowerCase()}(${x.sql}, ${characters.sql})`, stringOf(x.type, lengthOf(x.type)), [
      x,
      characters,
    ]);
  }
  const trimmed = c.name === 'RTRIM' ? rightTrimmed(x.sql) : `${c.name.toLowerCase()}(${x.sql}, ' ')`;
  return result(trimmed, stringOf(x.type, lengthOf(x.type)), [x]);
}

function dataLength(c: CallContext): Typed {
  const x = c.arg(0);
  const fixed = (n: number): Typed => result(`CASE WHEN ${x.sql} IS NOT NULL THEN ${n} END`, INT, [x]);
  if (x.isNull) return { ...convert(x, INT) };
  if (isBinary(x.type)) return result(`CAST(octet_length(${x.sql}) AS INTEGER)`, INT, [x]);
  if (isString(x.type)) {
    const big = x.type.length === MAX;
    return result(
      `CAST(${isUnicode(x.type) ? `2 * tsql.utf16_length(${x.sql})` : `length(${x.sql})`} AS ${big ? 'BIGINT' : 'INTEGER'})`,
      big ? BIGINT : INT,
      [x],
    );
  }
  return fixed(sizeOf(x.type).bytes);
}

function len(c: CallContext): Typed {
  const x = text(c.arg(0));
  const big = x.type.length === MAX;
  if (isBinary(c.arg(0).type)) return result(`CAST(octet_length(${c.arg(0).sql}) AS INTEGER)`, INT, [x]);
  const trimmed = `rtrim(${x.sql}, ' ')`;
  const length = isUnicode(x.type) ? `tsql.utf16_length(${trimmed})` : `length(${trimmed})`;
  return result(`CAST(${length} AS ${big ? 'BIGINT' : 'INTEGER'})`, big ? BIGINT : INT, [x]);
}

function stuff(c: CallContext): Typed {
  const [x, start, length, insert] = [text(c.arg(0)), c.arg(1), c.arg(2), c.arg(3)];
  const added = insert.isNull ? { ...insert, sql: 'CAST(NULL AS VARCHAR)', type: varchar(1) } : text(insert);
  const total =
    lengthOf(x.type) === MAX || lengthOf(added.type) === MAX ? MAX : lengthOf(x.type) + lengthOf(added.type);
  return result(
    bound([x.sql, int(start), int(length), added.sql], (s, from, n, t) => `tsql.stuff(${s}, ${from}, ${n}, ${t})`),
    stringOf(isUnicode(added.type) ? added.type : x.type, total),
    [x, start, length],
    true,
  );
}

function quoteName(c: CallContext): Typed {
  const x = convert(c.arg(0), nvarchar(MAX));
  const mark = c.has(1) ? text(c.arg(1)).sql : "'['";
  return result(
    bound([x.sql, mark], (s, m) => `tsql.quotename(${s}, ${m})`),
    nvarchar(258),
    [x],
    true,
  );
}

export const STRING_FUNCTIONS: Functions = {
  // DuckDB makes ß a capital ẞ, Windows leaves it.
  UPPER: simple((s) => `replace(upper(${s}), 'ẞ', 'ß')`),
  LOWER: simple((s) => `lower(${s})`),
  REVERSE: simple((s) => `reverse(${s})`),
  LTRIM: spec(1, 2, trim),
  RTRIM: spec(1, 2, trim),
  TRIM: spec(1, 2, trim),
  LEFT: spec(2, 2, side),
  RIGHT: spec(2, 2, side),
  SUBSTRING: spec(3, 3, substring),
  LEN: spec(1, 1, len),
  DATALENGTH: spec(1, 1, dataLength),
  CHARINDEX: spec(2, 3, charindex),
  PATINDEX: spec(2, 2, (c) => {
    const [pattern, x] = [text(c.arg(0)), text(c.arg(1))];
    const collation = collationFor(pattern, x);
    if (collation === 'ai') throw notSupported('PATINDEX in an accent-insensitive collation');
    const big = x.type.length === MAX;
    return result(
      `CAST(tsql.patindex(${pattern.sql}, ${x.sql}, '${collation === 'ci' ? 'is' : 's'}') AS ${big ? 'BIGINT' : 'INTEGER'})`,
      big ? BIGINT : INT,
      [pattern, x],
    );
  }),
  REPLACE: spec(3, 3, replace),
  STUFF: spec(4, 4, stuff),
  REPLICATE: spec(2, 2, (c) => {
    const [x, n] = [text(c.arg(0)), c.arg(1)];
    const total =
      n.literal !== undefined && lengthOf(x.type) !== MAX
        ? lengthOf(x.type) * Math.max(0, Number(n.literal))
        : lengthOf(x.type) === MAX
          ? MAX
          : 8000;
    const sql = `CASE WHEN ${int(n)} >= 0 THEN repeat(${x.sql}, ${int(n)}) END`;
    const limit = isUnicode(x.type) ? 4000 : 8000;
    return result(
      total > limit || (total === 8000 && n.literal === undefined) ? `left(${sql}, ${limit})` : sql,
      stringOf(x.type, total),
      [x, n],
      true,
    );
  }),
  SPACE: spec(1, 1, (c) => {
    const n = c.arg(0);
    return result(`CASE WHEN ${int(n)} >= 0 THEN repeat(' ', ${int(n)}) END`, varchar(8000), [n], true);
  }),
  CONCAT: spec(2, 254, concat),
  CONCAT_WS: spec(3, 254, concatWs),
  CHAR: spec(1, 1, (c) => {
    const n = int(c.arg(0));
    return result(
      `CASE WHEN ${n} BETWEEN 0 AND 255 THEN tsql.page_char(${n}) END`,
      { name: 'char', length: 1 },
      [c.arg(0)],
      true,
    );
  }),
  NCHAR: spec(1, 1, (c) => {
    const n = int(c.arg(0));
    return result(
      `CASE WHEN ${n} BETWEEN 0 AND 65535 THEN chr(${n}) END`,
      { name: 'nchar', length: 1 },
      [c.arg(0)],
      true,
    );
  }),
  ASCII: spec(1, 1, (c) => {
    const x = text(c.arg(0));
    return result(
      `CASE WHEN length(${x.sql}) > 0 THEN CAST(tsql.page_byte(left(${x.sql}, 1)) AS INTEGER) END`,
      INT,
      [x],
      true,
    );
  }),
  UNICODE: spec(1, 1, (c) => {
    const x = text(c.arg(0));
    // A character beyond 65535 is two in a collation without _SC: this is the first.
    return result(
      once(
        x.sql,
        (v) =>
          `CASE WHEN length(${v}) > 0 THEN CAST(CASE WHEN ord(${v}) > 65535 THEN 55296 + (ord(${v}) - 65536) // 1024 ELSE ord(${v}) END AS INTEGER) END`,
      ),
      INT,
      [x],
      true,
    );
  }),
  QUOTENAME: spec(1, 2, quoteName),
  STR: spec(1, 3, (c) => {
    const x = c.arg(0);
    const width = c.has(1) ? int(c.arg(1)) : '10';
    const decimals = c.has(2) ? int(c.arg(2)) : '0';
    const size = c.has(1) && c.arg(1).literal !== undefined ? Number(c.arg(1).literal) : 10;
    return result(
      `tsql.str_fn(${convert(x, { name: 'float' }).sql}, ${width}, ${decimals})`,
      { name: 'varchar', length: size },
      [x],
    );
  }),
  TRANSLATE: spec(3, 3, (c) => {
    const [x, from, to] = [text(c.arg(0)), text(c.arg(1)), text(c.arg(2))];
    if (from.literal !== undefined && to.literal !== undefined && from.literal.length !== to.literal.length)
      throw new TSqlError(
        9828,
        'The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters.',
      );
    if (from.literal === undefined || to.literal === undefined)
      return result(`translate(${x.sql}, ${from.sql}, ${to.sql})`, x.type, [x]);
    // The collation ignores case: both cases of a letter are translated.
    let a = from.literal;
    let z = to.literal;
    [...from.literal].forEach((char, i) => {
      for (const other of [char.toLowerCase(), char.toUpperCase()])
        if (!a.includes(other)) {
          a += other;
          z += to.literal![i]!;
        }
    });
    return result(`translate(${x.sql}, ${quote(a)}, ${quote(z)})`, stringOf(x.type, lengthOf(x.type)), [x]);
  }),
  SOUNDEX: spec(1, 1, (c) => result(`tsql.soundex(${text(c.arg(0)).sql})`, { name: 'varchar', length: 4 }, [c.arg(0)])),
  DIFFERENCE: spec(2, 2, (c) => {
    const [a, z] = [text(c.arg(0)), text(c.arg(1))].map((x) => `tsql.soundex(${x.sql})`);
    const same = [1, 2, 3, 4].map(
      (i) => `CASE WHEN substring(${a}, ${i}, 1) = substring(${z}, ${i}, 1) THEN 1 ELSE 0 END`,
    );
    return result(`(${same.join(' + ')})`, INT, [c.arg(0), c.arg(1)]);
  }),
  STRING_ESCAPE: spec(2, 2, (c) => {
    const x = text(c.arg(0));
    const kind = c.arg(1);
    if (kind.literal?.toLowerCase() !== 'json')
      throw new TSqlError(9814, 'Invalid value of the parameter type in STRING_ESCAPE.');
    return result(
      `replace(regexp_replace(CAST(to_json(${x.sql}) AS VARCHAR), '^"|"$', '', 'g'), '/', '\\/')`,
      nvarchar(MAX),
      [x],
    );
  }),
  ISNUMERIC: spec(1, 1, (c) => {
    const x = c.arg(0);
    if (!isString(x.type) && !x.isNull)
      return result(`CASE WHEN ${x.sql} IS NULL THEN 0 ELSE ${isNumber(x.type) ? 1 : 0} END`, INT, [x], false);
    return result(askingForm(`tsql.isnumeric(${text(x).sql})`), INT, [x], false);
  }),
};
export { isFixedLength, textLength, varbinary };

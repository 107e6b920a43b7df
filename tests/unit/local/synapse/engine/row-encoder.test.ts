import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SqlType } from '../../../../../local/synapse/contract';
import { columnType } from '../../../../../local/synapse/engine/column-type';
import { RowEncoder } from '../../../../../local/synapse/engine/row-encoder';
import { PacketReader } from '../../../../../local/synapse/wire/packet-reader';
import { PacketWriter } from '../../../../../local/synapse/wire/packet-writer';
import { hasNullBitmap, TdsVersion } from '../../../../../local/synapse/wire/protocol';
import { TokenWriter } from '../../../../../local/synapse/wire/tokens';
import { typeForVersion } from '../../../../../local/synapse/wire/type-info';
import { parseReply, rowsOf } from '../../../../support/tds-client';

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
  await connection.run("SET TimeZone='UTC'");
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

/** Runs a query, encodes its rows with `types` (or the derived ones) and reads the tokens back. */
async function roundTrip(
  sql: string,
  types?: readonly SqlType[],
  version: number = TdsVersion.v74,
  packetSize = 4096,
): Promise<(readonly DuckDBValue[])[]> {
  const sent: Buffer[] = [];
  const packets = new PacketWriter(
    {
      write: (bytes) => sent.push(bytes) > 0,
      once: () => 0,
      removeListener: () => 0,
      destroyed: false,
      writableLength: 0,
    },
    packetSize,
    51,
  );
  const tokens = new TokenWriter(packets);
  tokens.version = version;
  const result = await connection.stream(sql);
  const sources = result.columnTypes();
  const columns = sources.map((source, index) =>
    tokens.column({ name: `c${index}` }, typeForVersion(types?.[index] ?? columnType(source), version)),
  );
  tokens.columns(columns);
  const encoder = new RowEncoder(
    packets,
    columns.map((column) => column.type),
    sources,
    hasNullBitmap(version),
    types,
  );
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    encoder.encode(chunk);
    packets.flush(false);
  }
  packets.flush(true);
  let payload = Buffer.alloc(0);
  const reader = new PacketReader((message) => (payload = Buffer.from(message.payload)));
  reader.limit = Infinity;
  reader.push(Buffer.concat(sent));
  return [...rowsOf(parseReply(payload, version))];
}

/** What a client makes of ticks of 100 ns: of a day (time) or since 0001-01-01 (datetime2). */
function momentText(ticks: bigint, name: 'time' | 'datetime2'): string {
  const since1970 = ticks / 10_000n - (name === 'time' ? 0n : 62_135_596_800_000n);
  const [day, clock] = new Date(Number(since1970)).toISOString().slice(0, -1).split('T');
  return `${name === 'time' ? '' : `${day} `}${clock}${String(ticks % 10_000n).padStart(4, '0')}`;
}

const plain = (value: DuckDBValue, type?: SqlType): string =>
  value === null
    ? 'NULL'
    : typeof value === 'bigint' && type?.scale === 7
      ? momentText(value, type.name as 'time' | 'datetime2')
      : typeof value === 'object'
        ? String(value)
        : JSON.stringify(value, (_k, v) => (typeof v === 'bigint' ? `${v}n` : v));

test.each<[string, string, SqlType | undefined, string]>([
  ['bit', 'true', undefined, 'true'],
  ['tinyint', '255::UTINYINT', undefined, '255'],
  ['smallint', '(-32768)::SMALLINT', undefined, '-32768'],
  ['signed byte', '(-5)::TINYINT', undefined, '-5'],
  ['int', '(-2147483648)::INTEGER', undefined, '-2147483648'],
  ['bigint', '(-9223372036854775808)::BIGINT', undefined, '"-9223372036854775808n"'],
  ['real', '1.5::FLOAT', undefined, '1.5'],
  ['float', '-1e300::DOUBLE', undefined, '-1e+300'],
  ['decimal 4', '(-99.99)::DECIMAL(4,2)', undefined, '-99.99'],
  ['decimal 9', '1234567.89::DECIMAL(9,2)', undefined, '1234567.89'],
  ['decimal 18', '(-9999999999999999.99)::DECIMAL(18,2)', undefined, '-9999999999999999.99'],
  ['decimal 18 at zero of the low word', '(-42949672.96)::DECIMAL(18,2)', undefined, '-42949672.96'],
  [
    'decimal 38',
    '(-99999999999999999999999999999999999999)::DECIMAL(38,0)',
    undefined,
    '-99999999999999999999999999999999999999',
  ],
  ['a decimal in a wider one', '12.34::DECIMAL(9,2)', { name: 'decimal', precision: 38, scale: 2 }, '12.34'],
  [
    'a decimal with another scale is rounded',
    '12.345::DECIMAL(9,3)',
    { name: 'decimal', precision: 10, scale: 2 },
    '12.35',
  ],
  ['hugeint', '170141183460469231731687303715884105::HUGEINT', undefined, '170141183460469231731687303715884105'],
  ['money', '(-922337203685477.5808)::DECIMAL(19,4)', { name: 'money' }, '-922337203685477.5808'],
  ['smallmoney', '214748.3647::DECIMAL(10,4)', { name: 'smallmoney' }, '214748.3647'],
  ['date', "DATE '0001-01-01'", undefined, '0001-01-01'],
  ['last date', "DATE '9999-12-31'", undefined, '9999-12-31'],
  ['time', "TIME '23:59:59.999999'", { name: 'time', scale: 7 }, '23:59:59.9999990'],
  ['time of ticks', '863999999999::BIGINT', { name: 'time', scale: 7 }, '23:59:59.9999999'],
  ['midnight of ticks', '0::BIGINT', { name: 'time', scale: 7 }, '00:00:00.0000000'],
  ['first datetime2 of ticks', '0::BIGINT', { name: 'datetime2', scale: 7 }, '0001-01-01 00:00:00.0000000'],
  ['datetime2 of few ticks', '12::BIGINT', { name: 'datetime2', scale: 7 }, '0001-01-01 00:00:00.0000012'],
  ['datetime2 of ticks', '638448068961234567::BIGINT', { name: 'datetime2', scale: 7 }, '2024-02-29 12:34:56.1234567'],
  [
    'last datetime2 of ticks',
    '3155378975999999999::BIGINT',
    { name: 'datetime2', scale: 7 },
    '9999-12-31 23:59:59.9999999',
  ],
  ['time(0) stays below midnight', "TIME '23:59:59.7'", { name: 'time', scale: 0 }, '23:59:59'],
  [
    'datetime2',
    "TIMESTAMP '2024-02-29 12:34:56.789012'",
    { name: 'datetime2', scale: 7 },
    '2024-02-29 12:34:56.7890120',
  ],
  [
    'datetime2(3) is rounded',
    "TIMESTAMP '2024-12-31 23:59:59.9996'",
    { name: 'datetime2', scale: 3 },
    '2025-01-01 00:00:00',
  ],
  [
    'datetime2 before 1684',
    "TIMESTAMP '0001-01-01 00:00:00.000001'",
    { name: 'datetime2', scale: 6 },
    '0001-01-01 00:00:00.000001',
  ],
  [
    'datetime2 of year 9999',
    "TIMESTAMP '9999-12-31 23:59:59.999999'",
    { name: 'datetime2', scale: 7 },
    '9999-12-31 23:59:59.9999990',
  ],
  [
    'timestamp_ns',
    "TIMESTAMP_NS '1969-12-31 23:59:59.9999999'",
    { name: 'datetime2', scale: 7 },
    '1969-12-31 23:59:59.9999999',
  ],
  ['timestamp_s', "TIMESTAMP_S '2020-01-01 10:00:00'", undefined, '2020-01-01 10:00:00'],
  [
    'datetime is whole 1/300 s',
    "TIMESTAMP_MS '2020-05-05 10:11:12.997'",
    { name: 'datetime' },
    '2020-05-05 10:11:12.997',
  ],
  ['datetime from 1753', "TIMESTAMP '1753-01-01 00:00:00'", { name: 'datetime' }, '1753-01-01 00:00:00'],
  ['datetime of 24:00', "TIMESTAMP '2020-05-05 23:59:59.9995'", { name: 'datetime' }, '2020-05-06 00:00:00'],
  ['smalldatetime', "TIMESTAMP_S '2079-06-06 23:59:00'", { name: 'smalldatetime' }, '2079-06-06 23:59:00'],
  [
    'datetimeoffset',
    "TIMESTAMPTZ '2020-01-01 12:00:00+02'",
    { name: 'datetimeoffset', scale: 7 },
    '"2020-01-01 10:00:00.0000000 +00:00"',
  ],
  [
    'datetimeoffset with its offset',
    "'2020-01-01 12:00:00.1234567 -02:30'",
    { name: 'datetimeoffset', scale: 7 },
    '"2020-01-01 12:00:00.1234567 -02:30"',
  ],
  [
    'uniqueidentifier',
    "'0123abcd-4567-89ef-0123-456789abcdef'::UUID",
    undefined,
    '0123abcd-4567-89ef-0123-456789abcdef',
  ],
  ['varbinary', "'\\x00\\xFF\\x41'::BLOB", undefined, '\\x00\\xFFA'],
  ['binary is padded', "'\\x01'::BLOB", { name: 'binary', length: 3 }, '\\x01\\x00\\x00'],
  ['nvarchar', "'héllo 𝄞'", undefined, '"héllo 𝄞"'],
  ['varchar', "'naïve €'", { name: 'varchar', length: 20 }, '"naïve €"'],
  ['varchar without the character', "'a♫b'", { name: 'varchar', length: 20 }, '"a?b"'],
  ['char is padded', "'ab'", { name: 'char', length: 4 }, '"ab  "'],
  ['nchar is padded', "'ab'", { name: 'nchar', length: 4 }, '"ab  "'],
  ['blanks beyond the length are cut', "'ab    '", { name: 'varchar', length: 3 }, '"ab "'],
  ['text', "'long'", { name: 'text' }, '"long"'],
  ['ntext', "'lông'", { name: 'ntext' }, '"lông"'],
  ['image', "'\\x01\\x02'::BLOB", { name: 'image' }, '\\x01\\x02'],
  ['xml', "'<a/>'", { name: 'xml' }, '"<a/>"'],
  ['an int as bigint', '7::INTEGER', { name: 'bigint' }, '"7n"'],
  ['a bigint as int', '7::BIGINT', { name: 'int' }, '7'],
  ['text of a date as date', "'2020-02-03'", { name: 'date' }, '2020-02-03'],
  ['variant of int', '11::INTEGER', { name: 'sql_variant' }, '11'],
  ['variant of decimal', '11.16::DECIMAL(4,2)', { name: 'sql_variant' }, '11.16'],
  ['variant of text', "'häl'", { name: 'sql_variant' }, '"häl"'],
  ['variant of datetime2', "TIMESTAMP '2020-01-01 00:00:01'", { name: 'sql_variant' }, '"2020-01-01 00:00:01.0000000"'],
  ['variant of ticks', "{'datetime2': 12::BIGINT}", { name: 'sql_variant' }, '"0001-01-01 00:00:00.0000012"'],
  ['variant of the ticks of a time', "{'time': 12::BIGINT}", { name: 'sql_variant' }, '"00:00:00.0000012"'],
  ['a list as text', '[1, 2]', undefined, '"[1, 2]"'],
])('%s', async (_name, expression, type, expected) => {
  const rows = await roundTrip(
    `SELECT ${expression} AS a, NULL::INTEGER AS n UNION ALL SELECT NULL, 1`,
    type && [type, { name: 'int' }],
  );
  expect(rows.map((row) => plain(row[0]!, type)).sort()).toEqual([expected, 'NULL'].sort());
});

test.each<[string, string, SqlType, number]>([
  ['a number that an int cannot hold', '3000000000::BIGINT', { name: 'int' }, 8115],
  ['a decimal with too many digits', '100000::DECIMAL(9,2)', { name: 'decimal', precision: 5, scale: 2 }, 8115],
  ['text longer than its column', "'abcd'", { name: 'nvarchar', length: 3 }, 8152],
  ['text longer than its varchar column', "'abcd'", { name: 'varchar', length: 3 }, 8152],
])('%s is an error, never a silent cut', async (_name, expression, type, number) => {
  await expect(roundTrip(`SELECT ${expression}`, [type])).rejects.toMatchObject({ number });
});

test.each([
  ['7.1', TdsVersion.v71],
  ['7.2', TdsVersion.v72],
  ['7.3', TdsVersion.v73a],
  ['7.4', TdsVersion.v74],
  ['8', TdsVersion.v80],
])('dates, long text and NULLs reach a client of TDS %s', async (_name, version) => {
  const rows = await roundTrip(
    "SELECT DATE '2020-01-02' AS d, repeat('x', 9000) AS s, NULL::INTEGER AS n, TIME '10:11:12.5' AS t, 12::BIGINT AS u",
    [
      { name: 'date' },
      { name: 'nvarchar', length: -1 },
      { name: 'int' },
      { name: 'time', scale: 6 },
      { name: 'datetime2', scale: 7 },
    ],
    version,
  );
  const isOld = version === TdsVersion.v71 || version === TdsVersion.v72;
  expect(rows).toHaveLength(1);
  expect(String(rows[0]![0])).toBe('2020-01-02');
  expect(String(rows[0]![1])).toHaveLength(9000);
  expect(rows[0]![2]).toBeNull();
  expect(String(rows[0]![3])).toBe('10:11:12.5');
  expect(rows[0]![4]).toBe(isOld ? '0001-01-01 00:00:00.0000012' : 12n);
});

/** Columns of every kind whose values depend on a seed and a row, with strings of all lengths around the buffer's edges. */
function randomQuery(seed: number, rows: number): string {
  const length = `(hash(i * 31 + ${seed}) % [3, 12, 13, 60, 700, 5000, 40000][1 + (hash(i + ${seed}) % 7)::INTEGER])::INTEGER`;
  const nul = (k: number, value: string): string =>
    `CASE WHEN hash(i * ${k} + ${seed}) % 5 = 0 THEN NULL ELSE ${value} END`;
  return `SELECT ${[
    nul(2, '(hash(i) % 1000)::INTEGER'),
    nul(3, `repeat('ab', ${length} // 2)`),
    nul(5, '(hash(i) % 100000)::DECIMAL(18,2)'),
    nul(7, `repeat('ä€', ${length} // 5)`),
    nul(11, '(hash(i) % 2 = 0)'),
    nul(13, "TIMESTAMP '2020-01-01' + to_seconds((hash(i) % 100000000)::INTEGER)"),
    nul(17, `encode(repeat('z', ${length}))`),
    nul(19, '(hash(i) % 1000)::DOUBLE / 7'),
    nul(23, '(hash(i) % 99999)::DECIMAL(38,5)'),
    nul(29, 'md5(i::VARCHAR)::UUID'),
    nul(31, "DATE '2000-01-01' + (hash(i) % 9999)::INTEGER"),
  ].join(', ')} FROM range(${rows}) t(i) ORDER BY i`;
}

test.each([1, 2, 3, 4])('no byte is lost, whatever the lengths of strings and the buffer (seed %i)', async (seed) => {
  const sql = randomQuery(seed, 300);
  const wide: SqlType = { name: 'nvarchar', length: -1 };
  const expected = (await (await connection.run(sql)).getRows()).map((row) => row.map((value) => plain(value)));
  const types: (SqlType | undefined)[] = Array.from({ length: 11 }, () => undefined);
  types[1] = seed % 2 === 0 ? { name: 'varchar', length: -1 } : wide;
  const result = await connection.run(`SELECT * FROM (${sql}) LIMIT 0`);
  const all = result.columnTypes().map((source, index) => types[index] ?? columnType(source));
  const rows = await roundTrip(sql, all, TdsVersion.v74, 512 + seed * 1000);
  expect(rows.map((row) => row.map((value) => plain(value)))).toEqual(expected);
});

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TYPES } from 'tedious';
import { literal } from '../../../../../local/synapse/engine/literal';
import { ByteReader } from '../../../../../local/synapse/wire/byte-reader';
import { decodeCodePage, encodeCodePage } from '../../../../../local/synapse/wire/code-page';
import { ProtocolError } from '../../../../../local/synapse/wire/protocol';
import { readValue } from '../../../../../local/synapse/wire/read-value';
import { readTypeInfo } from '../../../../../local/synapse/wire/type-info';

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

/** The bytes tedious sends for a parameter: type information, then the value. */
function bytesOf(type: keyof typeof TYPES, value: unknown, rest: object = {}): Buffer {
  const dataType = TYPES[type];
  const parameter = { name: '', type: dataType, value, output: false, ...rest };
  const options = { useUTC: true, tdsVersion: '7_4' } as never;
  const length = dataType.resolveLength?.(parameter as never);
  const precision = dataType.resolvePrecision?.(parameter as never);
  const scale = dataType.resolveScale?.(parameter as never);
  const resolved = { ...parameter, length, precision, scale } as never;
  return Buffer.concat([
    dataType.generateTypeInfo(resolved, options),
    dataType.generateParameterLength(resolved, options),
    ...dataType.generateParameterData(resolved, options),
  ]);
}

test.each<[keyof typeof TYPES, unknown, object, string]>([
  ['Bit', true, {}, 'true'],
  ['TinyInt', 255, {}, '255'],
  ['SmallInt', -32768, {}, '-32768'],
  ['Int', -2147483648, {}, '-2147483648'],
  ['BigInt', '-9223372036854775808', {}, '-9223372036854775808'],
  ['Real', 1.5, {}, '1.5'],
  ['Float', -1e300, {}, '-1e+300'],
  ['Decimal', -12345.678, { precision: 18, scale: 3 }, '-12345.678'],
  ['Numeric', 0.01, { precision: 38, scale: 2 }, '0.01'],
  ['Money', -123.4567, {}, '-123.4567'],
  ['SmallMoney', 214.5, {}, '214.5000'],
  ['UniqueIdentifier', '0123ABCD-4567-89EF-0123-456789ABCDEF', {}, '0123abcd-4567-89ef-0123-456789abcdef'],
  ['Date', new Date('0001-01-01T00:00:00Z'), {}, '0001-01-01'],
  ['Date', new Date('9999-12-31T00:00:00Z'), {}, '9999-12-31'],
  ['Time', new Date('1970-01-01T23:59:59.123Z'), { scale: 7 }, '863991230000'],
  ['DateTime', new Date('2020-02-29T12:34:56.997Z'), {}, '2020-02-29 12:34:56.997'],
  ['DateTime', new Date('1753-01-01T00:00:00.003Z'), {}, '1753-01-01 00:00:00.003'],
  ['SmallDateTime', new Date('2020-02-29T12:34:00Z'), {}, '2020-02-29 12:34:00'],
  ['DateTime2', new Date('2020-02-29T12:34:56.789Z'), { scale: 3 }, '2020-02-29 12:34:56.789'],
  // A datetime2(7) and a time(7) are ticks: of 100 ns since 0001-01-01, since midnight.
  ['DateTime2', new Date('2020-02-29T12:34:56.789Z'), { scale: 7 }, '637185764967890000'],
  ['DateTimeOffset', new Date('2020-02-29T12:34:56.5Z'), { scale: 7 }, '2020-02-29 12:34:56.5000000 +00:00'],
  ['NVarChar', "it's ünï 𝄞", {}, "it's ünï 𝄞"],
  ['NVarChar', 'x'.repeat(9000), {}, 'x'.repeat(9000)],
  ['NVarChar', 'a\0b', {}, 'a\0b'],
  ['NVarChar', '', {}, ''],
  ['NText', 'ünï', {}, 'ünï'],
  ['VarBinary', Buffer.from([0, 255, 65]), {}, '\\x00\\xFFA'],
  ['VarBinary', Buffer.alloc(9000, 65), {}, 'A'.repeat(9000)],
  ['Image', Buffer.from('AB'), {}, 'AB'],
])('value %# (%s) of tedious is read, and DuckDB takes its literal', async (type, value, rest, expected) => {
  const reader = new ByteReader(bytesOf(type, value, rest));
  const info = readTypeInfo(reader, 0x74000004);
  const read = readValue(reader, info);
  expect(reader.atEnd).toBe(true);
  const rows = await (await connection.run(`SELECT ${literal(read, info.type)}`)).getRows();
  expect(String(rows[0]![0])).toBe(expected);
});

test.each<[keyof typeof TYPES]>([
  ['Int'],
  ['Bit'],
  ['NVarChar'],
  ['VarBinary'],
  ['DateTime2'],
  ['Decimal'],
  ['UniqueIdentifier'],
  ['Money'],
])('NULL as %s', async (type) => {
  const reader = new ByteReader(bytesOf(type, null));
  const info = readTypeInfo(reader, 0x74000004);
  const read = readValue(reader, info);
  expect(read).toBeNull();
  expect(await (await connection.run(`SELECT ${literal(read, info.type)}`)).getRows()).toEqual([[null]]);
});

test('a sql_variant that holds a datetime2(7) is its text', () => {
  const ticks = Buffer.from([5, 0, 0, 0, 0]);
  const day = Buffer.from([1, 0, 0]);
  const body = Buffer.concat([Buffer.from([0x2a, 1, 7]), ticks, day]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  const info = readTypeInfo(new ByteReader(Buffer.from([0x62, 0x49, 0x1f, 0, 0])), 0x74000004);
  expect(readValue(new ByteReader(Buffer.concat([size, body])), info)).toBe('0001-01-02 00:00:00.0000005');
});

test('a value cut anywhere is refused', () => {
  const whole = bytesOf('DateTime2', new Date(0), { scale: 7 });
  for (let length = 0; length < whole.length; length++) {
    const reader = new ByteReader(whole.subarray(0, length));
    expect(() => readValue(reader, readTypeInfo(reader, 0x74000004))).toThrow(ProtocolError);
  }
});

test('a scale, a precision or a size that no type has is refused', () => {
  for (const bytes of [[0x2a, 9], [0x6a, 17, 39, 0], [0x6a, 17, 5, 6], [0x26, 3], [0xf0, 0], [0x01]]) {
    expect(() => readTypeInfo(new ByteReader(Buffer.from(bytes)), 0x74000004)).toThrow(ProtocolError);
  }
});

test('code page 1252 there and back; what it lacks is a question mark', () => {
  const text = 'Grüße – „€100“ ™ ÿ';
  expect(decodeCodePage(encodeCodePage(text))).toBe(text);
  expect(encodeCodePage('€').toString('hex')).toBe('80');
  expect(decodeCodePage(encodeCodePage('a♫𝄞b'))).toBe('a??b');
});

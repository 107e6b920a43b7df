import { expect, test } from '@jest/globals';
import { parseBulkInsert } from '../../../../../local/synapse/session/bulk';
import { parseDeclaration, parseType } from '../../../../../local/synapse/session/declaration';
import { bindDeclared } from '../../../../../local/synapse/session/parameters';
import type { RpcParameter } from '../../../../../local/synapse/wire/rpc';

test.each([
  ['int', { name: 'int' }],
  ['DECIMAL(18, 2)', { name: 'decimal', precision: 18, scale: 2 }],
  ['numeric', { name: 'decimal', precision: 18, scale: 0 }],
  ['nvarchar(max)', { name: 'nvarchar', length: -1 }],
  ['[varchar] (20)', { name: 'varchar', length: 20 }],
  ['sys.datetime2', { name: 'datetime2', scale: 7 }],
  ['float(24)', { name: 'real' }],
  ['double precision', { name: 'float' }],
  ['sysname', { name: 'nvarchar', length: 128 }],
  ['dbo.MyType', undefined],
])('type %s', (text, type) => {
  expect(parseType(text)).toEqual(type);
});

test('a declaration is read with sizes, defaults, OUTPUT and comments', () => {
  const declared = parseDeclaration(
    '@a int,\n @b decimal(18, 2) OUTPUT /* , @no int */, @c as nvarchar(max) = NULL, @d varchar(5)output',
  );
  expect(declared.map((one) => [one.name, one.typeText, one.output])).toEqual([
    ['@a', 'int', false],
    ['@b', 'decimal(18, 2)', true],
    ['@c', 'nvarchar(max)', false],
    ['@d', 'varchar(5)', true],
  ]);
});

const value = (name: string, given: number): RpcParameter => ({
  name,
  type: { name: 'int' },
  value: given,
  output: false,
  useDefault: false,
});

test('values are matched by name or by position, and take the declared type', () => {
  const byName = bindDeclared('@a bigint, @b nvarchar(10)', [value('@b', 1), value('@A', 2)]);
  expect(byName.parameters.map((one) => [one.name, one.typeText, one.sql])).toEqual([
    ['@a', 'bigint', "CAST(CAST('2' AS INTEGER) AS BIGINT)"],
    ['@b', 'nvarchar(10)', "CAST(CAST('1' AS INTEGER) AS VARCHAR)"],
  ]);
  expect(bindDeclared('@a int', [value('', 5)]).parameters[0]).toMatchObject({
    name: '@a',
    sql: "CAST('5' AS INTEGER)",
  });
});

test('a value that is missing is 8178, one too many is 8144', () => {
  expect(() => bindDeclared('@a int, @b int', [value('', 1)])).toThrow(expect.objectContaining({ number: 8178 }));
  expect(() => bindDeclared('@a int', [value('', 1), value('', 2)])).toThrow(expect.objectContaining({ number: 8144 }));
});

test.each([
  ['insert bulk t(a int, b nvarchar(50))', 't', ['[a]', '[b]'], false],
  [
    'INSERT BULK [dbo].[my (odd) table] ([a,b] decimal(18,2), "c" varchar(10) COLLATE x) WITH (KEEP_NULLS, TABLOCK)',
    '[dbo].[my (odd) table]',
    ['[a,b]', '"c"'],
    true,
  ],
])('%s', (sql, target, columns, keepNulls) => {
  expect(parseBulkInsert(sql)).toEqual({ target, columns, keepNulls });
});

test('INSERT BULK without columns is a syntax error', () => {
  expect(() => parseBulkInsert('insert bulk t')).toThrow(expect.objectContaining({ number: 102 }));
});

/** HASHBYTES, CHECKSUM, NEWID, COMPRESS. */
import { TSqlError } from '../../../contract';
import { notSupported } from '../../errors';
import { convert } from '../../types/convert';
import { INT, isBinary, isString, MAX, nvarchar, UNIQUEIDENTIFIER, varbinary, varchar } from '../../types/sql-types';
import type { Typed } from '../../types/typed';
import { ofHex, result, spec, type CallContext, type Functions } from './spec';

/** DuckDB's functions give hex digits. */
const HEX: Readonly<Record<string, { name: string; bytes: number }>> = {
  MD5: { name: 'md5', bytes: 16 },
  SHA: { name: 'sha1', bytes: 20 },
  SHA1: { name: 'sha1', bytes: 20 },
  SHA2_256: { name: 'sha256', bytes: 32 },
};

/** The bytes of nvarchar are UTF-16LE, those of varchar the code page's. */
function hashBytes(c: CallContext): Typed {
  const name = c.arg(0).literal?.toUpperCase();
  if (name === undefined) throw notSupported('HASHBYTES with an algorithm that is not a constant');
  const hex = HEX[name];
  if (name === 'MD2' || name === 'MD4') throw notSupported(`HASHBYTES with ${name}`);
  const x = c.arg(1);
  // What is no algorithm gives NULL.
  if (!hex && name !== 'SHA2_512') return { ...result('CAST(NULL AS BLOB)', varbinary(8000), [x], true) };
  if (!isString(x.type) && !isBinary(x.type) && !x.isNull)
    throw new TSqlError(8116, `Argument data type ${x.type.name} is invalid for argument 2 of hashbytes function.`);
  const bytes = isBinary(x.type) ? x.sql : convert(x, varbinary(MAX), { explicit: true }).sql;
  return hex
    ? ofHex(`${hex.name}(${bytes})`, hex.bytes, varbinary(8000), [x])
    : result(`tsql_sha512(hex(${bytes}))`, varbinary(8000), [x]);
}
function joined(c: CallContext): string {
  const args = c.call.args.map((_, i) => c.arg(i));
  return `concat_ws(chr(31), ${args.map((x) => `coalesce(${convert(x, isString(x.type) ? x.type : varchar(MAX), { explicit: true }).sql}, chr(30))`).join(', ')})`;
}
/** The checksum of one int or less is its value. Other values differ from SQL Server's; equal rows have equal ones all the same. */
function wholeNumber(c: CallContext): Typed | undefined {
  const x = c.arg(0);
  if (c.call.args.length > 1 || !['int', 'smallint', 'tinyint'].includes(x.type.name) || x.isNull) return undefined;
  return result(`coalesce(CAST(${x.sql} AS INTEGER), 2147483647)`, INT, [], false);
}
export const HASH_FUNCTIONS: Functions = {
  HASHBYTES: spec(2, 2, hashBytes),
  CHECKSUM: spec(1, 254, (c) => wholeNumber(c) ?? result(`tsql.checksum_s(${joined(c)})`, INT, [], false)),
  BINARY_CHECKSUM: spec(1, 254, (c) => {
    const number = wholeNumber(c);
    if (number) return number;
    if (c.call.args.length === 1 && isString(c.arg(0).type))
      return result(`coalesce(tsql.binary_checksum(${c.arg(0).sql}), 0)`, INT, [], false);
    return result(`tsql.binary_checksum(${joined(c)})`, INT, [], false);
  }),
  NEWID: spec(0, 0, () => result('uuid()', UNIQUEIDENTIFIER, [], false)),
  NEWSEQUENTIALID: spec(0, 0, () => result('uuid()', UNIQUEIDENTIFIER, [], false)),
};
export { nvarchar };

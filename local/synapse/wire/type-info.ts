import type { SqlType, SqlTypeName } from '../contract';
import type { ByteReader } from './byte-reader';
import type { PacketWriter } from './packet-writer';
import { collation, hasCollation, hasKatmaiTypes, hasYukon, ProtocolError } from './protocol';

/** Data type tokens (2.2.5.4). */
export const TypeToken = {
  null: 0x1f,
  int1: 0x30,
  bit: 0x32,
  int2: 0x34,
  int4: 0x38,
  smalldatetime: 0x3a,
  real: 0x3b,
  money: 0x3c,
  datetime: 0x3d,
  float: 0x3e,
  smallmoney: 0x7a,
  int8: 0x7f,
  guid: 0x24,
  intN: 0x26,
  decimal: 0x37,
  numeric: 0x3f,
  date: 0x28,
  time: 0x29,
  datetime2: 0x2a,
  datetimeoffset: 0x2b,
  bitN: 0x68,
  decimalN: 0x6a,
  numericN: 0x6c,
  floatN: 0x6d,
  moneyN: 0x6e,
  datetimeN: 0x6f,
  char: 0x2f,
  varchar: 0x27,
  binary: 0x2d,
  varbinary: 0x25,
  bigVarbinary: 0xa5,
  bigVarchar: 0xa7,
  bigBinary: 0xad,
  bigChar: 0xaf,
  nvarchar: 0xe7,
  nchar: 0xef,
  image: 0x22,
  text: 0x23,
  ntext: 0x63,
  xml: 0xf1,
  udt: 0xf0,
  tableValued: 0xf3,
  variant: 0x62,
} as const;

/** Size of n(var)char and var... that means "max" (PLP). */
export const maxSize = 0xffff;

/** A TYPE_INFO as it was sent: the token, the size that rules how values are read, and the T-SQL type. */
export interface TypeInfo {
  readonly token: number;
  readonly size: number;
  readonly type: SqlType;
}

const fixed: Readonly<Record<number, readonly [SqlTypeName, number]>> = {
  [TypeToken.int1]: ['tinyint', 1],
  [TypeToken.bit]: ['bit', 1],
  [TypeToken.int2]: ['smallint', 2],
  [TypeToken.int4]: ['int', 4],
  [TypeToken.int8]: ['bigint', 8],
  [TypeToken.real]: ['real', 4],
  [TypeToken.float]: ['float', 8],
  [TypeToken.money]: ['money', 8],
  [TypeToken.smallmoney]: ['smallmoney', 4],
  [TypeToken.datetime]: ['datetime', 8],
  [TypeToken.smalldatetime]: ['smalldatetime', 4],
  [TypeToken.null]: ['int', 0],
};

/** T-SQL types of the tokens whose one byte of size picks the type. */
const sized: Readonly<Record<number, Readonly<Record<number, SqlTypeName>>>> = {
  [TypeToken.intN]: { 1: 'tinyint', 2: 'smallint', 4: 'int', 8: 'bigint' },
  [TypeToken.bitN]: { 1: 'bit' },
  [TypeToken.floatN]: { 4: 'real', 8: 'float' },
  [TypeToken.moneyN]: { 4: 'smallmoney', 8: 'money' },
  [TypeToken.datetimeN]: { 4: 'smalldatetime', 8: 'datetime' },
  [TypeToken.guid]: { 16: 'uniqueidentifier' },
};

/** Reads a TYPE_INFO. Throws `ProtocolError` for a type that a parameter or a bulk column cannot have. */
export function readTypeInfo(reader: ByteReader, version: number): TypeInfo {
  const token = reader.u8();
  const plain = fixed[token];
  if (plain) return { token, size: plain[1], type: { name: plain[0] } };
  const bySize = sized[token];
  if (bySize) {
    const size = reader.u8();
    const name = bySize[size];
    if (!name) throw new ProtocolError(`Type 0x${token.toString(16)} cannot have ${size} bytes.`);
    return { token, size, type: { name } };
  }
  const skipCollation = (): void => {
    if (hasCollation(version)) reader.take(5);
  };
  const scaled = (name: SqlTypeName): TypeInfo => {
    const scale = reader.u8();
    if (scale > 7) throw new ProtocolError(`${name} cannot have scale ${scale}.`);
    return { token, size: 0, type: { name, scale } };
  };
  switch (token) {
    case TypeToken.decimal:
    case TypeToken.numeric:
    case TypeToken.decimalN:
    case TypeToken.numericN: {
      const size = reader.u8();
      const precision = reader.u8();
      const scale = reader.u8();
      if (precision < 1 || precision > 38 || scale > precision)
        throw new ProtocolError(`decimal(${precision},${scale}) is not a type.`);
      return { token, size, type: { name: 'decimal', precision, scale } };
    }
    case TypeToken.date:
      return { token, size: 3, type: { name: 'date' } };
    case TypeToken.time:
      return scaled('time');
    case TypeToken.datetime2:
      return scaled('datetime2');
    case TypeToken.datetimeoffset:
      return scaled('datetimeoffset');
    case TypeToken.bigVarbinary:
    case TypeToken.bigBinary: {
      const size = reader.u16();
      return {
        token,
        size,
        type: { name: token === TypeToken.bigBinary ? 'binary' : 'varbinary', length: size === maxSize ? -1 : size },
      };
    }
    case TypeToken.varbinary:
    case TypeToken.binary: {
      const size = reader.u8();
      return { token, size, type: { name: token === TypeToken.binary ? 'binary' : 'varbinary', length: size } };
    }
    case TypeToken.varchar:
    case TypeToken.char: {
      const size = reader.u8();
      return { token, size, type: { name: token === TypeToken.char ? 'char' : 'varchar', length: size } };
    }
    case TypeToken.bigVarchar:
    case TypeToken.bigChar: {
      const size = reader.u16();
      skipCollation();
      return {
        token,
        size,
        type: { name: token === TypeToken.bigChar ? 'char' : 'varchar', length: size === maxSize ? -1 : size },
      };
    }
    case TypeToken.nvarchar:
    case TypeToken.nchar: {
      const size = reader.u16();
      skipCollation();
      return {
        token,
        size,
        type: { name: token === TypeToken.nchar ? 'nchar' : 'nvarchar', length: size === maxSize ? -1 : size >> 1 },
      };
    }
    case TypeToken.image:
      return { token, size: reader.u32(), type: { name: 'image' } };
    case TypeToken.text:
    case TypeToken.ntext: {
      const size = reader.u32();
      skipCollation();
      return { token, size, type: { name: token === TypeToken.text ? 'text' : 'ntext' } };
    }
    case TypeToken.xml:
      if (reader.u8() !== 0) {
        reader.shortText();
        reader.shortText();
        reader.text();
      }
      return { token, size: maxSize, type: { name: 'xml' } };
    case TypeToken.variant:
      return { token, size: reader.u32(), type: { name: 'sql_variant' } };
  }
  throw new ProtocolError(`Type 0x${token.toString(16)} is not supported.`);
}

/** Bytes of a decimal on the wire (sign included) for a precision. */
export const decimalBytes = (precision: number): number =>
  precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;

/** Bytes of a time of day for a scale. */
export const timeBytes = (scale: number): number => (scale <= 2 ? 3 : scale <= 4 ? 4 : 5);

const oneByte: Partial<Record<SqlTypeName, readonly [number, number]>> = {
  bit: [TypeToken.bitN, 1],
  tinyint: [TypeToken.intN, 1],
  smallint: [TypeToken.intN, 2],
  int: [TypeToken.intN, 4],
  bigint: [TypeToken.intN, 8],
  real: [TypeToken.floatN, 4],
  float: [TypeToken.floatN, 8],
  money: [TypeToken.moneyN, 8],
  smallmoney: [TypeToken.moneyN, 4],
  datetime: [TypeToken.datetimeN, 8],
  smalldatetime: [TypeToken.datetimeN, 4],
  uniqueidentifier: [TypeToken.guid, 16],
};

const fixedTokens: Partial<Record<SqlTypeName, number>> = Object.fromEntries(
  Object.entries(fixed).flatMap(([token, [name, size]]) => (size > 0 ? [[name, Number(token)]] : [])),
);

/** True for types with a form that has no length and no NULL, as SQL Server sends what is declared NOT NULL. */
export const hasFixedForm = (type: SqlType): boolean => fixedTokens[type.name] !== undefined;

/**
 * Writes the TYPE_INFO of a column or a return value; `type` has been through `typeForVersion`.
 * `isFixed` = in the form without length and NULL.
 */
export function writeTypeInfo(writer: PacketWriter, type: SqlType, version: number, isFixed = false): void {
  if (isFixed) return writer.u8(fixedTokens[type.name]!);
  const simple = oneByte[type.name];
  if (simple) {
    writer.u8(simple[0]);
    writer.u8(simple[1]);
    return;
  }
  const withCollation = (): void => {
    if (hasCollation(version)) writer.bytes(collation);
  };
  /** Of text, ntext and image: what SET TEXTSIZE allows. */
  const limit = (most: number): number => (type.length !== undefined && type.length > 0 ? type.length : most);
  const size = type.length === undefined || type.length === -1 ? maxSize : type.length;
  switch (type.name) {
    case 'decimal':
      writer.u8(TypeToken.numericN);
      writer.u8(decimalBytes(type.precision ?? 18));
      writer.u8(type.precision ?? 18);
      writer.u8(type.scale ?? 0);
      return;
    case 'date':
      writer.u8(TypeToken.date);
      return;
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      writer.u8(TypeToken[type.name]);
      writer.u8(type.scale ?? 7);
      return;
    case 'binary':
    case 'varbinary':
      writer.u8(type.name === 'binary' ? TypeToken.bigBinary : TypeToken.bigVarbinary);
      writer.u16(size);
      return;
    case 'char':
    case 'varchar':
      writer.u8(type.name === 'char' ? TypeToken.bigChar : TypeToken.bigVarchar);
      writer.u16(size);
      withCollation();
      return;
    case 'nchar':
    case 'nvarchar':
      writer.u8(type.name === 'nchar' ? TypeToken.nchar : TypeToken.nvarchar);
      writer.u16(size === maxSize ? maxSize : size * 2);
      withCollation();
      return;
    case 'text':
    case 'ntext':
      writer.u8(TypeToken[type.name]);
      writer.u32(limit(type.name === 'text' ? 0x7fffffff : 0x7ffffffe));
      withCollation();
      return;
    case 'image':
      writer.u8(TypeToken.image);
      writer.u32(limit(0x7fffffff));
      return;
    case 'xml':
      writer.u8(TypeToken.xml);
      writer.u8(0);
      return;
    case 'sql_variant':
      writer.u8(TypeToken.variant);
      writer.u32(8009);
      return;
  }
}

/** Lengths of the text that stands for a temporal type where the client does not know it (TDS 7.2 and older). */
const temporalText: Partial<Record<SqlTypeName, number>> = { date: 10, time: 16, datetime2: 27, datetimeoffset: 34 };

/** The type a client of this TDS version is told: what an old version does not know becomes text, ntext or image. */
export function typeForVersion(type: SqlType, version: number): SqlType {
  const text = temporalText[type.name];
  if (text !== undefined && !hasKatmaiTypes(version)) return { name: 'nvarchar', length: text };
  if (hasYukon(version)) return type;
  if (type.name === 'xml') return { name: 'ntext' };
  if (type.length !== -1) return type;
  return { name: type.name === 'varbinary' ? 'image' : type.name === 'varchar' ? 'text' : 'ntext' };
}

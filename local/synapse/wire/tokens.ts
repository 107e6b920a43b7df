import type { DuckDBValue } from '@duckdb/node-api';
import type { InfoMessage, ResultColumn, SqlType } from '../contract';
import type { PacketWriter } from './packet-writer';
import { collation, hasYukon, productVersion, Token, type DoneToken } from './protocol';
import { sentValue } from '../ticks';
import { typeForVersion, writeTypeInfo } from './type-info';

/** Name of the server in messages and @@SERVERNAME. */
export const serverName = 'LOCALSYNAPSE';

/** ENVCHANGE types (2.2.7.9). */
export const EnvChange = {
  database: 1,
  language: 2,
  packetSize: 4,
  collation: 7,
  beginTransaction: 8,
  commitTransaction: 9,
  rollbackTransaction: 10,
  resetAck: 18,
} as const;

/** Most characters of a message text: what fits the 16-bit token length with room for names. */
const longestMessage = 4000;

/** A column of COLMETADATA: its type is already the one for the client's TDS version. */
export interface SentColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable?: boolean;
  readonly identity?: boolean;
  readonly computed?: boolean;
  /** Sent in the form without length and NULL. */
  readonly isFixed?: boolean;
}

/** Writes the tokens of a reply (2.2.7) for one TDS version. */
export class TokenWriter {
  version = 0;
  constructor(readonly packets: PacketWriter) {}

  /** The column as the client of this version is told. */
  column(column: ResultColumn, type: SqlType): SentColumn {
    return {
      name: column.name,
      nullable: column.nullable,
      identity: column.identity,
      computed: column.computed,
      type: typeForVersion(type, this.version),
    };
  }

  columns(columns: readonly SentColumn[]): void {
    const out = this.packets;
    out.u8(Token.colMetadata);
    out.u16(columns.length);
    for (const column of columns) {
      this.userType();
      out.u16((column.nullable === false ? 0 : 0x01) | (column.identity ? 0x10 : column.computed ? 0x20 : 0x08));
      writeTypeInfo(out, column.type, this.version, column.isFixed);
      // text, ntext and image carry a table name; results have none.
      if (column.type.name === 'text' || column.type.name === 'ntext' || column.type.name === 'image') {
        if (hasYukon(this.version)) out.u8(0);
        else out.u16(0);
      }
      out.shortText(column.name);
    }
  }

  /** What ORDER BY names: positions of columns from 1 on. */
  order(columns: readonly number[]): void {
    if (!columns.length) return;
    const out = this.packets;
    out.u8(Token.order);
    out.u16(columns.length * 2);
    for (const column of columns) out.u16(column);
  }

  private userType(): void {
    if (hasYukon(this.version)) this.packets.u32(0);
    else this.packets.u16(0);
  }

  message(token: typeof Token.error | typeof Token.info, message: InfoMessage): void {
    const out = this.packets;
    const text = message.message.slice(0, longestMessage);
    const procedure = (message.procedure ?? '').slice(0, 128);
    const lineBytes = hasYukon(this.version) ? 4 : 2;
    out.u8(token);
    out.u16(4 + 1 + 1 + 2 + text.length * 2 + 1 + serverName.length * 2 + 1 + procedure.length * 2 + lineBytes);
    out.i32(message.number);
    out.u8(message.state);
    out.u8(message.class);
    out.text(text);
    out.shortText(serverName);
    out.shortText(procedure);
    if (hasYukon(this.version)) out.u32(message.line);
    else out.u16(Math.min(message.line, 0xffff));
  }

  done(token: DoneToken, status: number, command: number, rows: number): void {
    const out = this.packets;
    out.u8(token);
    out.u16(status);
    out.u16(command);
    if (hasYukon(this.version)) out.u64(rows);
    else out.u32(rows);
  }

  returnStatus(value: number): void {
    this.packets.u8(Token.returnStatus);
    this.packets.i32(value);
  }

  /** An output parameter. `encode` writes the value for the type it is given. */
  returnValue(ordinal: number, name: string, type: SqlType, value: DuckDBValue, encode: ValueEncoder): void {
    const out = this.packets;
    const sent = typeForVersion(type, this.version);
    out.u8(Token.returnValue);
    out.u16(ordinal);
    out.shortText(name);
    out.u8(1);
    this.userType();
    out.u16(0x01);
    writeTypeInfo(out, sent, this.version);
    encode(out, sentValue(value, type, sent), sent);
  }

  envText(type: number, value: string, old: string): void {
    const out = this.packets;
    const [now, before] = [value.slice(0, 128), old.slice(0, 128)];
    out.u8(Token.envChange);
    out.u16(3 + now.length * 2 + before.length * 2);
    out.u8(type);
    out.shortText(now);
    out.shortText(before);
  }

  envCollation(): void {
    const out = this.packets;
    out.u8(Token.envChange);
    out.u16(3 + collation.length);
    out.u8(EnvChange.collation);
    out.u8(collation.length);
    out.bytes(collation);
    out.u8(0);
  }

  envTransaction(type: 8 | 9 | 10, descriptor: bigint): void {
    const out = this.packets;
    out.u8(Token.envChange);
    out.u16(11);
    out.u8(type);
    if (type === EnvChange.beginTransaction) {
      out.u8(8);
      out.u64(descriptor);
      out.u8(0);
    } else {
      out.u8(0);
      out.u8(8);
      out.u64(descriptor);
    }
  }

  envReset(): void {
    const out = this.packets;
    out.u8(Token.envChange);
    out.u16(3);
    out.u8(EnvChange.resetAck);
    out.u8(0);
    out.u8(0);
  }

  loginAck(): void {
    const out = this.packets;
    const program = 'Microsoft SQL Server';
    out.u8(Token.loginAck);
    out.u16(1 + 4 + 1 + program.length * 2 + 4);
    out.u8(1);
    out.u32BigEndian(this.version);
    out.shortText(program);
    out.bytes(productVersion);
  }

  /** Acknowledges login features by id. */
  featureAck(features: ReadonlyMap<number, Buffer>): void {
    if (features.size === 0) return;
    const out = this.packets;
    out.u8(Token.featureExtAck);
    for (const [id, data] of features) {
      out.u8(id);
      out.u32(data.length);
      out.bytes(data);
    }
    out.u8(0xff);
  }

  /** Tells an ADAL client where to fetch a token and for whom (2.2.7.12). */
  federatedInfo(authority: string, resource: string): void {
    const sts = Buffer.from(authority, 'ucs2');
    const spn = Buffer.from(resource, 'ucs2');
    const body = Buffer.alloc(22 + sts.length + spn.length);
    body.writeUInt32LE(2, 0);
    body[4] = 1;
    body.writeUInt32LE(sts.length, 5);
    body.writeUInt32LE(22, 9);
    body[13] = 2;
    body.writeUInt32LE(spn.length, 14);
    body.writeUInt32LE(22 + sts.length, 18);
    sts.copy(body, 22);
    spn.copy(body, 22 + sts.length);
    this.packets.u8(Token.fedAuthInfo);
    this.packets.u32(body.length);
    this.packets.bytes(body);
  }
}

type ValueEncoder = (writer: PacketWriter, value: DuckDBValue, type: SqlType) => void;

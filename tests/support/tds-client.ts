import net from 'node:net';
import type { DuckDBValue } from '@duckdb/node-api';
import Login7Payload from 'tedious/lib/login7-payload';
import PreloginPayload from 'tedious/lib/prelogin-payload';
import { ByteReader } from '../../local/synapse/wire/byte-reader';
import { PacketReader, type Message } from '../../local/synapse/wire/packet-reader';
import { PacketWriter } from '../../local/synapse/wire/packet-writer';
import { hasYukon, PacketType, TdsVersion, Token } from '../../local/synapse/wire/protocol';
import { readValue } from '../../local/synapse/wire/read-value';
import { readTypeInfo, type TypeInfo } from '../../local/synapse/wire/type-info';

export interface ReplyToken {
  readonly kind: string;
  readonly order?: readonly number[];
  readonly number?: number;
  readonly text?: string;
  readonly status?: number;
  readonly command?: number;
  readonly rows?: number;
  readonly columns?: readonly { readonly name: string; readonly info: TypeInfo; readonly flags: number }[];
  readonly row?: readonly DuckDBValue[];
  readonly env?: number;
  readonly value?: DuckDBValue;
  readonly name?: string;
}

/** Reads the tokens of a reply message with the product's own readers of types and values. */
export function parseReply(payload: Buffer, version: number): ReplyToken[] {
  const reader = new ByteReader(payload);
  const tokens: ReplyToken[] = [];
  let columns: { name: string; info: TypeInfo; flags: number }[] = [];
  const isLong = (info: TypeInfo): boolean => ['text', 'ntext', 'image'].includes(info.type.name);
  const cell = (info: TypeInfo): DuckDBValue => {
    if (!isLong(info)) return readValue(reader, info);
    const pointer = reader.u8();
    if (pointer === 0) return null;
    reader.take(pointer + 8);
    return readValue(reader, info);
  };
  while (!reader.atEnd) {
    const token = reader.u8();
    switch (token) {
      case Token.colMetadata: {
        columns = [];
        const count = reader.u16();
        for (let index = 0; index < count; index++) {
          reader.take(hasYukon(version) ? 4 : 2);
          const flags = reader.u16();
          const info = readTypeInfo(reader, version);
          if (isLong(info)) {
            if (hasYukon(version)) for (let parts = reader.u8(); parts > 0; parts--) reader.text();
            else reader.text();
          }
          columns.push({ name: reader.shortText(), info, flags });
        }
        tokens.push({ kind: 'columns', columns });
        break;
      }
      case Token.row:
        tokens.push({ kind: 'row', row: columns.map((column) => cell(column.info)) });
        break;
      case Token.nbcRow: {
        const bitmap = reader.take((columns.length + 7) >> 3);
        const row = columns.map((column, index) =>
          bitmap[index >> 3]! & (1 << (index & 7)) ? null : cell(column.info),
        );
        tokens.push({ kind: 'row', row });
        break;
      }
      case Token.error:
      case Token.info: {
        const body = new ByteReader(reader.take(reader.u16()));
        const number = body.i32();
        body.take(2);
        tokens.push({ kind: token === Token.error ? 'error' : 'info', number, text: body.text() });
        break;
      }
      case Token.envChange: {
        const body = reader.take(reader.u16());
        tokens.push({ kind: 'env', env: body[0] });
        break;
      }
      case Token.loginAck:
        reader.take(reader.u16());
        tokens.push({ kind: 'loginAck' });
        break;
      case Token.featureExtAck:
        while (reader.u8() !== 0xff) reader.take(reader.u32());
        tokens.push({ kind: 'featureAck' });
        break;
      case Token.order: {
        const count = reader.u16() / 2;
        tokens.push({ kind: 'order', order: Array.from({ length: count }, () => reader.u16()) });
        break;
      }
      case Token.returnStatus:
        tokens.push({ kind: 'status', status: reader.i32() });
        break;
      case Token.returnValue: {
        reader.u16();
        const name = reader.shortText();
        reader.u8();
        reader.take(hasYukon(version) ? 4 : 2);
        reader.u16();
        const info = readTypeInfo(reader, version);
        tokens.push({ kind: 'value', name, value: readValue(reader, info) });
        break;
      }
      case Token.done:
      case Token.doneProc:
      case Token.doneInProc: {
        const kind = token === Token.done ? 'done' : token === Token.doneProc ? 'doneProc' : 'doneInProc';
        const status = reader.u16();
        const command = reader.u16();
        const rows = hasYukon(version) ? Number(reader.u64()) : reader.u32();
        tokens.push({ kind, status, command, rows });
        break;
      }
      default:
        throw new Error(`token 0x${token.toString(16)} at ${reader.position - 1}`);
    }
  }
  return tokens;
}

export interface ClientOptions {
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly version?: number;
  readonly packetSize?: number;
  readonly accessToken?: string;
}

/** A small TDS client for tests: raw messages out, parsed tokens in. No TLS. */
export class TdsClient {
  readonly socket: net.Socket;
  readonly version: number;
  closed = false;
  bytesReceived = 0;
  private readonly writer: PacketWriter;
  private readonly messages: Message[] = [];
  private readonly waiting: ((message: Message | undefined) => void)[] = [];

  constructor(readonly options: ClientOptions) {
    this.version = options.version ?? TdsVersion.v74;
    this.socket = net.connect(options.port, '127.0.0.1');
    this.socket.on('error', () => undefined);
    const reader = new PacketReader((message) => {
      const next = this.waiting.shift();
      if (next) next(message);
      else this.messages.push(message);
    });
    reader.limit = Infinity;
    this.socket.on('data', (data) => {
      this.bytesReceived += data.length;
      reader.push(data);
    });
    this.socket.on('close', () => {
      this.closed = true;
      for (const next of this.waiting.splice(0)) next(undefined);
    });
    this.writer = new PacketWriter(this.socket, 4096, 0);
  }

  /** Connects and logs in; the tokens of the login's answer. */
  static async open(options: ClientOptions): Promise<{ client: TdsClient; tokens: ReplyToken[] }> {
    const client = new TdsClient(options);
    await client.prelogin();
    const tokens = await client.logIn();
    return { client, tokens };
  }

  async prelogin(): Promise<Buffer> {
    const payload = new PreloginPayload({ encrypt: false, version: { major: 1, minor: 0, build: 0, subbuild: 0 } });
    this.send(PacketType.prelogin, payload.data);
    return (await this.message())!.payload;
  }

  async logIn(): Promise<ReplyToken[]> {
    const { options } = this;
    const payload = new Login7Payload({
      tdsVersion: this.version,
      packetSize: options.packetSize ?? 4096,
      clientProgVer: 0,
      clientPid: 1,
      connectionId: 0,
      clientTimeZone: 0,
      clientLcid: 0x409,
    });
    Object.assign(payload, {
      hostname: 'test',
      userName: options.user ?? 'medstream',
      password: options.password ?? 'secret',
      appName: 'test',
      serverName: '',
      libraryName: 'test',
      language: '',
      database: options.database ?? '',
      clientId: Buffer.alloc(6),
    });
    if (options.accessToken !== undefined) {
      payload.fedAuth = { type: 'SECURITYTOKEN', echo: true, fedAuthToken: options.accessToken };
    }
    this.send(PacketType.login7, payload.toBuffer());
    return this.reply();
  }

  send(type: number, payload: Buffer): void {
    this.writer.bytes(payload);
    this.writer.flush(true, type);
  }

  /** ALL_HEADERS with a transaction descriptor, for versions that have them. */
  headers(): Buffer {
    if (!hasYukon(this.version)) return Buffer.alloc(0);
    const headers = Buffer.alloc(22);
    headers.writeUInt32LE(22, 0);
    headers.writeUInt32LE(18, 4);
    headers.writeUInt16LE(2, 8);
    headers.writeUInt32LE(1, 18);
    return headers;
  }

  async message(): Promise<Message | undefined> {
    const ready = this.messages.shift();
    if (ready || this.closed) return ready;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** The next reply message; throws when the connection was closed instead. */
  async reply(): Promise<ReplyToken[]> {
    const message = await this.message();
    if (!message) throw new Error('closed');
    return parseReply(message.payload, this.version);
  }

  async batch(sql: string): Promise<ReplyToken[]> {
    this.send(PacketType.sqlBatch, Buffer.concat([this.headers(), Buffer.from(sql, 'ucs2')]));
    return this.reply();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    const done = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.end();
    await done;
  }
}

/** Rows of a reply, as arrays. */
export const rowsOf = (tokens: readonly ReplyToken[]): (readonly DuckDBValue[])[] =>
  tokens.filter((token) => token.kind === 'row').map((token) => token.row!);

import net from 'node:net';

const attention = 6;
const batch = 1;
const login = 16;
const headerBytes = 8;

/** LOGIN7 of TDS 7.4 (MS-TDS 2.2.6.4); the plain port takes it without a PRELOGIN. */
function loginMessage(user: string, password: string, database: string): Buffer {
  const hidden = Buffer.from(password, 'ucs2').map((byte) => (((byte << 4) | (byte >> 4)) & 0xff) ^ 0xa5);
  const text = (value: string): Buffer => Buffer.from(value, 'ucs2');
  const fields = [
    text('bench'),
    text(user),
    Buffer.from(hidden),
    text('bench'),
    ...['', '', '', ''].map(text),
    text(database),
  ];
  const head = Buffer.alloc(94);
  head.writeUInt32LE(0x74000004, 4);
  head.writeUInt32LE(32767, 8);
  let offset = head.length;
  fields.forEach((field, index) => {
    head.writeUInt16LE(offset, 36 + index * 4);
    head.writeUInt16LE(field.length / 2, 38 + index * 4);
    offset += field.length;
  });
  head.writeUInt32LE(offset, 0);
  return Buffer.concat([head, ...fields]);
}

function packets(type: number, payload: Buffer, size = 4096): Buffer {
  const room = size - headerBytes;
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += room) {
    const body = payload.subarray(at, at + room);
    const head = Buffer.from([type, at + room >= payload.length ? 1 : 0, 0, 0, 0, 0, 1, 0]);
    head.writeUInt16BE(body.length + headerBytes, 2);
    parts.push(head, body);
  }
  return Buffer.concat(parts);
}

/** A TDS client that decodes nothing: it counts bytes and knows where messages end, so that the server is what is measured. */
export class RawTds {
  bytes = 0;
  private readonly socket: net.Socket;
  private left = 0;
  private head = Buffer.alloc(0);
  private isLast = false;
  private messages = 0;
  private waiting: (() => void) | undefined;

  private constructor(port: number) {
    this.socket = net.connect(port, '127.0.0.1');
    this.socket.on('data', (data) => this.received(data));
    this.socket.on('close', () => this.ended());
  }

  static async open(port: number, user: string, password: string, database: string): Promise<RawTds> {
    const client = new RawTds(port);
    client.socket.write(packets(login, loginMessage(user, password, database)));
    await client.message();
    return client;
  }

  /** Runs a batch; resolves at the end of its answer. */
  async batch(sql: string): Promise<void> {
    const headers = Buffer.alloc(22);
    headers.writeUInt32LE(22, 0);
    headers.writeUInt32LE(18, 4);
    headers.writeUInt16LE(2, 8);
    headers.writeUInt32LE(1, 18);
    this.socket.write(packets(batch, Buffer.concat([headers, Buffer.from(sql, 'ucs2')])));
    await this.message();
  }

  /** Sends an ATTENTION; the answer ends the message under way and then a message of its own. */
  cancel(): void {
    this.socket.write(packets(attention, Buffer.alloc(0)));
  }

  /** Resolves at the end of the next message. */
  async message(): Promise<void> {
    if (this.messages === 0) await new Promise<void>((resolve) => (this.waiting = resolve));
    this.messages--;
  }

  close(): void {
    this.socket.destroy();
  }

  private ended(): void {
    this.messages++;
    this.waiting?.();
    this.waiting = undefined;
  }

  private received(data: Buffer): void {
    this.bytes += data.length;

    let rest = this.head.length ? Buffer.concat([this.head, data]) : data;
    this.head = Buffer.alloc(0);
    for (;;) {
      if (this.left >= rest.length && this.left > 0) {
        this.left -= rest.length;
        if (this.left === 0 && this.isLast) this.ended();
        return;
      }
      if (this.left > 0) {
        rest = rest.subarray(this.left);
        this.left = 0;
        if (this.isLast) this.ended();
      }
      if (rest.length < headerBytes) {
        this.head = Buffer.from(rest);
        return;
      }
      this.isLast = (rest[1]! & 1) === 1;
      this.left = rest.readUInt16BE(2) - headerBytes;
      rest = rest.subarray(headerBytes);
      if (this.left === 0 && this.isLast) this.ended();
    }
  }
}

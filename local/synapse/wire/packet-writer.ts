import { headerSize, PacketStatus, PacketType } from './protocol';

/** Where packets go: a socket or a TLS socket. */
export interface PacketSink {
  write(bytes: Buffer): boolean;
  once(event: 'drain' | 'close', listener: () => void): unknown;
  removeListener(event: 'drain' | 'close', listener: () => void): unknown;
  readonly destroyed: boolean;
  readonly writableLength: number;
}

const initialBytes = 16 * 1024;
/** A buffer that grew beyond this for one large value is given back when the message ends. */
const keptBytes = 512 * 1024;
/** Bytes that may wait in the socket before the sender waits too: enough to encode while the client reads. */
const mostUnsent = 1024 * 1024;

/**
 * Builds one reply message at a time and cuts it into packets.
 * `buffer` and `position` are open to the row encoder, which reserves space and then writes without further checks.
 */
export class PacketWriter {
  buffer = Buffer.allocUnsafe(initialBytes);
  position = 0;
  bytesSent = 0;
  private packetId = 1;

  constructor(
    public sink: PacketSink,
    public packetSize: number,
    private readonly spid: number,
  ) {}

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.buffer.length - this.position >= count) return;
    let size = this.buffer.length * 2;
    while (size - this.position < count) size *= 2;
    const grown = Buffer.allocUnsafe(size);
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
  }

  u8(value: number): void {
    this.reserve(1);
    this.buffer[this.position++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.position = this.buffer.writeUInt16LE(value & 0xffff, this.position);
  }

  u32(value: number): void {
    this.reserve(4);
    this.position = this.buffer.writeUInt32LE(value >>> 0, this.position);
  }

  i32(value: number): void {
    this.reserve(4);
    this.position = this.buffer.writeInt32LE(value, this.position);
  }

  u32BigEndian(value: number): void {
    this.reserve(4);
    this.position = this.buffer.writeUInt32BE(value >>> 0, this.position);
  }

  u64(value: bigint | number): void {
    this.reserve(8);
    this.position = this.buffer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), this.position);
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.position);
    this.position += value.length;
  }

  ucs2(value: string): void {
    this.reserve(value.length * 2);
    this.position += this.buffer.write(value, this.position, 'ucs2');
  }

  /** B_VARCHAR, cut to 255 characters. */
  shortText(value: string): void {
    const text = value.slice(0, 255);
    this.u8(text.length);
    this.ucs2(text);
  }

  /** US_VARCHAR, cut to 32,000 characters. */
  text(value: string): void {
    const text = value.slice(0, 32_000);
    this.u16(text.length);
    this.ucs2(text);
  }

  /** Drops what has not been sent of the current message. */
  discard(): void {
    this.position = 0;
  }

  /**
   * Sends all full packets; at `end` the rest too, marked as the end of the message.
   * Otherwise at least one byte stays, so that the last packet can carry the mark. False = the socket is full.
   */
  flush(end: boolean, type: number = PacketType.reply): boolean {
    const room = this.packetSize - headerSize;
    const count = end
      ? Math.max(1, Math.ceil(this.position / room))
      : Math.max(0, Math.floor((this.position - 1) / room));
    if (count === 0) return true;
    const sent = end ? this.position : count * room;
    const out = Buffer.allocUnsafe(count * headerSize + sent);
    let to = 0;
    for (let index = 0, from = 0; index < count; index++) {
      const length = Math.min(room, sent - from);
      out[to] = type;
      out[to + 1] = end && index === count - 1 ? PacketStatus.endOfMessage : 0;
      out.writeUInt16BE(length + headerSize, to + 2);
      out.writeUInt16BE(this.spid & 0xffff, to + 4);
      out[to + 6] = this.packetId++ & 0xff;
      out[to + 7] = 0;
      this.buffer.copy(out, to + headerSize, from, from + length);
      to += headerSize + length;
      from += length;
    }
    if (sent < this.position) this.buffer.copy(this.buffer, 0, sent, this.position);
    this.position -= sent;
    if (end) {
      this.packetId = 1;
      if (this.buffer.length > keptBytes) this.buffer = Buffer.allocUnsafe(initialBytes);
    }
    this.bytesSent += out.length;
    return this.sink.write(out);
  }

  /** `flush`, then waits while too much is unsent (or until the socket is closed). */
  async flushed(end: boolean): Promise<void> {
    if (this.flush(end) || this.sink.destroyed || this.sink.writableLength < mostUnsent) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.sink.removeListener('drain', done);
        this.sink.removeListener('close', done);
        resolve();
      };
      this.sink.once('drain', done);
      this.sink.once('close', done);
    });
  }
}

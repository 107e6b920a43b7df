import { MessageStream } from './message-stream';
import { headerSize, PacketStatus, PacketType, ProtocolError } from './protocol';

export interface Message {
  readonly type: number;
  /** Status bits of the first packet (reset) and the last (ignore, end of message). */
  readonly status: number;
  /** Empty when the message is a stream. */
  readonly payload: Buffer;
  /** Bulk data, which is handed on as it comes. */
  readonly stream?: MessageStream;
}

/** Largest message taken from a client: a statement of 50 MB is 100 MB of UTF-16. Bulk data has no limit, it is streamed. */
export const largestMessage = 512 * 1024 * 1024;

/** Largest message before the login is done (LOGIN7 is at most 128 kB with its features). */
export const largestLoginMessage = 256 * 1024;

/** Puts packets together to messages. Linear in the bytes received, however they are cut. */
export class PacketReader {
  private chunks: Buffer[] = [];
  private buffered = 0;
  private parts: Buffer[] = [];
  private partBytes = 0;
  private firstStatus = 0;
  private type = 0;
  private stream: MessageStream | undefined;
  /** Bytes a message may have; raised after login. */
  limit = largestLoginMessage;

  constructor(private readonly onMessage: (message: Message) => void) {}

  /** The bulk data that is on its way, if any. */
  get streaming(): MessageStream | undefined {
    return this.stream;
  }

  /** Bytes held: packets that are not complete and messages that have not ended. */
  get pending(): number {
    return this.buffered + this.partBytes;
  }

  /** Takes bytes from the socket. Throws `ProtocolError` when they cannot be TDS. */
  push(data: Buffer): void {
    this.chunks.push(data);
    this.buffered += data.length;
    while (this.buffered >= headerSize) {
      this.gather(headerSize);
      const head = this.chunks[0]!;
      const length = head.readUInt16BE(2);
      if (length < headerSize) throw new ProtocolError(`A packet says it has ${length} bytes.`);
      if (this.buffered < length) return;
      this.gather(length);
      this.packet(this.chunks[0]!, length);
    }
  }

  /** Makes the first chunk hold at least `count` bytes. */
  private gather(count: number): void {
    if (this.chunks[0]!.length >= count) return;
    this.chunks = [Buffer.concat(this.chunks)];
  }

  private packet(chunk: Buffer, length: number): void {
    const type = chunk[0]!;
    const status = chunk[1]!;
    const body = chunk.subarray(headerSize, length);
    if (chunk.length === length) this.chunks.shift();
    else this.chunks[0] = chunk.subarray(length);
    this.buffered -= length;
    if (this.stream ? type !== PacketType.bulkLoad : this.parts.length > 0 && type !== this.type) {
      throw new ProtocolError(`A packet of type ${type} came inside a message of another type.`);
    }
    if (type === PacketType.bulkLoad) return this.streamPart(status, body);
    if (this.parts.length === 0) {
      this.firstStatus = status;
      this.type = type;
    }
    this.parts.push(body);
    this.partBytes += body.length;
    if (this.partBytes > this.limit) throw new ProtocolError(`A message is longer than ${this.limit} bytes.`);
    if ((status & PacketStatus.endOfMessage) === 0) return;
    const payload = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts, this.partBytes);
    this.parts = [];
    this.partBytes = 0;
    this.onMessage({ type: this.type, status: this.firstStatus | status, payload });
  }

  private streamPart(status: number, body: Buffer): void {
    const isFirst = this.stream === undefined;
    this.stream ??= new MessageStream();
    const stream = this.stream;
    stream.push(body);
    if (status & PacketStatus.endOfMessage) {
      stream.end((status & PacketStatus.ignore) !== 0);
      this.stream = undefined;
    }
    if (isFirst)
      this.onMessage({
        type: PacketType.bulkLoad,
        status: status & ~PacketStatus.ignore,
        payload: Buffer.alloc(0),
        stream,
      });
  }
}

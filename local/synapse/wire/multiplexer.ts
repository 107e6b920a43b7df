import { EventEmitter } from 'node:events';
import { TSqlError } from '../contract';
import { PacketReader, largestMessage, type Message } from './packet-reader';
import type { PacketSink } from './packet-writer';
import { ProtocolError } from './protocol';

/** First byte of every packet, and what a packet is ([MC-SMP] 2.2.1). */
const smpId = 0x53;
const Flag = { syn: 0x1, ack: 0x2, fin: 0x4, data: 0x8 } as const;
const smpHeader = 16;

/** Packets a client may send before it hears of a wider window; a wider one is told after half as many. */
const window = 4;
const largestPacket = smpHeader + 0xffff;
const mostChannels = 256;
/** Bytes of an answer that are kept for a client that does not read it while it asks something else. */
const mostKept = 256 * 1024 * 1024;

/** What comes of a channel: its messages, and its end. */
export interface ChannelEvents {
  message(message: Message, channel: Channel): void;
  closed(channel: Channel): void;
}

/**
 * Multiple active result sets: the Session Multiplex Protocol ([MC-SMP]), several TDS conversations over one connection,
 * each with a window of its own.
 */
export class Multiplexer {
  private readonly channels = new Map<number, Channel>();
  private held: Buffer = Buffer.alloc(0);

  constructor(
    private readonly sink: PacketSink,
    private readonly events: ChannelEvents,
  ) {}

  /** Takes bytes from the client. Throws `ProtocolError` when they break the protocol. */
  push(data: Buffer): void {
    let rest = this.held.length > 0 ? Buffer.concat([this.held, data]) : data;
    while (rest.length >= smpHeader) {
      const length = rest.readUInt32LE(4);
      if (rest[0] !== smpId || length < smpHeader || length > largestPacket) {
        throw new ProtocolError('A packet of a multiplexed connection has no SMP header.');
      }
      if (rest.length < length) break;
      this.packet(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    this.held = rest;
  }

  /** Bulk data that is on its way in any channel. */
  get streaming(): PacketReader['streaming'][] {
    return [...this.channels.values()].map((channel) => channel.streaming);
  }

  /** An answer to another channel than this waits for its client. */
  hasUnsent(besides: Channel | undefined): boolean {
    for (const channel of this.channels.values()) if (channel !== besides && channel.isWaiting) return true;
    return false;
  }

  /** The connection has gone. */
  close(): void {
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
  }

  private packet(packet: Buffer): void {
    const flag = packet[1]!;
    const id = packet.readUInt16LE(2);
    const channel = this.channels.get(id);
    if (flag === Flag.syn) {
      if (channel) throw new ProtocolError(`Channel ${id} was opened twice.`);
      if (this.channels.size >= mostChannels)
        throw new ProtocolError(`More than ${mostChannels} channels were opened.`);
      this.channels.set(id, new Channel(id, packet.readUInt32LE(12), this.sink, this.events));
      return;
    }
    if (!channel) throw new ProtocolError(`Channel ${id} was not opened.`);
    if (flag === Flag.fin) {
      this.channels.delete(id);
      channel.finish();
      this.events.closed(channel);
      return;
    }
    if (flag !== Flag.ack && flag !== Flag.data) throw new ProtocolError(`An SMP packet has the flags ${flag}.`);
    if (flag === Flag.data) channel.take(packet.readUInt32LE(8), packet.subarray(smpHeader));
    channel.widen(packet.readUInt32LE(12));
  }
}

/** One conversation of a multiplexed connection: a sink for packets that waits for the client's window. */
export class Channel extends EventEmitter implements PacketSink {
  /** Nobody reads this answer just now, and another request waits for its end: it is kept in memory. */
  isKept = false;
  private readonly reader: PacketReader;
  private sent = 0;
  private received = 0;
  private told = window;
  private queue: Buffer[] = [];
  private queued = 0;
  private closed = false;

  constructor(
    private readonly id: number,
    /** Number of the last packet that the client has room for. */
    private room: number,
    private readonly sink: PacketSink,
    events: ChannelEvents,
  ) {
    super();
    this.reader = new PacketReader((message) => events.message(message, this));
    this.reader.limit = largestMessage;
  }

  get streaming(): PacketReader['streaming'] {
    return this.reader.streaming;
  }

  get destroyed(): boolean {
    return this.closed || this.sink.destroyed;
  }

  get writableLength(): number {
    return this.queued + this.sink.writableLength;
  }

  get isWaiting(): boolean {
    return this.queue.length > 0;
  }

  /** Lets the writer go on, whether or not the client reads. */
  keep(): void {
    this.isKept = true;
    this.emit('drain');
  }

  /** Takes whole TDS packets. False = the client should read first. Throws Msg 701 when too much is kept for it. */
  write(bytes: Buffer): boolean {
    if (this.destroyed) return true;
    for (let at = 0; at < bytes.length; ) {
      const end = at + bytes.readUInt16BE(at + 2);
      this.queue.push(bytes.subarray(at, end));
      at = end;
    }
    this.queued += bytes.length;
    const wrote = this.send();
    if (this.queued > mostKept && this.queued - bytes.length <= mostKept) {
      throw new TSqlError(
        701,
        "There is insufficient system memory in resource pool 'default' to run this query.",
        1,
        17,
      );
    }
    return this.isKept || wrote;
  }

  /** The client has room up to a packet number. */
  widen(room: number): void {
    this.room = room;
    if (this.queue.length > 0 && this.send()) this.emit('drain');
  }

  /** A packet of the client. */
  take(number: number, body: Buffer): void {
    this.received = (this.received + 1) >>> 0;
    if (number !== this.received) throw new ProtocolError(`Packet ${this.received} of channel ${this.id} is missing.`);
    this.reader.push(Buffer.from(body));
    if ((this.told - this.received) >>> 0 <= window / 2) this.sink.write(this.header(Flag.ack, 0));
  }

  /** The client has ended the channel: so does the server. */
  finish(): void {
    this.sink.write(this.header(Flag.fin, 0));
    this.close();
  }

  close(): void {
    this.closed = true;
    this.queue = [];
    this.queued = 0;
    this.reader.streaming?.end(true);
    this.emit('close');
  }

  /** Sends what the client has room for. True when nothing waits, here or in the socket. */
  private send(): boolean {
    const out: Buffer[] = [];
    while (this.queue.length > 0 && this.sent !== this.room) {
      const packet = this.queue.shift()!;
      this.queued -= packet.length;
      this.sent = (this.sent + 1) >>> 0;
      out.push(this.header(Flag.data, packet.length), packet);
    }
    if (out.length === 0) return this.queue.length === 0;
    const wrote = this.sink.write(Buffer.concat(out));
    if (!wrote) this.sink.once('drain', () => this.emit('drain'));
    return wrote && this.queue.length === 0;
  }

  private header(flag: number, bytes: number): Buffer {
    this.told = (this.received + window) >>> 0;
    const header = Buffer.alloc(smpHeader);
    header[0] = smpId;
    header[1] = flag;
    header.writeUInt16LE(this.id, 2);
    header.writeUInt32LE(smpHeader + bytes, 4);
    header.writeUInt32LE(this.sent, 8);
    header.writeUInt32LE(this.told, 12);
    return header;
  }
}

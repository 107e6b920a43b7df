import type { Socket } from 'node:net';
import tls from 'node:tls';
import { Multiplexer, type Channel, type ChannelEvents } from '../wire/multiplexer';
import { PacketReader, type Message } from '../wire/packet-reader';
import { PacketWriter, type PacketSink } from '../wire/packet-writer';
import { TlsBridge } from '../wire/tls-bridge';

export interface LinkOptions {
  readonly key: Buffer;
  readonly certificate: Buffer;
}

/** Packet size until the login has settled another. */
const firstPacketSize = 4096;

/** Bytes of bulk data that may wait before the socket is no longer read. */
const mostUntaken = 4 * 1024 * 1024;

/** First byte of a TLS record that carries a handshake: the client speaks TDS 8 (strict), TLS before anything else. */
const tlsHandshake = 0x16;

/** One client's socket: framing both ways, TLS around it (strict) or inside it (TDS 7.x). */
export class Link {
  readonly packets: PacketWriter;
  /** TLS came first (TDS 8). */
  isStrict = false;
  encrypted = false;
  private readonly reader: PacketReader;
  private multiplexer: Multiplexer | undefined;
  private bridge: TlsBridge | undefined;
  private secure: tls.TLSSocket | undefined;
  private closed = false;

  constructor(
    private readonly socket: Socket,
    private readonly options: LinkOptions,
    spid: number,
    onMessage: (message: Message) => void,
    private readonly onClose: () => void,
  ) {
    this.packets = new PacketWriter(socket, firstPacketSize, spid);
    this.reader = new PacketReader(onMessage);
    socket.setNoDelay(true);
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.finish());
    socket.on('end', () => this.destroy());
    socket.once('data', (data) => this.first(data));
  }

  private finish(): void {
    if (this.closed) return;
    this.closed = true;
    this.reader.streaming?.end(true);
    this.multiplexer?.close();
    this.onClose();
  }

  private first(data: Buffer): void {
    if (data[0] === tlsHandshake) {
      this.isStrict = true;
      this.socket.pause();
      this.socket.unshift(data);
      this.encrypt(
        new tls.TLSSocket(this.socket, {
          isServer: true,
          key: this.options.key,
          cert: this.options.certificate,
          ALPNProtocols: ['tds/8.0'],
        }),
      );
      return;
    }
    this.socket.on('data', (more) => this.received(more));
    this.received(data);
  }

  /** Bytes from the socket that are not inside strict TLS. Bytes that cannot be TDS end the connection. */
  private received(data: Buffer): void {
    try {
      if (this.bridge) this.bridge.feed(data);
      else this.toReader(data);
    } catch {
      this.destroy();
    }
  }

  /** Bulk data that is not taken yet holds the client back. */
  private toReader(data: Buffer): void {
    const { multiplexer } = this;
    if (multiplexer) multiplexer.push(data);
    else this.reader.push(data);
    for (const stream of multiplexer ? multiplexer.streaming : [this.reader.streaming]) {
      if (!stream || stream.waiting < mostUntaken) continue;
      this.pause();
      stream.onTaken = () => this.resume();
    }
  }

  /** Starts the TLS handshake inside PRELOGIN packets (TDS 7.x); call after the answer to PRELOGIN has been sent. */
  startTls(): void {
    this.bridge = new TlsBridge(this.socket);
    this.encrypt(
      new tls.TLSSocket(this.bridge, {
        isServer: true,
        key: this.options.key,
        cert: this.options.certificate,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.2',
      }),
    );
  }

  private encrypt(secure: tls.TLSSocket): void {
    this.secure = secure;
    this.encrypted = true;
    this.packets.sink = secure;
    secure.on('error', () => this.destroy());
    secure.on('close', () => this.destroy());
    secure.on('end', () => this.destroy());
    secure.on('data', (data: Buffer) => {
      try {
        this.toReader(data);
      } catch {
        this.destroy();
      }
    });
  }

  /** The login is done: messages may be as long as a statement, packets as large as settled. */
  loggedIn(packetSize: number, longestMessage: number): void {
    this.packets.packetSize = packetSize;
    this.reader.limit = longestMessage;
  }

  /** From now on the client's bytes are those of several channels (MARS); messages come by `events`. */
  multiplex(events: ChannelEvents): void {
    this.multiplexer = new Multiplexer(this.sink, events);
  }

  /** Answers go to a channel from now on; undefined = to the connection itself. */
  answerTo(channel: Channel | undefined): void {
    this.packets.sink = channel ?? this.sink;
  }

  /** An answer to another channel than this has not gone out yet. */
  hasUnsent(besides: Channel | undefined): boolean {
    return this.multiplexer?.hasUnsent(besides) ?? false;
  }

  private get sink(): PacketSink {
    return this.secure ?? this.socket;
  }

  pause(): void {
    (this.secure ?? this.socket).pause();
  }

  resume(): void {
    (this.secure ?? this.socket).resume();
  }

  /** Closes after what has been written is sent. */
  end(): void {
    (this.secure ?? this.socket).end();
  }

  destroy(): void {
    this.secure?.destroy();
    this.socket.destroy();
    this.finish();
  }
}

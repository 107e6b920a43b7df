import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { headerSize, PacketType, ProtocolError } from './protocol';

/** Largest body of a handshake packet: the packet size before login is 4096. */
const flightBytes = 4096 - headerSize;

/**
 * TLS inside TDS 7.x: during the handshake every TLS flight travels in PRELOGIN packets, one message a flight; afterwards the
 * records go over the socket bare. The switch is seen by the first inbound byte that is not 0x12 (MS-TDS 2.2.6.5; needs TLS 1.2,
 * since TLS 1.3 sends session tickets after the handshake).
 */
export class TlsBridge extends Duplex {
  private wrapped = true;
  private outgoing: Buffer[] = [];
  private scheduled = false;
  private incoming: Buffer = Buffer.alloc(0);

  constructor(private readonly raw: Socket) {
    super();
    raw.on('close', () => {
      this.push(null);
      this.destroy();
    });
  }

  /** Takes bytes that came from the socket. */
  feed(data: Buffer): void {
    if (!this.wrapped) {
      if (!this.push(data)) this.raw.pause();
      return;
    }
    this.incoming = this.incoming.length > 0 ? Buffer.concat([this.incoming, data]) : data;
    while (this.incoming.length > 0) {
      if (this.incoming[0] !== PacketType.prelogin) {
        this.wrapped = false;
        const bare = this.incoming;
        this.incoming = Buffer.alloc(0);
        this.push(bare);
        return;
      }
      if (this.incoming.length < headerSize) return;
      const length = this.incoming.readUInt16BE(2);
      if (length <= headerSize) throw new ProtocolError('A TLS handshake packet is empty.');
      if (this.incoming.length < length) return;
      this.push(this.incoming.subarray(headerSize, length));
      this.incoming = this.incoming.subarray(length);
    }
  }

  override _read(): void {
    if (!this.wrapped) this.raw.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (!this.wrapped) {
      if (this.raw.write(chunk)) done();
      else this.raw.once('drain', () => done());
      return;
    }
    this.outgoing.push(chunk);
    done();
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.sendFlight());
  }

  private sendFlight(): void {
    this.scheduled = false;
    const flight = Buffer.concat(this.outgoing);
    this.outgoing = [];
    if (flight.length === 0 || this.raw.destroyed) return;
    const packets: Buffer[] = [];
    for (let at = 0, id = 1; at < flight.length; at += flightBytes, id++) {
      const body = flight.subarray(at, at + flightBytes);
      const header = Buffer.alloc(headerSize);
      header[0] = PacketType.prelogin;
      header[1] = at + flightBytes >= flight.length ? 1 : 0;
      header.writeUInt16BE(body.length + headerSize, 2);
      header[6] = id & 0xff;
      packets.push(header, body);
    }
    this.raw.write(Buffer.concat(packets));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.raw.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.raw.destroy();
    done(error);
  }
}

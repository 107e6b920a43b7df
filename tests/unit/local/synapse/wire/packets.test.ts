import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { largestLoginMessage, PacketReader, type Message } from '../../../../../local/synapse/wire/packet-reader';
import { PacketWriter } from '../../../../../local/synapse/wire/packet-writer';
import { PacketStatus, PacketType, ProtocolError } from '../../../../../local/synapse/wire/protocol';

class Collector {
  readonly chunks: Buffer[] = [];
  readonly destroyed = false;
  readonly writableLength = 0;
  write(bytes: Buffer): boolean {
    this.chunks.push(bytes);
    return true;
  }
  once(): void {}
  removeListener(): void {}
  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

function packet(type: number, status: number, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type;
  header[1] = status;
  header.writeUInt16BE(body.length + 8, 2);
  return Buffer.concat([header, body]);
}

function readAll(bytes: Buffer, cuts: readonly number[]): Message[] {
  const messages: Message[] = [];
  const reader = new PacketReader((message) => messages.push(message));
  let at = 0;
  for (const cut of cuts) {
    const end = Math.min(bytes.length, at + cut);
    reader.push(bytes.subarray(at, end));
    at = end;
  }
  reader.push(bytes.subarray(at));
  expect(reader.pending).toBe(0);
  return messages;
}

test('what the writer sends, the reader puts together again, for any packet size and however the bytes arrive', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 512, max: 2000 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 30 }),
      fc.boolean(),
      (payloads, packetSize, cuts, flushEarly) => {
        const sink = new Collector();
        const writer = new PacketWriter(sink, packetSize, 60);
        for (const payload of payloads) {
          writer.bytes(payload.subarray(0, payload.length >> 1));
          if (flushEarly) writer.flush(false);
          writer.bytes(payload.subarray(payload.length >> 1));
          writer.flush(true);
        }
        const messages = readAll(sink.bytes, cuts);
        expect(messages.map((message) => message.payload.toString('hex'))).toEqual(
          payloads.map((payload) => Buffer.from(payload).toString('hex')),
        );
        expect(messages.every((message) => message.type === PacketType.reply)).toBe(true);
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

test('packets carry the size they were told, the session id and running numbers', () => {
  const sink = new Collector();
  const writer = new PacketWriter(sink, 512, 77);
  writer.bytes(Buffer.alloc(1100, 1));
  writer.flush(true);
  const bytes = sink.bytes;
  expect([bytes.readUInt16BE(2), bytes.readUInt16BE(514), bytes.readUInt16BE(1026)]).toEqual([
    512,
    512,
    1100 - 1008 + 8,
  ]);
  expect([bytes[6], bytes[518], bytes[1030]]).toEqual([1, 2, 3]);
  expect([bytes[1], bytes[513], bytes[1025]]).toEqual([0, 0, PacketStatus.endOfMessage]);
  expect(bytes.readUInt16BE(4)).toBe(77);
});

test('the reset bit of the first packet and the ignore bit of the last are both seen', () => {
  const bytes = Buffer.concat([
    packet(PacketType.sqlBatch, PacketStatus.reset, Buffer.from('a')),
    packet(PacketType.sqlBatch, PacketStatus.endOfMessage | PacketStatus.ignore, Buffer.from('b')),
  ]);
  const [message] = readAll(bytes, []);
  expect(message!.status).toBe(PacketStatus.reset | PacketStatus.ignore | PacketStatus.endOfMessage);
});

test.each([
  ['a length below the header', packet(1, 1, Buffer.alloc(0)).fill(0, 2, 4)],
  ['another type inside a message', Buffer.concat([packet(1, 0, Buffer.from('a')), packet(3, 1, Buffer.from('b'))])],
])('%s is refused', (_name, bytes) => {
  const reader = new PacketReader(() => undefined);
  expect(() => reader.push(bytes)).toThrow(ProtocolError);
});

test('a message longer than its limit is refused before it is complete', () => {
  const reader = new PacketReader(() => undefined);
  const piece = packet(PacketType.login7, 0, Buffer.alloc(32_000));
  let pushed = 0;
  expect(() => {
    for (; pushed < 100; pushed++) reader.push(piece);
  }).toThrow(ProtocolError);
  expect(pushed * 32_000).toBeLessThanOrEqual(largestLoginMessage);
});

import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Multiplexer, type Channel } from '../../../../../local/synapse/wire/multiplexer';
import type { Message } from '../../../../../local/synapse/wire/packet-reader';
import { PacketStatus, PacketType, ProtocolError } from '../../../../../local/synapse/wire/protocol';

const Flag = { syn: 1, ack: 2, fin: 4, data: 8 };

class Wire extends EventEmitter {
  readonly destroyed = false;
  readonly writableLength = 0;
  private bytes: Buffer = Buffer.alloc(0);
  write(bytes: Buffer): boolean {
    this.bytes = Buffer.concat([this.bytes, bytes]);
    return true;
  }
  /** What was sent since the last call: flag, channel, number, room and body of each packet. */
  sent(): [number, number, number, number, string][] {
    const packets: [number, number, number, number, string][] = [];
    for (let at = 0; at < this.bytes.length; at += this.bytes.readUInt32LE(at + 4)) {
      const packet = this.bytes.subarray(at, at + this.bytes.readUInt32LE(at + 4));
      if (packet[0] !== 0x53) throw new Error('no SMP packet');
      const body = packet.subarray(16 + 8).toString();
      packets.push([packet[1]!, packet.readUInt16LE(2), packet.readUInt32LE(8), packet.readUInt32LE(12), body]);
    }
    this.bytes = Buffer.alloc(0);
    return packets;
  }
}

function smp(flag: number, channel: number, number: number, room: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.from([0x53, flag, channel, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(16 + body.length, 4);
  header.writeUInt32LE(number, 8);
  header.writeUInt32LE(room, 12);
  return Buffer.concat([header, body]);
}

function tds(type: number, text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([type, PacketStatus.endOfMessage, 0, 8 + body.length, 0, 0, 0, 0]), body]);
}

function multiplexed(): { wire: Wire; push(bytes: Buffer): void; got: [string, Channel][]; ended: Channel[] } {
  const wire = new Wire();
  const got: [string, Channel][] = [];
  const ended: Channel[] = [];
  const multiplexer = new Multiplexer(wire, {
    message: (message: Message, channel) => void got.push([message.payload.toString(), channel]),
    closed: (channel) => void ended.push(channel),
  });
  return { wire, push: (bytes) => multiplexer.push(bytes), got, ended };
}

test('messages of several channels are told apart, however the bytes are cut', () => {
  const { push, got } = multiplexed();
  const all = Buffer.concat([
    smp(Flag.syn, 0, 0, 4),
    smp(Flag.syn, 1, 0, 4),
    smp(Flag.data, 0, 1, 4, tds(PacketType.sqlBatch, 'first')),
    smp(Flag.data, 1, 1, 4, tds(PacketType.sqlBatch, 'second')),
    smp(Flag.data, 0, 2, 4, tds(PacketType.sqlBatch, 'third')),
  ]);
  for (const byte of all) push(Buffer.from([byte]));
  expect(got.map(([text]) => text)).toEqual(['first', 'second', 'third']);
  expect(got[0]![1]).toBe(got[2]![1]);
  expect(got[0]![1]).not.toBe(got[1]![1]);
});

test('an answer waits for the room its client has, and goes on when that grows', () => {
  const { wire, push, got } = multiplexed();
  push(smp(Flag.syn, 7, 0, 2));
  push(smp(Flag.data, 7, 1, 2, tds(PacketType.sqlBatch, 'q')));
  const channel = got[0]![1];
  let drained = 0;
  channel.on('drain', () => drained++);
  expect(channel.write(Buffer.concat(['a', 'b', 'c', 'd'].map((text) => tds(PacketType.reply, text))))).toBe(false);
  expect(wire.sent().map(([flag, id, number, , body]) => [flag, id, number, body])).toEqual([
    [Flag.data, 7, 1, 'a'],
    [Flag.data, 7, 2, 'b'],
  ]);
  expect(channel.writableLength).toBe(18);
  push(smp(Flag.ack, 7, 1, 3));
  expect(wire.sent().map(([, , number, , body]) => [number, body])).toEqual([[3, 'c']]);
  expect(drained).toBe(0);
  channel.keep();
  expect(channel.write(tds(PacketType.reply, 'e'))).toBe(true);
  push(smp(Flag.ack, 7, 1, 9));
  expect(wire.sent().map(([, , number, , body]) => [number, body])).toEqual([
    [4, 'd'],
    [5, 'e'],
  ]);
});

test('the client is told of new room for its packets, and of the end of a channel', () => {
  const { wire, push, ended } = multiplexed();
  push(smp(Flag.syn, 0, 0, 4));
  push(smp(Flag.data, 0, 1, 4, tds(PacketType.sqlBatch, 'q')));
  expect(wire.sent()).toEqual([]);
  push(smp(Flag.data, 0, 2, 4, tds(PacketType.sqlBatch, 'q')));
  expect(wire.sent()).toEqual([[Flag.ack, 0, 0, 6, '']]);
  push(smp(Flag.fin, 0, 2, 4));
  expect(wire.sent().map(([flag]) => flag)).toEqual([Flag.fin]);
  expect(ended.map((channel) => channel.destroyed)).toEqual([true]);
});

test.each([
  ['no SMP header', Buffer.alloc(16)],
  ['a channel that was not opened', smp(Flag.data, 3, 1, 4)],
  ['a channel opened twice', Buffer.concat([smp(Flag.syn, 0, 0, 4), smp(Flag.syn, 0, 0, 4)])],
  ['a packet left out', Buffer.concat([smp(Flag.syn, 0, 0, 4), smp(Flag.data, 0, 2, 4)])],
])('%s ends the connection', (_what, bytes) => {
  expect(() => multiplexed().push(bytes)).toThrow(ProtocolError);
});

test('whatever comes, the connection goes on or ends by a ProtocolError', () => {
  const packet = fc
    .tuple(fc.constantFrom(1, 2, 4, 8, 0), fc.nat(2), fc.nat(3), fc.nat(6), fc.uint8Array({ maxLength: 40 }))
    .map(([flag, channel, number, room, body]) => smp(flag, channel, number, room, Buffer.from(body)));
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 9, arbitrary: packet }, fc.uint8Array({ maxLength: 40 })), { maxLength: 30 }),
      (all) => {
        const { push, got } = multiplexed();
        try {
          for (const bytes of all) push(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
        for (const [, channel] of got) channel.write(tds(PacketType.reply, 'late'));
      },
    ),
    { numRuns: 500, seed: 7 },
  );
});

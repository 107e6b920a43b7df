import { expect, test } from '@jest/globals';
import { EventHubProducerClient } from '@azure/event-hubs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionString } from '../support/credentials';
import { hubName, take, useHubs } from '../support/event-hubs';
import { randomFrom } from '../support/random';

const hubs = useHubs(undefined);
const random = randomFrom(7);
const between = (from: number, to: number) => from + Math.floor(random() * (to - from));
const port = () => hubs.local!.server.port;

/** Everything that a real producer sends to the hub, in the pieces in which it came. */
async function recordSession(): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  const proxy = net.createServer((client) => {
    const server = net.connect(port(), '127.0.0.1');
    client.on('data', (bytes) => {
      pieces.push(bytes);
      server.write(bytes);
    });
    server.pipe(client);
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
    client.on('close', () => server.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const client = new EventHubProducerClient(connectionString((proxy.address() as net.AddressInfo).port), hubName);
  await client.getPartitionProperties('0');
  await client.sendBatch([{ body: { recorded: 'x'.repeat(200) } }], { partitionId: '0' });
  await client.close();
  proxy.close();
  return pieces;
}

/** Changes a recorded session: bits, lengths, pieces left out, doubled or cut. */
function spoil(session: readonly Buffer[]): Buffer[] {
  const pieces = session.map((piece) => Buffer.from(piece));
  for (let changes = between(1, 5); changes > 0; changes--) {
    const at = between(0, pieces.length);
    const piece = pieces[at]!;
    switch (between(0, 6)) {
      case 0:
        piece[between(0, piece.length)]! ^= 1 << between(0, 8);
        break;
      case 1:
        for (let i = 0; i < 20; i++) piece[between(0, piece.length)] = between(0, 256);
        break;
      case 2:
        if (piece.length > 4) piece.writeUInt32BE(between(0, 2 ** 32), between(0, piece.length - 4));
        break;
      case 3:
        pieces[at] = piece.subarray(0, between(1, piece.length + 1));
        break;
      case 4:
        pieces.splice(at, 0, piece);
        break;
      case 5:
        if (pieces.length > 1) pieces.splice(at, 1);
    }
  }
  return pieces;
}

/** Sends bytes and leaves when the server has ended the connection, or after a moment. True when the server ended it. */
async function attack(pieces: readonly Buffer[], patience = 25): Promise<boolean> {
  const socket = net.connect(port(), '127.0.0.1');
  let closed = false;
  const end = new Promise<void>((resolve) => socket.once('close', resolve)).then(() => (closed = true));
  socket.on('error', () => undefined).resume();
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    await new Promise(setImmediate);
  }
  await Promise.race([end, sleep(patience)]);
  const byServer = closed;
  socket.destroy();
  await end;
  return byServer;
}

async function stateOf(partition: string) {
  const producer = hubs.producer();
  const { lastEnqueuedSequenceNumber } = await producer.getPartitionProperties(partition);
  await producer.sendBatch([{ body: 'mark' }], { partitionId: partition });
  const at = { sequenceNumber: lastEnqueuedSequenceNumber + 1, isInclusive: true };
  const [event] = await take(hubs.consumer(), partition, at, 1);
  return { last: lastEnqueuedSequenceNumber, mark: event!.body as string };
}

test('400 spoilt sessions: the server goes on, and what it had stands', async () => {
  const session = await recordSession();
  expect(session.length).toBeGreaterThan(5);
  const before = await stateOf('1');
  for (let n = 0; n < 400; n += 20) await Promise.all(Array.from({ length: 20 }, () => attack(spoil(session))));
  const after = await stateOf('1');
  expect(after).toEqual({ last: before.last + 1, mark: 'mark' });
  // What got through whole is readable; nothing that is damaged is in the log.
  const { lastEnqueuedSequenceNumber: last, beginningSequenceNumber: first } = await hubs
    .producer()
    .getPartitionProperties('0');
  const events = await take(hubs.consumer(), '0', { sequenceNumber: first, isInclusive: true }, last - first + 1);
  expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual(
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
  );
});

test('a frame that says it has 4 GiB, and one that is shorter than its head, end the connection at once', async () => {
  const header = Buffer.from('AMQP\0\x01\0\0', 'latin1');
  const frame = (size: number) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(size, 0);
    head[4] = 2;
    return head;
  };
  expect(await attack([header, frame(2 ** 32 - 1)], 60_000)).toBe(true);
  expect(await attack([header, frame(3)], 60_000)).toBe(true);
  expect(await attack([Buffer.from('GET / HTTP/1.1\r\n\r\n')], 60_000)).toBe(true);
});

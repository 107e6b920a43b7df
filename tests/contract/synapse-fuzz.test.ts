import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startServer, type RunningServer } from '../../local/synapse/session/server';
import { PacketType } from '../../local/synapse/wire/protocol';
import { plainLanguage } from '../support/plain-language';
import { rowsOf, TdsClient } from '../support/tds-client';
import { until } from '../support/until';

const root = mkdtempSync(path.join(tmpdir(), 'synapse-fuzz-'));
const faults: unknown[] = [];
let server: RunningServer;

beforeAll(async () => {
  server = await startServer(
    {
      root,
      lakeRoot: path.join(root, 'lake'),
      lakeAccount: 'devstoreaccount1',
      port: 0,
      tlsPort: 0,
      database: 'medstream',
      users: { medstream: 'secret' },
      loginTimeoutMs: 400,
      failedLoginDelayMs: 1,
      onFault: (error) => faults.push(error),
    },
    plainLanguage,
  );
});

afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

/** What the server met that was its own fault (bad protocol is the attacker's), or that it no longer answers. */
async function damage(): Promise<string[]> {
  // The plain language hands statements to DuckDB as they come: its complaints about garbled ones are no defects.
  const expected = /^ProtocolError|EPIPE|ECONNRESET|(Parser|Catalog|Binder|Invalid Input|Conversion) Error/;
  const defects = faults
    .splice(0)
    .map(String)
    .filter((text) => !expected.test(text));
  const client = await session();
  const rows = rowsOf(await client.batch('select 1::INTEGER'));
  await client.close();
  return rows.length === 1 && rows[0]![0] === 1 ? defects : [...defects, 'the server does not answer any more'];
}

/** A session. The server gives a login 400 ms only, so that these tests are short: a busy machine may need another try. */
async function session(packetSize?: number): Promise<TdsClient> {
  for (let attempt = 0; ; attempt++)
    try {
      return (await TdsClient.open({ port: server.port, packetSize })).client;
    } catch (error) {
      if (attempt === 100) throw error;
    }
}

/** Sends bytes and waits until the server closes, or answers and is left alone. */
async function throwAt(port: number, bytes: readonly Buffer[]): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const answered = new Promise((resolve) => {
    socket.once('data', resolve);
    socket.once('close', resolve);
  });
  for (const piece of bytes) socket.write(piece);
  await answered;
  socket.destroy();
}

test('random bytes are answered by a closed connection, on both ports', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.boolean()), {
        minLength: 20,
        maxLength: 20,
      }),
      async (cases) => {
        await Promise.all(
          cases.map(async ([bytes, onTls]) => throwAt(onTls ? server.tlsPort! : server.port, [Buffer.from(bytes)])),
        );
      },
    ),
    { numRuns: 5, seed: 3 },
  );
  expect(await damage()).toEqual([]);
});

function packet(type: number, status: number, body: Buffer, length = body.length + 8): Buffer {
  const header = Buffer.from([type, status, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(length & 0xffff, 2);
  return Buffer.concat([header, body]);
}

test('packets of any type, status and length before the login are refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          type: fc.oneof(fc.constantFrom(...Object.values(PacketType)), fc.integer({ min: 0, max: 255 })),
          status: fc.integer({ min: 0, max: 255 }),
          body: fc.uint8Array({ maxLength: 200 }),
          length: fc.option(fc.integer({ min: 0, max: 65535 }), { nil: undefined }),
        }),
        { minLength: 20, maxLength: 20 },
      ),
      async (cases) => {
        await Promise.all(
          cases.map(async (one) =>
            throwAt(server.port, [packet(one.type, one.status, Buffer.from(one.body), one.length)]),
          ),
        );
      },
    ),
    { numRuns: 8, seed: 4 },
  );
  expect(await damage()).toEqual([]);
});

test('mutated requests after the login end in an error or a closed connection', async () => {
  let client = await session();
  const headers = client.headers();
  const seeds: [number, Buffer][] = [
    [PacketType.sqlBatch, Buffer.concat([headers, Buffer.from('select 1', 'ucs2')])],
    [
      PacketType.rpc,
      Buffer.concat([
        headers,
        Buffer.from([0xff, 0xff, 10, 0, 0, 0, 0, 0, 0xe7, 16, 0, 9, 4, 0xd0, 0, 0x34, 16, 0]),
        Buffer.from('select 1', 'ucs2'),
      ]),
    ],
    [PacketType.transactionManager, Buffer.concat([headers, Buffer.from([5, 0, 0, 0])])],
    [
      PacketType.bulkLoad,
      Buffer.from([
        0x81, 1, 0, 0, 0, 0, 0, 9, 0, 0x26, 4, 1, 97, 0, 0xd1, 4, 1, 0, 0, 0, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      ]),
    ],
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
        maxLength: 5,
      }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async ([type, seed], changes, cut) => {
        const bytes = Buffer.from(seed);
        for (const [at, value] of changes) bytes[Math.floor(at * bytes.length)] = value;
        if (client.closed) client = await session();
        client.send(type, bytes.subarray(0, Math.ceil(bytes.length * (cut < 0.7 ? 1 : cut))));
        await Promise.race([client.message(), new Promise((resolve) => setTimeout(resolve, 2000))]);
      },
    ),
    { numRuns: 200, seed: 5 },
  );
  client.socket.destroy();
  expect(await damage()).toEqual([]);
});

test('a thousand connections that say nothing are closed in time and leave nothing behind', async () => {
  const sockets = Array.from({ length: 1000 }, () => net.connect(server.port, '127.0.0.1'));
  const closed = sockets.map(
    (socket) =>
      new Promise((resolve) => {
        socket.on('error', () => undefined);
        socket.once('close', resolve);
      }),
  );
  await Promise.all(closed);
  expect(await damage()).toEqual([]);
});

test('connections that break in the middle of a result leave no session behind', async () => {
  for (let round = 0; round < 20; round++) {
    const client = await session();
    client.send(
      PacketType.sqlBatch,
      Buffer.concat([client.headers(), Buffer.from("select i, 'text' || i from range(100000000) t(i)", 'ucs2')]),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    client.socket.destroy();
  }
  await until(() => server.sessionCount() === 0, 'the end of all sessions');
  expect(await damage()).toEqual([]);
});

test('a statement of 50 MB is answered', async () => {
  const client = await session(32767);
  const tokens = await client.batch(`select length('${'x'.repeat(50_000_000)}')`);
  expect(rowsOf(tokens).map((row) => row.map(String))).toEqual([['50000000']]);
  await client.close();
});

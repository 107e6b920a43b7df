import { mkdtempSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startServer, type RunningServer } from '../../local/synapse/session/server';
import { DoneStatus, PacketStatus, PacketType, TdsVersion } from '../../local/synapse/wire/protocol';
import { plainLanguage } from '../support/plain-language';
import { rowsOf, TdsClient, type ReplyToken } from '../support/tds-client';
import { until } from '../support/until';

const root = mkdtempSync(path.join(tmpdir(), 'synapse-protocol-'));
const faults: unknown[] = [];
let server: RunningServer;

const options = {
  root,
  lakeRoot: path.join(root, 'lake'),
  lakeAccount: 'devstoreaccount1',
  port: 0,
  tlsPort: 0,
  database: 'medstream',
  users: { medstream: 'secret' },
  acceptTokens: true,
  loginTimeoutMs: 120_000,
  failedLoginDelayMs: 300,
  onFault: (error: unknown) => void faults.push(error),
};

beforeAll(async () => {
  server = await startServer(options, plainLanguage);
});

afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

async function withClient<T>(work: (client: TdsClient) => Promise<T>, version: number = TdsVersion.v74): Promise<T> {
  const { client } = await TdsClient.open({ port: server.port, version });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const kinds = (tokens: readonly ReplyToken[]): string => tokens.map((token) => token.kind).join(' ');
const last = (tokens: readonly ReplyToken[]): ReplyToken => tokens.at(-1)!;

test.each([
  ['7.1', TdsVersion.v71],
  ['7.2', TdsVersion.v72],
  ['7.3.A', TdsVersion.v73a],
  ['7.3.B', TdsVersion.v73b],
  ['7.4', TdsVersion.v74],
])('a client of TDS %s logs in and reads rows', async (_name, version) => {
  await withClient(async (client) => {
    const tokens = await client.batch(
      "select 1::INTEGER as a, NULL::INTEGER as b, 'text' as c, DATE '2020-01-01' as d",
    );
    expect(rowsOf(tokens).map((row) => row.map(String))).toEqual([['1', 'null', 'text', '2020-01-01']]);
    expect(last(tokens)).toMatchObject({ kind: 'done', status: DoneStatus.count, rows: 1 });
  }, version);
});

test('the login is answered with environment, acknowledgement and the settled packet size', async () => {
  const { client, tokens } = await TdsClient.open({ port: server.port, packetSize: 8192 });
  expect(kinds(tokens)).toBe('env info env env info loginAck env featureAck done');
  await client.close();
});

test('the TLS certificate and its key are written, the key for the owner alone', () => {
  expect(server.certificatePath).toBe(path.join(root, 'certificate.pem'));
  expect(statSync(path.join(root, 'key.pem')).mode & 0o777).toBe(0o600);
});

test('a wrong password is 18456 after a while, and the connection is closed', async () => {
  const started = performance.now();
  const { client, tokens } = await TdsClient.open({ port: server.port, password: 'wrong' });
  expect(tokens[0]).toMatchObject({ kind: 'error', number: 18456, text: "Login failed for user 'medstream'." });
  expect(performance.now() - started).toBeGreaterThan(250);
  expect(await client.message()).toBeUndefined();
});

test('a database that does not exist is 4060, and the login has failed', async () => {
  const { tokens } = await TdsClient.open({ port: server.port, database: 'nowhere' });
  expect(tokens.map((token) => token.number ?? token.kind)).toEqual([4060, 18456, 'done']);
});

test('an access token is taken, one past its end is not', async () => {
  const token = (exp: number): string =>
    ['{"alg":"none"}', JSON.stringify({ upn: 'ada@example.org', exp }), '']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
  const good = await TdsClient.open({ port: server.port, accessToken: token(4_000_000_000) });
  expect(kinds(good.tokens)).toContain('loginAck');
  expect(kinds(good.tokens)).toContain('featureAck');
  await good.client.close();
  const old = await TdsClient.open({ port: server.port, accessToken: token(1_000_000_000) });
  expect(old.tokens[0]).toMatchObject({ kind: 'error', number: 18456 });
});

test('statements of a batch are told apart by DONE_MORE, and an error does not hide what follows it', async () => {
  await withClient(async (client) => {
    const tokens = await client.batch('print one ;; select 1::INTEGER ;; soft ;; select 2::INTEGER');
    expect(kinds(tokens)).toBe('info columns row done error done columns row done');
    const done = tokens.filter((token) => token.kind === 'done').map((token) => token.status);
    expect(done).toEqual([DoneStatus.count | DoneStatus.more, DoneStatus.error | DoneStatus.more, DoneStatus.count]);
  });
});

test('an error that ends a batch leaves the session usable', async () => {
  await withClient(async (client) => {
    expect(kinds(await client.batch('select 1 ;; hard ;; select 2'))).toBe('columns row done error done');
    expect(rowsOf(await client.batch('select 3::INTEGER'))).toEqual([[3]]);
  });
});

test('an error that the language did not map does not show what was sent to DuckDB', async () => {
  await withClient(async (client) => {
    const tokens = await client.batch('select secret_column from nowhere');
    expect(tokens[0]).toMatchObject({ kind: 'error', number: 40197 });
    expect(tokens[0]!.text).not.toContain('secret_column');
  });
});

function rpc(client: TdsClient, procedure: number | string, parameters: Buffer[]): Buffer {
  const name =
    typeof procedure === 'number'
      ? Buffer.from([0xff, 0xff, procedure, 0])
      : Buffer.concat([Buffer.from([procedure.length, 0]), Buffer.from(procedure, 'ucs2')]);
  return Buffer.concat([client.headers(), name, Buffer.from([0, 0]), ...parameters]);
}

function textParameter(value: string): Buffer {
  const text = Buffer.from(value, 'ucs2');
  const head = Buffer.from([0, 0, 0xe7, 0x40, 0x1f, 9, 4, 0xd0, 0, 0x34, 0, 0]);
  head.writeUInt16LE(text.length, 10);
  return Buffer.concat([head, text]);
}

function intParameter(name: string, value: number, output = false): Buffer {
  const head = Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name, 'ucs2'),
    Buffer.from([output ? 1 : 0, 0x26, 4, 4]),
  ]);
  const body = Buffer.alloc(4);
  body.writeInt32LE(value);
  return Buffer.concat([head, body]);
}

test('sp_executesql binds by name and by position, and ends in the order clients expect', async () => {
  await withClient(async (client) => {
    const call = rpc(client, 10, [
      textParameter('select @a - @b'),
      textParameter('@a int, @b int'),
      intParameter('@b', 1),
      intParameter('@a', 10),
    ]);
    client.send(PacketType.rpc, call);
    const tokens = await client.reply();
    expect(kinds(tokens)).toBe('columns row doneInProc status doneProc');
    expect(rowsOf(tokens)).toEqual([[9]]);
  });
});

test('sp_prepare, sp_execute, sp_unprepare: the handle works until it is gone', async () => {
  await withClient(async (client) => {
    client.send(
      PacketType.rpc,
      rpc(client, 11, [
        intParameter('', 0, true),
        textParameter('@a int'),
        textParameter('select @a * 2'),
        intParameter('', 1),
      ]),
    );
    const handle = (await client.reply()).find((token) => token.kind === 'value')!.value as number;
    client.send(PacketType.rpc, rpc(client, 12, [intParameter('', handle), intParameter('', 21)]));
    expect(rowsOf(await client.reply())).toEqual([[42]]);
    client.send(PacketType.rpc, rpc(client, 15, [intParameter('', handle)]));
    expect(kinds(await client.reply())).toBe('status doneProc');
    client.send(PacketType.rpc, rpc(client, 12, [intParameter('', handle), intParameter('', 21)]));
    expect((await client.reply())[0]).toMatchObject({ kind: 'error', number: 8179 });
  });
});

test('several calls in one message are answered one after the other, a failed one included', async () => {
  await withClient(async (client) => {
    const one = rpc(client, 'nothing', []);
    const two = rpc(client, 'echo', [intParameter('@x', 1, true)]).subarray(client.headers().length);
    client.send(PacketType.rpc, Buffer.concat([one, Buffer.from([0xff]), two]));
    const tokens = await client.reply();
    expect(kinds(tokens)).toBe('error status doneProc status value doneProc');
    expect(tokens[3]!.status).toBe(7);
  });
});

test('CLR type parameters are refused by name, and the session goes on', async () => {
  await withClient(async (client) => {
    client.send(PacketType.rpc, rpc(client, 'echo', [Buffer.from([0, 0, 0xf0, 0, 0, 0])]));
    expect((await client.reply())[0]).toMatchObject({
      kind: 'error',
      number: 40517,
      text: expect.stringContaining('CLR type'),
    });
    expect(rowsOf(await client.batch('select 1::INTEGER'))).toEqual([[1]]);
  });
});

// How fast cancelling and short statements beside long ones are is measured by bench/tds-server.ts.
test('a cancelled wait ends, in two messages', async () => {
  await withClient(async (client) => {
    client.send(PacketType.sqlBatch, Buffer.concat([client.headers(), Buffer.from('wait 3600000', 'ucs2')]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.send(PacketType.attention, Buffer.alloc(0));
    expect(last(await client.reply()).status! & DoneStatus.error).toBe(DoneStatus.error);
    expect(await client.reply()).toEqual([expect.objectContaining({ kind: 'done', status: DoneStatus.attention })]);
    expect(rowsOf(await client.batch('select 5::INTEGER'))).toEqual([[5]]);
  });
});

test('a query that gives no row yet is cancelled inside DuckDB', async () => {
  await withClient(async (client) => {
    const sql = 'select count(*) from range(1000000) a, range(1000000) b where a.range + b.range = -1';
    client.send(PacketType.sqlBatch, Buffer.concat([client.headers(), Buffer.from(sql, 'ucs2')]));
    await new Promise((resolve) => setTimeout(resolve, 200));
    client.send(PacketType.attention, Buffer.alloc(0));
    await client.reply();
    expect(last(await client.reply()).status).toBe(DoneStatus.attention);
  });
});

test('a result of millions of rows is cancelled while it streams, and memory stays flat', async () => {
  await withClient(async (client) => {
    const before = process.memoryUsage().rss;
    client.send(
      PacketType.sqlBatch,
      Buffer.concat([client.headers(), Buffer.from("select i, 'text ' || i from range(200000000) t(i)", 'ucs2')]),
    );
    client.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
    client.send(PacketType.attention, Buffer.alloc(0));
    client.socket.resume();
    await client.message();
    expect(last(await client.reply()).status).toBe(DoneStatus.attention);
  });
});

test('an attention without a request is acknowledged', async () => {
  await withClient(async (client) => {
    client.send(PacketType.attention, Buffer.alloc(0));
    expect(await client.reply()).toEqual([expect.objectContaining({ status: DoneStatus.attention })]);
  });
});

function transaction(client: TdsClient, code: number, rest: number[]): Buffer {
  const request = Buffer.from([code, 0, ...rest]);
  return Buffer.concat([client.headers(), request]);
}

test('transaction requests begin, commit and roll back, told by ENVCHANGE and DONE_INXACT', async () => {
  await withClient(async (client) => {
    client.send(PacketType.transactionManager, transaction(client, 5, [0, 0]));
    const begun = await client.reply();
    expect(begun[0]).toMatchObject({ kind: 'env', env: 8 });
    expect(last(begun).status).toBe(DoneStatus.inTransaction);
    await client.batch('create table kept (a integer) ;; insert into kept values (1)');
    client.send(PacketType.transactionManager, transaction(client, 8, [0, 0]));
    expect((await client.reply())[0]).toMatchObject({ kind: 'env', env: 10 });
    expect((await client.batch('select * from kept'))[0]!.kind).toBe('error');
    client.send(PacketType.transactionManager, transaction(client, 7, [0, 0]));
    expect((await client.reply())[0]).toMatchObject({ kind: 'error', number: 3902 });
  });
});

test('the reset bit ends an open transaction before the request runs', async () => {
  await withClient(async (client) => {
    client.send(PacketType.transactionManager, transaction(client, 5, [0, 0]));
    await client.reply();
    const body = Buffer.concat([client.headers(), Buffer.from('select 1::INTEGER', 'ucs2')]);
    const header = Buffer.from([PacketType.sqlBatch, PacketStatus.endOfMessage | PacketStatus.reset, 0, 0, 0, 0, 1, 0]);
    header.writeUInt16BE(body.length + 8, 2);
    client.socket.write(Buffer.concat([header, body]));
    const tokens = await client.reply();
    expect(tokens.slice(0, 2).map((token) => token.env)).toEqual([10, 18]);
    expect(last(tokens).status).toBe(DoneStatus.count);
  });
});

test('select 1 is answered while another session streams', async () => {
  await withClient(async (streaming) => {
    // Read and thrown away: it goes on until the client leaves.
    streaming.socket.removeAllListeners('data').resume();
    const endless = "select i, 'text ' || i from range(1000000000000) t(i)";
    streaming.send(PacketType.sqlBatch, Buffer.concat([streaming.headers(), Buffer.from(endless, 'ucs2')]));
    await withClient(async (client) => {
      for (let index = 0; index < 60; index++) expect(rowsOf(await client.batch('select 1::INTEGER'))).toEqual([[1]]);
    });
    const before = streaming.socket.bytesRead;
    expect(before).toBeGreaterThan(0);
    await until(() => streaming.socket.bytesRead > before, 'the stream, which goes on');
    streaming.socket.destroy();
  });
});

test('200 sessions are open and answered at once', async () => {
  const opened = await Promise.all(Array.from({ length: 200 }, () => TdsClient.open({ port: server.port })));
  const answers = await Promise.all(opened.map(({ client }, index) => client.batch(`select ${index}::INTEGER`)));
  expect(answers.map((tokens) => rowsOf(tokens)[0]![0])).toEqual(opened.map((_one, index) => index));
  await Promise.all(opened.map(({ client }) => client.close()));
});

test('a client that does not finish its login is closed', async () => {
  const own = mkdtempSync(path.join(tmpdir(), 'synapse-login-'));
  const hasty = await startServer({ ...options, root: own, loginTimeoutMs: 300 }, plainLanguage);
  const silent = net.connect(hasty.port, '127.0.0.1');
  silent.on('error', () => undefined);
  const half = new TdsClient({ port: hasty.port });
  // On a busy machine the time may be over before the half is done.
  await half.prelogin().catch(() => undefined);
  await until(() => silent.destroyed && half.closed, 'the end of both connections');
  expect(hasty.sessionCount()).toBe(0);
  await hasty.stop();
  rmSync(own, { recursive: true, force: true });
});

test('nothing above was a defect of the server', () => {
  const texts = faults.map((error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
  // The one unmapped error above is the plain language's.
  expect(texts.filter((text) => !text.includes('nowhere') && !text.includes('kept'))).toEqual([]);
});

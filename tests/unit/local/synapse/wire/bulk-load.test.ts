import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BulkReader } from '../../../../../local/synapse/wire/bulk-load';
import { MessageStream } from '../../../../../local/synapse/wire/message-stream';
import { CutOffError, ProtocolError, TdsVersion } from '../../../../../local/synapse/wire/protocol';

const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(5);
  bytes[0] = 4;
  bytes.writeInt32LE(value, 1);
  return bytes;
};

function plp(text: string): Buffer {
  const body = Buffer.from(text, 'ucs2');
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(body.length));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return body.length === 0 ? Buffer.concat([head, length]) : Buffer.concat([head, length, body, Buffer.alloc(4)]);
}

function longText(text: string | null): Buffer {
  if (text === null) return Buffer.from([0]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from([16]), Buffer.alloc(24), length, Buffer.from(text, 'latin1')]);
}

const column = (name: string, info: number[]): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 0, 9, 0, ...info, name.length]), Buffer.from(name, 'ucs2')]);

/** int a, nvarchar(max) b, text c, with a DONE at the end. */
function message(rows: readonly (readonly [number, string, string | null])[]): Buffer {
  const table = [1, 0, 116, 0];
  return Buffer.concat([
    Buffer.from([0x81, 3, 0]),
    column('a', [0x26, 4]),
    column('b', [0xe7, 0xff, 0xff, 9, 4, 0xd0, 0, 0x34]),
    column('c', [0x23, 0xff, 0xff, 0xff, 0x7f, 9, 4, 0xd0, 0, 0x34, ...table]),
    ...rows.map(([a, b, c]) => Buffer.concat([Buffer.from([0xd1]), int(a), plp(b), longText(c)])),
    Buffer.from([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ]);
}

async function readAll(reader: BulkReader): Promise<unknown[][]> {
  const all: unknown[][] = [];
  for (;;) {
    const rows = await reader.rows();
    if (rows.length === 0) return all;
    all.push(...rows);
  }
}

test('rows are read as they come, wherever the message is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.integer({ min: -1000, max: 1000 }),
          fc.string({ maxLength: 400 }),
          fc.option(fc.constantFrom('', 'abc', 'x'.repeat(300))),
        ),
        {
          maxLength: 30,
        },
      ),
      fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 }),
      async (rows, cuts) => {
        const bytes = message(rows);
        const stream = new MessageStream();
        const reader = new BulkReader(stream, TdsVersion.v74);
        const reading = (async () => ((await reader.open()) ? readAll(reader) : undefined))();
        let at = 0;
        for (const cut of cuts) {
          stream.push(bytes.subarray(at, at + cut));
          at = Math.min(bytes.length, at + cut);
          await Promise.resolve();
        }
        stream.push(bytes.subarray(at));
        stream.end(false);
        expect(await reading).toEqual(rows.map((row) => [...row]));
        expect(reader.columns.map((one) => one.info.type.name)).toEqual(['int', 'nvarchar', 'text']);
      },
    ),
    { numRuns: 60, seed: 6 },
  );
});

test('a value of megabytes in small packets is not read anew for each', async () => {
  const bytes = message([[1, 'x'.repeat(4_000_000), null]]);
  const stream = new MessageStream();
  let takes = 0;
  const take = stream.take.bind(stream);
  stream.take = (least) => {
    takes++;
    return take(least);
  };
  const reader = new BulkReader(stream, TdsVersion.v74);
  const reading = reader.open().then(() => readAll(reader));
  for (let at = 0; at < bytes.length; at += 4088) {
    stream.push(bytes.subarray(at, at + 4088));
    await Promise.resolve();
  }
  stream.end(false);
  expect((await reading)[0]![1]).toHaveLength(4_000_000);
  expect(takes).toBeLessThan(40);
});

test('data that ends inside a row is refused', async () => {
  const stream = new MessageStream();
  stream.push(message([[1, 'abc', 'def']]).subarray(0, -20));
  stream.end(false);
  const reader = new BulkReader(stream, TdsVersion.v74);
  await reader.open();
  await expect(reader.rows()).rejects.toThrow(CutOffError);
});

test('data that begins with something else is refused', async () => {
  const stream = new MessageStream();
  stream.push(Buffer.from([0xd1, 1, 2, 3]));
  stream.end(false);
  await expect(new BulkReader(stream, TdsVersion.v74).open()).rejects.toThrow(ProtocolError);
});

test('an empty message is a load of nothing', async () => {
  const stream = new MessageStream();
  stream.end(false);
  expect(await new BulkReader(stream, TdsVersion.v74).open()).toBe(false);
});

import { beforeAll, expect, test } from '@jest/globals';
import type { DataLakeDirectoryClient, DataLakeFileClient } from '@azure/storage-file-datalake';
import { Readable } from 'node:stream';
import { expectRefused, namesOf, useLake } from '../support/data-lake';
import { describeTargets } from '../support/targets';

describeTargets('Data Lake: files', (azure) => {
  const lake = useLake(azure);
  let folder: DataLakeDirectoryClient;
  const file = (name: string): DataLakeFileClient => folder.getFileClient(name);
  const write = async (name: string, text: string) => {
    await file(name).upload(Buffer.from(text));
    return file(name);
  };
  const text = async (name: string) => (await file(name).readToBuffer()).toString();

  beforeAll(async () => {
    folder = lake.container.getDirectoryClient('enc/2024/01');
    await folder.create();
  });

  test('a directory that was created exists', async () => {
    expect(await folder.exists()).toBe(true);
    expect(await lake.container.getDirectoryClient('enc/2025').exists()).toBe(false);
  });

  test('appended data is visible only after the flush', async () => {
    const a = file('a.json');
    await a.create();
    await a.append('hello ', 0, 6);
    await a.append('world', 6, 5);
    expect((await a.getProperties()).contentLength).toBe(0);
    await a.flush(11);
    expect((await a.getProperties()).contentLength).toBe(11);
    expect(await text('a.json')).toBe('hello world');
  });

  test('a flush behind committed data keeps what was there', async () => {
    const a = await write('grow.txt', 'one');
    await a.append(',two', 3, 4);
    expect(await text('grow.txt')).toBe('one');
    await a.flush(7);
    expect(await text('grow.txt')).toBe('one,two');
  });

  test('appends may arrive in any order', async () => {
    const a = file('order.txt');
    await a.create();
    await Promise.all([a.append('cc', 4, 2), a.append('aa', 0, 2), a.append('bb', 2, 2)]);
    await a.flush(6);
    expect(await text('order.txt')).toBe('aabbcc');
  });

  test('append with flush commits at once', async () => {
    const a = file('af.json');
    await a.create();
    await a.append('abc', 0, 3, { flush: true });
    expect(await text('af.json')).toBe('abc');
  });

  test('a flush over a gap is refused with 400', async () => {
    const a = file('gap.json');
    await a.create();
    await a.append('abc', 5, 3);
    await expectRefused(a.flush(8), 400, 'InvalidFlushPosition');
    expect((await a.getProperties()).contentLength).toBe(0);
  });

  test('an append before the committed end is refused with 400', async () => {
    await expectRefused((await write('short.txt', 'abc')).append('x', 1, 1), 400);
  });

  test('creating again drops uncommitted data and content', async () => {
    const a = await write('again.txt', 'abc');
    await a.append('d', 3, 1);
    await a.create();
    expect((await a.getProperties()).contentLength).toBe(0);
    await expectRefused(a.flush(1), 400);
  });

  test('a range of a file is read', async () => {
    const a = await write('range.txt', 'hello world');
    const read = async (offset: number, count?: number) => {
      const parts: Buffer[] = [];
      const answer = await a.read(offset, count);
      for await (const part of answer.readableStreamBody as AsyncIterable<Buffer>) parts.push(part);
      return Buffer.concat(parts).toString();
    };
    expect(await read(6, 5)).toBe('world');
    expect(await read(6)).toBe('world');
    expect(await read(0, 100)).toBe('hello world');
    await expectRefused(a.read(11, 1), 416, 'InvalidRange');
  });

  test('an upload of one megabyte', async () => {
    const bytes = Buffer.alloc(1 << 20, 7);
    await file('u1.bin').upload(bytes);
    expect((await file('u1.bin').readToBuffer()).equals(bytes)).toBe(true);
  });

  test('an upload in parallel chunks', async () => {
    const bytes = Buffer.alloc(9 << 20, 9);
    bytes.writeUInt32LE(123456, 5 << 20);
    const options = { chunkSize: 1 << 20, singleUploadThreshold: 1 << 20, maxConcurrency: 4 };
    await file('u9.bin').upload(bytes, options);
    expect((await file('u9.bin').readToBuffer()).equals(bytes)).toBe(true);
  });

  test('an upload from a stream', async () => {
    await file('us.bin').uploadStream(Readable.from([Buffer.from('ab'), Buffer.from('cd')]));
    expect(await text('us.bin')).toBe('abcd');
  });

  test('an upload with metadata and a content type', async () => {
    await file('m.json').upload(Buffer.from('{}'), {
      metadata: { rows: '1', sha256: 'ab' },
      pathHttpHeaders: { contentType: 'application/x-ndjson' },
    });
    const { metadata, contentType } = await file('m.json').getProperties();
    expect({ metadata, contentType }).toEqual({
      metadata: { rows: '1', sha256: 'ab' },
      contentType: 'application/x-ndjson',
    });
  });

  test('metadata and stored headers are replaced', async () => {
    const a = await write('props.txt', 'x');
    await a.setMetadata({ firstseq: '0', lastseq: '9' });
    await a.setMetadata({ firstseq: '1' });
    await a.setHttpHeaders({ contentType: 'text/plain' });
    const { metadata, contentType } = await a.getProperties();
    expect({ metadata, contentType }).toEqual({ metadata: { firstseq: '1' }, contentType: 'text/plain' });
  });

  test('every change gives a new ETag', async () => {
    const a = await write('etag.txt', 'x');
    const tags = [(await a.getProperties()).etag];
    tags.push((await a.setMetadata({ a: '1' })).etag, (await a.setMetadata({ a: '1' })).etag);
    await a.append('y', 1, 1);
    tags.push((await a.flush(2)).etag, (await a.create()).etag);
    expect(new Set(tags).size).toBe(5);
    expect((await a.getProperties()).etag).toBe(tags[4]);
  });

  test('If-Match: the ETag that holds passes, an old one gets 412', async () => {
    const a = await write('match.txt', 'x');
    const old = (await a.getProperties()).etag!;
    await a.append('y', 1, 1);
    const now = (await a.flush(2, { conditions: { ifMatch: old } })).etag!;
    await a.append('z', 2, 1);
    await expectRefused(a.flush(3, { conditions: { ifMatch: old } }), 412, 'ConditionNotMet');
    await expectRefused(a.read(0, undefined, { conditions: { ifMatch: '"0xDEAD"' } }), 412);
    await expectRefused(a.setMetadata({ a: 'b' }, { conditions: { ifMatch: old } }), 412);
    await expectRefused(a.delete(false, { conditions: { ifMatch: old } }), 412);
    await a.flush(3, { conditions: { ifMatch: now } });
    expect(await text('match.txt')).toBe('xyz');
  });

  test('If-None-Match: a read of what has not changed gets 304', async () => {
    const a = await write('none.txt', 'x');
    const { etag, lastModified } = await a.getProperties();
    await expectRefused(a.read(0, undefined, { conditions: { ifNoneMatch: etag! } }), 304);
    await expectRefused(
      a.setMetadata({}, { conditions: { ifUnmodifiedSince: new Date(+lastModified! - 60_000) } }),
      412,
    );
  });

  test('create with If-None-Match * never replaces a file', async () => {
    const a = await write('once.txt', 'x');
    const once = { conditions: { ifNoneMatch: '*' } };
    await expectRefused(a.create(once), 409, 'PathAlreadyExists');
    await expectRefused(a.upload(Buffer.from('y'), once), 409);
    expect((await a.createIfNotExists()).succeeded).toBe(false);
    expect(await text('once.txt')).toBe('x');
  });

  test('of twenty creations at once with If-None-Match * exactly one succeeds', async () => {
    const attempts = Array.from({ length: 20 }, () => file('race.txt').create({ conditions: { ifNoneMatch: '*' } }));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  test('names with spaces, signs and letters of any script', async () => {
    const names = ['na me+100%é=1.json', 'hub=ab12', "o'neil & søn.csv", '数据.txt', '%2e%2e', 'a#b?c'];
    for (const name of names) {
      await lake.container.getFileClient(`odd/${name}`).upload(Buffer.from(name));
      expect((await lake.container.getFileClient(`odd/${name}`).readToBuffer()).toString()).toBe(name);
    }
    const listed = await namesOf(lake.container.listPaths({ path: 'odd' }));
    expect(listed.sort()).toEqual(names.map((name) => `odd/${name}`).sort());
  });

  test('what is not there: 404', async () => {
    await expectRefused(file('missing').read(), 404);
    await expectRefused(file('missing').getProperties(), 404);
    await expectRefused(file('missing').append('x', 0, 1), 404, 'PathNotFound');
    await expectRefused(file('missing').setMetadata({}), 404);
    await expectRefused(file('missing').delete(), 404, 'PathNotFound');
    await expectRefused(lake.service.getFileSystemClient('nothere').getFileClient('x').create(), 404);
    expect((await file('missing').deleteIfExists()).succeeded).toBe(false);
  });

  test('a file is no directory, a directory is no file: 409', async () => {
    await write('plain', 'x');
    await expectRefused(lake.container.getDirectoryClient('enc/2024/01/plain').create(), 409);
    await expectRefused(lake.container.getFileClient('enc/2024').create(), 409);
    await expectRefused(lake.container.getFileClient('enc/2024/01/plain/below').create(), 409);
  });
});

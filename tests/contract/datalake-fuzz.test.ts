import { expect, test } from '@jest/globals';
import { AccountSASPermissions, AccountSASResourceTypes, AccountSASServices } from '@azure/storage-file-datalake';
import { generateAccountSASQueryParameters, StorageSharedKeyCredential } from '@azure/storage-file-datalake';
import { existsSync, readdirSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { account, accountKey, useLake } from '../support/data-lake';
import { randomFrom } from '../support/random';

const lake = useLake(undefined);
const random = randomFrom(20_260_101);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
const sas = () =>
  generateAccountSASQueryParameters(
    {
      services: AccountSASServices.parse('b').toString(),
      resourceTypes: AccountSASResourceTypes.parse('sco').toString(),
      permissions: AccountSASPermissions.parse('rwdlacup'),
      expiresOn: new Date(Date.now() + 3_600_000),
    },
    new StorageSharedKeyCredential(account, accountKey),
  ).toString();

const oddText = [
  '',
  '0',
  '-1',
  '1e9',
  '99999999999999999999',
  'NaN',
  'é',
  'a'.repeat(3000),
  '../..',
  '*',
  'null',
  ';,="',
];
const segments = [
  'fuzz-a',
  'fuzz-b.txt',
  '..',
  '.',
  '%2e%2e',
  '%2F',
  '%00',
  '%ff',
  '%',
  '%C3%A9',
  'x'.repeat(300),
  '',
  '+',
  '%20',
];
const queries: [string, readonly string[]][] = [
  ['resource', ['file', 'directory', 'filesystem', 'account', ...oddText]],
  ['restype', ['container', ...oddText]],
  ['comp', ['list', 'metadata', 'properties', 'lease', 'block', ...oddText]],
  ['action', ['append', 'flush', 'setProperties', 'setAccessControl', 'getAccessControl', ...oddText]],
  ['position', ['5', ...oddText]],
  ['recursive', ['true', 'false', ...oddText]],
  ['directory', ['a', 'a/b', '%2e%2e/%2e%2e', ...oddText]],
  ['continuation', ['YQ', '!!!', ...oddText]],
  ['marker', ['YS9i', ...oddText]],
  ['maxResults', ['1', ...oddText]],
  ['flush', ['true', ...oddText]],
];
const headers: [string, readonly string[]][] = [
  ['x-ms-rename-source', ['/c/a', '/../../etc/passwd', '/%2e%2e/x', '%', '/c/a?sig=x', ...oddText]],
  ['x-ms-blob-type', ['BlockBlob', 'PageBlob', ...oddText]],
  ['x-ms-properties', ['a=YQ==', 'a', '=', 'a=\u00e9', 'é=YQ==', ...oddText]],
  ['x-ms-meta-x', oddText],
  ['x-ms-lease-action', ['acquire', 'release', 'break', 'renew', 'change', ...oddText]],
  ['x-ms-lease-duration', ['15', '-1', ...oddText]],
  ['x-ms-lease-id', ['2b1f1a0e-5d9e-4c7e-8f0a-111111111111', ...oddText]],
  ['range', ['bytes=0-', 'bytes=5-2', 'bytes=-5', 'bytes=99999999999999-', ...oddText]],
  ['if-match', ['*', '"x"', ...oddText]],
  ['if-none-match', ['*', ...oddText]],
  ['if-modified-since', ['Thu, 01 Jan 1970 00:00:00 GMT', ...oddText]],
  ['content-md5', ['AAAA', ...oddText]],
  ['x-ms-range', ['bytes=0-1', ...oddText]],
];

type Odd = http.RequestOptions & { body: Buffer };

/** Requests as a client makes them; most of the odd ones are these with something changed. */
const shapes: [string, string, Record<string, string>?][] = [
  ['PUT', 'resource=file'],
  ['PUT', 'resource=directory'],
  ['PATCH', 'action=append&position=0'],
  ['PATCH', 'action=append&position=0&flush=true'],
  ['PATCH', 'action=flush&position=20'],
  ['PATCH', 'action=setProperties', { 'x-ms-properties': 'a=YQ==' }],
  ['PATCH', 'action=setAccessControl', { 'x-ms-permissions': 'rwxr-x---' }],
  ['PUT', '', { 'x-ms-blob-type': 'BlockBlob' }],
  ['PUT', '', { 'x-ms-rename-source': `/${account}/fuzz0/fuzz-a` }],
  ['PUT', 'comp=lease', { 'x-ms-lease-action': 'acquire', 'x-ms-lease-duration': '15' }],
  ['PUT', 'comp=metadata', { 'x-ms-meta-a': 'b' }],
  ['GET', 'resource=filesystem&recursive=true'],
  ['GET', 'restype=container&comp=list&prefix=fuzz-a&delimiter=%2F'],
  ['GET', '', { range: 'bytes=0-3' }],
  ['HEAD', ''],
  ['DELETE', 'recursive=true'],
  ['POST', '', { 'x-ms-lease-action': 'break' }],
];

function randomRequest(container: string, token: string): Odd {
  const names = Array.from({ length: Math.floor(random() * 3) }, () =>
    pick(random() < 0.8 ? ['fuzz-a', 'fuzz-b'] : segments),
  );
  const where = random() < 0.9 ? `/${account}/${container}` : pick([`/${container}`, '', `/${account}`]);
  const [method, shape, given] = pick(shapes);
  const odd = random() < 0.6;
  const query = odd ? queries.filter(() => random() < 0.1).map(([name, all]) => `${name}=${encodeURI(pick(all))}`) : [];
  const chosen = headers
    .filter(() => random() < (odd ? 0.1 : 0))
    .map(([name, values]) => [name, pick(values)] as const);
  return {
    method: random() < 0.05 ? pick(['OPTIONS', 'PUT', 'GET', 'PATCH']) : method,
    // The first of two parameters of one name counts, so the odd one goes before.
    path: `${[where, ...names].join('/')}?${[...query, shape, token].filter(Boolean).join('&')}`,
    headers: {
      ...given,
      ...Object.fromEntries(chosen.filter(([, value]) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value))),
    },
    body: Buffer.alloc(method === 'PATCH' || random() < 0.1 ? 20 : 0, 120),
  };
}

function send({ body, ...options }: Odd): Promise<number> {
  const headers = { ...(options.headers as object), 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const { port } = lake.local!.server;
    const request = http.request({ host: '127.0.0.1', port, timeout: 120_000, ...options, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!));
    });
    request
      .on('error', (error) => reject(new Error(`${error.message}: ${options.method} ${options.path}`)))
      .on('timeout', () => reject(new Error(`no answer: ${options.method} ${options.path}`)));
    request.end(body);
  });
}

const newContainer = (n: number, token: string): Odd => ({
  method: 'PUT',
  path: `/${account}/fuzz${n % 3}?restype=container&${token}`,
  body: Buffer.alloc(0),
});

test('1,500 odd requests: each has an answer, none is a fault of the server, none leaves the folder', async () => {
  const token = sas();
  const answers: Record<number, number> = {};
  const faults: string[] = [];
  for (let n = 0; n < 1500; n++) {
    const request = randomRequest(`fuzz${n % 3}`, token);
    if (n % 100 < 3) await send(newContainer(n, token));
    const status = await send(request);
    answers[status] = (answers[status] ?? 0) + 1;
    if (status === 500) faults.push(`${request.method} ${request.path} ${JSON.stringify(request.headers)}`);
  }
  expect(faults).toEqual([]);
  expect(answers[200]! + answers[201]!).toBeGreaterThan(150);
  expect(answers[400]).toBeGreaterThan(100);
  const { root } = lake.local!;
  const known = ['.datalake', '.lock', 'fuzz0', 'fuzz1', 'fuzz2', lake.container.name];
  expect(readdirSync(root).filter((name) => !known.includes(name))).toEqual([]);
  expect(['fuzz-a', 'fuzz-b', 'fuzz-b.txt'].filter((name) => existsSync(path.join(root, '..', name)))).toEqual([]);
  await lake.container.getFileClient('still/here.txt').upload(Buffer.from('yes'));
  expect((await lake.container.getFileClient('still/here.txt').readToBuffer()).toString()).toBe('yes');
});

test('bytes that are no HTTP, and requests that are cut off, end only their connection', async () => {
  const { port } = lake.local!.server;
  const valid = `PUT /${account}/c/x?resource=file HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nx-ms-date: now\r\n\r\nhello`;
  for (let n = 0; n < 150; n++) {
    const bytes = Buffer.from(valid);
    for (let flips = Math.floor(random() * 6); flips > 0; flips--)
      bytes[Math.floor(random() * bytes.length)] = random() * 256;
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.end(bytes.subarray(0, Math.floor(random() * bytes.length)));
    await new Promise((resolve) => socket.once('close', resolve));
  }
  await lake.container.getFileClient('after.txt').upload(Buffer.from('yes'));
  expect((await lake.container.getFileClient('after.txt').getProperties()).contentLength).toBe(3);
});

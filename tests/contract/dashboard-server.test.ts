import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDashboard, type Dashboard, type ExportReader } from '../../dashboard';
import { ExportFolder } from '../support/dashboard/export-folder';

const folder = new ExportFolder();
let dashboard: Dashboard;
let opened: string[] = [];

const openFile: ExportReader = (path) => {
  opened.push(path);
  if (path === 'unreachable.parquet') throw new Error('no lake');
  return folder.openFile(path);
};

beforeAll(async () => {
  folder.publish({ encounters_by_department: [['wellness', '3', '10.00', '4.00', '0.400000']] });
  dashboard = await startDashboard({ port: 0, openFile });
});
afterAll(async () => {
  await dashboard.stop();
  folder.remove();
});

const part = 'export/encounters_by_department/part-00000.parquet';
const get = (path: string, init?: RequestInit) => fetch(dashboard.url + path, init);

/** A request as the given host name and raw path, which `fetch` would not send. */
function rawStatus(path: string, headers: http.OutgoingHttpHeaders = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port: dashboard.port, path, headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
    request.on('error', reject);
  });
}

describe('the page', () => {
  test('comes with a policy that lets nothing in from elsewhere', async () => {
    const reply = await get('');
    const policy = reply.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect(reply.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(reply.headers.has('access-control-allow-origin')).toBe(false);
    expect(await reply.text()).toContain('<title>MedStream</title>');
  });

  test('is asked for again without being sent again', async () => {
    const etag = (await get('app.js')).headers.get('etag')!;
    const again = await get('app.js', { headers: { 'if-none-match': etag } });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
  });

  test('is under 200 KB as it is sent, all files together', async () => {
    const names = ['', 'app.js', 'app.css', 'theme.js', 'icon.svg', 'inter-latin-wght-normal.woff2'];
    const replies = await Promise.all(names.map((name) => get(name, { headers: { 'accept-encoding': 'gzip' } })));
    expect(replies.map(({ status }) => status)).toEqual(names.map(() => 200));
    const bytes = replies.reduce((total, reply) => total + Number(reply.headers.get('content-length')), 0);
    process.stderr.write(`dashboard page: ${(bytes / 1000).toFixed(1)} KB gzipped\n`);
    expect(bytes).toBeLessThan(200_000);
  });
});

describe('the export', () => {
  test('is sent byte for byte, in whole or in part', async () => {
    const whole = Buffer.from(await (await get(part)).arrayBuffer());
    expect(whole.subarray(0, 4).toString()).toBe('PAR1');
    const reply = await get(part, { headers: { range: 'bytes=-8' } });
    expect(reply.status).toBe(206);
    expect(reply.headers.get('content-range')).toBe(`bytes ${whole.length - 8}-${whole.length - 1}/${whole.length}`);
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(whole.subarray(-8));
    expect((await get(part, { headers: { range: `bytes=${whole.length}-` } })).status).toBe(416);
    const head = await get(part, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(whole.length));
  });

  test('_export.json is always asked for again, and a new one has a new ETag', async () => {
    const first = await get('export/_export.json');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const etag = first.headers.get('etag')!;
    expect((await get('export/_export.json', { headers: { 'if-none-match': etag } })).status).toBe(304);
    folder.publish({ encounters_by_department: [['wellness', '4', '10.00', '4.00', '0.400000']] });
    expect((await get('export/_export.json', { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  test.each(['/export/../package.json', '/export/%2e%2e/secret', '/export/a%2f..%2f..%2fb', '/export/', '/export/%00'])(
    '%s never reaches the lake',
    async (path) => {
      opened = [];
      expect(await rawStatus(path)).toBe(404);
      expect(opened).toEqual([]);
    },
  );

  test('what is not there is 404, a lake that is down is 502', async () => {
    expect((await get('export/nothing/part-00000.parquet')).status).toBe(404);
    expect((await get('export/unreachable.parquet')).status).toBe(502);
  });
});

describe('who may ask', () => {
  test('a page elsewhere whose name leads to this machine is refused', async () => {
    expect(await rawStatus('/', { host: 'attacker.example' })).toBe(403);
    expect(await rawStatus('/', { host: `localhost:${dashboard.port}` })).toBe(200);
  });

  test('nothing can be written', async () => {
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH']) expect((await get(part, { method })).status).toBe(405);
  });

  test('a taken port is told', async () => {
    await expect(startDashboard({ port: dashboard.port, openFile })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

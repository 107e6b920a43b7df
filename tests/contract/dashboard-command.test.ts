import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDataLake } from '../../local/datalake';
import { ExportFolder } from '../support/dashboard/export-folder';
import { finished, medstream, newFolder, spawnMedstream } from '../support/medstream';

const folder = newFolder();
const exported = new ExportFolder();
const published = path.join(folder, '.medstream', 'lake', 'gold', 'powerbi');
let child: ChildProcess;
let url: string;

beforeAll(async () => {
  mkdirSync(published, { recursive: true });
  child = spawnMedstream(folder, ['dashboard', '--port', '0']);
  url = await firstUrl(child);
});
afterAll(() => {
  child.kill('SIGKILL');
  exported.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The address that the command prints when it serves. */
function firstUrl(process: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    process.stderr!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /Dashboard: (http:\S+)/.exec(text);
      if (match) resolve(match[1]!);
    });
    process.on('close', () => reject(new Error(`medstream dashboard ended: ${text}`)));
  });
}

function publish(encounters: string): void {
  exported.publish({ encounters_by_department: [['wellness', encounters, '10.00', '4.00', '0.400000']] });
  cpSync(exported.root, published, { recursive: true });
}

test('it serves the page before there is an export, then the lake as it is', async () => {
  expect(await (await fetch(url)).text()).toContain('<title>MedStream</title>');
  expect((await fetch(`${url}export/_export.json`)).status).toBe(404);

  publish('3');
  const first = await fetch(`${url}export/_export.json`);
  expect(await first.json()).toMatchObject({ version: 1, tables: [{ name: 'encounters_by_department', rows: 1 }] });
  const part = await fetch(`${url}export/encounters_by_department/part-00000.parquet`, {
    headers: { range: 'bytes=0-3' },
  });
  expect([part.status, await part.text()]).toEqual([206, 'PAR1']);

  const headers = { 'if-none-match': first.headers.get('etag')! };
  expect((await fetch(`${url}export/_export.json`, { headers })).status).toBe(304);
  publish('4');
  expect((await fetch(`${url}export/_export.json`, { headers })).status).toBe(200);
});

test('a lake that refuses the login is told once, with what to do', async () => {
  const key = (text: string) => Buffer.from(text).toString('base64');
  const account = 'devstoreaccount1';
  const lake = await startDataLake({ root: path.join(folder, 'other'), port: 0, account, key: key('the right key') });
  const refused = spawnMedstream(folder, ['dashboard', '--port', '0'], {
    AZURE_STORAGE_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key('another')};BlobEndpoint=http://127.0.0.1:${lake.port}/${account};`,
  });
  try {
    const address = await firstUrl(refused);
    const end = finished(refused);
    expect((await fetch(`${address}export/_export.json`)).status).toBe(502);
    expect((await fetch(`${address}export/_export.json`)).status).toBe(502);
    refused.kill('SIGINT');
    const { code, stderr } = await end;
    expect(code).toBe(0);
    expect(stderr.match(/MS6006: The data lake refused this login/g)).toHaveLength(1);
  } finally {
    refused.kill('SIGKILL');
    await lake.stop();
  }
});

test('a taken port ends it with exit code 3 and says what to do', async () => {
  const port = new URL(url).port;
  const { code, stderr } = await medstream(folder, ['dashboard', '--port', port]);
  expect(code).toBe(3);
  expect(stderr).toMatch(new RegExp(`^[\\s\\S]*MS6001: Port ${port} is in use[\\s\\S]*--port ${Number(port) + 1}\n$`));
});

test('Ctrl-C ends it', async () => {
  const end = finished(child);
  child.kill('SIGINT');
  expect((await end).code).toBe(0);
});

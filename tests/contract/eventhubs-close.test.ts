import { expect, test } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../common/project-root';
import { key, keyName } from '../support/credentials';
import { Killable } from '../support/killable';

test('closing a client ends, also at the moment in which its hub dies', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'medstream-close-'));
  const hubs = [{ name: 'encounters', partitions: 1 }];
  const options = { root, keyName, key, hubs, port: 0 };
  const hub = new Killable('hub', 'run-stand-in', () => [JSON.stringify({ service: 'eventhubs', options })]);
  const program = path.join(projectRoot, 'dist', 'tests', 'support', 'run-close.js');
  await hub.start();
  const clients = Array.from({ length: 4 }, () => fork(program, [String(hub.port)], { execArgv: [] }));
  try {
    await Promise.all(clients.map((client) => once(client, 'message')));
    const ends = clients.map((client) => once(client, 'exit'));
    const death = hub.kill();
    for (const client of clients) client.send('close');
    expect((await Promise.all(ends)).map(([code]) => code as unknown)).toEqual([0, 0, 0, 0]);
    await death;
  } finally {
    for (const client of clients) client.kill('SIGKILL');
    await hub.kill();
    rmSync(root, { recursive: true });
  }
});

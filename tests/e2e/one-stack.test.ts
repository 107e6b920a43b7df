import { describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { finished, medstream, newFolder, spawnMedstream } from '../support/medstream';

/** Another process: alive until it is killed. */
function bystander(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
}

function home(folder: string): string {
  const folderOfState = path.join(folder, '.medstream');
  mkdirSync(path.join(folderOfState, 'users'), { recursive: true });
  return folderOfState;
}

describe('two commands at once, without `medstream local up`', () => {
  it('the one whose stack it is goes on until the other has ended', async () => {
    const folder = newFolder();
    const other = bystander();
    try {
      writeFileSync(path.join(home(folder), 'users', String(other.pid)), '');
      const command = spawnMedstream(folder, ['status']);
      const end = finished(command);
      let said = '';
      while (!said.includes('still uses')) said += String((await once(command.stderr!, 'data'))[0]);
      expect(said).toContain(`process ${other.pid} still uses this local stack`);
      expect(existsSync(path.join(home(folder), 'stack.json'))).toBe(false);
      expect(command.exitCode).toBeNull();
      other.kill();
      expect(await end).toMatchObject({ code: 0, stdout: expect.stringContaining('medstream run') });
    } finally {
      other.kill();
    }
  });

  it('the other waits while the stack of the first begins or ends', async () => {
    const folder = newFolder();
    const results = await Promise.all([1, 2, 3].map(() => medstream(folder, ['status', '--json'])));
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([1, 2, 3].map(() => [0, '']));
  });

  it.each([[['up', '--port-base', '0']], [['reset']]])('local %j says who uses the folder', async (args) => {
    const folder = newFolder();
    const other = bystander();
    try {
      writeFileSync(path.join(home(folder), 'stack.lock'), String(other.pid));
      const { code, stderr } = await medstream(folder, ['local', ...args]);
      expect(code).toBe(3);
      expect(stderr).toMatch(new RegExp(`^MS6007: .*\\n  where: process ${other.pid}, folder .*\\n  next:  .*\\n$`));
    } finally {
      other.kill();
    }
  });
});

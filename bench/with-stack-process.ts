import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseSettings, type Settings } from '../azure/settings';

/** The local stack in a process of its own. Leaving a stream early destroys it, so the child keeps no open output. */
export async function withStackProcess<T>(
  home: string,
  body: (settings: Settings, lake: string, environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const env = { ...process.env, MEDSTREAM_HOME: home };
  const child = spawn(process.execPath, [path.join(__dirname, 'stack-process.js'), home], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const environment = { MEDSTREAM_HOME: home, ...(await firstLine(child)) };
    return await body(parseSettings(environment), path.join(home, 'lake'), environment);
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

async function firstLine(child: ChildProcess): Promise<Record<string, string>> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes('\n')) return JSON.parse(text.slice(0, text.indexOf('\n'))) as Record<string, string>;
  }
  throw new Error('the local stack did not start');
}

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Settings } from '../../azure/settings';
import { projectRoot } from '../../common/project-root';

const cli = path.join(projectRoot, 'node_modules', '@dataform', 'cli', 'bundle.js');

/** Runs the stock Dataform CLI in a copy of the project (it reads credentials from the current folder). */
export async function dataform(folder: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, maxBuffer: 1 << 28 };
  return (await promisify(execFile)(process.execPath, [cli, ...args], options)).stdout;
}

/** A copy of a project in which the stock CLI runs; with settings, on their warehouse. */
export function stockCopy(project: string, settings?: Settings): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'medstream-stock-'));
  for (const part of ['dataform.json', 'definitions', 'includes'])
    cpSync(path.join(project, part), path.join(folder, part), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "dependencies": { "@dataform/core": "2.9.0" } }');
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  if (settings) {
    const { server, port, user: username, password, database } = settings.synapse;
    writeFileSync(
      path.join(folder, '.df-credentials.json'),
      JSON.stringify({ server, port, username, password, database }),
    );
  }
  return folder;
}

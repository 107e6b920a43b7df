import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Temporary folders of a whole run of the tests stand in one, which `remove-run-folder` takes away: a pass leaves a gigabyte. */
export default function makeRunFolder(): void {
  process.env['TMPDIR'] = mkdtempSync(path.join(os.tmpdir(), 'medstream-tests-'));
}

export function removeRunFolder(): void {
  const folder = process.env['TMPDIR'];
  if (!folder || !path.basename(folder).startsWith('medstream-tests-')) return;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

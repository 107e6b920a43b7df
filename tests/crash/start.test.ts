import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PipelineReport } from '../../cli/pipeline/pipeline';
import { openHome } from '../support/home';
import { finished, medstream, newFolder, spawnMedstream } from '../support/medstream';
import { plainMarts, warehouseMart } from '../support/plain-marts';

const flags = ['start', '--once', '--json', '--port-base', '0', '--patients', '20', '--seed', '5'];

/** Moments of the pass, in milliseconds after its start: another step each time. */
const moments = [700, 1500, 2500, 4000, 6000, 9000];

describe('start, stopped at any moment', () => {
  it('ends within five seconds of Ctrl-C, leaves nothing running, and the next one completes the work', async () => {
    const folder = newFolder();
    for (const moment of moments) {
      const child = spawnMedstream(folder, flags);
      const end = finished(child);
      await wait(moment);
      const asked = performance.now();
      child.kill('SIGINT');
      const { code, stderr } = await end;
      expect(performance.now() - asked).toBeLessThan(5000);
      // null: ended by the signal itself, before Node ran the first line of ours.
      expect([0, 4, null]).toContain(code);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(existsSync(path.join(folder, '.medstream', 'stack.lock'))).toBe(false);
    }
    await expectWholeWork(folder);
  }, 240_000);

  it('comes to the same result after kill -9', async () => {
    const folder = newFolder();
    for (const moment of moments) {
      const child = spawnMedstream(folder, flags);
      const end = finished(child);
      await wait(moment);
      child.kill('SIGKILL');
      await end;
    }
    await expectWholeWork(folder);
  }, 240_000);
});

async function expectWholeWork(folder: string): Promise<void> {
  const { code, stdout, stderr } = await medstream(folder, flags);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const report = JSON.parse(stdout) as PipelineReport;
  const home = await openHome(folder);
  try {
    const [bronze] = await home.query<{ events: number; distinct_lines: number }>(
      'SELECT COUNT(*) AS events, COUNT(DISTINCT line) AS distinct_lines FROM bronze.encounters_raw',
    );
    expect(bronze!.events).toBe(bronze!.distinct_lines);
    const plain = await plainMarts(report.source);
    for (const mart of ['encounters_by_department', 'encounters_by_org_month', 'payer_coverage_summary'] as const)
      expect(await warehouseMart((sql) => home.query(sql), mart)).toEqual(plain[mart]);
  } finally {
    await home.close();
  }
  expect(readFileSync(report.run.file, 'utf8')).toContain(report.run.runId);
}

import { describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelineReport } from '../../cli/pipeline/pipeline';
import { openHome } from '../support/home';
import { finished, medstream, newFolder, spawnMedstream } from '../support/medstream';
import { plainMarts, warehouseMart } from '../support/plain-marts';
import { until } from '../support/until';

jest.setTimeout(900_000);

const flags = ['start', '--once', '--port-base', '0', '--patients', '20', '--seed', '5'];

/**
 * A step of the pass ('begin' is when it holds the lock of its home), and milliseconds after its end. `again`: an impatient
 * person, whose second Ctrl-C ends the process in the middle of stopping.
 */
type Moment = readonly [step: string, wait: number, again?: 'again'];

const lockOf = (folder: string) => path.join(folder, '.medstream', 'stack.lock');

/** Starts a pass and sends it a signal, or two, shortly after it has come so far, unless it has ended by then. */
async function interrupt(folder: string, [step, wait, again]: Moment, signal: NodeJS.Signals) {
  const child = spawnMedstream(folder, flags);
  const end = finished(child);
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const isThere = () =>
    step === 'begin'
      ? existsSync(lockOf(folder)) && readFileSync(lockOf(folder), 'utf8') === String(child.pid)
      : new RegExp(`^ +${step} `, 'm').test(said);
  await until(() => isThere() || child.exitCode !== null, `step ${step} of a pass`);
  expect(isThere()).toBe(true);
  await sleep(wait);
  const asked = performance.now();
  child.kill(signal);
  if (again) await sleep(20).then(() => child.kill(signal));
  return { ...(await end), seconds: (performance.now() - asked) / 1000 };
}

describe('start, stopped at any moment', () => {
  it('ends soon after Ctrl-C, leaves nothing running, and the next one completes the work', async () => {
    const folder = newFolder();
    const codes = [];
    const moments: Moment[] = [
      ['begin', 0],
      ['begin', 0, 'again'],
      ['generate', 50],
      ['produce', 100],
      ['copy', 100],
      ['copy', 1500],
      ['run', 100],
    ];
    for (const moment of moments) {
      const { code, stdout, stderr, seconds } = await interrupt(folder, moment, 'SIGINT');
      // A pass is stopped (4), or its summary was out before the signal came, and it is done (0).
      expect({ moment, code }).toEqual({ moment, code: stdout === '' ? 4 : 0 });
      codes.push(code);
      // The bar is five seconds, which the command keeps by a timer of four (cli/frame.ts); a busy machine comes late.
      expect(seconds).toBeLessThan(20);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(existsSync(lockOf(folder))).toBe(false);
    }
    expect(codes.filter((code) => code === 4).length).toBeGreaterThan(moments.length / 2);
    await expectWholeWork(folder);
  });

  it('comes to the same result after kill -9', async () => {
    const folder = newFolder();
    const moments: Moment[] = [
      ['begin', 100],
      ['generate', 200],
      ['load', 50],
      ['land', 100],
      ['copy', 1000],
      ['run', 300],
    ];
    for (const moment of moments) await interrupt(folder, moment, 'SIGKILL');
    await expectWholeWork(folder);
  });
});

async function expectWholeWork(folder: string): Promise<void> {
  const { code, stdout, stderr } = await medstream(folder, [...flags, '--json']);
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

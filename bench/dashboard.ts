import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { exportReader } from '../cli/lake-reader';
import { startDashboard } from '../dashboard';
import { runMedstream } from './child';
import { type Bench, percentile, round, withFolder, withStack } from './support';
import { chromiumPath } from '../tests/support/dashboard/chromium';

const barMilliseconds = 1000;
const loads = 9;

/** Milliseconds until the figures of the first page stand on it, on the exports of so many patients, in Debian's Chromium. */
export const dashboardBench: Bench = async (report, args) => {
  if (!existsSync(chromiumPath)) {
    process.stderr.write(`skipped: dashboard: ${chromiumPath} is not on this machine\n`);
    return;
  }
  const patients = args[0] ?? '1000';
  await withFolder(async (folder) => {
    const home = path.join(folder, 'home');
    await runMedstream(home, ['start', '--patients', patients, '--seed', '1', '--once', '--port-base', '0']);
    await withStack(home, async (settings) => {
      const dashboard = await startDashboard({ port: 0, openFile: exportReader(settings) });
      const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
      try {
        const times: number[] = [];
        for (let load = 0; load < loads; load++) times.push(await firstPaint(browser, dashboard.url));
        const median = percentile(times, 0.5);
        report({
          bench: 'dashboard',
          unit: 'ms to the first figures, median, empty cache',
          value: round(median, 0),
          baseline: { what: 'the bar', value: barMilliseconds },
          ratio: round(median / barMilliseconds),
          better: 'lower',
          details: { patients: Number(patients), loads, worst: round(Math.max(...times), 0) },
        });
      } finally {
        await browser.close();
        await dashboard.stop();
      }
    });
  });
};

/** Each load has a context, and so a cache, of its own. */
async function firstPaint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => performance.getEntriesByName('figures-shown').length > 0);
    return await page.evaluate(() => performance.getEntriesByName('figures-shown')[0]!.startTime);
  } finally {
    await context.close();
  }
}

import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startDashboard, type Dashboard } from '../../dashboard';
import {
  artifacts,
  describeWithChromium,
  launchChromium,
  refuseMisconduct,
  watch,
  type Conduct,
} from '../support/dashboard/browser';
import { accessibilityProblems } from '../support/dashboard/accessibility';
import { lowContrastTexts } from '../support/dashboard/contrast';
import { ExportFolder } from '../support/dashboard/export-folder';
import { hospitalRows } from '../support/dashboard/hospital-rows';
import { asDollars, queryParquet, withSeparators } from '../support/dashboard/read-parquet';

const views = ['department', 'monthly', 'payers', 'quality'] as const;

describeWithChromium('the dashboard in Chromium', () => {
  let browser: Browser;
  let folder: ExportFolder;
  let dashboard: Dashboard;
  let page: Page;
  let conduct: Conduct;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    folder = new ExportFolder();
    dashboard = await startDashboard({ port: 0, openFile: folder.openFile });
    await openPage();
  });
  afterEach(async () => {
    await page.context().close();
    await dashboard.stop();
    folder.remove();
    refuseMisconduct(conduct);
  });

  async function openPage(options: BrowserContextOptions = {}): Promise<void> {
    await page?.context().close();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    page = await context.newPage();
    conduct = watch(page, dashboard.url);
  }

  async function show(view: string): Promise<void> {
    await page.goto(`${dashboard.url}#${view}`);
    await page.waitForSelector('.card-value');
    await page.evaluate('document.fonts.ready.then(() => true)');
  }

  const screenshot = (name: string) => page.screenshot({ path: path.join(artifacts, `${name}.png`), fullPage: true });
  const files = (table: string) => `read_parquet('${folder.path(table)}/*.parquet')`;
  const card = (label: string) => page.getByRole('group', { name: label, exact: true }).innerText();
  const panel = (title: string) => page.locator('section', { has: page.getByRole('heading', { name: title }) });
  const tableOf = async (title: string) => {
    const rows = panel(title).locator('tbody tr, tfoot tr');
    return (await rows.allInnerTexts()).map((row) => row.split('\t').map((cell) => cell.trim()));
  };
  const press = (title: string) => page.getByRole('button', { name: `Show ${title} as a table` }).click();

  test('departments: every number is that of the export', async () => {
    folder.publish(hospitalRows());
    await show('department');
    const [[encounters, cost, payments]] = (await queryParquet(
      `SELECT sum(encounter_count), sum(total_claim_cost), sum(total_payments) FROM ${files('encounters_by_department')}`,
    )) as [[string, string, string]];
    const [[covered, rate]] = (await queryParquet(
      `SELECT sum(total_payer_coverage), printf('%.1f', 100 * sum(total_payer_coverage) / sum(total_claim_cost))
       FROM ${files('payer_coverage_summary')}`,
    )) as [[string, string]];
    expect(await card('Encounters')).toContain(withSeparators(encounters));
    expect(await card('Claim cost')).toContain(asDollars(cost));
    expect(await card('Payments')).toContain(asDollars(payments));
    expect(await card('Coverage rate')).toContain(`${rate}%`);
    expect(await card('Coverage rate')).toContain(asDollars(covered));

    await press('Claim cost beside payments');
    const expected = await queryParquet(
      `SELECT department, encounter_count, total_claim_cost, total_payments, printf('%.1f', 100 * payment_rate)
       FROM ${files('encounters_by_department')} ORDER BY total_claim_cost DESC`,
    );
    const shown = await tableOf('Claim cost beside payments');
    expect(shown.slice(0, -1)).toEqual(
      expected.map(([name, count, claimCost, paid, percent]) => [
        expect.stringMatching(new RegExp(`^${name!.slice(0, 6)}`, 'i')),
        withSeparators(count!),
        asDollars(claimCost!),
        asDollars(paid!),
        `${percent}%`,
      ]),
    );
    expect(shown.at(-1)!.slice(0, 4)).toEqual([
      'Total',
      withSeparators(encounters),
      asDollars(cost),
      asDollars(payments),
    ]);
  });

  test('months: sums, empty months and the top 15 are those of the export', async () => {
    folder.publish(hospitalRows());
    await show('monthly?range=all');
    const source = files('encounters_by_org_month');
    await press('Encounters by month');
    const months = await queryParquet(
      `SELECT strftime(month, '%b %Y'), sum(encounter_count), sum(total_claim_cost), sum(total_payments)
       FROM ${source} GROUP BY month ORDER BY month DESC`,
    );
    const shown = await tableOf('Encounters by month');
    expect(shown.slice(0, -1)).toEqual(
      months.map(([month, count, cost, paid]) => [month, withSeparators(count!), asDollars(cost!), asDollars(paid!)]),
    );
    await press('Top 15 organizations');
    const top = await queryParquet(
      `SELECT any_value(organization_name), any_value(organization_state), sum(encounter_count), sum(total_claim_cost),
         sum(total_payments) FROM ${source} GROUP BY organization_id ORDER BY sum(total_claim_cost) DESC LIMIT 15`,
    );
    expect(await tableOf('Top 15 organizations')).toEqual(
      top.map(([name, state, count, cost, paid]) => [
        name,
        state,
        withSeparators(count!),
        asDollars(cost!),
        asDollars(paid!),
      ]),
    );

    await page.getByRole('button', { name: '1 year' }).click();
    const [[recent]] = (await queryParquet(
      `SELECT sum(encounter_count) FROM ${source} WHERE month > (SELECT max(month) FROM ${source}) - INTERVAL 12 MONTH`,
    )) as [[string]];
    expect(await card('Encounters')).toContain(withSeparators(recent));
    expect(page.url()).toContain('#monthly?range=1y');
  });

  test('payers: coverage and payments are told apart, to the cent', async () => {
    folder.publish(hospitalRows());
    await show('payers');
    const expected = await queryParquet(
      `SELECT payer_name, is_insured, encounter_count, total_claim_cost, total_payer_coverage, total_payments,
         printf('%.1f', 100 * coverage_rate), printf('%.1f', 100 * payment_rate)
       FROM ${files('payer_coverage_summary')} ORDER BY total_claim_cost DESC`,
    );
    expect((await tableOf('All payers')).slice(0, -1)).toEqual(
      expected.map(([name, insured, count, cost, covered, paid, coverageRate, paymentRate]) => [
        name === 'NO_INSURANCE' ? 'No insurance' : name,
        insured === 'true' ? 'Insured' : 'Not insured',
        withSeparators(count!),
        asDollars(cost!),
        asDollars(covered!),
        asDollars(paid!),
        `${coverageRate}%`,
        `${paymentRate}%`,
      ]),
    );
    const [[topFive, others]] = (await queryParquet(
      `SELECT sum(total_claim_cost) FILTER (place <= 5), sum(total_claim_cost) FILTER (place > 5) FROM
         (SELECT *, row_number() OVER (ORDER BY total_claim_cost DESC) AS place FROM ${files('payer_coverage_summary')})`,
    )) as [[string, string]];
    const heads = await panel('Top 5 against others').locator('.share-head').allInnerTexts();
    expect(heads[0]).toContain(asDollars(topFive));
    expect(heads[1]).toContain(asDollars(others));
  });

  test('quality: scorecard, reconciliation, freshness and quarantine of the newest run', async () => {
    const rows = hospitalRows();
    rows['layer_reconciliation']!.at(-1)![6] = '3';
    folder.publish(rows);
    await show('quality');
    const run = `run_id = (SELECT max(run_id) FROM ${files('data_quality_scorecard')})`;
    const [[held, checked]] = (await queryParquet(
      `SELECT sum(rows_checked) - sum(rows_failed), sum(rows_checked) FROM ${files('data_quality_scorecard')} WHERE ${run}`,
    )) as [[string, string]];
    expect(await card('Quality score')).toContain(`${withSeparators(held)} of ${withSeparators(checked)}`);
    expect(await tableOf('Scorecard')).toEqual([
      [
        expect.stringContaining('discharge_time is not before'),
        expect.anything(),
        'Quarantined',
        '72,110',
        '412',
        '99.42%',
      ],
      [expect.stringContaining('age equals'), expect.anything(), 'Repaired', '72,110', '312', '99.56%'],
      [expect.stringContaining('gender is M or F'), 'silver.dim_patient', 'Flagged', '72,110', '2', '99.99%'],
    ]);
    await press('Scorecard');
    expect(await tableOf('Scorecard')).toHaveLength(7);
    expect(await card('Alerts')).toContain('1');
    expect(await panel('Alerts').innerText()).toContain('More than 1 in 100 events is in quarantine.');
    expect(await tableOf('Volume')).toEqual([
      ['silver.fact_encounter', '70,344', '+2,110', '+1,980', '+0.7', 'Usual'],
      ['silver.claims', '104,201', '-45,000', '+2,900.5', '-78.8', 'Unusual'],
      ['silver.dim_patient', '1,163', '–', '–', '–', 'Too few runs'],
    ]);
    expect((await tableOf('Freshness'))[2]!.at(-1)).toBe('4 d 18 h');
    expect(await card('Rows accounted for')).toContain('Not all');
    expect(await panel('Reconciliation').innerText()).toContain('3 missing');
    const [[events]] = (await queryParquet(`SELECT sum(events) FROM ${files('quarantine_summary')}`)) as [[string]];
    expect(await card('Faults in quarantine')).toContain(withSeparators(events));
  });

  test('amounts that no double holds, negative ones, and odd names are exact', async () => {
    const cost = '9007199254740993.37';
    folder.publish({
      ...hospitalRows(),
      encounters_by_department: [
        ['wellness', '9007199254740993', cost, '-0.05', null],
        ['<b>"Ünïcode" 🏥</b>', '1', '0.01', null, null],
      ],
    });
    await show('department');
    expect(await card('Claim cost')).toContain('$9,007,199,254,740,993.38');
    expect(await card('Encounters')).toContain('9,007,199,254,740,994');
    expect(await card('Payments')).toContain('-$0.05');
    expect(await panel('Encounters by department').innerText()).toContain('<b>"Ünïcode" 🏥</b>');
  });

  test('first paint with data comes within a second, and every chart has a table behind it', async () => {
    folder.publish(hospitalRows());
    const times: number[] = [];
    for (let load = 0; load < 3; load++) {
      await page.goto('about:blank');
      await show('department');
      await page.waitForFunction(() => performance.getEntriesByName('figures-shown').length > 0);
      times.push(await page.evaluate(() => performance.getEntriesByName('figures-shown')[0]!.startTime));
    }
    process.stderr.write(`dashboard, first paint with data: ${times.map((time) => Math.round(time)).join(', ')} ms\n`);
    expect(Math.min(...times)).toBeLessThan(1000);
    for (const view of views) {
      await show(view);
      const charts = page.locator('section:has(.bar-list, .line-chart, .share-bar)');
      const withTable = charts.filter({ has: page.getByRole('button', { name: /as a table$/ }) });
      expect(await charts.count()).toBeGreaterThan(0);
      expect(await withTable.count()).toBe(await charts.count());
    }
  });

  test.each(['light', 'dark'] as const)(
    '%s: every text stands out from its ground, and axe finds nothing',
    async (colorScheme) => {
      folder.publish(hospitalRows());
      await openPage({ colorScheme });
      for (const view of views) {
        await show(view);
        await screenshot(`${view}-${colorScheme}`);
        expect(await lowContrastTexts(page)).toEqual([]);
        expect(await accessibilityProblems(page)).toEqual([]);
        for (const button of await page.getByRole('button', { name: /as a table$/ }).all()) await button.click();
        expect(await accessibilityProblems(page)).toEqual([]);
      }
    },
  );

  test('the theme switch is kept, and the system is followed again', async () => {
    folder.publish(hospitalRows());
    await show('department');
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: 'Use the dark theme' }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await ground()).toBe(dark);
    await page.getByRole('button', { name: 'Use the light theme' }).click();
    expect(await page.evaluate('localStorage.length')).toBe(0);
    expect(await ground()).toBe(light);
  });

  test('at phone width nothing scrolls sideways but a table in its panel', async () => {
    folder.publish(hospitalRows());
    await openPage({ viewport: { width: 360, height: 740 }, hasTouch: true });
    for (const view of views) {
      await show(view);
      await screenshot(`${view}-phone`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      const links = await page.locator('nav a').evaluateAll((all) => all.map((link) => link.getBoundingClientRect()));
      for (const { right, height } of links) {
        expect(right).toBeLessThanOrEqual(360);
        expect(height).toBeGreaterThanOrEqual(44);
      }
    }
  });

  test('all of it works with the keyboard alone', async () => {
    folder.publish(hospitalRows());
    await show('department');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the numbers');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').innerText()).toBe('Departments');

    await page.getByRole('link', { name: 'Monthly' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Monthly' }).waitFor();
    expect(await page.locator('nav [aria-current=page]').innerText()).toBe('Monthly');
    expect(await page.title()).toBe('Monthly · MedStream');

    await page.getByRole('group', { name: /^Encounters by month/ }).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.line-chart .tooltip').innerText()).toMatch(/^Nov 2025\s+Encounters\s+[\d,]+$/);
    await page.getByRole('list', { name: 'Organizations by claim cost' }).focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.bar-list .tooltip').innerText()).toMatch(
      /^GOOD SAMARITAN.*\s+Claim cost\s+\$[\d,]+\.\d\d/,
    );
    await page.getByRole('button', { name: 'Show Top 15 organizations as a table' }).focus();
    await page.keyboard.press('Space');
    expect(await tableOf('Top 15 organizations')).toHaveLength(15);
  });

  test('values under the pointer are exact', async () => {
    folder.publish(hospitalRows());
    await show('department');
    await panel('Claim cost beside payments').locator('.bar-row').nth(2).hover();
    const tooltip = await page.locator('.tooltip').innerText();
    expect(tooltip).toContain('$16,150,000.11');
    expect(tooltip).toContain('$3,800,000.50');
  });

  test('a new export appears by itself, as a whole, and the reader keeps the place', async () => {
    const rows = hospitalRows();
    folder.publish(rows);
    await show('department');
    await press('Encounters by department');
    await page.getByRole('button', { name: 'Show Claim cost beside payments as a table' }).focus();
    folder.publish({ ...rows, encounters_by_department: [['wellness', '12345', '777.01', '7.07', '0.009099']] });
    await page.getByText('12,345', { exact: true }).first().waitFor();
    expect(await card('Claim cost')).toContain('$777.01');
    expect(await tableOf('Encounters by department')).toHaveLength(2);
    expect(await page.locator(':focus').getAttribute('aria-label')).toContain('Claim cost beside payments');
  });

  test('before the first export the page says what to do, and goes on by itself', async () => {
    await page.goto(dashboard.url);
    await page.getByText('There is no export yet').waitFor();
    expect(await page.locator('main').innerText()).toContain('npm start');
    await screenshot('empty');
    expect(await accessibilityProblems(page)).toEqual([]);
    folder.publish(hospitalRows());
    await page.waitForSelector('.card-value');
  });

  test('numbers that disagree with _export.json are not shown', async () => {
    const manifest = folder.publish(hospitalRows());
    const shown = () => page.locator('main').innerText();
    manifest.tables.find(({ name }) => name === 'encounters_by_department')!.rows++;
    manifest.tables.find(({ name }) => name === 'payer_coverage_summary')!.files[0]!.rows--;
    manifest.tables.find(({ name }) => name === 'pipeline_freshness')!.columns[3]!.type = 'text';
    manifest.tables = manifest.tables.filter(({ name }) => name !== 'layer_reconciliation');
    folder.writeManifest(manifest);
    writeFileSync(folder.path('encounters_by_org_month/part-00000.parquet'), 'PAR1 not really PAR1');
    await page.goto(`${dashboard.url}#department`);
    await page.getByText('encounters_by_department has 7 rows, _export.json says 8.').waitFor();
    await screenshot('mismatch');
    expect(await shown()).not.toContain('$');
    await page.goto(`${dashboard.url}#monthly`);
    await page.getByText('encounters_by_org_month/part-00000.parquet is not the file that _export.json').waitFor();
    await page.goto(`${dashboard.url}#payers`);
    await page.getByText('payer_coverage_summary/part-00000.parquet has 10 rows, _export.json says 9.').waitFor();
    await page.goto(`${dashboard.url}#quality`);
    await page.getByText('This export has no table layer_reconciliation.').waitFor();
    expect(await shown()).toContain('pipeline_freshness.lag_seconds is text; the dashboard reads int64.');
    expect(await tableOf('Scorecard')).toHaveLength(3);

    folder.publish(hospitalRows());
    await page.goto(`${dashboard.url}#payers`);
    await page.getByRole('heading', { name: 'All payers' }).waitFor();
  });

  test('a manifest that is not whole is told, and so is a server that went away', async () => {
    writeFileSync(folder.path('_export.json'), '{"version":1,"tab');
    await page.goto(dashboard.url);
    await page.getByText('_export.json is not whole').waitFor();
    folder.publish(hospitalRows());
    await page.waitForSelector('.card-value');
    await dashboard.stop();
    await page.getByText('The export cannot be reached').waitFor();
    expect(await card('Claim cost')).toContain('$');
    dashboard = await startDashboard({ port: dashboard.port, openFile: folder.openFile });
    await page.getByText('The export cannot be reached').waitFor({ state: 'detached' });
  });
});

import { expect, test } from '@jest/globals';
import { describeWithChromium } from '../support/dashboard/browser';
import { useDashboard } from '../support/dashboard/fixture';
import { hospitalRows } from '../support/dashboard/hospital-rows';
import { asDollars, queryParquet, withSeparators } from '../support/dashboard/read-parquet';

describeWithChromium('the numbers of the dashboard, against DuckDB on the same files', () => {
  const on = useDashboard();

  test('departments: every number is that of the export', async () => {
    on.folder.publish(hospitalRows());
    await on.show('department');
    const [[encounters, cost, payments]] = (await queryParquet(
      `SELECT sum(encounter_count), sum(total_claim_cost), sum(total_payments) FROM ${on.files('encounters_by_department')}`,
    )) as [[string, string, string]];
    const [[covered, rate]] = (await queryParquet(
      `SELECT sum(total_payer_coverage), printf('%.1f', 100 * sum(total_payer_coverage) / sum(total_claim_cost))
       FROM ${on.files('payer_coverage_summary')}`,
    )) as [[string, string]];
    expect(await on.card('Encounters')).toContain(withSeparators(encounters));
    expect(await on.card('Claim cost')).toContain(asDollars(cost));
    expect(await on.card('Payments')).toContain(asDollars(payments));
    expect(await on.card('Coverage rate')).toContain(`${rate}%`);
    expect(await on.card('Coverage rate')).toContain(asDollars(covered));

    await on.pressTable('Claim cost beside payments');
    const expected = await queryParquet(
      `SELECT department, encounter_count, total_claim_cost, total_payments, printf('%.1f', 100 * payment_rate)
       FROM ${on.files('encounters_by_department')} ORDER BY total_claim_cost DESC`,
    );
    const shown = await on.tableOf('Claim cost beside payments');
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
    on.folder.publish(hospitalRows());
    await on.show('monthly?range=all');
    const source = on.files('encounters_by_org_month');
    await on.pressTable('Encounters by month');
    const months = await queryParquet(
      `SELECT strftime(month, '%b %Y'), sum(encounter_count), sum(total_claim_cost), sum(total_payments)
       FROM ${source} GROUP BY month ORDER BY month DESC`,
    );
    const shown = await on.tableOf('Encounters by month');
    expect(shown.slice(0, -1)).toEqual(
      months.map(([month, count, cost, paid]) => [month, withSeparators(count!), asDollars(cost!), asDollars(paid!)]),
    );
    await on.pressTable('Top 15 organizations');
    const top = await queryParquet(
      `SELECT any_value(organization_name), any_value(organization_state), sum(encounter_count), sum(total_claim_cost),
         sum(total_payments) FROM ${source} GROUP BY organization_id ORDER BY sum(total_claim_cost) DESC LIMIT 15`,
    );
    expect(await on.tableOf('Top 15 organizations')).toEqual(
      top.map(([name, state, count, cost, paid]) => [
        name,
        state,
        withSeparators(count!),
        asDollars(cost!),
        asDollars(paid!),
      ]),
    );

    await on.page.getByRole('button', { name: '1 year' }).click();
    const [[recent]] = (await queryParquet(
      `SELECT sum(encounter_count) FROM ${source} WHERE month > (SELECT max(month) FROM ${source}) - INTERVAL 12 MONTH`,
    )) as [[string]];
    expect(await on.card('Encounters')).toContain(withSeparators(recent));
    expect(on.page.url()).toContain('#monthly?range=1y');
  });

  test('payers: coverage and payments are told apart, to the cent', async () => {
    on.folder.publish(hospitalRows());
    await on.show('payers');
    const expected = await queryParquet(
      `SELECT payer_name, is_insured, encounter_count, total_claim_cost, total_payer_coverage, total_payments,
         printf('%.1f', 100 * coverage_rate), printf('%.1f', 100 * payment_rate)
       FROM ${on.files('payer_coverage_summary')} ORDER BY total_claim_cost DESC`,
    );
    expect((await on.tableOf('All payers')).slice(0, -1)).toEqual(
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
         (SELECT *, row_number() OVER (ORDER BY total_claim_cost DESC) AS place FROM ${on.files('payer_coverage_summary')})`,
    )) as [[string, string]];
    const heads = await on.panel('Top 5 against others').locator('.share-head').allInnerTexts();
    expect(heads[0]).toContain(asDollars(topFive));
    expect(heads[1]).toContain(asDollars(others));
  });

  test('quality: scorecard, reconciliation, freshness and quarantine of the newest run', async () => {
    const rows = hospitalRows();
    rows['layer_reconciliation']!.at(-1)![6] = '3';
    on.folder.publish(rows);
    await on.show('quality');
    const run = `run_id = (SELECT max(run_id) FROM ${on.files('data_quality_scorecard')})`;
    const [[held, checked]] = (await queryParquet(
      `SELECT sum(rows_checked) - sum(rows_failed), sum(rows_checked) FROM ${on.files('data_quality_scorecard')} WHERE ${run}`,
    )) as [[string, string]];
    expect(await on.card('Quality score')).toContain(`${withSeparators(held)} of ${withSeparators(checked)}`);
    expect(await on.tableOf('Scorecard')).toEqual([
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
    await on.pressTable('Scorecard');
    expect(await on.tableOf('Scorecard')).toHaveLength(7);
    expect(await on.card('Alerts')).toContain('1');
    expect(await on.panel('Alerts').innerText()).toContain('More than 1 in 100 events is in quarantine.');
    expect(await on.tableOf('Volume')).toEqual([
      ['silver.fact_encounter', '70,344', '+2,110', '+1,980', '+0.7', 'Usual'],
      ['silver.claims', '104,201', '-45,000', '+2,900.5', '-78.8', 'Unusual'],
      ['silver.dim_patient', '1,163', '–', '–', '–', 'Too few runs'],
    ]);
    expect((await on.tableOf('Freshness'))[2]!.at(-1)).toBe('4 d 18 h');
    expect(await on.card('Rows accounted for')).toContain('Not all');
    expect(await on.panel('Reconciliation').innerText()).toContain('3 missing');
    const [[events]] = (await queryParquet(`SELECT sum(events) FROM ${on.files('quarantine_summary')}`)) as [[string]];
    expect(await on.card('Faults in quarantine')).toContain(withSeparators(events));
  });

  test('amounts that no double holds, negative ones, and odd names are exact', async () => {
    const cost = '9007199254740993.37';
    on.folder.publish({
      ...hospitalRows(),
      encounters_by_department: [
        ['wellness', '9007199254740993', cost, '-0.05', null],
        ['<b>"Ünïcode" 🏥</b>', '1', '0.01', null, null],
      ],
    });
    await on.show('department');
    expect(await on.card('Claim cost')).toContain('$9,007,199,254,740,993.38');
    expect(await on.card('Encounters')).toContain('9,007,199,254,740,994');
    expect(await on.card('Payments')).toContain('-$0.05');
    expect(await on.panel('Encounters by department').innerText()).toContain('<b>"Ünïcode" 🏥</b>');
  });
});

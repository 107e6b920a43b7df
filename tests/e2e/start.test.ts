import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PipelineReport } from '../../cli/pipeline/pipeline';
import { exportManifest, openHome, type OpenHome } from '../support/home';
import { medstream, newFolder } from '../support/medstream';
import { compareRows, plainMartNames, plainMarts, sameRows, warehouseMart } from '../support/plain-marts';
import { describeWithData, syntheaData } from '../support/shared-data';

jest.setTimeout(900_000);

/** `medstream start --once --json` in a new folder, as a user would. */
async function start(folder: string, flags: string[]): Promise<PipelineReport> {
  const { code, stdout, stderr } = await medstream(folder, ['start', '--once', '--json', '--port-base', '0', ...flags]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as PipelineReport;
}

/** Every mart of the warehouse equals the calculation in plain code, row for row and to the cent. */
async function expectMartsOf(home: OpenHome, data: string): Promise<void> {
  const plain = await plainMarts(data);
  for (const mart of plainMartNames) {
    const rows = await warehouseMart((sql) => home.query(sql), mart);
    expect({ mart, ...compareRows(rows, plain[mart]) }).toEqual({ mart, ...sameRows(plain[mart]) });
  }
}

describe('start on generated data', () => {
  const folder = newFolder();
  const flags = ['--patients', '25', '--seed', '3'];
  let first: PipelineReport;
  let second: PipelineReport;
  let fingerprints: string[];

  beforeAll(async () => {
    first = await start(folder, flags);
    fingerprints = hashes(folder);
    second = await start(folder, flags);
  });

  it('builds everything, and every assertion holds', () => {
    expect(first.run.counts).toMatchObject({ failed: 0, skipped: 0, assertionsFailed: 0 });
    expect(first.ok).toBe(true);
  });

  it('accounts for every row that it read', () => {
    expect(first.land.events).toBe(first.produce!.sent);
    const bronze = first.warehouse.tables.find(
      ({ schema, table }) => schema === 'bronze' && table === 'encounters_raw',
    )!;
    expect(bronze.rows).toBe(first.land.events);
    const copied = first.load.files.reduce((sum, file) => sum + file.rows, first.land.events);
    expect(first.copy.rows).toBe(copied);
    expect(first.warehouse.quarantine).toEqual([]);
  });

  it('equals plain code over the files', async () => {
    const home = await openHome(folder);
    try {
      await expectMartsOf(home, first.source);
    } finally {
      await home.close();
    }
  });

  it('lands nothing and changes no row the second time', () => {
    expect(second.produce).toBeNull();
    expect(second.land.events).toBe(0);
    expect(second.load.files.map(({ status }) => status)).toEqual(second.load.files.map(() => 'unchanged'));
    expect(second.copy.files).toBe(0);
    const rows = ({ warehouse }: PipelineReport) => warehouse.tables.filter(({ table }) => !isRunHistory(table));
    expect(rows(second)).toEqual(rows(first));
    expect(hashes(folder)).toEqual(fingerprints);
  });
});

describe('start on events with known faults', () => {
  it('holds them back, counts them by reason, and still ends well', async () => {
    const report = await start(newFolder(), ['--patients', '10', '--dirty', '0.2']);
    const held = report.warehouse.quarantine.reduce((sum, { events }) => sum + events, 0);
    expect(held).toBeGreaterThan(0);
    expect(report.produce!.dirty).not.toEqual({});
    expect(report.run.counts.failed).toBe(0);
  });
});

describeWithData('ma27', 'start on real data', () => {
  const folder = newFolder();
  let report: PipelineReport;
  let home: OpenHome;

  beforeAll(async () => {
    report = await start(folder, ['--data', syntheaData('ma27')]);
    home = await openHome(folder);
  });
  afterAll(() => home?.close());

  it('has the published totals', () => {
    expect(report.warehouse.totals).toEqual({
      encounters: 604,
      totalClaimCost: '2259172.04',
      payerCoverage: '285980.29',
      payments: '1103503.95',
    });
    expect(report.ok).toBe(true);
  });

  it('equals plain code over the files, row for row and to the cent', () => expectMartsOf(home, syntheaData('ma27')));

  it('has payments of 0.00 where an encounter has none', async () => {
    const [row] = await home.query<{ missing: number; none: number }>(
      `SELECT SUM(CASE WHEN total_payments IS NULL OR payer_payments IS NULL OR patient_payments IS NULL THEN 1 ELSE 0 END) AS missing,
SUM(CASE WHEN total_payments = 0 THEN 1 ELSE 0 END) AS none FROM silver.fact_encounter`,
    );
    expect(row!.missing).toBe(0);
    expect(row!.none).toBeGreaterThan(0);
  });
});

describeWithData('ma1163-partial', 'start on real data without claims files', () => {
  it('says so, gives zero payments and equals plain code', async () => {
    const folder = newFolder();
    const report = await start(folder, ['--data', syntheaData('ma1163-partial')]);
    expect(report.ok).toBe(true);
    expect(report.warehouse.totals!.payments).toBe('0.00');
    expect(report.missing).toEqual(expect.arrayContaining(['claims', 'claims_transactions']));
    const home = await openHome(folder);
    try {
      await expectMartsOf(home, syntheaData('ma1163-partial'));
    } finally {
      await home.close();
    }
  });
});

/** The tables that tell about runs grow with every run; all others depend on the data alone. */
function isRunHistory(table: string): boolean {
  return [
    'data_quality_scorecard',
    'layer_reconciliation',
    'pipeline_freshness',
    'quality_alerts',
    'volume_anomaly',
    'volume_history',
  ].includes(table);
}

function hashes(folder: string): string[] {
  return exportManifest(folder)
    .tables.filter(({ name }) => !isRunHistory(name))
    .flatMap(({ files }) => files.map((file) => `${file.path} ${file.sha256}`));
}

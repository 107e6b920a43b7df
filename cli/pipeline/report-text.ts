import path from 'node:path';
import type { SyntheaFile } from '../../common/synthea/header-families';
import { byReason, count, counted, dollars, seconds, table } from '../format';
import type { PipelineReport } from './pipeline';

/** The report of a pass as a person reads it. */
export function reportText(report: PipelineReport): string {
  const { warehouse, run, home } = report;
  const parts = [
    heading('Rows by layer'),
    layersText(report),
    heading('Quarantined events'),
    quarantineText(report),
    heading('Marts'),
    martsText(report),
    heading('Models and assertions'),
    `${count(run.counts.success)} actions built, ${count(run.counts.failed)} failed, ${count(run.counts.skipped)} skipped; ` +
      `${count(run.counts.assertionsPassed)} assertions hold, ${count(run.counts.assertionsFailed)} do not`,
    ...failuresText(report),
    heading('Time'),
    Object.entries(report.seconds)
      .map(([step, taken]) => `${step} ${seconds(taken)}`)
      .join(' · '),
    heading('Files'),
    `data     ${report.source}`,
    `lake     ${path.join(home, 'lake')}`,
    `parquet  ${path.join(home, 'lake', 'gold', 'powerbi')}`,
    `run      ${run.file}`,
  ];
  if (warehouse.totals) {
    const { encounters, totalClaimCost, payerCoverage, payments } = warehouse.totals;
    parts.push(
      '',
      `${count(encounters)} encounters · claim cost ${dollars(totalClaimCost)} · payer coverage ${dollars(payerCoverage)} · payments ${dollars(payments)}`,
    );
  }
  return parts.join('\n');
}

const heading = (title: string) => `\n${title}`;

/** What a missing file means for the numbers. */
const withoutFile: Partial<Record<SyntheaFile, string>> = {
  claims: 'no charges and payments: they are 0.00',
  claims_transactions: 'no charges and payments: they are 0.00',
  organizations: 'organizations have no names',
  payers: 'payers have no names, and nobody counts as insured',
  conditions: 'no conditions',
};

function layersText({ warehouse, load, produce, land, copy, missing }: PipelineReport): string {
  const layers = new Map<string, { tables: number; rows: number }>();
  for (const { schema, rows } of warehouse.tables) {
    const sum = layers.get(schema) ?? { tables: 0, rows: 0 };
    layers.set(schema, { tables: sum.tables + 1, rows: sum.rows + rows });
  }
  const refused = load.files.filter((file) => file.status === 'refused');
  return [
    table(
      ['layer', 'tables', 'rows'],
      [...layers].map(([layer, { tables, rows }]) => [layer, count(tables), count(rows)]),
      [1, 2],
    ),
    `landed now: ${counted(land.events, 'event')} in ${counted(land.files, 'file')}, ${counted(load.files.filter((file) => file.status === 'landed').length, 'batch file')}; copied ${counted(copy.rows, 'row')}`,
    ...missing.map((file) => `no ${file} file${withoutFile[file] ? `: ${withoutFile[file]}` : ''}`),
    ...refused.map((file) => `refused: ${file.file}: ${file.reason}`),
    ...load.files
      .filter((file) => Object.keys(file.skipped).length > 0)
      .map((file) => `lines kept out of ${file.file}: ${byReason(file.skipped)}`),
    ...(Object.keys(produce?.skipped ?? {}).length > 0 ? [`events not sent: ${byReason(produce!.skipped)}`] : []),
    ...copy.failed.map(({ file, reason }) => `not copied: ${file}: ${reason}`),
  ].join('\n');
}

function quarantineText({ warehouse }: PipelineReport): string {
  if (warehouse.quarantine.length === 0) return 'none';
  return table(
    ['reason', 'events', 'what it means'],
    warehouse.quarantine.map(({ reason, events, description }) => [reason, count(events), description]),
    [1],
  );
}

function martsText({ warehouse }: PipelineReport): string {
  return table(
    ['mart', 'rows'],
    warehouse.tables.filter(({ schema }) => schema === 'gold').map(({ table: mart, rows }) => [mart, count(rows)]),
    [1],
  );
}

/** What failed, by model: the error, and each assertion that does not hold. */
function failuresText({ run }: PipelineReport): string[] {
  return run.actions
    .filter(({ status }) => status === 'failed' || status === 'skipped')
    .map(({ action, verdict, error }) => `  ${action}: ${verdict}${error ? ` (${error.file}: ${error.message})` : ''}`);
}

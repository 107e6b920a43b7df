import { appendFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ExitCode } from '../../common/errors';
import {
  openLineageEvents,
  planProject,
  runProject,
  type ActionResult,
  type FailingRows,
  type RunSummary,
} from '../../warehouse';
import { count, seconds, table } from '../format';
import { defineVerb, runsAs } from '../frame';
import { wholeNumber } from '../options';
import { selectionOf, withSelectionFlags, type SelectionFlags } from '../selection';
import { withServices } from '../services';
import { planText } from './plan';

interface Options extends SelectionFlags {
  fullRefresh?: boolean;
  changed?: boolean;
  dryRun?: boolean;
  concurrency?: number;
  openlineage?: string;
}

export function register(program: Command): void {
  const command = withSelectionFlags(
    defineVerb(
      program,
      'run',
      'build the warehouse: each table is audited before it is published',
      'medstream run\nmedstream run --select "+fact_encounter tag:gold" --exclude path:definitions/quality',
    ),
  )
    .option('--full-refresh', 'build incremental tables anew')
    .option(
      '--changed',
      'build only what would differ: by definitions, tables as last built, inputs, and the number of rows of sources (rows changed in place are not seen)',
    )
    .option('--dry-run', 'show what would be done, change nothing')
    .option('--concurrency <n>', 'actions at a time (default: concurrentQueryLimit)', wholeNumber(1, 128))
    .option('--openlineage <file>', 'append OpenLineage events (JSON lines) to this file');
  runsAs<Options>(command, (context, options) =>
    withServices(context, ['synapse'], async ({ settings }) => {
      if (options.dryRun) {
        const plan = await planProject(settings, { ...selectionOf(options), ...options, signal: context.signal });
        return { json: plan, text: planText(plan, false) };
      }
      const isInteractive = !context.json && Boolean(process.stdout.isTTY);
      const shown: FailingRows[] = [];
      const summary = await runProject(settings, {
        ...selectionOf(options),
        fullRefresh: options.fullRefresh,
        changed: options.changed,
        concurrency: options.concurrency,
        progress: context.progress,
        signal: context.signal,
        showRows: isInteractive ? (rows) => shown.push(rows) : undefined,
      });
      if (options.openlineage)
        appendFileSync(
          options.openlineage,
          openLineageEvents(summary)
            .map((event) => `${JSON.stringify(event)}\n`)
            .join(''),
        );
      return {
        json: summary,
        text: [runText(summary), ...shown.map(rowsText)].join('\n\n'),
        exitCode: summary.status === 'success' ? ExitCode.done : ExitCode.failed,
      };
    }),
  );
}

/** The table a person reads after a run, and what failed in full. */
function runText(summary: RunSummary): string {
  const rows = summary.actions.map((action) => [
    action.action,
    action.kind,
    action.rows === undefined ? '' : count(action.rows),
    ['skipped', 'unchanged'].includes(action.status) ? '' : seconds(action.seconds),
    verdictOf(action),
  ]);
  const { counts } = summary;
  const total = [
    `${count(counts.success)} done`,
    counts.unchanged && `${count(counts.unchanged)} unchanged`,
    counts.failed && `${count(counts.failed)} failed`,
    counts.skipped && `${count(counts.skipped)} skipped`,
    counts.disabled && `${count(counts.disabled)} disabled`,
    `${count(counts.assertionsPassed)} of ${count(counts.assertionsPassed + counts.assertionsFailed)} assertions passed`,
    seconds(summary.seconds),
  ].filter(Boolean);
  const healed = summary.healed.length ? `\nAfter a run that was killed: ${summary.healed.join('; ')}.` : '';
  return [
    table(['model', 'kind', 'rows', 'time', 'verdict'], rows, [2, 3]),
    ...summary.actions.filter(({ status }) => status === 'failed').map(failureText),
    `${total.join(' · ')}\nRun ${summary.runId}: ${summary.file}${healed}`,
    ...summary.warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n\n');
}

function verdictOf({ verdict, assertions, status }: ActionResult): string {
  const passed = assertions.filter((assertion) => assertion.status === 'passed').length;
  return status === 'success' && passed
    ? `${verdict}, ${passed} ${passed === 1 ? 'assertion' : 'assertions'} passed`
    : verdict;
}

function failureText({ action, file, error, assertions, verdict }: ActionResult): string {
  const lines = [`✗ ${action} (${file}): ${verdict}`];
  for (const { assertion, status, failingRows, rowsKeptIn, error: why } of assertions)
    if (status !== 'passed')
      lines.push(
        `    ${assertion}: ${why ?? `${count(failingRows)} failing rows`}${rowsKeptIn ? `, kept in ${rowsKeptIn}` : ''}`,
      );
  if (error?.statement) {
    lines.push(`    ${error.step} failed${error.number ? ` (error ${error.number})` : ''}: ${error.message}`);
    lines.push(...error.statement.split('\n').map((line) => `      ${line}`));
  } else if (!assertions.length && error) lines.push(`    ${error.message}`);
  return lines.join('\n');
}

function rowsText({ assertion, columns, rows }: FailingRows): string {
  const cells = rows.map((row) =>
    row.map((value) => (value instanceof Date ? value.toISOString() : String(value ?? 'NULL')).slice(0, 40)),
  );
  return `First rows that break ${assertion}:\n${table([...columns], cells)}`;
}

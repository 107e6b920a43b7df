import { Option, type Command } from 'commander';
import { parseSettings, type Settings } from '../../azure/settings';
import { planDot, planProject, type PlanSummary } from '../../warehouse';
import { table } from '../format';
import { defineVerb, runsAs } from '../frame';
import { selectionOf, withSelectionFlags, type SelectionFlags } from '../selection';
import { readEnvironment, withServices } from '../services';

interface Options extends SelectionFlags {
  fullRefresh?: boolean;
  changed?: boolean;
  offline?: boolean;
  sql?: boolean;
  dot?: boolean;
}

export function register(program: Command): void {
  const command = withSelectionFlags(
    defineVerb(
      program,
      'plan',
      'show what a run would do, in which order, why, and with which SQL',
      'medstream plan --select +fact_encounter --sql\nmedstream plan --offline --dot | dot -Tsvg > plan.svg',
    ),
  )
    .option('--full-refresh', 'plan a run that builds incremental tables anew')
    .addOption(new Option('--changed', 'plan a run that builds only what would differ').conflicts('offline'))
    .option('--offline', 'without a connection')
    .option('--sql', 'with the exact statements')
    .option('--dot', 'as a Graphviz graph');
  runsAs<Options>(command, async (context, options) => {
    const plan = (settings: Settings): Promise<PlanSummary> =>
      planProject(settings, {
        ...selectionOf(options),
        fullRefresh: options.fullRefresh,
        changed: options.changed,
        offline: options.offline,
        signal: context.signal,
      });
    const summary = options.offline
      ? await plan(offlineSettings())
      : await withServices(context, ['synapse'], ({ settings }) => plan(settings));
    return { json: summary, text: options.dot ? planDot(summary) : planText(summary, options.sql ?? false) };
  });
}

/** Settings of the environment where it has some; a plan without a connection needs only names. */
function offlineSettings(): Settings {
  const none = {
    SYNAPSE_SERVER: '127.0.0.1',
    SYNAPSE_DATABASE: 'medstream',
  };
  return parseSettings({ ...none, ...readEnvironment() }, ['synapse']);
}

export function planText({ actions, offline }: PlanSummary, withSql: boolean): string {
  const rows = actions.map(({ action, kind, reason, steps }, index) => [
    String(index + 1),
    action,
    kind,
    reason,
    String(steps.length),
  ]);
  const parts = [table(['', 'action', 'kind', 'why', 'statements'], rows, [0, 4])];
  if (withSql)
    for (const { action, file, steps } of actions)
      parts.push([`-- ${action} (${file})`, ...steps.map(({ purpose, sql }) => `-- ${purpose}\n${sql}`)].join('\n'));
  if (offline)
    parts.push('Planned without a connection: from the project and the notes of earlier runs on this machine.');
  return parts.join('\n\n');
}

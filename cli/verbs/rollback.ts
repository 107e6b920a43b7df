import type { Command } from 'commander';
import { rollbackProject, type RollbackSummary } from '../../warehouse';
import { defineVerb, runsAs } from '../frame';
import { selectionOf, withSelectionFlags, type SelectionFlags } from '../selection';
import { withServices } from '../services';

interface Options extends SelectionFlags {
  run?: string;
}

export function register(program: Command): void {
  const command = withSelectionFlags(
    defineVerb(
      program,
      'rollback',
      'publish the previous version of tables again; a second rollback undoes the first',
      'medstream rollback --select "gold.*"\nmedstream rollback --run 20261124T041233Z-1a2b3c',
    ),
  ).option('--run <id>', 'take back what this run published');
  runsAs<Options>(command, (context, options) =>
    withServices(context, ['synapse'], async ({ settings }) => {
      const summary = await rollbackProject(settings, {
        ...selectionOf(options),
        run: options.run,
        signal: context.signal,
      });
      return { json: summary, text: describe(summary) };
    }),
  );
}

/** What was taken back, action by action; then what stays as it is, reason by reason. */
function describe({ restored, kept }: RollbackSummary): string {
  const byReason = new Map<string, string[]>();
  for (const { action, reason } of kept) byReason.set(reason, [...(byReason.get(reason) ?? []), action]);
  return [
    ...restored.map((action) => `restored  ${action}`),
    ...[...byReason].map(([reason, actions]) => `kept      ${actions.join(', ')}: ${reason}`),
  ].join('\n');
}

import type { Command } from 'commander';
import { rollbackProject } from '../../warehouse';
import { defineVerb, runsAs } from '../frame';
import { selectionOf, withSelectionFlags, type SelectionFlags } from '../selection';
import { withWarehouse } from '../services';

interface Options extends SelectionFlags {
  run?: string;
}

export function register(program: Command): void {
  const command = withSelectionFlags(
    defineVerb(
      program,
      'rollback',
      'publish the previous version of tables again; a second rollback undoes the first',
      'medstream rollback --select gold.*\nmedstream rollback --run 20261124T041233Z-1a2b3c',
    ),
  ).option('--run <id>', 'take back what this run published');
  runsAs<Options>(command, (context, options) =>
    withWarehouse(context, async ({ settings }) => {
      const summary = await rollbackProject(settings, {
        ...selectionOf(options),
        run: options.run,
        signal: context.signal,
      });
      const lines = [
        ...summary.restored.map((action) => `restored  ${action}`),
        ...summary.kept.map(({ action, reason }) => `kept      ${action}: ${reason}`),
      ];
      return { json: summary, text: lines.join('\n') };
    }),
  );
}

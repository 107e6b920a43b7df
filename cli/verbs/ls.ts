import type { Command } from 'commander';
import { listProject } from '../../warehouse';
import { table } from '../format';
import { defineVerb, runsAs } from '../frame';
import { selectionOf, withSelectionFlags, type SelectionFlags } from '../selection';

export function register(program: Command): void {
  const command = withSelectionFlags(
    defineVerb(
      program,
      'ls',
      'list the actions that a selection takes',
      'medstream ls --select "+gold.*,kind:table"\nmedstream ls --json',
    ),
  );
  runsAs<SelectionFlags>(command, async (_context, options) => {
    const actions = listProject(selectionOf(options));
    const rows = actions.map(({ action, kind, tags, file }) => [action, kind, tags.join(' '), file]);
    return { json: actions, text: table(['action', 'kind', 'tags', 'file'], rows) };
  });
}

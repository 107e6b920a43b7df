import type { Command } from 'commander';
import { compileProject } from '../../warehouse';
import { count, seconds, table } from '../format';
import { defineVerb, runsAs } from '../frame';
import { projectOf, withProjectFlags, type ProjectFlags } from '../selection';

export function register(program: Command): void {
  const command = withProjectFlags(
    defineVerb(
      program,
      'compile',
      'compile the Dataform project; --json prints the graph as the stock CLI does',
      'medstream compile\nmedstream compile --json > graph.json',
    ),
  );
  runsAs<ProjectFlags>(command, async (_context, options) => {
    const { compiled, graph, seconds: time } = compileProject(projectOf(options));
    const kinds = new Map<string, number>();
    for (const { kind } of graph.actions.values()) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (graph.declarations.size) kinds.set('declaration', graph.declarations.size);
    if (graph.tests.length) kinds.set('test', graph.tests.length);
    const rows = [...kinds].map(([kind, number]) => [kind, count(number)]);
    return { json: compiled, text: `${table(['kind', 'number'], rows, [1])}\n\nCompiled in ${seconds(time)}.` };
  });
}

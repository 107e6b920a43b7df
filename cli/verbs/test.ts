import type { Command } from 'commander';
import { ExitCode } from '../../common/errors';
import { testProject } from '../../warehouse';
import { count, seconds, table } from '../format';
import { defineVerb, runsAs } from '../frame';
import { projectOf, withProjectFlags, type ProjectFlags } from '../selection';
import { withServices } from '../services';

interface Options extends ProjectFlags {
  names?: string[];
}

export function register(program: Command): void {
  const command = withProjectFlags(
    defineVerb(
      program,
      'test',
      'run the unit tests of the models; nothing is created in the warehouse',
      'medstream test\nmedstream test --names "encounters_by_*"',
    ),
  ).option('--names <name...>', 'only these tests; * for any text');
  runsAs<Options>(command, (context, options) =>
    withServices(context, ['synapse'], async ({ settings }) => {
      const summary = await testProject(settings, {
        ...projectOf(options),
        names: options.names,
        progress: context.progress,
        signal: context.signal,
      });
      const rows = summary.tests.map(({ test, status, seconds: time }) => [test, status, seconds(time)]);
      const failures = summary.tests
        .filter(({ message }) => message)
        .map(({ test, file, message }) => `✗ ${test} (${file})\n${message!.replace(/^/gm, '    ')}`);
      const total = `${count(summary.passed)} passed, ${count(summary.failed)} failed · ${seconds(summary.seconds)}`;
      return {
        json: summary,
        text: [table(['test', 'result', 'time'], rows, [2]), ...failures, total].join('\n\n'),
        exitCode: summary.failed ? ExitCode.failed : ExitCode.done,
      };
    }),
  );
}

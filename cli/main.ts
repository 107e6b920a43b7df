import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { ExitCode, MedStreamError } from '../common/errors';
import { projectRoot } from '../common/project-root';
import { reportError } from './frame';
import { register as registerCompile } from './verbs/compile';
import { register as registerCopy } from './verbs/copy';
import { register as registerDashboard } from './verbs/dashboard';
import { register as registerExport } from './verbs/export';
import { register as registerGenerate } from './verbs/generate';
import { register as registerLand } from './verbs/land';
import { register as registerLoad } from './verbs/load';
import { register as registerLocal } from './verbs/local';
import { register as registerLs } from './verbs/ls';
import { register as registerPlan } from './verbs/plan';
import { register as registerProduce } from './verbs/produce';
import { register as registerRollback } from './verbs/rollback';
import { register as registerRun } from './verbs/run';
import { register as registerStart } from './verbs/start';
import { register as registerStatus } from './verbs/status';
import { register as registerTest } from './verbs/test';

/** In the order in which `--help` lists them: the way of the data. */
const verbs = [
  registerStart,
  registerLocal,
  registerGenerate,
  registerProduce,
  registerLand,
  registerLoad,
  registerCopy,
  registerRun,
  registerTest,
  registerCompile,
  registerPlan,
  registerLs,
  registerRollback,
  registerExport,
  registerStatus,
  registerDashboard,
];

function buildProgram(): Command {
  const program = new Command('medstream')
    .description('An open healthcare lakehouse on Azure that also runs whole on a laptop.')
    .version(version())
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText(
      'after',
      '\nStart here:\n  npm start                 the whole pipeline on the local stack\n  medstream VERB --help     what a verb does, with an example',
    );
  for (const register of verbs) register(program);
  for (const command of allCommands(program)) command.exitOverride().configureOutput({ writeErr: () => {} });
  return program;
}

function* allCommands(command: Command): Iterable<Command> {
  for (const child of command.commands) {
    yield child;
    yield* allCommands(child);
  }
}

function version(): string {
  const manifest = readFileSync(path.join(projectRoot, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

async function main(argv: string[]): Promise<void> {
  const program = buildProgram();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return;
      if (error.code === 'commander.help') {
        process.stderr.write(program.helpInformation());
        process.exitCode = ExitCode.usage;
        return;
      }
      return reportError(usageError(error), argv.includes('--json'));
    }
    return reportError(error, argv.includes('--json'));
  }
}

function usageError(error: CommanderError): MedStreamError {
  const [what, ...hint] = error.message.replace(/^error: /, '').split('\n');
  return new MedStreamError({
    code: 'MS1002',
    what: `Wrong usage: ${what}.`,
    next:
      hint.join(' ').replace(/^\((.*)\)$/, '$1') ||
      'medstream --help lists the verbs; medstream VERB --help the flags of one.',
    exitCode: ExitCode.usage,
  });
}

// The Azure SDKs leave timers of a minute behind; all that is ours has ended when main has.
void main(process.argv).finally(() => process.exit());

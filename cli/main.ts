import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { ExitCode, MedStreamError } from '../common/errors';
import { projectRoot } from '../common/project-root';
import { reportError } from './frame';

/** What each verb's file exports. */
interface VerbFile {
  register(program: Command): void;
}

/** In the order in which `--help` lists them: the way of the data. Only the file of the verb that is called is loaded. */
const verbs: Readonly<Record<string, () => Promise<VerbFile>>> = {
  start: () => import('./verbs/start.js'),
  local: () => import('./verbs/local.js'),
  generate: () => import('./verbs/generate.js'),
  produce: () => import('./verbs/produce.js'),
  land: () => import('./verbs/land.js'),
  load: () => import('./verbs/load.js'),
  copy: () => import('./verbs/copy.js'),
  run: () => import('./verbs/run.js'),
  test: () => import('./verbs/test.js'),
  compile: () => import('./verbs/compile.js'),
  plan: () => import('./verbs/plan.js'),
  ls: () => import('./verbs/ls.js'),
  rollback: () => import('./verbs/rollback.js'),
  export: () => import('./verbs/export.js'),
  status: () => import('./verbs/status.js'),
  dashboard: () => import('./verbs/dashboard.js'),
};

async function buildProgram(verb: string | undefined): Promise<Command> {
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
  const wanted = verb !== undefined && verb in verbs ? [verb] : Object.keys(verbs);
  for (const name of wanted) (await verbs[name]!()).register(program);
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
  const program = await buildProgram(argv[2]);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return;
      const verb = program.commands.find((command) => command.name() === argv[2]);
      if (error.code === 'commander.help') {
        const asked = (verb ?? program).configureOutput({ writeErr: (text) => process.stderr.write(text) });
        asked.outputHelp({ error: true });
        process.exitCode = ExitCode.usage;
        return;
      }
      return reportError(usageError(error, verb?.name()), argv.includes('--json'));
    }
    return reportError(error, argv.includes('--json'));
  }
}

function usageError(error: CommanderError, verb: string | undefined): MedStreamError {
  const [what, ...hint] = error.message.replace(/^error: /, '').split('\n');
  return new MedStreamError({
    code: 'MS1002',
    what: `Wrong usage: ${what!.replace(/\.$/, '')}.`,
    next:
      hint.join(' ').replace(/^\((.*)\)$/, '$1') ||
      (verb ? `medstream ${verb} --help shows its flags.` : 'medstream --help lists the verbs.'),
    exitCode: ExitCode.usage,
  });
}

// The Azure SDKs leave timers of a minute behind; all that is ours has ended when main has.
void main(process.argv).finally(() => process.exit());

import { Command, Option } from 'commander';
import { ExitCode, MedStreamError, stoppedError } from '../common/errors';
import { silentProgress, terminalProgress, type Progress } from '../common/progress';
import { toMedStreamError } from './errors';

/** What every verb gets: where to report progress, the signal of Ctrl-C, and how to speak. */
export interface VerbContext {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** True with `--json`: nothing but the result document may reach stdout. */
  readonly json: boolean;
  /** A line for a person on stderr; silent with `--json` and `--quiet`. */
  say(line: string): void;
  /** Prints the result now, for a verb that goes on until Ctrl-C; the verb then returns nothing. */
  print(result: VerbResult): Promise<void>;
}

export interface VerbResult {
  /** The document that `--json` prints. */
  json: unknown;
  /** What a person reads on stdout. */
  text: string;
  exitCode?: ExitCode;
}

/** How long a stopped verb may take to close files and connections before it is ended. */
const stopGraceMilliseconds = 4000;

/** A sub-command with the global flags, and an example under its `--help`. */
export function defineVerb(program: Command, usage: string, summary: string, example: string): Command {
  return program
    .command(usage)
    .description(summary)
    .addOption(new Option('--json', 'print one JSON document on stdout and nothing else'))
    .addOption(new Option('--quiet', 'no progress, no messages'))
    .addHelpText('after', `\nExample:\n  ${example.split('\n').join('\n  ')}`);
}

/** Runs a verb: prints its result, turns errors into text and exit codes, and stops on Ctrl-C. */
export function runsAs<Options extends object>(
  command: Command,
  body: (context: VerbContext, options: Options, args: string[]) => Promise<VerbResult | void>,
): void {
  command.action(async (...received: unknown[]) => {
    const args = received
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === 'string');
    const options = command.opts<Options & { json?: boolean; quiet?: boolean }>();
    const stop = stopOnSignals();
    const silent = Boolean(options.json || options.quiet);
    const context: VerbContext = {
      progress: silent || !process.stderr.isTTY ? silentProgress : terminalProgress(),
      signal: stop.signal,
      json: Boolean(options.json),
      say: (line) => void (silent || process.stderr.write(`${line}\n`)),
      async print(result) {
        await write(options.json ? `${JSON.stringify(result.json, null, 2)}\n` : result.text && `${result.text}\n`);
        process.exitCode = result.exitCode ?? ExitCode.done;
      },
    };
    try {
      const result = await body(context, options, args);
      if (result) await context.print(result);
    } catch (error) {
      await reportError(stop.signal.aborted ? stoppedBy(error) : error, context.json);
    } finally {
      stop.dispose();
      endSoon();
    }
  });
}

/** The work is done: what a library left behind (the Event Hubs SDK keeps a token timer for 45 minutes) holds no process. */
function endSoon(): void {
  setTimeout(() => process.exit(), 500).unref();
}

/** Prints an error as text on stderr, or as the JSON document on stdout, and sets the exit code. */
export async function reportError(error: unknown, json: boolean): Promise<void> {
  const known = toMedStreamError(error);
  process.exitCode = known.exitCode;
  if (json) await write(`${JSON.stringify({ error: known }, null, 2)}\n`);
  else process.stderr.write(`${known.toText()}\n`);
}

/** An error while stopping is the stop itself, unless it already says so. */
function stoppedBy(error: unknown): MedStreamError {
  return error instanceof MedStreamError && error.exitCode === ExitCode.stopped ? error : stoppedError();
}

/** Resolves when Ctrl-C was pressed. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function stopOnSignals(): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  let watchdog: NodeJS.Timeout | undefined;
  const stop = () => {
    if (controller.signal.aborted) process.exit(ExitCode.stopped);
    controller.abort();
    watchdog = setTimeout(() => process.exit(ExitCode.stopped), stopGraceMilliseconds);
    watchdog.unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // In place of those of bin/medstream.js, which end the process at once. Added before they go: with no listener at
    // all for a moment, a signal that is on its way would be lost.
    const before = process.listeners(signal);
    process.on(signal, stop);
    for (const listener of before) process.off(signal, listener);
  }
  return {
    signal: controller.signal,
    /** The work is done: a signal that still comes ends the process as it would have ended. */
    dispose() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => process.exit());
        process.off(signal, stop);
      }
      clearTimeout(watchdog);
    },
  };
}

function write(text: string): Promise<void> {
  return new Promise((resolve) => (text ? process.stdout.write(text, () => resolve()) : resolve()));
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'dotenv';
import { withKeyVault } from '../azure/key-vault';
import { medstreamHome, parseSettings, usesLocalStack, type Service, type Settings } from '../azure/settings';
import { throwIfStopped } from '../common/errors';
import { makeFolder } from '../common/make-folder';
import { HomeInUseError } from '../local/home-lock';
import { runningStack, startLocalStack, type LocalStack, type RunningStack } from '../local/stack';
import { noteUser, usersAreGone } from '../local/stack-users';
import type { VerbContext } from './frame';

/** What MedStream needs of the local stack; on Azure the Bicep files create the same. */
export const localNeeds = {
  hub: { name: 'encounters', partitions: 4 },
  containers: ['bronze', 'silver', 'gold'],
  database: 'medstream',
} as const;

export const defaultPortBase = 7400;

/** The environment, completed by `.env` of the current folder. The environment wins. */
export function readEnvironment(): NodeJS.ProcessEnv {
  try {
    return { ...parse(readFileSync(path.resolve('.env'))), ...process.env };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return process.env;
    throw error;
  }
}

interface Services {
  settings: Settings;
  /** Set when this process itself started the local stack. */
  stack?: LocalStack;
  local: boolean;
}

/**
 * Calls `body` with settings that work: those of the environment, or else the local stack of MEDSTREAM_HOME,
 * which is started for the time of the call when it does not run yet. `needs` are the services that the verb uses: of the
 * others no setting is asked for.
 */
export async function withServices<T>(
  context: VerbContext,
  needs: readonly Service[],
  body: (services: Services) => Promise<T>,
  portBase = 0,
): Promise<T> {
  const env = readEnvironment();
  if (!usesLocalStack(env)) return body({ settings: parseSettings(await withKeyVault(env), needs), local: false });
  const home = medstreamHome(env);
  makeFolder(home);
  const { stack, running, release } = await findOrStartStack(home, portBase, context);
  try {
    const settings = parseSettings({ ...env, ...(stack ?? running).environment });
    return await body({ settings, stack, local: true });
  } finally {
    await release();
  }
}

type FoundStack = { release(): Promise<void> } & (
  | { stack: LocalStack; running?: undefined }
  | { stack?: undefined; running: RunningStack }
);

/** How long a stack of another process may take to begin or to end. */
const patienceMilliseconds = 20_000;

/** The stack that runs on this home, or one of its own, which goes on until no other command uses it. */
async function findOrStartStack(home: string, portBase: number, context: VerbContext): Promise<FoundStack> {
  for (const until = Date.now() + patienceMilliseconds; ; await wait(100)) {
    throwIfStopped(context.signal);
    const endNote = noteUser(home);
    const running = await runningStack(home);
    if (running) {
      context.say(`Using the local stack of ${home} (process ${running.pid}).`);
      return { running, release: async () => endNote() };
    }
    endNote();
    try {
      const stack = await startLocalStack({ home, portBase, ...localNeeds });
      return { stack, release: () => stopWhenUnused(home, stack, context) };
    } catch (error) {
      if (!(error instanceof HomeInUseError) || Date.now() > until) throw error;
    }
  }
}

async function stopWhenUnused(home: string, stack: LocalStack, { say, signal }: VerbContext): Promise<void> {
  stack.hide();
  await usersAreGone(
    home,
    (pid) => say(`Done, but process ${pid} still uses this local stack: waiting for it.`),
    signal,
  );
  await stack.stop();
}

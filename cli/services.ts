import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';
import { withKeyVault } from '../azure/key-vault';
import { medstreamHome, parseSettings, usesLocalStack, type Service, type Settings } from '../azure/settings';
import { makeFolder } from '../common/make-folder';
import { runningStack, startLocalStack, type LocalStack } from '../local/stack';
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

export interface Services {
  settings: Settings;
  /** Set when this process itself started the local stack. */
  stack?: LocalStack;
  local: boolean;
}

/**
 * Calls `body` with settings that work: those of the environment, or else the local stack of MEDSTREAM_HOME,
 * which is started for the time of the call when it does not run yet.
 */
export async function withServices<T>(
  context: VerbContext,
  body: (services: Services) => Promise<T>,
  portBase = 0,
  needs?: readonly Service[],
): Promise<T> {
  const env = readEnvironment();
  if (!usesLocalStack(env)) return body({ settings: parseSettings(await withKeyVault(env), needs), local: false });
  const home = medstreamHome(env);
  const running = await runningStack(home);
  if (running) {
    context.say(`Using the local stack of ${home} (process ${running.pid}).`);
    return body({ settings: parseSettings({ ...env, ...running.environment }), local: true });
  }
  makeFolder(home);
  const stack = await startLocalStack({ home, portBase, ...localNeeds });
  try {
    return await body({ settings: parseSettings({ ...env, ...stack.environment }), stack, local: true });
  } finally {
    await stack.stop();
  }
}

/** As `withServices`, for the verbs that need nothing but the warehouse. */
export function withWarehouse<T>(context: VerbContext, body: (services: Services) => Promise<T>): Promise<T> {
  return withServices(context, body, 0, ['synapse']);
}

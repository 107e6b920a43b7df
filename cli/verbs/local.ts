import type { Command } from 'commander';
import { medstreamHome } from '../../azure/settings';
import { makeFolder } from '../../common/make-folder';
import { resetLocalStack, runningStack, startLocalStack, type RunningStack } from '../../local/stack';
import { writeConnectionFiles } from '../connection-files';
import { defineVerb, runsAs, untilAborted } from '../frame';
import { portBase } from '../options';
import { defaultPortBase, localNeeds, readEnvironment } from '../services';

export function register(program: Command): void {
  const local = program.command('local').description('the local Event Hubs, Data Lake and Synapse');
  registerUp(local);
  registerStatus(local);
  registerReset(local);
}

function registerUp(local: Command): void {
  const up = defineVerb(
    local,
    'up',
    'start the stand-ins and keep them running; writes .env.local and .df-credentials.json',
    'medstream local up\nnpx dataform run          # in another shell',
  ).option('--port-base <n>', 'first of four ports; 0 = any free ones', portBase, defaultPortBase);
  runsAs<{ portBase: number }>(up, async (context, options) => {
    const home = medstreamHome(readEnvironment());
    makeFolder(home);
    const stack = await startLocalStack({ home, portBase: options.portBase, ...localNeeds });
    try {
      writeConnectionFiles(stack);
      context.say(`${describe(home, stack)}\nCertificate (CA) for TLS: ${stack.certificatePath}\nCtrl-C stops it.`);
      await untilAborted(context.signal);
    } finally {
      await stack.stop();
    }
    return { json: { home, ports: stack.ports, stopped: true }, text: 'The local stack has stopped.' };
  });
}

function registerStatus(local: Command): void {
  const status = defineVerb(
    local,
    'status',
    'say whether the stand-ins run, and where',
    'medstream local status --json',
  );
  runsAs(status, async () => {
    const home = medstreamHome(readEnvironment());
    const stack = await runningStack(home);
    if (!stack)
      return { json: { home, running: false }, text: `No local stack runs on ${home}. Start it: medstream local up` };
    return { json: { home, running: true, pid: stack.pid, ports: stack.ports }, text: describe(home, stack) };
  });
}

function registerReset(local: Command): void {
  const reset = defineVerb(local, 'reset', 'remove all data of the local stack', 'medstream local reset');
  runsAs(reset, async () => {
    const home = medstreamHome(readEnvironment());
    await resetLocalStack(home);
    return { json: { home, reset: true }, text: `The local lake, event hub and warehouse of ${home} are empty.` };
  });
}

function describe(home: string, stack: RunningStack): string {
  return [
    `The local stack of ${home} runs (process ${stack.pid}):`,
    `  Event Hubs  sb://127.0.0.1:${stack.ports.eventHubs}`,
    `  Data Lake   http://127.0.0.1:${stack.ports.dataLake}/devstoreaccount1`,
    `  Synapse     127.0.0.1,${stack.ports.synapse} (plain)   127.0.0.1,${stack.ports.synapseTls} (TLS)   database ${stack.login.database}, user ${stack.login.username}, password in .df-credentials.json`,
  ].join('\n');
}

import type { Command } from 'commander';
import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError } from '../../common/errors';
import { startDashboard, type Dashboard, type ExportReader } from '../../dashboard';
import { toMedStreamError } from '../errors';
import { defineVerb, runsAs, untilAborted, type VerbContext, type VerbResult } from '../frame';
import { exportReader } from '../lake-reader';
import { wholeNumber } from '../options';
import { withServices } from '../services';

const defaultDashboardPort = 7480;

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'dashboard',
    'serve the local dashboard on the exports of the lake, until Ctrl-C',
    'medstream dashboard\nmedstream dashboard --port 8080',
  ).option('--port <n>', 'port on 127.0.0.1; 0 = any free one', wholeNumber(0, 65_535), defaultDashboardPort);
  runsAs<{ port: number }>(command, (context, options) =>
    withServices(context, ['dataLake'], ({ settings }) => serve(settings, context, options.port)),
  );
}

async function serve(settings: Settings, context: VerbContext, port: number): Promise<VerbResult> {
  const dashboard = await openDashboard(settings, port, context);
  try {
    context.say(`Dashboard: ${dashboard.url}\nCtrl-C stops it.`);
    await untilAborted(context.signal);
  } finally {
    await dashboard.stop();
  }
  return { json: { url: dashboard.url, stopped: true }, text: 'The dashboard has stopped.' };
}

/**
 * Starts the dashboard on the lake of these settings; says on stderr when the lake cannot be read.
 * @throws MS6001 when the port is taken.
 */
export async function openDashboard(settings: Settings, port: number, context: VerbContext): Promise<Dashboard> {
  try {
    return await startDashboard({ port, openFile: telling(context, exportReader(settings)) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new MedStreamError({
      code: 'MS6001',
      what: `Port ${port} is in use, so the dashboard cannot be served there.`,
      where: `127.0.0.1:${port}`,
      next: `Stop the program that holds it (perhaps another dashboard), or choose another port: medstream dashboard --port ${port + 1}`,
      exitCode: ExitCode.unreachable,
      cause: error,
    });
  }
}

/** The page asks every few seconds: the same fault is said once, until the lake can be read again. */
function telling(context: VerbContext, open: ExportReader): ExportReader {
  let said = '';
  return async (path) => {
    try {
      const file = await open(path);
      said = '';
      return file;
    } catch (error) {
      const text = toMedStreamError(error).toText();
      if (text !== said) context.say(text);
      said = text;
      throw error;
    }
  };
}

import type { Readable } from 'node:stream';
import { RestError } from '@azure/storage-blob';
import { dataLakeContainer } from '../azure/data-lake';
import type { Settings } from '../azure/settings';
import { serveDashboard } from '../dashboard/serve';
import type { VerbContext } from './frame';

/** Serves the dashboard over the exports of the lake until Ctrl-C. */
export async function serveExports(settings: Settings, context: VerbContext, port: number): Promise<void> {
  const gold = dataLakeContainer(settings, 'gold');
  const dashboard = await serveDashboard({
    port,
    async readExport(file) {
      try {
        const response = await gold.getFileClient(`powerbi/${file}`).read();
        return response.readableStreamBody as Readable | undefined;
      } catch (error) {
        if (error instanceof RestError && error.statusCode === 404) return undefined;
        throw error;
      }
    },
  });
  try {
    context.say(`\nDashboard: ${dashboard.url}   (Ctrl-C ends)`);
    if (!context.signal.aborted)
      await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }));
  } finally {
    await dashboard.stop();
  }
}

import type { Readable } from 'node:stream';
import { RestError } from '@azure/storage-blob';
import { dataLakeContainer } from '../azure/data-lake';
import type { Settings } from '../azure/settings';
import type { ExportReader } from '../dashboard';

/** Reads the published export, `gold/powerbi/`, of the lake that the settings name. */
export function exportReader(settings: Settings): ExportReader {
  const gold = dataLakeContainer(settings, 'gold');
  return async (path) => {
    const file = gold.getFileClient(`powerbi/${path}`);
    const properties = await file.getProperties().catch((error: unknown) => {
      if (error instanceof RestError && error.statusCode === 404) return undefined;
      throw error;
    });
    if (!properties) return undefined;
    const { contentLength: bytes = 0, etag = '' } = properties;
    return {
      bytes,
      etag,
      async read(offset, count) {
        const response = await file.read(offset, count, { conditions: { ifMatch: etag } });
        return response.readableStreamBody as Readable;
      },
    };
  };
}

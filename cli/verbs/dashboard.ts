import type { Command } from 'commander';
import { serveExports } from '../dashboard';
import { defineVerb, runsAs } from '../frame';
import { wholeNumber } from '../options';
import { defaultPortBase, withServices } from '../services';

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'dashboard',
    'serve the page that reads the exported Parquet files',
    'medstream dashboard --port 8080',
  ).option('--port <n>', 'port on 127.0.0.1; 0 = any free one', wholeNumber(0, 65_535), defaultPortBase + 4);
  runsAs<{ port: number }>(command, (context, options) =>
    withServices(context, async ({ settings }) => {
      await serveExports(settings, context, options.port);
      return { json: { stopped: true }, text: '' };
    }),
  );
}

import { startDataLake, type DataLakeOptions } from '../../local/datalake';
import { startEventHubs, type EventHubsOptions } from '../../local/eventhubs';

/**
 * Runs one stand-in as a process of its own, so that a test can kill it:
 *
 *     fork('dist/tests/support/run-stand-in.js', [JSON.stringify({ service: 'datalake', options: { … } })])
 *
 * `service` is `datalake` or `eventhubs`, `options` is what startDataLake / startEventHubs take. Once it listens it prints
 * its port and a newline, and sends `{ port }` to a parent that forked it. SIGTERM stops it cleanly; a failed start exits with 1.
 */
type Start = { service: 'datalake'; options: DataLakeOptions } | { service: 'eventhubs'; options: EventHubsOptions };

async function main(): Promise<void> {
  const start = JSON.parse(process.argv[2] ?? '') as Start;
  const running = await (start.service === 'datalake' ? startDataLake(start.options) : startEventHubs(start.options));
  process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)));
  process.stdout.write(`${running.port}\n`);
  process.send?.({ port: running.port });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

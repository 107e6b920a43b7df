import { parseSettings } from '../../azure/settings';
import { silentProgress } from '../../common/progress';
import { land } from '../../ingestion/land';

/**
 * `land --follow` as a process of its own, so that a test can kill it: settings from the environment. SIGTERM stops it
 * cleanly; any other end exits with 1 and the reason on stderr.
 */
async function main(): Promise<void> {
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  try {
    const settings = parseSettings(process.env);
    await land(settings, { follow: true, maxWaitSeconds: 0.3, progress: silentProgress, signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted) process.exit(0);
    process.stderr.write(`land: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

void main();

import { describe } from '@jest/globals';
import { parseSettings, type Settings } from '../../azure/settings';

/**
 * The settings of a real Azure environment for the contract suites, or undefined.
 *
 * To run the suites against Azure: set `MEDSTREAM_CONTRACT=azure` and the settings of docs/settings.md (all three services,
 * as `parseSettings` asks), sign in (`az login`), then `npx jest dist/tests/contract`. The suites make containers of
 * their own and delete them; the event hub must exist, with four partitions and consumer groups `$Default` and `etl`.
 */
function azureTarget(): Settings | undefined {
  return process.env['MEDSTREAM_CONTRACT'] === 'azure' ? parseSettings(process.env) : undefined;
}

/** Runs a suite on the stand-in, and on Azure too when the settings point there; prints why when they do not. */
export function describeTargets(title: string, suite: (azure: Settings | undefined) => void): void {
  describe(`${title} (stand-in)`, () => suite(undefined));
  const azure = azureTarget();
  if (azure) describe(`${title} (Azure)`, () => suite(azure));
  else
    process.stderr.write(`skipped: ${title} on Azure: MEDSTREAM_CONTRACT is not 'azure' (tests/support/targets.ts)\n`);
}

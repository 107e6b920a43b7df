import { describe } from '@jest/globals';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../common/project-root';

/** Real Synthea exports used in CI; they are not part of the repository. */
const sharedRoot = process.env['MEDSTREAM_TEST_DATA'] ?? path.join(projectRoot, '..', 'shared', 'synthea');

/** The folder of a real Synthea data set (`ma27`, `ma1163-partial`). */
export function syntheaData(name: string): string {
  return path.join(sharedRoot, name);
}

/* oxlint-disable jest/valid-describe-callback, jest/no-disabled-tests -- the one place that skips, with a printed reason */
/** A `describe` that runs where the real data set is present, and otherwise skips and prints why. */
export function describeWithData(name: string, title: string, body: () => void): void {
  if (existsSync(syntheaData(name))) return describe(title, body);
  process.stderr.write(`skipped: ${title}: the real Synthea data set ${name} is not on this machine\n`);
  describe.skip(`${title} (no data set ${name})`, body);
}

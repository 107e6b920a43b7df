import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { projectRoot } from '../../../common/project-root';
import { chromiumPath } from './chromium';

/** Screenshots of a test run, for people; ignored by git. */
export const artifacts = path.join(projectRoot, 'test-artifacts', 'dashboard');

/* oxlint-disable jest/valid-describe-callback, jest/no-disabled-tests -- the one place that skips, with a printed reason */
/** A `describe` that runs where Debian's Chromium is installed, and otherwise skips and prints why. */
export function describeWithChromium(title: string, body: () => void): void {
  if (existsSync(chromiumPath)) return describe(title, body);
  process.stderr.write(`skipped: ${title}: ${chromiumPath} is not on this machine\n`);
  describe.skip(`${title} (no Chromium)`, body);
}

/** A headless Chromium that itself asks nothing of the network. */
export function launchChromium(): Promise<Browser> {
  mkdirSync(artifacts, { recursive: true });
  const quiet = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', ...quiet] });
}

/** What a page did that it must not do. */
export interface Conduct {
  requestsElsewhere: string[];
  /** Console errors and uncaught exceptions; failed requests that a test provokes are not among them. */
  errors: string[];
}

export function watch(page: Page, origin: string): Conduct {
  const conduct: Conduct = { requestsElsewhere: [], errors: [] };
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) conduct.requestsElsewhere.push(request.url());
  });
  page.on('pageerror', (error) => conduct.errors.push(error.message));
  page.on('console', (message) => {
    const provoked = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !provoked) conduct.errors.push(message.text());
  });
  return conduct;
}

/** Fails the test whose page asked another host for something, or logged an error. */
export function refuseMisconduct({ requestsElsewhere, errors }: Conduct): void {
  const said = [...requestsElsewhere.map((url) => `request to ${url}`), ...errors];
  if (said.length > 0) throw new Error(`The page must do nothing of this: ${said.join('; ')}`);
}

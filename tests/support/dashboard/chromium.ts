/** Debian's Chromium (`apt-get install chromium`): tests and benchmarks of the dashboard are skipped where it is not. */
export const chromiumPath = '/usr/bin/chromium';

import { randomBytes } from 'node:crypto';

/** `20261124T041233Z-1a2b3c`: sorts by time, and no other text in SQL looks like it. */
export function newRunId(now: Date): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${randomBytes(3).toString('hex')}`;
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * SHA-256 of the files that events are made of, and of the options that change the events. Equal fingerprints mean the
 * same events with the same ids: a caller that has produced them before may skip the work.
 * @param files absolute paths, in reading order
 */
export async function fingerprintOf(files: readonly string[], options: Record<string, unknown>): Promise<string> {
  const total = createHash('sha256').update(JSON.stringify(options));
  for (const file of files) {
    const digest = createHash('sha256');
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), digest);
    total.update(`${path.basename(file)}\n${digest.digest('hex')}\n`);
  }
  return total.digest('hex');
}

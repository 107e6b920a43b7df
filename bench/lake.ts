import { BlobServiceClient } from '@azure/storage-blob';
import { DataLakeServiceClient } from '@azure/storage-file-datalake';
import pLimit from 'p-limit';
import path from 'node:path';
import { type Bench, round, timed, withFolder } from './support';
import { withStackProcess } from './with-stack-process';

const mebibyte = 1 << 20;
const sizes = [
  { name: '1MiB', bytes: mebibyte, count: 200, parallel: 4 },
  { name: '64MiB', bytes: 64 * mebibyte, count: 6, parallel: 2 },
] as const;

/**
 * Upload rates of the local Data Lake (DFS `upload`: create, append, flush; and Put Blob; both durable) beside Azurite's, where
 * `BENCH_AZURITE` holds its connection string (bench/README.md). Rounds alternate, and the best of each counts.
 */
export const lakeBench: Bench = async (report, args) => {
  const rounds = Number(args[0] ?? 3);
  const azurite = process.env['BENCH_AZURITE'];
  await withFolder(async (folder) => {
    await withStackProcess(path.join(folder, 'home'), async ({ dataLake }) => {
      const lake = DataLakeServiceClient.fromConnectionString(dataLake.connectionString!).getFileSystemClient('bronze');
      const other = azurite && BlobServiceClient.fromConnectionString(azurite).getContainerClient(`bench${Date.now()}`);
      if (other) await other.create();
      const blobs = BlobServiceClient.fromConnectionString(dataLake.connectionString!).getContainerClient('bronze');
      for (const { name, bytes, count, parallel } of sizes) {
        const body = Buffer.alloc(bytes, 97);
        const ways = {
          upload: (n: number) => lake.getFileClient(`bench/${name}-${n}`).upload(body),
          'put-blob': (n: number) => blobs.getBlockBlobClient(`bench/${name}-${n}`).upload(body, bytes),
          ...(other ? { azurite: (n: number) => other.getBlockBlobClient(`${name}-${n}`).upload(body, bytes) } : {}),
        };
        const best: Record<string, number> = {};
        for (let n = 0; n < rounds; n++)
          for (const [way, put] of Object.entries(ways))
            best[way] = Math.max(best[way] ?? 0, await rate(count, parallel, bytes, put));
        const theirs = best['azurite'];
        for (const way of ['upload', 'put-blob'])
          report({
            bench: `lake-${way}-${name}`,
            unit: 'MiB/s',
            value: round(best[way]!, 0),
            baseline: theirs ? { what: 'Azurite, Put Blob', value: round(theirs, 0) } : null,
            ratio: theirs ? round(best[way]! / theirs) : null,
            better: 'higher',
            details: { objects: count, parallel, rounds },
          });
      }
      await (other && other.delete());
    });
  });
};

async function rate(
  count: number,
  parallel: number,
  bytes: number,
  put: (n: number) => Promise<unknown>,
): Promise<number> {
  const limit = pLimit(parallel);
  const { seconds } = await timed(() => Promise.all(Array.from({ length: count }, (_, n) => limit(() => put(n)))));
  return (count * bytes) / mebibyte / seconds;
}

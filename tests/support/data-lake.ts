import { afterAll, beforeAll, expect } from '@jest/globals';
import {
  DataLakeServiceClient,
  StorageSharedKeyCredential,
  type DataLakeFileSystemClient,
} from '@azure/storage-file-datalake';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dataLakeService } from '../../azure/data-lake';
import type { Settings } from '../../azure/settings';
import { account, accountKey } from './credentials';
import { startDataLake, type RunningDataLake } from '../../local/datalake';

export { account, accountKey };

export interface Lake {
  service: DataLakeServiceClient;
  /** A container of this suite's own. */
  container: DataLakeFileSystemClient;
  /** The stand-in's folder and address; undefined on Azure. */
  local?: { root: string; url: string; server: RunningDataLake };
}

export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'medstream-'));
}

/** A lake for a suite: the stand-in in a temporary folder, or Azure. */
export function useLake(azure: Settings | undefined): Lake {
  const lake = {} as Lake;
  beforeAll(async () => {
    if (azure) lake.service = dataLakeService(azure);
    else {
      const root = temporaryFolder();
      const server = await startDataLake({ root, port: 0, account, key: accountKey });
      const url = `http://127.0.0.1:${server.port}/${account}`;
      lake.local = { root, url, server };
      lake.service = serviceAt(url);
    }
    lake.container = lake.service.getFileSystemClient(`contract${randomBytes(6).toString('hex')}`);
    await lake.container.create();
  });
  afterAll(async () => {
    await lake.container?.deleteIfExists();
    await lake.local?.server.stop();
    if (lake.local) rmSync(lake.local.root, { recursive: true, force: true });
  });
  return lake;
}

export function serviceAt(url: string, key = accountKey): DataLakeServiceClient {
  return new DataLakeServiceClient(url, new StorageSharedKeyCredential(account, key), {
    retryOptions: { maxTries: 1 },
  });
}

/** Expects that the service refuses, with this status and error code. */
export async function expectRefused(work: Promise<unknown>, status: number, code?: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure as { statusCode?: number; code?: string; details?: { errorCode?: string } },
  );
  expect(error?.statusCode).toBe(status);
  if (code) expect([error?.code, error?.details?.errorCode]).toContain(code);
}

/** All names of a paged list. */
export async function namesOf(items: AsyncIterable<{ name?: string }>): Promise<string[]> {
  const names: string[] = [];
  for await (const item of items) names.push(item.name ?? '');
  return names;
}

import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { DataLakeServiceClient, type DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { azureCredential } from './credentials';
import type { Settings } from './settings';

/** The containers of the lake, one per medallion layer. */
export type Container = 'bronze' | 'silver' | 'gold';
/** The container of the Event Hubs SDK's bookkeeping: which instance owns which partition. */
export type CheckpointContainer = 'checkpoints';

/** Tries after 408, 5xx and broken connections: a lake that is down is told after some seconds, not after a minute. */
const retryOptions = { maxTries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 8000 };

export function dataLakeService(settings: Settings): DataLakeServiceClient {
  const { connectionString, account } = settings.dataLake;
  const options = { retryOptions };
  if (connectionString) return DataLakeServiceClient.fromConnectionString(connectionString, options);
  return new DataLakeServiceClient(`https://${account}.dfs.core.windows.net`, azureCredential(), options);
}

/** One container of the lake; `ensure` creates it where it is missing. */
export function dataLakeContainer(settings: Settings, container: Container): DataLakeFileSystemClient {
  return dataLakeService(settings).getFileSystemClient(container);
}

/** The blob view of a container, which the Event Hubs checkpoint store needs. */
export function blobContainer(settings: Settings, container: Container | CheckpointContainer): ContainerClient {
  const { connectionString, account } = settings.dataLake;
  const service = connectionString
    ? BlobServiceClient.fromConnectionString(connectionString, { retryOptions })
    : new BlobServiceClient(`https://${account}.blob.core.windows.net`, azureCredential(), { retryOptions });
  return service.getContainerClient(container);
}

/**
 * The URL by which Synapse reads a lake path, such as `https://acct.dfs.core.windows.net/bronze/reference/…`.
 * `path` is relative to the container, with forward slashes.
 */
export function synapseUrl(settings: Settings, container: Container, path: string): string {
  return `https://${accountName(settings)}.dfs.core.windows.net/${container}/${path}`;
}

/** The storage account's name; `devstoreaccount1` on the local stack. */
function accountName(settings: Settings): string {
  if (settings.dataLake.account) return settings.dataLake.account;
  return /AccountName=([^;]+)/i.exec(settings.dataLake.connectionString ?? '')?.[1] ?? 'devstoreaccount1';
}

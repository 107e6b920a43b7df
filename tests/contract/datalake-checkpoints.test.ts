import { beforeAll, expect, test } from '@jest/globals';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient, ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { blobContainer } from '../../azure/data-lake';
import { account, accountKey, expectRefused, namesOf, useLake } from '../support/data-lake';
import { describeTargets } from '../support/targets';

describeTargets('Data Lake: the Blob side, for checkpoint stores', (azure) => {
  const lake = useLake(azure);
  let container: ContainerClient;
  let store: BlobCheckpointStore;
  const where = { fullyQualifiedNamespace: 'ns.example', eventHubName: 'encounters', consumerGroup: '$Default' };
  const ownership = (ownerId: string, partitionId: string, etag?: string) => ({ ...where, ownerId, partitionId, etag });

  beforeAll(() => {
    const credential = new StorageSharedKeyCredential(account, accountKey);
    container = azure
      ? blobContainer(azure, lake.container.name as 'bronze')
      : new BlobServiceClient(lake.local!.url, credential, { retryOptions: { maxTries: 1 } }).getContainerClient(
          lake.container.name,
        );
    store = new BlobCheckpointStore(container);
  });

  test('the container is seen from both sides', async () => {
    expect(await container.exists()).toBe(true);
    expect(await lake.service.getFileSystemClient('nothere').exists()).toBe(false);
  });

  test('a claim with the ETag that holds takes a partition, one with an old ETag does not', async () => {
    const first = await store.claimOwnership([ownership('one', '0')]);
    expect(first).toHaveLength(1);
    const listed = await store.listOwnership(where.fullyQualifiedNamespace, where.eventHubName, where.consumerGroup);
    expect(listed.map(({ ownerId, partitionId }) => [ownerId, partitionId])).toEqual([['one', '0']]);
    const stolen = await store.claimOwnership([ownership('two', '0', listed[0]!.etag)]);
    expect(stolen.map((claim) => claim.ownerId)).toEqual(['two']);
    expect(await store.claimOwnership([ownership('one', '0', first[0]!.etag)])).toHaveLength(0);
  });

  test('checkpoints are kept and replaced', async () => {
    for (const sequenceNumber of [5, 9])
      await store.updateCheckpoint({ ...where, partitionId: '1', offset: String(sequenceNumber), sequenceNumber });
    const listed = await store.listCheckpoints(where.fullyQualifiedNamespace, where.eventHubName, where.consumerGroup);
    expect(listed.map(({ partitionId, sequenceNumber }) => [partitionId, sequenceNumber])).toEqual([['1', 9]]);
  });

  test('blobs are put whole, listed by prefix, in pages and by folder', async () => {
    for (const name of ['l/a', 'l/b/c', 'l/b/d', 'm'])
      await container.getBlockBlobClient(name).upload('x', 1, { metadata: { n: 'v' } });
    expect(await namesOf(container.listBlobsFlat({ prefix: 'l/' }))).toEqual(['l/a', 'l/b/c', 'l/b/d']);
    expect((await namesOf(container.listBlobsByHierarchy('/', { prefix: 'l/' }))).sort()).toEqual(['l/a', 'l/b/']);
    const pages: number[] = [];
    for await (const page of container
      .listBlobsFlat({ prefix: 'l/', includeMetadata: true })
      .byPage({ maxPageSize: 2 })) {
      pages.push(page.segment.blobItems.length);
      for (const blob of page.segment.blobItems) expect(blob.metadata).toEqual({ n: 'v' });
    }
    expect(pages).toEqual([2, 1]);
  });

  test('put under conditions: 409 for *, 412 for an old ETag', async () => {
    const blob = container.getBlockBlobClient('cond');
    const { etag } = await blob.upload('x', 1);
    await expectRefused(blob.upload('y', 1, { conditions: { ifNoneMatch: '*' } }), 409, 'BlobAlreadyExists');
    await blob.upload('y', 1, { conditions: { ifMatch: etag! } });
    await expectRefused(blob.upload('z', 1, { conditions: { ifMatch: etag! } }), 412);
    expect((await blob.downloadToBuffer()).toString()).toBe('y');
    await blob.delete();
    await expectRefused(blob.getProperties(), 404);
  });
});

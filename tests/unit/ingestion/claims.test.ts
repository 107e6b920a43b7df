import type { CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { expect, test } from '@jest/globals';
import { LakeCheckpointStore } from '../../../ingestion/land/claims';

/** Keeps the last owner of each partition, as the blob store does. */
function ownershipStore() {
  const owners = new Map<string, PartitionOwnership>();
  const store: Pick<CheckpointStore, 'listOwnership' | 'claimOwnership'> = {
    listOwnership: async () => [...owners.values()],
    claimOwnership: async (wanted) => {
      for (const one of wanted) owners.set(one.partitionId, { ...one });
      return wanted;
    },
  };
  return store as CheckpointStore;
}

const claim = (ownerId: string, partitionId: string): PartitionOwnership[] => [
  { ownerId, partitionId, consumerGroup: 'g', eventHubName: 'hub', fullyQualifiedNamespace: 'ns' },
];

test('a claim that this instance has ended is free at once, and no other', async () => {
  const shared = ownershipStore();
  const [ours, theirs] = [0, 1].map(() => new LakeCheckpointStore(shared, {} as DataLakeFileSystemClient, 'hub-1', []));
  const owners = async (store: LakeCheckpointStore) =>
    Object.fromEntries((await store.listOwnership('ns', 'hub', 'g')).map((one) => [one.partitionId, one.ownerId]));
  for (const id of ['0', '1']) await ours!.claimOwnership(claim('us', id));
  await theirs!.claimOwnership(claim('them', '2'));
  expect(await owners(ours!)).toEqual({ 0: 'us', 1: 'us', 2: 'them' });

  for (const id of ['0', '2']) ours!.claimEnded(id);
  expect(await owners(ours!)).toEqual({ 0: '', 1: 'us', 2: 'them' });
  // To another instance it stays ours until it expires.
  expect(await owners(theirs!)).toEqual({ 0: 'us', 1: 'us', 2: 'them' });

  await ours!.claimOwnership(claim('us', '0'));
  expect(await owners(ours!)).toEqual({ 0: 'us', 1: 'us', 2: 'them' });
});

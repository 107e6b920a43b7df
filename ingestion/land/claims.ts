import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { lakeTail } from './lake-tail';

/**
 * The checkpoint store of `land`: ownership of partitions is kept by the SDK's blob store, so that several instances share
 * them; where to start is read from the lake itself. Names carry the hub's incarnation: a recreated hub has no owners yet.
 */
export class LakeCheckpointStore implements CheckpointStore {
  constructor(
    private readonly ownership: CheckpointStore,
    private readonly bronze: DataLakeFileSystemClient,
    private readonly incarnation: string,
    private readonly partitionIds: readonly string[],
  ) {}

  async listOwnership(namespace: string, hub: string, group: string): Promise<PartitionOwnership[]> {
    const owned = await this.ownership.listOwnership(namespace, this.incarnation, group);
    return owned.map((one) => ({ ...one, eventHubName: hub }));
  }

  async claimOwnership(wanted: PartitionOwnership[]): Promise<PartitionOwnership[]> {
    const claimed = await this.ownership.claimOwnership(
      wanted.map((one) => ({ ...one, eventHubName: this.incarnation })),
    );
    return claimed.map((one) => ({ ...one, eventHubName: wanted[0]!.eventHubName }));
  }

  async listCheckpoints(namespace: string, hub: string, group: string): Promise<Checkpoint[]> {
    const tails = await Promise.all(
      this.partitionIds.map(async (partitionId) => {
        const tail = await lakeTail(this.bronze, this.incarnation, partitionId);
        return { partitionId, tail };
      }),
    );
    return tails.flatMap(({ partitionId, tail }) =>
      tail
        ? [
            {
              fullyQualifiedNamespace: namespace,
              eventHubName: hub,
              consumerGroup: group,
              partitionId,
              offset: tail.offset,
              sequenceNumber: tail.sequence,
            },
          ]
        : [],
    );
  }

  /** Publishing a file is the checkpoint. */
  async updateCheckpoint(): Promise<void> {}
}

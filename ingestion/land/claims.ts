import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { lakeTail } from './lake-tail';

/**
 * The checkpoint store of `land`: ownership of partitions is kept by the SDK's blob store, so that several instances share
 * them; where to start is read from the lake itself. Names carry the hub's incarnation: a recreated hub has no owners yet.
 */
export class LakeCheckpointStore implements CheckpointStore {
  /** Partitions whose claim this instance has ended. */
  private readonly ended = new Set<string>();
  private owner = '';

  constructor(
    private readonly ownership: CheckpointStore,
    private readonly bronze: DataLakeFileSystemClient,
    private readonly incarnation: string,
    private readonly partitionIds: readonly string[],
  ) {}

  async listOwnership(namespace: string, hub: string, group: string): Promise<PartitionOwnership[]> {
    const owned = await this.ownership.listOwnership(namespace, this.incarnation, group);
    return owned.map((one) => {
      const isFree = one.ownerId === this.owner && this.ended.has(one.partitionId);
      return { ...one, eventHubName: hub, ownerId: isFree ? '' : one.ownerId };
    });
  }

  async claimOwnership(wanted: PartitionOwnership[]): Promise<PartitionOwnership[]> {
    const claimed = await this.ownership.claimOwnership(
      wanted.map((one) => ({ ...one, eventHubName: this.incarnation })),
    );
    for (const one of claimed) {
      this.owner = one.ownerId;
      this.ended.delete(one.partitionId);
    }
    return claimed.map((one) => ({ ...one, eventHubName: wanted[0]!.eventHubName }));
  }

  /**
   * A claim of this instance has ended, and the partition is free from now on. To the SDK it would be in use until its
   * ownership expires: nobody would read it for seconds, on Azure for half a minute.
   */
  claimEnded(partitionId: string): void {
    this.ended.add(partitionId);
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

import fs from 'node:fs';
import path from 'node:path';
import { PartitionLog, type Retention } from './log';
import { partitionOfKey } from './partition-key';

export interface HubOptions {
  name: string;
  partitions: number;
  /** `$Default` is always there. */
  consumerGroups?: string[];
  /** Default: 168 hours (7 days), no limit of bytes. `bytes` is per partition. */
  retention?: Retention;
}

const checkEvery = 60_000;
/** After the wall clock has jumped, nothing is dropped for this long: a wrong clock is often corrected soon. */
const holdAfterJump = 10 * 60_000;

/** One event hub: its partitions, its consumer groups, and when it was created. */
export class Hub {
  readonly name: string;
  readonly createdOn: Date;
  readonly partitions: PartitionLog[];
  private readonly groups: Set<string>;
  private readonly retention: Retention;
  private turn = 0;
  private readonly timer: NodeJS.Timeout;
  private clocks = { wall: Date.now(), steady: performance.now(), held: -Infinity };

  constructor(root: string, options: HubOptions) {
    this.name = options.name;
    const folder = path.join(root, options.name.toLowerCase());
    this.createdOn = creationTime(folder, options.partitions);
    this.retention = options.retention ?? { hours: 168 };
    const { bytes } = this.retention;
    const segmentBytes = bytes === undefined ? undefined : Math.max(4096, Math.min(64 << 20, Math.floor(bytes / 4)));
    this.groups = new Set(['$default', ...(options.consumerGroups ?? []).map((group) => group.toLowerCase())]);
    this.partitions = Array.from(
      { length: options.partitions },
      (_, index) => new PartitionLog(path.join(folder, String(index)), segmentBytes),
    );
    this.timer = setInterval(() => void this.enforceRetention(), checkEvery).unref();
  }

  hasGroup(name: string): boolean {
    return this.groups.has(name.toLowerCase());
  }

  /** The partition for an event: by its key, else in turn. */
  route(key: string | undefined): PartitionLog {
    const count = this.partitions.length;
    return this.partitions[key === undefined ? this.turn++ % count : partitionOfKey(key, count)]!;
  }

  /** Drops events that are past their retention. Runs every minute; a disk error is tried again then. */
  async enforceRetention(): Promise<void> {
    const wall = Date.now();
    const steady = performance.now();
    const jump = wall - this.clocks.wall - (steady - this.clocks.steady);
    const held = Math.abs(jump) > checkEvery ? steady : this.clocks.held;
    this.clocks = { wall, steady, held };
    if (steady - held < holdAfterJump) return;
    for (const log of this.partitions) await log.enforce(this.retention).catch(() => undefined);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.partitions.map((log) => log.close()));
  }
}

/** The creation time is kept: a hub that was deleted and made again is another hub. */
function creationTime(folder: string, partitions: number): Date {
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'hub.json');
  if (fs.existsSync(file)) {
    const known = JSON.parse(fs.readFileSync(file, 'utf8')) as { createdOn: string; partitions: number };
    if (known.partitions !== partitions)
      throw new RangeError(
        `Event Hubs: ${folder} was made with ${known.partitions} partitions, not ${partitions}; their number is fixed.`,
      );
    return new Date(known.createdOn);
  }
  const createdOn = new Date();
  const draft = `${file}.new`;
  fs.writeFileSync(draft, JSON.stringify({ createdOn, partitions }), { flush: true });
  fs.renameSync(draft, file);
  return createdOn;
}

import { hashOfKey } from '../../azure/partition-key';
import { DirtySource } from '../dirty';
import { AnswerKey } from '../dirty/answer-key';
import { encodeEvent, encounterColumns, eventsOf } from './encounter-event';
import { PatientIndex } from './patients';
import { readTable, tableFiles } from './read-table';

/** What the events are made of and how. Plain data: it goes to another thread. */
export interface EventWork {
  /** Folder with `patients.csv` and `encounters.csv` of any header family. */
  data: string;
  lifecycle: boolean;
  loop: boolean;
  /** Share of the events that get a known fault, 0 to 1. */
  dirty: number;
  answerKey?: string;
  seed: number;
}

/** Some hundred events as they are sent: few objects, and bytes that change threads without a copy. */
export interface EventChunk {
  /** The bodies, one behind the other. */
  bytes: Uint8Array;
  /** Where each body ends. */
  ends: Uint32Array;
  /** The hash of each event's partition key. */
  hashes: Int16Array;
  /** Counted from the beginning up to this chunk. */
  totals: EventTotals;
}

export interface EventTotals {
  /** Rows of encounters.csv. */
  read: number;
  /** Rows that became no event, by reason. */
  skipped: Record<string, number>;
  /** Events with an injected fault, by fault. */
  dirty: Record<string, number>;
}

/**
 * The events of a data folder, in order.
 * @throws MedStreamError MS21xx unreadable data or an answer key that cannot be written
 */
export async function* eventChunks(work: EventWork): AsyncGenerator<EventChunk> {
  const files = await tableFiles(work.data, 'encounters');
  const patients = await PatientIndex.read(await tableFiles(work.data, 'patients'));
  const key = work.dirty && work.answerKey ? await AnswerKey.create(work.answerKey) : undefined;
  const dirt = work.dirty ? new DirtySource(work.dirty, work.seed, (line) => key?.write(line)) : undefined;
  const totals: EventTotals = { read: 0, skipped: {}, dirty: dirt?.counts ?? {} };
  const skip = (reason: string) => void (totals.skipped[reason] = (totals.skipped[reason] ?? 0) + 1);
  const packer = new ChunkPacker(totals);
  try {
    do {
      for (const file of files)
        for await (const rows of readTable(file, encounterColumns, () => skip('bad_line'))) {
          for (const row of rows) {
            totals.read++;
            const [id, start, , patientId] = row;
            if (!id || !start) {
              skip(id ? 'no_admission_time' : 'no_encounter_id');
              continue;
            }
            const events = eventsOf(row, patients.find(patientId!), work.lifecycle);
            if (dirt) for (const item of dirt.apply(events)) packer.add(item.key, item.text);
            else for (const event of events) packer.add(event.encounter_id, encodeEvent(event).text);
          }
          await key?.drain();
          yield* packer.full();
        }
    } while (work.loop);
    for (const item of dirt?.rest() ?? []) packer.add(item.key, item.text);
    yield* packer.rest();
  } finally {
    await key?.close();
  }
}

/** Bytes of a chunk, more only for a longer event. */
const chunkBytes = 256 << 10;

/** Puts events together to chunks. */
class ChunkPacker {
  private readonly ready: EventChunk[] = [];
  private bytes = Buffer.allocUnsafeSlow(chunkBytes);
  private end = 0;
  private ends: number[] = [];
  private hashes: number[] = [];

  constructor(private readonly totals: EventTotals) {}

  add(key: string, text: string): void {
    const most = text.length * 3; // bytes of UTF-8 per unit of a string at most
    if (this.end + most > this.bytes.length) {
      if (this.ends.length) this.finish();
      if (most > chunkBytes) this.bytes = Buffer.allocUnsafeSlow(most);
    }
    this.end += this.bytes.write(text, this.end);
    this.ends.push(this.end);
    this.hashes.push(hashOfKey(key));
  }

  /** The chunks that are full. */
  full(): EventChunk[] {
    return this.ready.splice(0);
  }

  /** All chunks; the last one has the totals, even where it has no event. */
  rest(): EventChunk[] {
    this.finish();
    return this.full();
  }

  private finish(): void {
    const { read, skipped, dirty } = this.totals;
    this.ready.push({
      bytes: this.bytes.subarray(0, this.end),
      ends: Uint32Array.from(this.ends),
      hashes: Int16Array.from(this.hashes),
      totals: { read, skipped: { ...skipped }, dirty: { ...dirty } },
    });
    this.bytes = Buffer.allocUnsafeSlow(chunkBytes);
    this.end = 0;
    this.ends = [];
    this.hashes = [];
  }
}

/** Bytes beyond the size of a file that its last line may need; a longer line makes the buffer grow. */
const room = 1 << 20;

/**
 * The lines of a file to come, as bytes: one buffer that is used again for every file of a claim, because a hundred thousand
 * strings that live for a second cost more than all else in landing. Sequences follow each other without a gap.
 */
export class LineBuffer {
  private bytes: Buffer;
  private end = 0;
  /** Where each line ends. */
  private ends: number[] = [];
  /** Enqueued times, ms: the first one's day is part of the file's name. */
  private times: number[] = [];
  firstSequence = -1;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size + room);
  }

  get count(): number {
    return this.ends.length;
  }

  get firstTime(): Date {
    return new Date(this.times[0] ?? 0);
  }

  get byteLength(): number {
    return this.end;
  }

  get lastSequence(): number {
    return this.firstSequence + this.ends.length - 1;
  }

  /** Valid until the next change. */
  get body(): Buffer {
    return this.bytes.subarray(0, this.end);
  }

  add(line: string, sequence: number, time: Date): void {
    if (!this.ends.length) this.firstSequence = sequence;
    const most = line.length * 3; // bytes of UTF-8 per unit of a string at most
    if (this.end + most > this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * this.bytes.length + most);
      this.bytes.copy(larger, 0, 0, this.end);
      this.bytes = larger;
    }
    this.end += this.bytes.write(line, this.end);
    this.ends.push(this.end);
    this.times.push(time.getTime());
  }

  /** Drops the lines up to a sequence. */
  dropThrough(sequence: number): void {
    const dropped = Math.max(0, Math.min(sequence - this.firstSequence + 1, this.ends.length));
    if (dropped === 0) return;
    const start = this.ends[dropped - 1]!;
    this.bytes.copyWithin(0, start, this.end);
    this.end -= start;
    this.ends = this.ends.slice(dropped).map((end) => end - start);
    this.times = this.times.slice(dropped);
    this.firstSequence += dropped;
  }
}

/**
 * Watches the bytes that a peer sends, before the AMQP library sees them: a frame is never shorter than its head nor longer
 * than what was agreed. The library itself would wait for (and keep) up to 4 GiB.
 */
export class FrameGuard {
  private head = Buffer.alloc(8);
  private filled = 0;
  /** Bytes of the current frame that are still to come. */
  private left = 0;

  constructor(private readonly maxFrameSize: number) {}

  /** @throws RangeError when the peer breaks the framing. */
  check(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.left > 0) {
        const step = Math.min(this.left, chunk.length - at);
        this.left -= step;
        at += step;
        continue;
      }
      const step = Math.min(8 - this.filled, chunk.length - at);
      chunk.copy(this.head, this.filled, at, at + step);
      this.filled += step;
      at += step;
      if (this.filled < 8) return;
      this.filled = 0;
      // A protocol header ("AMQP" and four bytes) has no length; every frame begins with one.
      if (this.head.toString('latin1', 0, 4) === 'AMQP') continue;
      const size = this.head.readUInt32BE(0);
      if (size < 8 || size > this.maxFrameSize) throw new RangeError(`a frame of ${size} bytes`);
      this.left = size - 8;
    }
  }
}

/** The body of one message while it comes in: parts go in at one end, and are taken at the other. */
export class MessageStream {
  /** Bytes that came and were not taken yet. */
  waiting = 0;
  /** The client gave the message up in its last packet. */
  isIgnored = false;
  /** Called after parts were taken. */
  onTaken: (() => void) | undefined;
  private parts: Buffer[] = [];
  private ended = false;
  private wake: (() => void) | undefined;

  /** Nothing waits and nothing more will come. */
  get isOver(): boolean {
    return this.ended && this.parts.length === 0;
  }

  push(part: Buffer): void {
    if (part.length === 0) return;
    this.parts.push(part);
    this.waiting += part.length;
    this.wake?.();
  }

  /** The last part has come (or the connection has gone). */
  end(isIgnored: boolean): void {
    this.ended = true;
    this.isIgnored ||= isIgnored;
    this.wake?.();
  }

  /** Waits for at least `least` bytes (or the end) and takes all there is; undefined at the end. */
  async take(least: number): Promise<Buffer | undefined> {
    while (!this.ended && this.waiting < least) {
      // What waits must not keep more from coming.
      this.onTaken?.();
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
    if (this.parts.length === 0) return undefined;
    const bytes = Buffer.concat(this.parts, this.waiting);
    this.parts = [];
    this.waiting = 0;
    this.onTaken?.();
    return bytes;
  }

  /** Lets the rest of the message pass by. */
  async discard(): Promise<void> {
    while ((await this.take(1)) !== undefined);
  }
}

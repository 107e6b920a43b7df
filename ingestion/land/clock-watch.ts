/** Tells, by the steady clock, when somebody has set the wall clock (or the machine has slept). */
export class ClockWatch {
  private wall = Date.now();
  private steady = performance.now();

  /** Milliseconds by which the wall clock has moved against the steady one since the last call; negative for back. */
  jump(): number {
    const [wall, steady] = [Date.now(), performance.now()];
    const moved = wall - this.wall - (steady - this.steady);
    this.wall = wall;
    this.steady = steady;
    return moved;
  }
}

/** The last requests of all sessions, for sys.dm_pdw_exec_requests. In memory only, as a pool keeps ten thousand. */
export interface RequestEntry {
  readonly id: string;
  readonly session: number;
  readonly command: string;
  readonly label: string | undefined;
  readonly submitted: string;
  ended: string | undefined;
  status: 'Running' | 'Completed' | 'Failed' | 'Cancelled';
  error: string | undefined;
  elapsed: number;
}
const LIMIT = 2000;

export class RequestLog {
  readonly entries: RequestEntry[] = [];
  private next = 1;

  begin(session: number, command: string, label: string | undefined): RequestEntry {
    const entry: RequestEntry = {
      id: `QID${this.next++}`,
      session,
      command: command.slice(0, 4000),
      label,
      submitted: stamp(),
      ended: undefined,
      status: 'Running',
      error: undefined,
      elapsed: 0,
    };
    this.entries.push(entry);
    if (this.entries.length > LIMIT) this.entries.splice(0, this.entries.length - LIMIT);
    return entry;
  }
  end(entry: RequestEntry, status: 'Completed' | 'Failed' | 'Cancelled', startedAt: number, error?: string): void {
    entry.status = status;
    entry.ended = stamp();
    entry.elapsed = Math.round(performance.now() - startedAt);
    entry.error = error;
  }
}
const stamp = (): string => new Date().toISOString().replace('T', ' ').replace('Z', '');

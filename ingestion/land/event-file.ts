/** Folder in bronze of the landed events. */
export const eventsFolder = 'encounters_raw';

/** Name of a landed file: it depends on the first event only, because a replay may end a file elsewhere. */
export function eventFilePath(hub: string, partition: string | number, first: number, enqueuedAt: Date): string {
  const day = enqueuedAt.toISOString().slice(0, 10);
  return `${partitionFolder(hub, partition)}/date=${day}/${String(first).padStart(20, '0')}.ndjson`;
}

export function partitionFolder(hub: string, partition: string | number): string {
  return `${eventsFolder}/hub=${hub}/partition=${partition}`;
}

const pattern = /^encounters_raw\/hub=([^/]+)\/partition=(\d+)\/date=\d{4}-\d{2}-\d{2}\/(\d{20})\.ndjson$/;

/** The parts of a landed file's path, or undefined where it is no such file. */
export function parseEventFilePath(path: string): { hub: string; partition: number; first: number } | undefined {
  const match = pattern.exec(path);
  return match ? { hub: match[1]!, partition: Number(match[2]), first: Number(match[3]) } : undefined;
}

export interface LandedEvent {
  sequenceNumber: number;
  offset: string;
  enqueuedTimeUtc: Date;
  /** The event exactly as received. */
  body: string;
  /** The bytes of a body that is no UTF-8. */
  bodyBase64?: string;
}

/** One line of a landed file. `partition` and `sequence` stand first: `copy` reads them by position. */
export function eventLine(partition: number, event: LandedEvent): string {
  const { sequenceNumber, offset, enqueuedTimeUtc, body, bodyBase64 } = event;
  const bytes = bodyBase64 === undefined ? '' : `,"body_base64":"${bodyBase64}"`;
  return `{"partition":${partition},"sequence":${sequenceNumber},"offset":${JSON.stringify(offset)},"enqueued_at":"${enqueuedTimeUtc.toISOString()}","body":${JSON.stringify(body)}${bytes}}\n`;
}

/** Metadata of a landed file (keys are lower case: the service folds them). */
export interface EventFileMetadata {
  [key: string]: string;
  firstseq: string;
  lastseq: string;
  lastoffset: string;
  rows: string;
  sha256: string;
}

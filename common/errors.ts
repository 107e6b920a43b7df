/** Exit codes of every verb (docs/commands.md). */
export const ExitCode = { done: 0, failed: 1, usage: 2, unreachable: 3, stopped: 4 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface ErrorParts {
  /** Stable code, `MS` and four digits: 1xxx settings and usage, 2xxx data, 3xxx ingestion, 4xxx warehouse, 5xxx exports, 6xxx services. */
  code: `MS${number}`;
  /** What failed, one sentence. */
  what: string;
  /** File, model, row, variable: where it failed. */
  where?: string;
  /** Why it matters. */
  why?: string;
  /** What to do next. */
  next?: string;
  exitCode?: ExitCode;
  cause?: unknown;
}

/**
 * An error that a user can act on: it is printed as text, never as a stack trace.
 * No part may hold a secret or a value of a data row.
 */
export class MedStreamError extends Error {
  readonly code: string;
  readonly where?: string;
  readonly why?: string;
  readonly next?: string;
  readonly exitCode: ExitCode;

  constructor(readonly parts: ErrorParts) {
    super(parts.what, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'MedStreamError';
    this.code = parts.code;
    this.where = parts.where;
    this.why = parts.why;
    this.next = parts.next;
    this.exitCode = parts.exitCode ?? ExitCode.failed;
  }

  /** The error as a person reads it: what · where · why · next. */
  toText(): string {
    const lines = [`${this.code}: ${this.message}`];
    if (this.where) lines.push(`  where: ${this.where}`);
    if (this.why) lines.push(`  why:   ${this.why}`);
    if (this.next) lines.push(`  next:  ${this.next}`);
    return lines.join('\n');
  }

  toJSON(): Record<string, unknown> {
    return { code: this.code, what: this.message, where: this.where, why: this.why, next: this.next };
  }
}

/** Throws when the work was stopped by a signal (exit code 4). */
export function throwIfStopped(signal?: AbortSignal): void {
  if (signal?.aborted) throw stoppedError();
}

export function stoppedError(): MedStreamError {
  return new MedStreamError({
    code: 'MS1004',
    what: 'Stopped by a signal.',
    next: 'Run the same command again: it goes on where it stopped.',
    exitCode: ExitCode.stopped,
  });
}

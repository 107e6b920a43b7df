import { redact } from '../../common/redact';

/** What a driver error tells: the server's number where it has one, else the driver's or system's code. */
export interface DriverError {
  readonly message: string;
  readonly number?: number;
  readonly code?: string;
  readonly line?: number;
  /** Message of the innermost cause, where there is one. */
  readonly detail?: string;
}

/** Errors of a service that is busy, moving or waking up (learn.microsoft.com, "Troubleshoot transient connection errors"). */
const transientNumbers = new Set([
  233, 1205, 4221, 10053, 10054, 10060, 10928, 10929, 40143, 40197, 40501, 40540, 40613, 42109, 49918, 49919, 49920,
]);
const transientCodes = new Set([
  'ESOCKET',
  'ECONNRESET',
  'ECONNCLOSED',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNREFUSED',
  'ENOTOPEN',
]);
const lostCodes = new Set(['ESOCKET', 'ECONNRESET', 'ECONNCLOSED', 'EPIPE', 'ENOTOPEN']);

/** The innermost facts of an error of `mssql`, `tedious` or the network. */
export function driverError(error: unknown): DriverError {
  const facts: { number?: number; code?: string; line?: number; message?: string; detail?: string } = {};
  for (let inner: unknown = error, depth = 0; inner && depth < 6; depth++) {
    const e = inner as {
      message?: string;
      code?: string;
      number?: number;
      lineNumber?: number;
      originalError?: unknown;
      info?: { number?: number; lineNumber?: number; message?: string };
      cause?: unknown;
      errors?: unknown[];
    };
    if (facts.message && e.message && e.message !== facts.message) facts.detail = e.message;
    facts.message ||= e.message;
    facts.number ??= e.number ?? e.info?.number;
    facts.line ??= e.lineNumber ?? e.info?.lineNumber;
    if (e.code && (!facts.code || facts.code === 'EREQUEST' || facts.code === 'ESOCKET')) facts.code = e.code;
    inner = e.originalError ?? e.cause ?? e.errors?.[0] ?? e.info;
  }
  return { ...facts, message: facts.message ?? String(error) };
}

/** True when the same statement may well succeed a moment later. */
export function isTransient(error: unknown): boolean {
  const { number, code } = driverError(error);
  return number ? transientNumbers.has(number) : transientCodes.has(code ?? '');
}

/** True when the connection went away, so that nobody knows whether the statement took effect. */
export function isConnectionLost(error: unknown): boolean {
  const { number, code } = driverError(error);
  return !number && lostCodes.has(code ?? '');
}

/**
 * The message without values of data rows. Conversion, truncation and key errors quote the offending value, which may be
 * health data.
 */
export function safeMessage(error: unknown): string {
  const { message, number } = driverError(error);
  const quoting = new Set([
    206, 235, 241, 242, 244, 245, 248, 295, 2601, 2627, 2628, 8114, 8115, 8152, 8169, 9002, 13609,
  ]);
  const text = redact(message);
  if (number && quoting.has(number))
    return text
      .replace(/(value(?:\s+is)?:?\s*)(?:'[^']*'|"[^"]*"|\([^)]*\))/gi, '$1***')
      .replace(/(converting\b[^']*)'[^']*'( to)/gi, '$1***$2');
  return text.replace(/(Could not convert string )(?:'[^']*'|"[^"]*")/gi, '$1***');
}

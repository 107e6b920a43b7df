import { ExitCode, MedStreamError, type ErrorParts } from '../common/errors';
import { redact } from '../common/redact';

interface SystemError {
  code?: string;
  path?: string;
  port?: number;
  address?: string;
  home?: string;
  pid?: number;
}

type Explain = (error: SystemError) => Omit<ErrorParts, 'cause'>;

/** System errors that a user can act on, by `code`. */
const systemErrors: Record<string, Explain> = {
  EADDRINUSE: (e) => ({
    code: 'MS6001',
    what: `Port ${e.port ?? ''} is in use.`.replace('  ', ' '),
    where: `${e.address ?? '127.0.0.1'}:${e.port ?? '?'}`,
    next: 'Stop the program that holds it (perhaps another `medstream local up`), or choose other ports with --port-base N.',
    exitCode: ExitCode.unreachable,
  }),
  EHOMEINUSE: (e) => ({
    code: 'MS6007',
    what: 'Another process uses the local stack.',
    where: `process ${e.pid}, folder ${e.home}`,
    next: 'Stop it (Ctrl-C in its shell, or wait until it has ended), or choose another folder with MEDSTREAM_HOME.',
    exitCode: ExitCode.unreachable,
  }),
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOTDIR: notWritable,
  ENOSPC: (e) => ({
    code: 'MS6003',
    what: 'The disk is full.',
    where: e.path,
    why: 'What had been landed is safe; the last step is not finished.',
    next: 'Free some space, then run the same command again.',
    exitCode: ExitCode.failed,
  }),
  ENOENT: (e) => ({
    code: 'MS2001',
    what: 'A file or folder does not exist.',
    where: e.path,
    next: 'Check the path.',
    exitCode: ExitCode.usage,
  }),
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  ENOTFOUND: unreachable,
  ETIMEDOUT: unreachable,
  ETIMEOUT: unreachable,
  ESOCKET: unreachable,
};

function notWritable(e: SystemError): Omit<ErrorParts, 'cause'> {
  return {
    code: 'MS6002',
    what: 'A file or folder may not be read or written.',
    where: e.path,
    next: 'Change its permissions, or point MEDSTREAM_HOME at a folder that you own.',
    exitCode: ExitCode.usage,
  };
}

function unreachable(e: SystemError): Omit<ErrorParts, 'cause'> {
  return {
    code: 'MS6004',
    what: 'A service could not be reached.',
    where: e.address ? `${e.address}:${e.port}` : undefined,
    next: 'Check the endpoint settings (docs/settings.md) and that the service is running (`medstream local status`).',
    exitCode: ExitCode.unreachable,
  };
}

function refusedByLake(cause: unknown): MedStreamError {
  return new MedStreamError({
    code: 'MS6006',
    what: 'The data lake refused this login.',
    next: 'On Azure: give the login a Storage Blob Data role on the account (docs/azure.md). With a key: check AZURE_STORAGE_CONNECTION_STRING.',
    exitCode: ExitCode.unreachable,
    cause,
  });
}

/** Any error as one that says what, where, why and what next; unknown ones keep their (redacted) message. */
export function toMedStreamError(error: unknown): MedStreamError {
  if (error instanceof MedStreamError) return error;
  for (let inner: unknown = error, depth = 0; inner && depth < 5; depth++, inner = (inner as Error).cause) {
    const explain = systemErrors[(inner as SystemError).code ?? ''];
    if (explain) return new MedStreamError({ ...explain(inner as SystemError), cause: error });
  }
  const { name, statusCode } = error as { name?: string; statusCode?: number };
  if (name === 'RestError' && (statusCode === 401 || statusCode === 403)) return refusedByLake(error);
  const message = error instanceof Error ? error.message : String(error);
  return new MedStreamError({
    code: 'MS9000',
    what: redact(message) || 'An unknown error.',
    why: process.env['MEDSTREAM_DEBUG'] && error instanceof Error ? redact(error.stack ?? '') : undefined,
    next: 'This is a fault of MedStream: please report it. MEDSTREAM_DEBUG=1 shows where it happened.',
    cause: error,
  });
}

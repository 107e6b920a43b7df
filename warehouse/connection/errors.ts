import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError, type ErrorParts } from '../../common/errors';
import { redact } from '../../common/redact';

/** What a driver error tells: the server's number where it has one, else the driver's or system's code. */
export interface DriverError {
  readonly message: string;
  readonly number?: number;
  readonly code?: string;
  readonly line?: number;
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
const certificateCodes =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS|HOSTNAME_MISMATCH|certificate|altnames/i;

/** The innermost facts of an error of `mssql`, `tedious` or the network. */
export function driverError(error: unknown): DriverError {
  const facts: { number?: number; code?: string; line?: number; message?: string } = {};
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
    facts.message ||= e.message;
    facts.number ??= e.number ?? e.info?.number;
    facts.line ??= e.lineNumber ?? e.info?.lineNumber;
    if (e.code && (!facts.code || facts.code === 'EREQUEST' || facts.code === 'ESOCKET')) facts.code = e.code;
    inner = e.originalError ?? e.cause ?? e.errors?.[0] ?? e.info;
  }
  return { message: facts.message ?? String(error), number: facts.number, code: facts.code, line: facts.line };
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
      .replace(/(value:?\s*)(?:'[^']*'|"[^"]*"|\([^)]*\))/gi, '$1***')
      .replace(/(converting\b[^']*)'[^']*'( to)/gi, '$1***$2');
  return text.replace(/(Could not convert string )(?:'[^']*'|"[^"]*")/gi, '$1***');
}

/** Why no connection could be made, in words. */
export function connectionFailure(error: unknown, settings: Settings): MedStreamError {
  const { server, port, database, user } = settings.synapse;
  const facts = driverError(error);
  const parts = explain(facts, { server, port, database, user });
  return new MedStreamError({
    code: 'MS4003',
    where: `${server}:${port}, database ${database}`,
    exitCode: ExitCode.unreachable,
    cause: error,
    ...parts,
  });
}

interface Place {
  server: string;
  port: number;
  database: string;
  user?: string;
}

function explain({ number, code, message }: DriverError, place: Place): Pick<ErrorParts, 'what' | 'why' | 'next'> {
  const who = place.user ? `user ${place.user}` : 'the Microsoft Entra identity';
  if (number === 40615 || /is not allowed to access the server/i.test(message)) {
    const address = /IP address '([^']+)'/.exec(message)?.[1];
    return {
      what: 'The firewall of the workspace refuses this machine.',
      why: address && `Its address, as the workspace sees it, is ${address}.`,
      next: 'Add the address under "Networking" of the Synapse workspace, or connect through its private endpoint.',
    };
  }
  if (number === 42108 || /paused/i.test(message))
    return {
      what: 'The dedicated SQL pool is paused.',
      next: `Resume it: az synapse sql pool resume --name ${place.database} --workspace-name NAME --resource-group GROUP. It takes a few minutes.`,
    };
  if (number === 42109 || number === 40613)
    return {
      what: 'The dedicated SQL pool is starting or moving.',
      next: 'Wait a minute, then run the command again.',
    };
  if (number === 18456 || number === 18470 || /login failed/i.test(message))
    return {
      what: `The warehouse does not accept ${who}.`,
      why: 'The name or password is wrong, or the login has no user in this database.',
      next: place.user
        ? 'Check SYNAPSE_USER and SYNAPSE_PASSWORD.'
        : `In the database: CREATE USER [name] FROM EXTERNAL PROVIDER, then grant it its roles (docs/azure.md).`,
    };
  if (number === 4060)
    return {
      what: `The database ${place.database} cannot be opened.`,
      next: 'Check SYNAPSE_DATABASE; it is the name of the dedicated SQL pool.',
    };
  if (number === 40532 || number === 40531)
    return { what: 'No workspace has this name.', next: 'Check SYNAPSE_SERVER: name.sql.azuresynapse.net.' };
  if (certificateCodes.test(`${code} ${message}`))
    return {
      what: `The certificate of the server is not trusted: ${redact(message).replace(/^Failed to connect to \S+ - /, '')}`,
      why: 'MedStream never talks to a warehouse whose certificate it cannot verify.',
      next: 'Let NODE_EXTRA_CA_CERTS name the file of the authority that signed it, and use the host name that the certificate is for.',
    };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return {
      what: `The host name ${place.server} is not known.`,
      next: 'Check SYNAPSE_SERVER (name.sql.azuresynapse.net) and the network.',
    };
  if (code === 'ECONNREFUSED')
    return {
      what: 'Nothing listens there.',
      next: 'Check SYNAPSE_SERVER and SYNAPSE_PORT. For the local stack: `medstream local up`.',
    };
  if (code === 'ETIMEOUT' || code === 'ETIMEDOUT')
    return {
      what: 'The warehouse did not answer in time.',
      why: 'A firewall that drops packets looks like this, and so does a private endpoint from outside its network.',
      next: 'Check the network path to port 1433, or raise SYNAPSE_CONNECT_TIMEOUT (seconds).',
    };
  if (/CredentialUnavailable|AuthenticationRequired|ChainedTokenCredential|DefaultAzureCredential/i.test(message))
    return {
      what: 'No Microsoft Entra token could be had.',
      next: 'Run `az login`, or set AZURE_CLIENT_ID and AZURE_TENANT_ID (docs/azure.md).',
    };
  return {
    what: `The warehouse could not be reached: ${redact(message)}`,
    next: 'Check the SYNAPSE_* settings (docs/settings.md).',
  };
}

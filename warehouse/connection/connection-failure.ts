import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError, type ErrorParts } from '../../common/errors';
import { redact } from '../../common/redact';
import { driverError, type DriverError } from './errors';

/** Why no connection could be made, in words: error MS4003, exit code 3. */
export function connectionFailure(error: unknown, settings: Settings): MedStreamError {
  const { server, port, database, user } = settings.synapse;
  const facts = driverError(error);
  const cause = causes.find(({ when }) => when(facts)) ?? unknown;
  return new MedStreamError({
    code: 'MS4003',
    where: `${server}:${port}, database ${database}`,
    exitCode: ExitCode.unreachable,
    cause: error,
    ...cause.explain(facts, { server, port, database, user }),
  });
}

interface Place {
  server: string;
  port: number;
  database: string;
  user?: string;
}

interface Cause {
  when(facts: DriverError): boolean;
  explain(facts: DriverError, place: Place): Pick<ErrorParts, 'what' | 'why' | 'next'>;
}

/** A cause by the server's error numbers, the driver's codes, or its words: tedious drops the number of an error at login. */
function cause(signs: { numbers?: number[]; codes?: string[]; words?: RegExp }, explain: Cause['explain']): Cause {
  const { numbers = [], codes = [], words } = signs;
  return {
    when: ({ number, code, message }) =>
      numbers.includes(number ?? 0) || codes.includes(code ?? '') || Boolean(words?.test(message)),
    explain,
  };
}

const unverified = 'MedStream never talks to a warehouse whose certificate it cannot verify.';

/** The first that fits explains. Numbers: learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors. */
const causes: readonly Cause[] = [
  cause({ numbers: [40615], words: /is not allowed to access the server/i }, ({ message }) => {
    const address = /IP address '([^']+)'/.exec(message)?.[1];
    return {
      what: 'The firewall of the workspace refuses this machine.',
      why: address && `Its address, as the workspace sees it, is ${address}.`,
      next: 'Add the address under "Networking" of the Synapse workspace, or connect through its private endpoint.',
    };
  }),
  cause({ numbers: [47073], words: /Deny Public Network Access/i }, () => ({
    what: 'The workspace takes no connections from the public network.',
    next: 'Run where its private endpoint is reached, or allow public access under "Networking" of the workspace.',
  })),
  cause({ numbers: [42108], words: /\bpaused\b/i }, (_facts, { database }) => ({
    what: 'The dedicated SQL pool is paused.',
    next: `Resume it: az synapse sql pool resume --name ${database} --workspace-name NAME --resource-group GROUP. It takes a few minutes.`,
  })),
  cause({ numbers: [42109, 40613], words: /warming up|not currently available/i }, () => ({
    what: 'The dedicated SQL pool is starting or moving.',
    next: 'Wait a minute, then run the command again.',
  })),
  cause(
    { numbers: [10928, 10929, 40501, 49918, 49919, 49920], words: /currently busy|Resource ID ?:|Too many/i },
    () => ({
      what: 'The warehouse is too busy to take another connection.',
      next: 'Run the command again later, or with a smaller --concurrency.',
    }),
  ),
  cause({ codes: ['EFEDAUTH'], words: /Credential(Unavailable|\b.*failed)|AuthenticationRequired/i }, ({ detail }) => ({
    what: 'No Microsoft Entra token could be had.',
    why: detail && words(detail).split('\n')[0],
    next: 'Run `az login`, or set AZURE_CLIENT_ID and AZURE_TENANT_ID (docs/azure.md). With SYNAPSE_USER and SYNAPSE_PASSWORD a SQL login is used instead.',
  })),
  cause({ numbers: [4060], words: /^Cannot open database/ }, (_facts, { database }) => ({
    what: `The database ${database} cannot be opened.`,
    next: 'Check SYNAPSE_DATABASE; it is the name of the dedicated SQL pool.',
  })),
  cause({ numbers: [40531, 40532], words: /^(Cannot open server|Server name cannot be determined)/ }, () => ({
    what: 'No workspace has this name.',
    next: 'Check SYNAPSE_SERVER: name.sql.azuresynapse.net.',
  })),
  cause({ numbers: [18456, 18470], words: /login failed/i }, (_facts, { user }) => ({
    what: `The warehouse does not accept ${user ? `user ${user}` : 'the Microsoft Entra identity'}.`,
    why: 'The name or password is wrong, or the login has no user in this database.',
    next: user
      ? 'Check SYNAPSE_USER and SYNAPSE_PASSWORD.'
      : 'In the database: CREATE USER [name] FROM EXTERNAL PROVIDER, then grant it its roles (docs/azure.md).',
  })),
  cause({ words: /requires encryption/i }, () => ({
    what: 'This port of the local stack takes encrypted connections only.',
    next: 'Let SYNAPSE_PORT be its plain port: `medstream local status` shows both.',
  })),
  cause({ codes: ['EENCRYPT'], words: /does not support encryption/i }, () => ({
    what: 'The server offers no encrypted connection.',
    why: 'MedStream talks in plain text to this machine only.',
    next: 'Check SYNAPSE_SERVER and SYNAPSE_PORT: a Synapse workspace always offers TLS.',
  })),
  cause({ codes: ['CERT_HAS_EXPIRED'], words: /certificate has expired/i }, () => ({
    what: 'The certificate of the server has expired.',
    why: unverified,
    next: 'Check the clock of this machine; else whoever runs the server, or a proxy before it, must renew the certificate.',
  })),
  cause({ codes: ['ERR_TLS_CERT_ALTNAME_INVALID'], words: /altnames|HOSTNAME_MISMATCH/i }, (_facts, { server }) => ({
    what: `The certificate of the server is not for ${server}.`,
    why: unverified,
    next: 'Let SYNAPSE_SERVER be the name that the certificate is for (name.sql.azuresynapse.net), not an address or alias.',
  })),
  cause({ words: /certificate|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/i }, ({ message }) => ({
    what: `The certificate of the server is not trusted: ${words(message)}`,
    why: `${unverified} A proxy that opens TLS connections looks like this.`,
    next: 'Let NODE_EXTRA_CA_CERTS name the file of the authority that signed it, as your network people give it.',
  })),
  cause({ codes: ['ENOTFOUND', 'EAI_AGAIN'] }, (_facts, { server }) => ({
    what: `The host name ${server} is not known.`,
    next: 'Check SYNAPSE_SERVER (name.sql.azuresynapse.net) and the network.',
  })),
  cause({ codes: ['ECONNREFUSED'] }, () => ({
    what: 'Nothing listens there.',
    next: 'Check SYNAPSE_SERVER and SYNAPSE_PORT. For the local stack: `medstream local up`.',
  })),
  cause({ codes: ['ETIMEOUT', 'ETIMEDOUT'] }, (_facts, { port }) => ({
    what: 'The warehouse did not answer in time.',
    why: 'A firewall that drops packets looks like this, and so does a private endpoint from outside its network.',
    next: `Check the network path to port ${port}, or raise SYNAPSE_CONNECT_TIMEOUT (seconds).`,
  })),
  cause({ codes: ['ECONNRESET', 'EPIPE', 'ECONNCLOSED', 'ESOCKET'] }, ({ message }) => ({
    what: `The connection was broken before it was ready: ${words(message)}`,
    why: 'A proxy or firewall on the way, or another kind of server on that port, looks like this.',
    next: 'Check SYNAPSE_SERVER and SYNAPSE_PORT (1433), and what stands between.',
  })),
];

const unknown: Cause = cause({}, ({ message }) => ({
  what: `The warehouse could not be reached: ${words(message)}`,
  next: 'Check the SYNAPSE_* settings (docs/settings.md).',
}));

function words(message: string): string {
  return redact(message)
    .replace(/^Failed to connect to \S+ (in \d+ms|- )/, '')
    .trim();
}

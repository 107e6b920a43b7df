import { describe, expect, test } from '@jest/globals';
import { parseSettings } from '../../../azure/settings';
import { synapseConfig } from '../../../azure/synapse';
import { connectionFailure } from '../../../warehouse/connection/connection-failure';
import { isConnectionLost, isTransient, safeMessage } from '../../../warehouse/connection/errors';

const environment = {
  EVENTHUB_NAMESPACE: 'ns.servicebus.windows.net',
  AZURE_STORAGE_ACCOUNT: 'medstream',
  SYNAPSE_SERVER: 'hospital.sql.azuresynapse.net',
  SYNAPSE_DATABASE: 'medstream',
};
const settings = parseSettings({ ...environment, SYNAPSE_USER: 'loader', SYNAPSE_PASSWORD: 'S3cret-word' });
const entra = parseSettings(environment);

/** As `mssql` wraps what `tedious` throws. */
function wrapped(message: string, code: string, inner?: object): Error {
  const original = Object.assign(new Error(message), {
    code,
    ...(inner && { cause: Object.assign(new Error(), inner) }),
  });
  return Object.assign(new Error(message), { name: 'ConnectionError', code, originalError: original });
}

describe('A connection that fails is explained in words', () => {
  // Messages as the services word them; the driver drops the numbers of errors at login.
  test.each([
    [
      "Cannot open server 'hospital' requested by the login. Client with IP address '203.0.113.9' is not allowed to access the server.",
      /firewall of the workspace refuses this machine/,
      /203\.0\.113\.9/,
    ],
    [
      'Reason: An instance-specific error occurred. Deny Public Network Access is set to Yes.',
      /no connections from the public/,
      /private endpoint/,
    ],
    [
      'Can not connect to the SQL pool since it is paused. Please resume the SQL pool and try again.',
      /pool is paused/,
      /az synapse sql pool resume --name medstream/,
    ],
    ['The SQL pool is warming up. Please try again.', /starting or moving/, /Wait a minute/],
    ["Database 'medstream' on server 'hospital' is not currently available.", /starting or moving/, /Wait a minute/],
    ['The service is currently busy. Retry the request after 10 seconds.', /too busy/, /--concurrency/],
    ["Login failed for user 'loader'.", /does not accept user loader/, /SYNAPSE_PASSWORD/],
    [
      'Cannot open database "medstream" requested by the login. The login failed.',
      /database medstream cannot be opened/,
      /SYNAPSE_DATABASE/,
    ],
    [
      'Cannot open server "hospitl" requested by the login.  The login failed.',
      /No workspace has this name/,
      /SYNAPSE_SERVER/,
    ],
  ])('%s', (message, what, help) => {
    const text = connectionFailure(wrapped(message, 'ELOGIN'), settings).toText();
    expect(text).toMatch(what);
    expect(text).toMatch(help);
    expect(text).toMatch(/hospital\.sql\.azuresynapse\.net:1433/);
  });

  test.each([
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'self-signed certificate',
      /not trusted: self-signed certificate/,
      /NODE_EXTRA_CA_CERTS/,
    ],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate', /not trusted/, /NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', 'certificate has expired', /has expired/, /clock of this machine/],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      "Hostname/IP does not match certificate's altnames: Host: x.",
      /is not for hospital/,
      /SYNAPSE_SERVER be the name/,
    ],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND hospital.sql.azuresynapse.net', /host name .* is not known/, /SYNAPSE_SERVER/],
    ['ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:1433', /Nothing listens there/, /SYNAPSE_PORT/],
    ['ECONNRESET', 'socket hang up', /broken before it was ready/, /proxy or firewall/],
  ])('%s', (code, message, what, help) => {
    const text = connectionFailure(
      wrapped(`Failed to connect to hospital.sql.azuresynapse.net:1433 - ${message}`, 'ESOCKET', { code, message }),
      settings,
    ).toText();
    expect(text).toMatch(what);
    expect(text).toMatch(help);
  });

  test('time-outs, encryption and tokens', () => {
    const text = (error: Error, of = settings): string => connectionFailure(error, of).toText();
    expect(text(wrapped('Failed to connect to hospital:1433 in 30000ms', 'ETIMEOUT'))).toMatch(
      /SYNAPSE_CONNECT_TIMEOUT/,
    );
    expect(text(wrapped('Server does not support encryption', 'EENCRYPT'))).toMatch(/no encrypted connection/);
    const token = wrapped('Security token could not be authenticated or authorized.', 'EFEDAUTH', {
      message: 'ChainedTokenCredential authentication failed.\nEnvironmentCredential is unavailable.',
    });
    expect(text(token, entra)).toMatch(
      /No Microsoft Entra token[\s\S]*ChainedTokenCredential authentication failed\.\n[\s\S]*az login/,
    );
    expect(text(wrapped("Login failed for user '<token-identified principal>'.", 'ELOGIN'), entra)).toMatch(
      /FROM EXTERNAL PROVIDER/,
    );
  });

  test('exit code 3, and never a secret', () => {
    const failure = connectionFailure(wrapped('odd: Password=S3cret-word;', 'EODD'), settings);
    expect(failure).toMatchObject({ code: 'MS4003', exitCode: 3 });
    expect(failure.toText()).not.toContain('S3cret-word');
  });
});

describe('The configuration of a connection', () => {
  test('TLS with a verified certificate for anything but loopback', () => {
    expect(synapseConfig(settings).options).toMatchObject({ encrypt: true, trustServerCertificate: false });
    const local = parseSettings({ ...environment, SYNAPSE_SERVER: '127.0.0.1' });
    expect(synapseConfig(local).options).toMatchObject({ encrypt: false });
  });

  test('a SQL login, or a Microsoft Entra credential that each connection asks anew; time-outs as set', () => {
    expect(synapseConfig(settings)).toMatchObject({ user: 'loader', password: 'S3cret-word' });
    const slow = parseSettings({ ...environment, SYNAPSE_CONNECT_TIMEOUT: '7', SYNAPSE_REQUEST_TIMEOUT: '90' });
    expect(synapseConfig(slow)).toMatchObject({
      connectionTimeout: 7000,
      requestTimeout: 90_000,
      authentication: {
        type: 'token-credential',
        options: { credential: { getToken: expect.any(Function) as unknown } },
      },
    });
  });
});

describe('Errors of statements', () => {
  const request = (number: number, message: string): Error =>
    Object.assign(new Error(message), { code: 'EREQUEST', number });

  test('only what may pass by itself is tried again', () => {
    const transient = [1205, 40501, 40613, 49918, 10928].map((number) => isTransient(request(number, 'x')));
    const lasting = [102, 208, 547, 2627, 8134, 245, 50000].map((number) => isTransient(request(number, 'x')));
    expect({ transient, lasting }).toEqual({ transient: Array(5).fill(true), lasting: Array(7).fill(false) });
    expect(isTransient(wrapped('socket hang up', 'ESOCKET', { code: 'ECONNRESET' }))).toBe(true);
    expect(isTransient(wrapped('Timeout: Request failed to complete in 15000ms', 'ETIMEOUT'))).toBe(false);
    expect([isConnectionLost(wrapped('x', 'ECONNRESET')), isConnectionLost(request(1205, 'x'))]).toEqual([true, false]);
  });

  test('no value of a row gets into a message', () => {
    expect(
      safeMessage(request(245, "Conversion failed when converting the varchar value 'Smith, Ann' to data type int.")),
    ).not.toContain('Smith');
    expect(safeMessage(request(2627, 'Violation of PRIMARY KEY. The duplicate key value is (Smith).'))).not.toContain(
      'Smith',
    );
  });
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Login7Payload from 'tedious/lib/login7-payload';
import PreloginPayload from 'tedious/lib/prelogin-payload';
import { parseLogin7 } from '../../../../../local/synapse/wire/login7';
import { buildPrelogin, Encryption, parsePrelogin } from '../../../../../local/synapse/wire/prelogin';
import { negotiateVersion, ProtocolError, TdsVersion } from '../../../../../local/synapse/wire/protocol';

function login(): Login7Payload {
  const payload = new Login7Payload({
    tdsVersion: TdsVersion.v74,
    packetSize: 8000,
    clientProgVer: 0,
    clientPid: 1,
    connectionId: 0,
    clientTimeZone: 0,
    clientLcid: 0x409,
  });
  payload.hostname = 'läptop';
  payload.userName = 'medstream';
  payload.password = 'pässword €';
  payload.appName = 'app';
  payload.serverName = 'server';
  payload.libraryName = 'Tedious';
  payload.language = 'us_english';
  payload.database = 'medstream';
  payload.clientId = Buffer.alloc(6);
  return payload;
}

test('LOGIN7 of tedious is read field by field', () => {
  const parsed = parseLogin7(login().toBuffer());
  expect(parsed).toMatchObject({
    tdsVersion: TdsVersion.v74,
    packetSize: 8000,
    host: 'läptop',
    user: 'medstream',
    password: 'pässword €',
    application: 'app',
    library: 'Tedious',
    database: 'medstream',
    integrated: false,
  });
  expect(parsed.federated).toBeUndefined();
});

test('an access token in LOGIN7 is found', () => {
  const payload = login();
  payload.fedAuth = { type: 'SECURITYTOKEN', echo: true, fedAuthToken: 'a.b.c' };
  expect(parseLogin7(payload.toBuffer()).federated).toEqual({ library: 'securityToken', token: 'a.b.c' });
});

test('LOGIN7 that is cut anywhere or has wild offsets is refused or read, never worse', () => {
  const whole = login().toBuffer();
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: whole.length }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), {
        maxLength: 6,
      }),
      (length, changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          parseLogin7(bytes.subarray(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      },
    ),
    { numRuns: 500, seed: 2 },
  );
});

test('PRELOGIN of tedious is read, and tedious reads the answer', () => {
  const asked = new PreloginPayload({ encrypt: true, version: { major: 1, minor: 2, build: 3, subbuild: 4 } });
  expect(parsePrelogin(asked.data)).toEqual({
    encryption: Encryption.on,
    mars: false,
    federatedRequired: true,
    namesFederation: true,
  });
  const answer = new PreloginPayload(
    buildPrelogin({ encryption: Encryption.required, mars: false, federatedRequired: true }),
  );
  expect(answer.encryptionString).toBe('REQ');
  expect(answer.version.major).toBe(12);
});

test('PRELOGIN without an end, or with an option outside, is refused', () => {
  expect(() => parsePrelogin(Buffer.from([1, 0, 26, 0, 1]))).toThrow(ProtocolError);
  expect(() => parsePrelogin(Buffer.from([1, 0, 200, 0, 1, 0xff]))).toThrow(ProtocolError);
});

test.each([
  [TdsVersion.v80, TdsVersion.v80],
  [TdsVersion.v74, TdsVersion.v74],
  [0x74000099, TdsVersion.v74],
  [0x730a0003, TdsVersion.v73a],
  [0x72090002, TdsVersion.v72],
  [0x71000000, TdsVersion.v71],
  [0x70000000, TdsVersion.v70],
  [0x71000001, TdsVersion.v71],
])('version %i is answered by %i', (asked, given) => {
  expect(negotiateVersion(asked)).toBe(given);
});

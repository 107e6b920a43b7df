import { describe, expect, test } from '@jest/globals';
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  DataLakeFileClient,
  DataLakeServiceClient,
  FileSystemSASPermissions,
  generateAccountSASQueryParameters,
  generateDataLakeSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-file-datalake';
import { account, accountKey, expectRefused, namesOf, serviceAt, useLake } from '../support/data-lake';

// On Azure MedStream signs in with Microsoft Entra, never with keys: these run on the stand-in only.
describe('Data Lake: shared key and SAS (stand-in)', () => {
  const lake = useLake(undefined);
  const credential = new StorageSharedKeyCredential(account, accountKey);
  const inAnHour = () => new Date(Date.now() + 3_600_000);
  const once = { retryOptions: { maxTries: 1 } };
  const at = (name: string, sas: string) =>
    new DataLakeFileClient(`${lake.local!.url}/${lake.container.name}/${name}?${sas}`, undefined, once);
  const containerSas = (permissions: string, more: object = {}) =>
    generateDataLakeSASQueryParameters(
      {
        fileSystemName: lake.container.name,
        permissions: FileSystemSASPermissions.parse(permissions),
        expiresOn: inAnHour(),
        ...more,
      },
      credential,
    ).toString();

  test('a container SAS reads and writes', async () => {
    const file = at('sas/a.json', containerSas('racwdl'));
    await file.upload(Buffer.from('s'));
    expect((await file.readToBuffer()).toString()).toBe('s');
    await file.delete();
  });

  test('a SAS with a changed signature, permission or time gets 403', async () => {
    await lake.container.getFileClient('a.json').upload(Buffer.from('x'));
    const sas = containerSas('r');
    for (const forged of [
      sas.replace(/sig=....../, 'sig=AAAAAA'),
      sas.replace('sp=r', 'sp=rw'),
      sas.replace(/se=\d{4}/, 'se=2999'),
    ]) {
      expect(forged).not.toBe(sas);
      await expectRefused(at('a.json', forged).getProperties(), 403, 'AuthenticationFailed');
    }
  });

  test('an expired SAS and one of the future get 403', async () => {
    const past = { startsOn: new Date(Date.now() - 7_200_000), expiresOn: new Date(Date.now() - 1000) };
    await expectRefused(at('a.json', containerSas('r', past)).getProperties(), 403, 'AuthenticationFailed');
    const future = { startsOn: new Date(Date.now() + 60_000) };
    await expectRefused(at('a.json', containerSas('r', future)).getProperties(), 403, 'AuthenticationFailed');
  });

  test('a SAS does only what it permits', async () => {
    const code = 'AuthorizationPermissionMismatch';
    const reader = at('a.json', containerSas('r'));
    await reader.getProperties();
    await expectRefused(reader.create(), 403, code);
    await expectRefused(reader.delete(), 403, code);
    await expectRefused(reader.setMetadata({}), 403, code);
    await expectRefused(at('a.json', containerSas('cw')).read(), 403, code);
    await expectRefused(reader.move(lake.container.name, 'b.json'), 403);
  });

  test('a SAS of one file is for that file, of a directory for what is below it', async () => {
    const file = containerSas('r', { pathName: 'a.json' });
    await at('a.json', file).getProperties();
    await expectRefused(at('b.json', file).getProperties(), 403);
    await lake.container.getFileClient('d/e/f.json').upload(Buffer.from('x'));
    const directory = containerSas('r', { pathName: 'd/e', isDirectory: true, directoryDepth: 2 });
    await at('d/e/f.json', directory).getProperties();
    await expectRefused(at('a.json', directory).getProperties(), 403);
  });

  test('an address or protocol that the SAS does not allow gets 403', async () => {
    await expectRefused(at('a.json', containerSas('r', { ipRange: { start: '10.0.0.1' } })).getProperties(), 403);
    await expectRefused(at('a.json', containerSas('r', { protocol: 'https' })).getProperties(), 403);
    await at('a.json', containerSas('r', { ipRange: { start: '127.0.0.1' } })).getProperties();
  });

  test('an account SAS works within its services, resource types and permissions', async () => {
    const service = (permissions: string, types: string) => {
      const sas = generateAccountSASQueryParameters(
        {
          expiresOn: inAnHour(),
          permissions: AccountSASPermissions.parse(permissions),
          services: AccountSASServices.parse('b').toString(),
          resourceTypes: AccountSASResourceTypes.parse(types).toString(),
        },
        credential,
      ).toString();
      return new DataLakeServiceClient(`${lake.local!.url}?${sas}`, undefined, once);
    };
    expect(await namesOf(service('rl', 'sco').listFileSystems())).toContain(lake.container.name);
    await expectRefused(namesOf(service('rl', 'co').listFileSystems()), 403, 'AuthorizationResourceTypeMismatch');
    await expectRefused(service('rl', 'sco').getFileSystemClient('newone').create(), 403);
  });

  test('a wrong key gets 403, no credentials get 401', async () => {
    const wrong = serviceAt(lake.local!.url, Buffer.alloc(64).toString('base64'));
    const file = wrong.getFileSystemClient(lake.container.name).getFileClient('a.json');
    await expectRefused(file.getProperties(), 403, 'AuthenticationFailed');
    await expectRefused(at('a.json', '').getProperties(), 401, 'NoAuthenticationInformation');
  });

  test('a signature does not outlive its request: an old date gets 403', async () => {
    const answer = await fetch(`${lake.local!.url}/${lake.container.name}/a.json`, {
      headers: {
        authorization: `SharedKey ${account}:AAAA`,
        'x-ms-date': new Date(Date.now() - 3_600_000).toUTCString(),
      },
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('15 minutes');
  });
});

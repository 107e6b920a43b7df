import { expect, test } from '@jest/globals';
import { withKeyVault } from '../../../azure/key-vault';

const vault = { KEY_VAULT_URL: 'https://v.vault.azure.net' };
const secrets: Record<string, string> = {
  'eventhub-connection-string': 'Endpoint=sb://x',
  'azure-storage-connection-string': 'AccountName=x',
  'synapse-password': 'from the vault',
};

test('without KEY_VAULT_URL the environment stays as it is', async () => {
  const env = { SYNAPSE_USER: 'loader' };
  expect(await withKeyVault(env, async (name) => secrets[name])).toBe(env);
});

test('reads only what is wanted: a password for a SQL user, no connection strings where Entra names the service', async () => {
  const asked: string[] = [];
  const env = { ...vault, EVENTHUB_NAMESPACE: 'n', AZURE_STORAGE_ACCOUNT: 'a', SYNAPSE_USER: 'loader' };
  const completed = await withKeyVault(env, async (name) => (asked.push(name), secrets[name]));
  expect(asked).toEqual(['synapse-password']);
  expect(completed['SYNAPSE_PASSWORD']).toBe('from the vault');
});

test('the environment wins over the vault', async () => {
  const env = { ...vault, SYNAPSE_USER: 'loader', SYNAPSE_PASSWORD: 'own' };
  expect((await withKeyVault(env, async (name) => secrets[name]))['SYNAPSE_PASSWORD']).toBe('own');
});

test('an unreadable vault is an error that names the secret and the variable, exit code 3', async () => {
  const denied = async () => Promise.reject(new Error('403'));
  await expect(
    withKeyVault({ ...vault, SYNAPSE_USER: 'x', EVENTHUB_NAMESPACE: 'n', AZURE_STORAGE_ACCOUNT: 'a' }, denied),
  ).rejects.toMatchObject({
    code: 'MS6005',
    exitCode: 3,
    why: expect.stringContaining('SYNAPSE_PASSWORD'),
  });
});

import { describe, expect, test } from '@jest/globals';
import { isLoopback, parseSettings, usesLocalStack } from '../../../azure/settings';

const azure = {
  EVENTHUB_NAMESPACE: 'ns.servicebus.windows.net',
  AZURE_STORAGE_ACCOUNT: 'medstream',
  SYNAPSE_SERVER: 'pool.sql.azuresynapse.net',
  SYNAPSE_DATABASE: 'medstream',
};

describe('parseSettings', () => {
  test('reads a whole Azure environment with Entra credentials, and freezes it', () => {
    const settings = parseSettings(azure);
    expect(settings.synapse).toMatchObject({ server: 'pool.sql.azuresynapse.net', port: 1433, user: undefined });
    expect(settings.eventHubs).toMatchObject({ name: 'encounters', consumerGroup: '$Default' });
    expect(Object.isFrozen(settings.synapse)).toBe(true);
  });

  test('asks a verb that needs the warehouse only for nothing else', () => {
    const warehouse = { SYNAPSE_SERVER: azure.SYNAPSE_SERVER, SYNAPSE_DATABASE: azure.SYNAPSE_DATABASE };
    expect(parseSettings(warehouse, ['synapse']).synapse.database).toBe('medstream');
    expect(() => parseSettings(warehouse)).toThrow('EVENTHUB_NAMESPACE');
    expect(() => parseSettings({ ...azure, SYNAPSE_SERVER: '' }, ['synapse'])).toThrow('SYNAPSE_SERVER');
  });

  test.each([
    [{ ...azure, SYNAPSE_PORT: 'x' }, 'SYNAPSE_PORT'],
    [{ ...azure, SYNAPSE_PORT: '70000' }, 'SYNAPSE_PORT'],
    [{ ...azure, EVENTHUB_NAMESPACE: '' }, 'EVENTHUB_NAMESPACE'],
    [{ ...azure, SYNAPSE_USER: 'loader' }, 'SYNAPSE_PASSWORD'],
    [{ ...azure, AZURE_STORAGE_ACCOUNT: 'Not_An_Account' }, 'AZURE_STORAGE_ACCOUNT'],
    [
      { ...azure, EVENTHUB_CONNECTION_STRING: 'Endpoint=sb://ns.servicebus.windows.net;UseDevelopmentEmulator=true' },
      'EVENTHUB_CONNECTION_STRING',
    ],
    [
      {
        ...azure,
        AZURE_STORAGE_CONNECTION_STRING:
          'AccountName=a;AccountKey=k;BlobEndpoint=https://a.blob.core.windows.net;EndpointSuffix=core.windows.net',
      },
      'AZURE_STORAGE_CONNECTION_STRING',
    ],
  ])('names the variable that is wrong (%#)', (env, variable) => {
    expect(() => parseSettings(env)).toThrow(variable);
  });

  test('never repeats a secret', () => {
    const env = { ...azure, AZURE_STORAGE_CONNECTION_STRING: 'AccountName=a;AccountKey=TOPSECRET' };
    expect(() => parseSettings(env)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('TOPSECRET') }),
    );
  });
});

test('usesLocalStack is true only when no service is named', () => {
  expect(usesLocalStack({ MEDSTREAM_HOME: '/tmp/x' })).toBe(true);
  expect(usesLocalStack({ SYNAPSE_SERVER: 'x' })).toBe(false);
});

test.each([
  ['127.0.0.1', true],
  ['localhost', true],
  ['[::1]', true],
  ['127.0.0.1.evil.com', false],
  ['10.0.0.1', false],
])('isLoopback(%s) is %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

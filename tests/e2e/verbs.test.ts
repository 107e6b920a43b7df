import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../common/project-root';
import { medstream, newFolder } from '../support/medstream';

const verbs =
  'start,local up,local status,local reset,generate,produce,land,load,copy,run,test,compile,plan,ls,rollback,export,status,dashboard'.split(
    ',',
  );

describe('the command line', () => {
  const folder = newFolder();

  it.each(verbs)('%s has help with an example and the global flags', async (verb) => {
    const help = await medstream(folder, [...verb.split(' '), '--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain(`Example:\n  medstream ${verb}`);
    expect(help.stdout).toMatch(/--json .*one JSON document/);
  });

  it.each(['run', 'plan', 'ls', 'rollback'])('the selection in the example of %s takes something', async (verb) => {
    const { stdout } = await medstream(folder, [verb, '--help']);
    const [, quoted, bare] = /^ {2}medstream .*--select (?:"([^"]+)"|(\S+))/m.exec(stdout)!;
    const listed = await medstream(folder, ['ls', '--project', projectRoot, '--select', quoted ?? bare!, '--json']);
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('"action"') });
  });

  it('suggests the near verb', async () => {
    const { code, stdout, stderr } = await medstream(folder, ['statsu']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^MS1002: Wrong usage: unknown command 'statsu'\.\n {2}next: {2}Did you mean status\?\n$/);
  });

  it('suggests the near flag', async () => {
    const { code, stderr } = await medstream(folder, ['start', '--patient', '3']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^MS1002: .*unknown option '--patient'[\s\S]*--patients/);
  });

  it('says what a flag may be, in one sentence, and where its help is', async () => {
    const { code, stderr } = await medstream(folder, ['produce', '--data', 'data', '--dirty', '2']);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^MS1002: .*It must be between 0 and 1\.\n {2}next: {2}medstream produce --help shows its flags\.\n$/,
    );
  });

  it('a verb that needs a sub-command shows the sub-commands', async () => {
    const { code, stdout, stderr } = await medstream(folder, ['local']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: medstream local [\s\S]*\bup \[options\][\s\S]*\breset \[options\]/);
  });

  it('prints one JSON document for an error too', async () => {
    const { code, stdout, stderr } = await medstream(folder, ['load', '--data', 'nowhere', '--json']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'MS2101', where: expect.stringContaining('nowhere') } });
  });

  it('names the setting that is wrong, before any work', async () => {
    const { code, stderr } = await medstream(folder, ['land'], {
      EVENTHUB_NAMESPACE: 'hub.servicebus.windows.net',
      SYNAPSE_SERVER: 'pool.sql.azuresynapse.net',
      SYNAPSE_DATABASE: 'pool',
      SYNAPSE_PORT: 'seven',
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^MS1001: .*SYNAPSE_PORT/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['status', 'SYNAPSE_DATABASE'],
    ['run', 'SYNAPSE_DATABASE'],
    ['land', 'AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT'],
    ['land --capture folder', 'AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT'],
    ['load --data data', 'AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT'],
  ])('%s asks for the settings of what it uses only', async (verb, missing) => {
    const { code, stderr } = await medstream(folder, verb.split(' '), {
      EVENTHUB_NAMESPACE: 'hub.servicebus.windows.net',
      SYNAPSE_SERVER: 'pool.sql.azuresynapse.net',
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^MS1001: Setting ${missing} is missing\\.\\n`));
  });

  it('keeps secrets out of messages about settings', async () => {
    const secret = 'c2VjcmV0LXZhbHVl';
    const { code, stdout, stderr } = await medstream(folder, ['copy'], {
      EVENTHUB_CONNECTION_STRING: `Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=k;SharedAccessKey=${secret}`,
      AZURE_STORAGE_CONNECTION_STRING: `AccountName=real;AccountKey=${secret};BlobEndpoint=https://real.blob.core.windows.net`,
      SYNAPSE_SERVER: 'pool',
    });
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(secret);
    expect(stderr).toContain('SYNAPSE_DATABASE is missing');
  });
});

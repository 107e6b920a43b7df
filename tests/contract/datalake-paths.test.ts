import { expect, test } from '@jest/globals';
import { expectRefused, namesOf, useLake } from '../support/data-lake';
import { describeTargets } from '../support/targets';

describeTargets('Data Lake: containers, lists, renames, leases', (azure) => {
  const lake = useLake(azure);
  const fill = async (...names: string[]) => {
    for (const name of names) await lake.container.getFileClient(name).upload(Buffer.from(name));
  };
  const read = async (name: string) => (await lake.container.getFileClient(name).readToBuffer()).toString();

  test('a container is created once', async () => {
    await expectRefused(lake.container.create(), 409, 'ContainerAlreadyExists');
    expect((await lake.container.createIfNotExists()).succeeded).toBe(false);
    expect(await lake.container.exists()).toBe(true);
    expect(await namesOf(lake.service.listFileSystems())).toContain(lake.container.name);
  });

  test('metadata of a container', async () => {
    await lake.container.setMetadata({ layer: 'bronze' });
    expect((await lake.container.getProperties()).metadata).toEqual({ layer: 'bronze' });
  });

  test('a container name that breaks the rules gets 400', async () => {
    await expectRefused(lake.service.getFileSystemClient('Bronze').create(), 400, 'InvalidResourceName');
    await expectRefused(lake.service.getFileSystemClient('a--b').create(), 400, 'InvalidResourceName');
  });

  test('a deleted container is gone with all it held', async () => {
    const other = lake.service.getFileSystemClient(`${lake.container.name}-2`);
    await other.create();
    await other.getFileClient('a/b').upload(Buffer.from('x'));
    await other.delete();
    await expectRefused(other.getFileClient('a/b').getProperties(), 404);
  });

  test('lists are ordered, recursive or not', async () => {
    await fill('list/b/2.txt', 'list/b/1.txt', 'list/a.txt', 'list/c/d/e.txt');
    const all: string[] = [];
    for await (const item of lake.container.listPaths({ path: 'list', recursive: true }))
      all.push(`${item.isDirectory ? 'D' : 'F'} ${item.name}`);
    expect(all).toEqual([
      'F list/a.txt',
      'D list/b',
      'F list/b/1.txt',
      'F list/b/2.txt',
      'D list/c',
      'D list/c/d',
      'F list/c/d/e.txt',
    ]);
    expect(await namesOf(lake.container.listPaths({ path: 'list' }))).toEqual(['list/a.txt', 'list/b', 'list/c']);
  });

  test('a list in pages of any size misses and repeats nothing', async () => {
    await fill('pages/a/1', 'pages/a/2', 'pages/b', 'pages/a.b', 'pages/c/d/e', 'pages/c/d/f', 'pages/z');
    const whole = await namesOf(lake.container.listPaths({ path: 'pages', recursive: true }));
    for (const maxPageSize of [1, 2, 3]) {
      const names: string[] = [];
      let continuationToken: string | undefined;
      do {
        const pages = lake.container
          .listPaths({ path: 'pages', recursive: true })
          .byPage({ maxPageSize, continuationToken });
        const { value } = (await pages.next()) as { value: { pathItems?: { name?: string }[]; continuation?: string } };
        expect(value.pathItems!.length).toBeLessThanOrEqual(maxPageSize);
        names.push(...value.pathItems!.map((item) => item.name!));
        continuationToken = value.continuation;
      } while (continuationToken);
      expect(names).toEqual(whole);
    }
    expect(whole).toHaveLength(10);
  });

  test('a list of a directory that is not there gets 404', async () => {
    await expectRefused(namesOf(lake.container.listPaths({ path: 'nope' })), 404, 'PathNotFound');
  });

  test('a file moves with its metadata', async () => {
    await lake.container.getFileClient('mv/m.json').upload(Buffer.from('{}'), { metadata: { rows: '1' } });
    await lake.container.getFileClient('mv/m.json').move('mv/m2.json');
    expect((await lake.container.getFileClient('mv/m2.json').getProperties()).metadata).toEqual({ rows: '1' });
    expect(await lake.container.getFileClient('mv/m.json').exists()).toBe(false);
  });

  test('a rename with If-None-Match * never replaces a file', async () => {
    await fill('once/a', 'once/b');
    const once = { destinationConditions: { ifNoneMatch: '*' } };
    await expectRefused(lake.container.getFileClient('once/a').move('once/b', once), 409, 'PathAlreadyExists');
    expect([await read('once/a'), await read('once/b')]).toEqual(['once/a', 'once/b']);
    await lake.container.getFileClient('once/a').move('once/c', once);
    expect(await read('once/c')).toBe('once/a');
  });

  test('a rename without conditions replaces a file and its metadata', async () => {
    await fill('over/a');
    await lake.container.getFileClient('over/b').upload(Buffer.from('old'), { metadata: { was: 'b' } });
    await lake.container.getFileClient('over/a').move('over/b');
    expect(await read('over/b')).toBe('over/a');
    expect((await lake.container.getFileClient('over/b').getProperties()).metadata).toEqual({});
  });

  test('of ten renames to one name exactly one succeeds', async () => {
    const names = Array.from({ length: 10 }, (_, i) => `race/${i}`);
    await fill(...names);
    const once = { destinationConditions: { ifNoneMatch: '*' } };
    const moves = names.map((name) => lake.container.getFileClient(name).move('race/target', once));
    const outcomes = await Promise.allSettled(moves);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(await namesOf(lake.container.listPaths({ path: 'race' }))).toHaveLength(10);
  });

  test('a directory moves whole, with the metadata of its files', async () => {
    await lake.container.getFileClient('_tmp/x/p.json').upload(Buffer.from('1'), { metadata: { k: 'v' } });
    await lake.container.getDirectoryClient('_tmp/x').move('silver');
    expect(await read('silver/p.json')).toBe('1');
    expect((await lake.container.getFileClient('silver/p.json').getProperties()).metadata).toEqual({ k: 'v' });
    expect(await lake.container.getDirectoryClient('_tmp/x').exists()).toBe(false);
  });

  test('renames that cannot be: no source, no parent, a full directory', async () => {
    await fill('ren/full/x', 'ren/d/y');
    await expectRefused(lake.container.getFileClient('ren/no').move('ren/z'), 404, 'SourcePathNotFound');
    await expectRefused(lake.container.getDirectoryClient('ren/d').move('nowhere/z'), 404);
    await expectRefused(lake.container.getDirectoryClient('ren/d').move('ren/full'), 409);
    expect(await read('ren/d/y')).toBe('ren/d/y');
  });

  test('a directory with content is deleted only recursively', async () => {
    await fill('del/a/b', 'del/c');
    const directory = lake.container.getDirectoryClient('del');
    await expectRefused(directory.delete(false), 409, 'DirectoryNotEmpty');
    await directory.delete(true);
    expect(await lake.container.getFileClient('del/a/b').exists()).toBe(false);
    await fill('del/c');
    expect((await lake.container.getFileClient('del/c').getProperties()).metadata).toEqual({});
  });

  test('a lease keeps others from writing', async () => {
    await fill('lease.txt');
    const file = lake.container.getFileClient('lease.txt');
    const lease = file.getDataLakeLeaseClient();
    const { leaseId } = await lease.acquireLease(15);
    await expectRefused(file.setMetadata({ a: 'b' }), 412, 'LeaseIdMissing');
    await expectRefused(file.delete(), 412);
    await expectRefused(file.getDataLakeLeaseClient().acquireLease(15), 409, 'LeaseAlreadyPresent');
    await file.setMetadata({ a: 'b' }, { conditions: { leaseId } });
    await lease.renewLease();
    expect((await file.getProperties()).leaseState).toBe('leased');
    await lease.releaseLease();
    await file.setMetadata({ a: 'c' });
    expect((await file.getProperties()).leaseState).toBe('available');
  });

  test('a lease that is broken is free at once', async () => {
    await fill('break.txt');
    const file = lake.container.getFileClient('break.txt');
    await file.getDataLakeLeaseClient().acquireLease(-1);
    await file.getDataLakeLeaseClient().breakLease(0);
    await file.setMetadata({ a: 'b' });
    await file.getDataLakeLeaseClient().acquireLease(15);
    await expectRefused(file.getDataLakeLeaseClient('not-a-guid').acquireLease(5), 400);
  });

  test('permissions are kept', async () => {
    await fill('acl.txt');
    const file = lake.container.getFileClient('acl.txt');
    const none = { read: false, write: false, execute: false };
    const owner = { read: true, write: true, execute: false };
    await file.setPermissions({ owner, group: none, other: none, stickyBit: false, extendedAcls: false });
    expect((await file.getAccessControl()).permissions?.owner).toEqual(owner);
    expect((await file.getAccessControl()).permissions?.group).toEqual(none);
  });
});

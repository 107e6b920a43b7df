import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../common/project-root';

const folders = ['azure', 'cli', 'common', 'dashboard', 'exports', 'ingestion', 'local', 'simulator', 'warehouse'];

/** Error codes in all files of a folder whose names end so. */
function codesIn(folder: string, ending: string): Set<string> {
  const files = readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(path.join(projectRoot, folder, file), 'utf8'));
  return new Set(texts.join('\n').match(/\bMS\d{4}\b/g));
}

test('the pages in docs/ tell of every error code, and of no other', () => {
  const raised = new Set(folders.flatMap((folder) => [...codesIn(folder, '.ts')]));
  expect([...codesIn('docs', '.md')].toSorted()).toEqual([...raised].toSorted());
  expect(raised.size).toBeGreaterThan(40);
});

import { expect, test } from '@jest/globals';
import { projectRoot } from '../../../common/project-root';
import { createBronze } from '../../../ingestion/copy/bronze-tables';
import { compileProject } from '../../../warehouse';

/** Models may import nothing of `ingestion/`, so the list of bronze tables stands with them again. */
test('the tables that copy makes are those that models declare and whose rows they account for', () => {
  const { compiled } = compileProject({ projectDir: projectRoot });
  const found = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name]) => name!));
  const made = found(createBronze().join('\n'), /CREATE TABLE \[?bronze\]?\.\[?(\w+)/g);
  const declared = (compiled.declarations ?? [])
    .filter(({ target }) => target?.schema === 'bronze')
    .map(({ target }) => target!.name);
  const hops = compiled.tables!.find(({ target }) => target?.name === 'hop_counts')!;
  const counted = found(hops.query!, /'lake to bronze\.(\w+)'/g);

  expect(made.size).toBe(13);
  expect(declared.toSorted()).toEqual([...made].toSorted());
  expect([...counted, 'load_ledger'].toSorted()).toEqual([...made].toSorted());
});

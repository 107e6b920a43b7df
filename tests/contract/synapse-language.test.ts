import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../common/project-root';
import { startTSql, type TSqlServer } from '../support/tsql';
import { asAnswered, expected, readAnswers } from '../support/tsql-answers';
import { writeLake } from '../support/tsql-lake';

/** Statements of tests/fixtures/tsql-answers with the exact rows, types or error that a dedicated SQL pool gives; through `mssql`. */
const folder = path.join(projectRoot, 'tests', 'fixtures', 'tsql-answers');
const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));

describe.each(files)('%s', (file) => {
  let server: TSqlServer;
  beforeAll(async () => {
    server = await startTSql();
    if (file === 'lake.sql') await writeLake(server);
  });
  afterAll(() => server.stop());

  test.each(readAnswers(path.join(folder, file)).map((one) => [`line ${one.line}`, one] as const))(
    '%s',
    async (_line, one) => {
      const outcome = await server.run(one.script);
      expect({ script: one.script, ...asAnswered(one, outcome) }).toEqual({ script: one.script, ...expected(one) });
    },
  );
});

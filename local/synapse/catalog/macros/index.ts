/** Installs the macros behind a marker that holds the hash of their text. */
import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { COLLATION } from './collation';
import { DATES } from './dates';
import { HIJRI } from './hijri';
import { JSON_MACROS } from './json';
import { NUMBERS } from './numbers';
import { STRINGS } from './strings';

const MACROS = [...NUMBERS, ...STRINGS, ...COLLATION, ...DATES, ...HIJRI, ...JSON_MACROS];

/** Creates or replaces all macros in schema `tsql` when the database has another version of them. */
export async function installMacros(connection: DuckDBConnection): Promise<void> {
  const hash = createHash('sha256').update(MACROS.join('\n')).digest('hex');
  await connection.run('CREATE TABLE IF NOT EXISTS tsql.marker (name VARCHAR, value VARCHAR)');
  const found = await connection.runAndReadAll("SELECT value FROM tsql.marker WHERE name = 'macros'");
  if (found.getRows()[0]?.[0] === hash) return;
  await connection.run('BEGIN TRANSACTION');
  let todo = MACROS.map((macro) => `CREATE OR REPLACE MACRO tsql.${macro}`);
  // A macro can only be created after those it calls.
  while (todo.length) {
    const later: string[] = [];
    let failure: unknown;
    for (const sql of todo) {
      try {
        await connection.run(sql);
      } catch (error) {
        later.push(sql);
        failure = error;
      }
    }
    if (later.length === todo.length) throw failure;
    todo = later;
  }
  await connection.run("DELETE FROM tsql.marker WHERE name = 'macros'");
  await connection.run(`INSERT INTO tsql.marker VALUES ('macros', '${hash}')`);
  await connection.run('COMMIT');
}

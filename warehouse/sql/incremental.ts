import type { Model, Target } from '../graph/model';
import { labelled } from './label';
import { auditSuffix, bracket, nextSuffix, quoted, suffixed } from './names';
import { step, type Step } from './step';
import { dropTable, dropView } from './table';

/** A column of a table as the server describes it. */
export interface Column {
  readonly name: string;
  /** With length, precision and scale: `varchar(40)`, `decimal(18,2)`. */
  readonly type: string;
}

/** Stages the rows that this run adds. Round robin and heap: read once, then dropped. */
export function stageDelta(model: Model, label: string): Step {
  const delta = suffixed(model.target, nextSuffix);
  const create = `CREATE TABLE ${quoted(delta)}\nWITH (DISTRIBUTION = ROUND_ROBIN, HEAP)\nAS\n${model.incrementalQuery.trim()}`;
  return step('stage', `${dropTable(delta)}\n${labelled(create, label)};`, true);
}

/** Columns that the delta has and the table has not: added, with NULL for the rows that are there. */
export function addColumns(target: Target, columns: readonly Column[]): Step | undefined {
  if (!columns.length) return undefined;
  const list = columns.map(({ name, type }) => `${bracket(name)} ${type} NULL`).join(', ');
  return step('add columns', `ALTER TABLE ${quoted(target)} ADD ${list};`);
}

/** The table as it would be after the merge, for its assertions. `known` are the columns the table has already. */
export function auditView(model: Model, columns: readonly string[], known: ReadonlySet<string>): Step[] {
  const { target, uniqueKey } = model;
  const view = suffixed(target, auditSuffix);
  const delta = quoted(suffixed(target, nextSuffix));
  const old = columns.map((name) =>
    known.has(name.toLowerCase()) ? `t.${bracket(name)}` : `NULL AS ${bracket(name)}`,
  );
  const staged = columns.map((name) => `n.${bracket(name)}`);
  const replaced = uniqueKey.length
    ? `\nWHERE NOT EXISTS (SELECT 1 FROM ${delta} k WHERE ${sameKey(uniqueKey, 'k', 't')})`
    : '';
  return [
    step('audit', dropView(view), true),
    step(
      'audit',
      `CREATE VIEW ${quoted(view)} AS\nSELECT ${staged.join(', ')}\nFROM ${delta} n\nUNION ALL\nSELECT ${old.join(', ')}\nFROM ${quoted(target)} t${replaced}`,
    ),
  ];
}

/**
 * Delete and insert in one transaction: readers see all of it or none (with READ_COMMITTED_SNAPSHOT). Not MERGE, whose
 * NOT MATCHED branch needs a HASH target. XACT_ABORT: any error takes the whole of it back.
 */
export function merge(model: Model, columns: readonly string[], label: string): Step {
  const { target, uniqueKey } = model;
  const delta = quoted(suffixed(target, nextSuffix));
  const list = columns.map(bracket).join(', ');
  const lines = ['SET XACT_ABORT ON;', 'BEGIN TRANSACTION;'];
  if (uniqueKey.length) {
    const remove = `DELETE FROM ${quoted(target)}\nWHERE EXISTS (SELECT 1 FROM ${delta} n WHERE ${sameKey(uniqueKey, 'n', quoted(target))})`;
    lines.push(`${labelled(remove, label)};`);
  }
  lines.push(
    `${labelled(`INSERT INTO ${quoted(target)} (${list})\nSELECT ${list}\nFROM ${delta}`, label)};`,
    'COMMIT TRANSACTION;',
  );
  return step('merge', lines.join('\n'));
}

/** The number of rows of the delta whose key is not theirs alone: a merge of those would leave duplicates. */
export function duplicateKeys(model: Model): string {
  const keys = model.uniqueKey.map(bracket).join(', ');
  const delta = quoted(suffixed(model.target, nextSuffix));
  return `SELECT COUNT_BIG(*) AS failing_rows FROM (SELECT ${keys} FROM ${delta} GROUP BY ${keys} HAVING COUNT_BIG(*) > 1) AS duplicates`;
}

export function dropDelta(model: Model): Step {
  return step('clean up', dropTable(suffixed(model.target, nextSuffix)), true);
}

export function dropAuditView(model: Model): Step {
  return step('clean up', dropView(suffixed(model.target, auditSuffix)), true);
}

function sameKey(keys: readonly string[], left: string, right: string): string {
  return keys.map((key) => `${left}.${bracket(key)} = ${right}.${bracket(key)}`).join(' AND ');
}

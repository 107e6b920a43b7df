/** What the columns of a new table may not be beside each other. */
import { TSqlError } from '../../contract';
import type { ColumnInfo } from '../../catalog/model';
import type { ColumnDefinition, KeyConstraint } from '../syntax/ast-statements';

const equal = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export function checkColumnRules(
  columns: readonly ColumnDefinition[],
  keys: readonly KeyConstraint[],
  table: string,
): void {
  for (const c of columns) {
    const place = `column '${c.name}', table '${table}'`;
    if (c.repeated === 'NULL') throw new TSqlError(8150, `Multiple NULL constraints were specified for ${place}.`, 0);
    if (c.repeated === 'DEFAULT')
      throw new TSqlError(8148, `More than one column DEFAULT constraint specified for ${place}.`, 0);
    if (c.identity && c.nullable)
      throw new TSqlError(8147, `Could not create IDENTITY attribute on nullable ${place}.`);
    if (c.identity && c.default)
      throw new TSqlError(
        1754,
        `Defaults cannot be created on columns with an IDENTITY attribute. Table '${table}', column '${c.name}'.`,
        0,
      );
    if (c.identity?.increment === 0)
      throw new TSqlError(2753, `Identity column '${c.name}' contains invalid INCREMENT.`);
  }
  if (columns.filter((c) => c.identity).length > 1)
    throw new TSqlError(
      2744,
      `Multiple identity columns specified for table '${table}'. Only one identity column per table is allowed.`,
      2,
    );
  const primary = keys.filter((k) => k.kind === 'primary key');
  if (primary.length + columns.filter((c) => c.primaryKey).length > 1)
    throw new TSqlError(8110, `Cannot add multiple PRIMARY KEY constraints to table '${table}'.`, 0);
  const isNull = (c: ColumnDefinition): boolean =>
    c.nullable === true &&
    (c.primaryKey === true || primary.some((k) => k.columns.some((name) => equal(name, c.name))));
  if (columns.some(isNull)) throw nullableKey(table);
  for (const k of keys) duplicateColumns(k.columns, 'index');
}

/** Msg 8111 */
export const nullableKey = (table: string): TSqlError =>
  new TSqlError(8111, `Cannot define PRIMARY KEY constraint on nullable column in table '${table}'.`);

/** Msg 1909 */
export function duplicateColumns(names: readonly string[], what: string): void {
  const twice = names.find((name, n) => names.findIndex((other) => equal(other, name)) < n);
  if (twice !== undefined)
    throw new TSqlError(
      1909,
      `Cannot use duplicate column names in ${what}. Column name '${twice}' listed more than once.`,
    );
}

/** A column that says nothing of NULL has none once a primary key is on it. */
export const notNullInKeys = (
  columns: readonly ColumnInfo[],
  definitions: readonly ColumnDefinition[],
  keys: readonly KeyConstraint[],
): ColumnInfo[] =>
  columns.map((c, n) =>
    definitions[n]!.nullable === undefined &&
    keys.some((k) => k.kind === 'primary key' && k.columns.some((name) => equal(name, c.name)))
      ? { ...c, nullable: false }
      : c,
  );

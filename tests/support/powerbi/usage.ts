import { daxReferences, type FieldName, type ModelTable, type SemanticModel } from './model';
import type { Report } from './report';

/**
 * What people would miss when a column of an export went: `Power BI · <page> · <field>` for each field on a page that
 * is made of it, `Power BI · relationship · <from> to <to>` for a key.
 */
export function usesOf(model: SemanticModel, report: Report, table: string, column: string): string[] {
  const tables = model.tables.filter((candidate) => candidate.exports.includes(table));
  const direct = tables.flatMap((of) => fieldsFrom(of, column));
  const fields = withDependents(model, direct);
  const isUsed = (name: FieldName) => fields.some((field) => field.table === name.table && field.field === name.field);
  const keys = model.relationships
    .filter(({ from, to }) => isUsed(from) || isUsed(to))
    .map(({ from, to }) => `Power BI · relationship · ${from.table} to ${to.table}`);
  const shown = report.pages.flatMap(({ displayName, visuals }) =>
    visuals
      .flatMap(({ projections }) => projections)
      .filter(isUsed)
      .map(({ label }) => `Power BI · ${displayName} · ${label}`),
  );
  return [...new Set([...shown, ...keys])];
}

/** Columns of a model table that come from a column of the export; all when its M computes with that column. */
function fieldsFrom(table: ModelTable, column: string): FieldName[] {
  return table.columns.filter(({ source }) => source === column).map(({ name }) => ({ table: table.name, field: name }));
}

/** The fields, and all measures and calculated columns that are made of them. */
function withDependents(model: SemanticModel, fields: readonly FieldName[]): FieldName[] {
  const found = [...fields];
  const computed = model.tables.flatMap(({ name, measures, columns }) =>
    [...measures, ...columns].flatMap(({ name: field, dax }) => (dax ? [{ table: name, field, uses: daxReferences(dax) }] : [])),
  );
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    for (const { table, field, uses } of computed) {
      const isMade = uses.some((use) =>
        found.some((one) => one.field === use.field && (use.table === '' || one.table === use.table)),
      );
      if (isMade && !found.some((one) => one.table === table && one.field === field)) found.push({ table, field });
    }
  }
  return found;
}

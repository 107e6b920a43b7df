/** PIVOT and UNPIVOT. */
import { TSqlError } from '../../contract';
import { notSupported } from '../errors';
import type { Source } from '../syntax/ast';
import { convert } from '../types/convert';
import { isString, nvarchar } from '../types/sql-types';
import { quote, rightTrimmed } from '../types/typed';
import { aggregateCall } from './aggregates';
import type { Binder } from './binder';
import { groupKey, hasGroupKey } from './predicates';
import { type BoundColumn, reference, Scope } from './scope';
import { add, bindSource } from './sources';

/** PIVOT groups by every column that is neither aggregated nor spread. */
export function bindPivot(
  b: Binder,
  scope: Scope,
  source: Extract<Source, { kind: 'pivot' }>,
  lateral: boolean,
): string {
  const inner = new Scope(lateral ? scope : scope.parent);
  const from = bindSource(b, inner, source.source, lateral);
  const all = inner.sources.flatMap((s) => s.columns.map((c) => reference(s, c)));
  const spread = inner.column([source.column]);
  const measured = source.aggregate.args[0]!;
  if (measured.kind !== 'column') throw notSupported('PIVOT over an expression');
  const measure = inner.column(measured.parts);
  const keys = all.filter((c) => c.sql !== spread.sql && c.sql !== measure.sql);
  const columns: BoundColumn[] = keys.map((c) => ({ name: c.column!, type: c.type, nullable: c.nullable }));
  const items = keys.map((c) => (hasGroupKey(c) ? `any_value(${c.sql})` : groupKey(c)));
  inner.grouping = { keys: new Map(), complex: false };
  for (const value of source.values) {
    const equal = convert(
      { sql: quote(value), type: nvarchar(Math.max(1, value.length)), nullable: false, literal: value },
      isString(spread.type) ? nvarchar(4000) : spread.type,
    );
    const hit = isString(spread.type)
      ? `${rightTrimmed(spread.sql)} = ${quote(value.replace(/ +$/, ''))}`
      : `${spread.sql} = ${equal.sql}`;
    const found = aggregateCall(b, inner, source.aggregate, hit);
    items.push(found.sql);
    columns.push({ name: value, type: found.type, nullable: true });
  }
  const group = keys.length ? ` GROUP BY ${keys.map((c) => groupKey(c)).join(', ')}` : '';
  return add(b, scope, `SELECT ${items.join(', ')} FROM ${from}${group}`, columns, [source.alias]);
}

export function bindUnpivot(
  b: Binder,
  scope: Scope,
  source: Extract<Source, { kind: 'unpivot' }>,
  lateral: boolean,
): string {
  const inner = new Scope(lateral ? scope : scope.parent);
  const from = bindSource(b, inner, source.source, lateral);
  const all = inner.sources.flatMap((s) => s.columns.map((c) => reference(s, c)));
  const spread = source.columns.map((name) => inner.column([name]));
  const type = spread[0]!.type;
  if (
    spread.some(
      (c) =>
        c.type.name !== type.name ||
        c.type.length !== type.length ||
        c.type.precision !== type.precision ||
        c.type.scale !== type.scale,
    )
  ) {
    const odd = spread.findIndex((c) => c.type.name !== type.name || c.type.length !== type.length);
    throw new TSqlError(
      8167,
      `The type of column "${source.columns[odd < 0 ? 1 : odd]}" conflicts with the type of other columns specified in the UNPIVOT list.`,
    );
  }
  const kept = all.filter((c) => !spread.some((s) => s.sql === c.sql));
  const columns: BoundColumn[] = [
    ...kept.map((c) => ({ name: c.column!, type: c.type, nullable: c.nullable })),
    { name: source.value, type, nullable: true },
    { name: source.column, type: nvarchar(128), nullable: true },
  ];
  const rows = spread.map((c, i) => {
    const items = [...kept.map((k) => k.sql), c.sql, quote(source.columns[i]!)];
    return `SELECT ${items.join(', ')} FROM ${from} WHERE ${c.sql} IS NOT NULL`;
  });
  return add(b, scope, rows.join(' UNION ALL '), columns, [source.alias]);
}

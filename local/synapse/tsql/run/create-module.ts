/** CREATE and ALTER of views, procedures and functions. */
import { TSqlError } from '../../contract';
import type { ColumnInfo, ObjectInfo, ObjectKind } from '../../catalog/model';
import { now } from '../../catalog/store';
import { bindQuery, namedColumns } from '../bind/query';
import { inlineFunction } from '../bind/table-functions';
import { alreadyExists, invalidObject, refusedByPool } from '../errors';
import type { Query } from '../syntax/ast';
import type { Statement, StatementOf } from '../syntax/ast-statements';
import { duckType, resolveType } from '../types/sql-types';
import type { Interpreter } from './interpreter';
import { newName } from './ddl-names';

export async function createView(i: Interpreter, s: StatementOf<'createView'>): Promise<void> {
  const old = i.env.object(s.name);
  if (s.mode === 'alter' && old?.kind !== 'V') throw invalidObject(s.name.join('.'));
  if (old && s.mode === 'create') throw alreadyExists(s.name.at(-1)!);
  if (old && old.kind !== 'V') throw alreadyExists(s.name.at(-1)!);
  if (s.name.at(-1)!.startsWith('#')) throw new TSqlError(4103, `"${s.name.at(-1)}": Temporary views are not allowed.`);
  const place = newName(i, s.name, old !== undefined);
  if (readsTemp(s.query))
    throw new TSqlError(
      4508,
      "Views or functions are not allowed on temporary tables. Table names that begin with '#' denote temporary tables.",
    );
  const bound = await i.translate((b) => bindQuery(b, s.query, undefined, {}));
  const names = s.columns ?? bound.columns.map((c) => c.name);
  const nameless = names.indexOf('');
  if (nameless >= 0)
    throw new TSqlError(
      4511,
      `Create View or Function failed because no column name was specified for column ${nameless + 1}.`,
    );
  const twice = names.find((name, n) => names.findIndex((x) => x.toLowerCase() === name.toLowerCase()) !== n);
  if (twice !== undefined)
    throw new TSqlError(
      4506,
      `Column names in each view or function must be unique. Column name '${twice}' in view or function '${place.name}' is specified more than once.`,
    );
  const columns = namedColumns(bound.columns, s.columns, place.name).map(
    (c, n): ColumnInfo => ({ id: n + 1, name: c.name, type: c.type, nullable: c.nullable }),
  );
  const object: ObjectInfo = {
    id: old?.id ?? i.state.catalog.newId(),
    ...place,
    kind: 'V',
    created: old?.created ?? now(),
    modified: now(),
    columns,
    definition: definitionOf(i, s),
    ...(s.materialized
      ? { materialized: true, distribution: s.materialized.distribution, hashColumns: s.materialized.hashColumns }
      : {}),
  };
  await i.state.define([], { removed: old ? [old] : [], added: [object] });
}

/** A module's text is its batch: also what follows its last statement. */
const definitionOf = (i: Interpreter, s: Statement): string => i.source.slice(s.span.start).trimEnd();

/** Whether a temporary table stands anywhere in FROM. */
function readsTemp(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  const { kind, name } = node as { kind?: string; name?: readonly string[] };
  return (kind === 'table' && name!.at(-1)!.startsWith('#')) || Object.values(node).some(readsTemp);
}

/** What a function may not do, wherever it stands in its body: Msg 443. */
function refuseSideEffects(body: readonly Statement[]): void {
  for (const s of body) {
    if (s.kind === 'block') refuseSideEffects(s.body);
    else if (s.kind === 'if') refuseSideEffects([s.yes, ...(s.otherwise ? [s.otherwise] : [])]);
    else if (s.kind === 'while') refuseSideEffects([s.body]);
    else if (s.kind === 'select' && !assigns(s.query))
      throw new TSqlError(444, 'Select statements included within a function cannot return data to a client.', 2);
    else if (!ALLOWED_IN_FUNCTIONS.has(s.kind)) {
      const name = { try: 'BEGIN TRY', raiserror: 'RAISERROR', execute: 'EXECUTE STRING' }[s.kind as string];
      throw new TSqlError(
        443,
        `Invalid use of a side-effecting operator '${name ?? s.kind.toUpperCase()}' within a function.`,
        14,
      );
    }
  }
}
const ALLOWED_IN_FUNCTIONS = new Set(['declare', 'setVariable', 'return', 'select', 'break', 'continue']);
const assigns = ({ body }: Query): boolean =>
  body.kind === 'select' && body.items.some((item) => item.kind === 'assign');

export async function createModule(
  i: Interpreter,
  s: StatementOf<'createProcedure'> | StatementOf<'createFunction'>,
): Promise<void> {
  const kind: ObjectKind = s.kind === 'createProcedure' ? 'P' : s.returns === 'table' ? 'IF' : 'FN';
  const old = i.env.object(s.name);
  if (s.mode === 'alter' && !old) throw invalidObject(s.name.join('.'));
  if (old && (s.mode === 'create' || old.kind !== kind)) throw alreadyExists(s.name.at(-1)!);
  const temp = s.name.at(-1)!.startsWith('#');
  const place = temp ? { schema: 'dbo', name: s.name.at(-1)! } : newName(i, s.name, old !== undefined);
  const object: ObjectInfo = {
    id: old?.id ?? i.state.catalog.newId(),
    ...place,
    kind,
    created: old?.created ?? now(),
    modified: now(),
    columns: [],
    definition: definitionOf(i, s),
  };
  let { columns } = object;
  for (const p of s.parameters) i.type(p.type, p.name);
  if (kind === 'IF' && s.kind === 'createFunction') {
    const args = s.parameters.map((p) => ({
      sql: `CAST(NULL AS ${duckType(resolveType(p.type))})`,
      type: resolveType(p.type),
      nullable: true,
    }));
    const bound = await i.translate((b) => inlineFunction(b, object, args));
    columns = namedColumns(bound.columns, undefined, place.name).map((c, n) => ({
      id: n + 1,
      name: c.name,
      type: c.type,
      nullable: c.nullable,
    }));
  }
  if (s.kind === 'createFunction' && kind === 'FN') {
    refuseSideEffects(s.body);
    const flat = s.body.flatMap((x) => (x.kind === 'block' ? x.body : [x]));
    if (flat.at(-1)?.kind !== 'return')
      throw new TSqlError(455, 'The last statement included within a function must be a return statement.', 2);
  }
  if (temp) {
    if (i.state.surface !== 'server') throw refusedByPool('A temporary procedure', s.span.line);
    i.state.temp.set(object.name.toLowerCase(), { ...object, temp: true });
    return;
  }
  await i.state.define([], { removed: old ? [old] : [], added: [{ ...object, columns }] });
}

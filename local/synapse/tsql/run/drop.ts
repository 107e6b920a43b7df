/** DROP of tables, modules, statistics, external objects and principals. */
import { TSqlError } from '../../contract';
import type { ObjectInfo, ObjectKind } from '../../catalog/model';
import { sequenceName } from '../bind/insert';
import { physicalName } from '../bind/tables';
import { cannotFind } from '../errors';
import type { Name } from '../syntax/ast';
import type { StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';
import { need, replace } from './ddl-names';

const DROP_KINDS: Readonly<Record<string, readonly ObjectKind[]>> = {
  table: ['U'],
  view: ['V'],
  procedure: ['P'],
  function: ['FN', 'IF'],
  'external table': ['ET'],
  'security policy': ['SP'],
  type: ['TT'],
};
const DROP_WORDS: Readonly<Record<string, string>> = {
  U: 'table',
  V: 'view',
  P: 'procedure',
  FN: 'function',
  IF: 'function',
};
export async function drop(i: Interpreter, s: StatementOf<'drop'>, name: Name): Promise<void> {
  const { state } = i;
  const kinds = DROP_KINDS[s.type];
  const shown = name.join('.');
  if (!kinds) return dropOther(i, s, name);
  const object = i.env.object(name);
  if (!object || !kinds.includes(object.kind)) {
    if (s.ifExists && !object) return;
    if (object && s.ifExists === false && object.kind in DROP_WORDS) {
      const word = DROP_WORDS[object.kind]!;
      throw new TSqlError(
        3705,
        `Cannot use DROP ${s.type.toUpperCase()} with '${shown}' because '${shown}' is a ${word}. Use DROP ${word.toUpperCase()}.`,
      );
    }
    if (s.ifExists) return;
    throw cannotFind(s.type, shown);
  }
  if (object.temp) {
    if (object.kind === 'U') await state.run(`DROP TABLE ${physicalName(object)}`);
    if (object.columns.some((c) => c.identity)) await state.run(`DROP SEQUENCE IF EXISTS ${sequenceName(object)}`);
    state.temp.delete(object.name.toLowerCase());
    return;
  }
  const policy = [...state.catalog.snapshot.objects.values()].find((o) =>
    o.policy?.predicates.some((p) => p.table === object.id || i.env.object(p.functionName)?.id === object.id),
  );
  if (policy)
    throw new TSqlError(
      3729,
      `Cannot DROP ${s.type.toUpperCase()} '${shown}' because it is being referenced by object '${policy.name}'.`,
    );
  const sql = object.kind === 'U' ? [`DROP TABLE ${physicalName(object)}`] : [];
  if (object.columns.some((c) => c.identity)) sql.push(`DROP SEQUENCE IF EXISTS ${sequenceName(object)}`);
  await state.define(sql, () => {
    const { permissions } = state.catalog.currentSettings();
    const kept = permissions.filter((p) => !(p.class === 'OBJECT' && p.target === String(object.id)));
    return { removed: [object], settings: kept.length === permissions.length ? {} : { permissions: kept } };
  });
}
async function dropOther(i: Interpreter, s: StatementOf<'drop'>, name: Name): Promise<void> {
  const { state } = i;
  const shown = name.join('.');
  if (s.type === 'statistics') {
    const table = need(i, name.slice(0, -1));
    const rest = (table.statistics ?? []).filter((x) => x.name.toLowerCase() !== name.at(-1)!.toLowerCase());
    if (rest.length === (table.statistics?.length ?? 0)) throw cannotFind('statistics', shown);
    return replace(i, table, { ...table, statistics: rest });
  }
  const lower = name.at(-1)!.toLowerCase();
  if (s.type === 'external data source' || s.type === 'external file format') {
    const field = s.type === 'external data source' ? 'dataSources' : 'fileFormats';
    if (!state.catalog.snapshot[field].has(lower)) {
      if (s.ifExists) return;
      throw cannotFind(s.type, shown);
    }
    const option = field === 'dataSources' ? 'DATA_SOURCE' : 'FILE_FORMAT';
    const uses = (o: ObjectInfo): boolean => String(o.external?.[option] ?? '').toLowerCase() === lower;
    if ([...state.catalog.snapshot.objects.values()].some(uses))
      throw new TSqlError(33165, `Cannot drop the ${s.type} '${shown}' because it is used by an external table.`);
    await state.define([], () => ({
      settings: { [field]: state.catalog.currentSettings()[field].filter((x) => x.name.toLowerCase() !== lower) },
    }));
    return;
  }
  if (s.type === 'login') return;
  const found = state.catalog.snapshot.principals.get(lower);
  if (!found) {
    if (s.ifExists) return;
    throw new TSqlError(
      15151,
      `Cannot drop the ${s.type} '${shown}', because it does not exist or you do not have permission.`,
    );
  }
  if (found.fixed) throw new TSqlError(15150, `Cannot drop the ${s.type} '${shown}'.`);
  if (found.type === 'R' && state.catalog.snapshot.members.some((m) => m.role === found.id))
    throw new TSqlError(15144, 'The role has members. It must be empty before it can be dropped.');
  await state.define([], () => {
    const all = state.catalog.currentSettings();
    return {
      settings: {
        principals: all.principals.filter((p) => p.id !== found.id),
        members: all.members.filter((m) => m.member !== found.id),
        permissions: all.permissions.filter((p) => p.grantee !== found.id),
      },
    };
  });
}

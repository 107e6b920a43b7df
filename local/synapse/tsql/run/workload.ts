/** Workload groups and classifiers: entries of the catalog, since no request waits for resources here. */
import { TSqlError } from '../../contract';
import { RESOURCE_CLASSES } from '../../catalog/views-workload';
import type { StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';

const KNOWN: Readonly<Record<'group' | 'classifier', ReadonlySet<string>>> = {
  group: new Set(
    'MIN_PERCENTAGE_RESOURCE CAP_PERCENTAGE_RESOURCE REQUEST_MIN_RESOURCE_GRANT_PERCENT REQUEST_MAX_RESOURCE_GRANT_PERCENT IMPORTANCE QUERY_EXECUTION_TIMEOUT_SEC'.split(
      ' ',
    ),
  ),
  classifier: new Set('WORKLOAD_GROUP MEMBERNAME WLM_LABEL WLM_CONTEXT START_TIME END_TIME IMPORTANCE'.split(' ')),
};

export async function workload(i: Interpreter, s: StatementOf<'workload'>): Promise<void> {
  const { state } = i;
  const { snapshot } = state.catalog;
  const field = s.type === 'group' ? 'workloadGroups' : 'workloadClassifiers';
  const wrong = Object.keys(s.options).find((option) => !KNOWN[s.type].has(option));
  if (wrong !== undefined) throw new TSqlError(103010, `Parse error: '${wrong}' is no option of a workload ${s.type}.`);
  const found = snapshot[field].get(s.name.toLowerCase());
  const isFixed = RESOURCE_CLASSES.some(({ name }) => name === s.name.toLowerCase());
  if (s.mode === 'create' ? found !== undefined || isFixed : found === undefined)
    throw s.mode === 'create'
      ? new TSqlError(2714, `There is already a workload ${s.type} named '${s.name}' in the database.`, 6)
      : missing(s.mode, s.type, s.name);
  const group = s.options.WORKLOAD_GROUP;
  if (typeof group === 'string' && !isGroup(i, group)) throw missing('use', 'group', group);
  const user =
    s.mode === 'drop' &&
    s.type === 'group' &&
    [...snapshot.workloadClassifiers.values()].find((x) => sameName(x.options.WORKLOAD_GROUP, s.name));
  if (user)
    throw new TSqlError(
      3729,
      `Cannot DROP WORKLOAD GROUP '${s.name}' because it is being referenced by object '${user.name}'.`,
    );
  await state.define([], () => {
    const others = [...snapshot[field].values()].filter((x) => x !== found);
    const made = { id: found?.id ?? state.catalog.newId(), name: s.name, options: { ...found?.options, ...s.options } };
    return { settings: { [field]: s.mode === 'drop' ? others : [...others, made] } };
  });
}
const sameName = (a: unknown, b: string): boolean => typeof a === 'string' && a.toLowerCase() === b.toLowerCase();
const isGroup = ({ state }: Interpreter, name: string): boolean =>
  state.catalog.snapshot.workloadGroups.has(name.toLowerCase()) ||
  RESOURCE_CLASSES.some((fixed) => fixed.name === name.toLowerCase());
const missing = (verb: string, type: string, name: string): TSqlError =>
  new TSqlError(
    15151,
    `Cannot ${verb} the workload ${type} '${name}', because it does not exist or you do not have permission.`,
  );

/** Master keys, credentials and options of the database: what scripts look up in the catalog, without effect on DuckDB. */
import { TSqlError } from '../../contract';
import type { StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';

export async function masterKey({ state }: Interpreter, s: StatementOf<'masterKey'>): Promise<void> {
  const exists = state.catalog.snapshot.hasMasterKey;
  if (s.mode === 'create' && exists)
    throw new TSqlError(
      15578,
      'There is already a master key in the database. Please drop it before performing this statement.',
    );
  if (s.mode !== 'create' && !exists) throw missing(s.mode, 'symmetric key', 'master key');
  if (s.mode !== 'alter') await state.define([], { settings: { hasMasterKey: s.mode === 'create' } });
}

export async function credential({ state }: Interpreter, s: StatementOf<'credential'>): Promise<void> {
  const { credentials, dataSources } = state.catalog.snapshot;
  const found = credentials.get(s.name.toLowerCase());
  if (s.mode === 'create' && found) throw new TSqlError(15530, `The credential with name "${s.name}" already exists.`);
  if (s.mode !== 'create' && !found) throw missing(s.mode, 'credential', s.name);
  const user = [...dataSources.values()].find(
    ({ options }) => String(options.CREDENTIAL ?? '').toLowerCase() === s.name.toLowerCase(),
  );
  if (s.mode === 'drop' && user)
    throw new TSqlError(33164, `Cannot drop the credential '${s.name}' because it is used by an external data source.`);
  await state.define([], () => {
    const others = [...credentials.values()].filter((x) => x !== found);
    const made = { id: found?.id ?? state.catalog.newId(), name: s.name, options: { IDENTITY: s.identity } };
    return { settings: { credentials: s.mode === 'drop' ? others : [...others, made] } };
  });
}

export async function alterDatabase(i: Interpreter, s: StatementOf<'alterDatabase'>): Promise<void> {
  const { catalog } = i.state;
  const name = (s.name.toUpperCase() === 'CURRENT' ? i.env.database : s.name).toLowerCase();
  if (![...catalog.options.databaseIds].some(([known]) => known.toLowerCase() === name))
    throw new TSqlError(
      5011,
      `User does not have permission to alter database '${s.name}', the database does not exist, or the database is not in a state that allows access checks.`,
      5,
      14,
    );
  const before = catalog.snapshot.databaseOptions;
  await i.state.define([], { settings: { databaseOptions: { ...before, [name]: { ...before[name], ...s.options } } } });
}
const missing = (verb: string, what: string, name: string): TSqlError =>
  new TSqlError(
    15151,
    `Cannot ${verb} the ${what} '${name}', because it does not exist or you do not have permission.`,
  );

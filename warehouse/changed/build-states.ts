import { Table, VarChar, MAX } from 'mssql';
import type { Warehouse } from '../connection/warehouse';
import { literal, quoted } from '../sql/names';

/** What an action was last built from by a run with `--changed`, and what that left in the warehouse. */
export interface BuildState {
  /** Hash of the definition (plan/fingerprint.ts). */
  readonly fingerprint: string;
  /** Mark of its object after the build (changed/marks.ts); '' without one. */
  readonly mark: string;
  /** The run that last changed what it holds. */
  readonly version: string;
  /** What it was built from: mark and version of each input. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** One row an action: in the warehouse, so that runs of any machine share it. */
export const statesTable = { schema: 'quality', name: 'build_states' };

const create = `IF OBJECT_ID(${literal(quoted(statesTable))}, 'U') IS NULL
CREATE TABLE ${quoted(statesTable)} (
  action varchar(256) NOT NULL, fingerprint varchar(64) NOT NULL, mark varchar(128) NOT NULL, version varchar(64) NOT NULL, inputs varchar(max) NOT NULL
) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP);`;

export async function readStates(warehouse: Warehouse): Promise<Map<string, BuildState>> {
  const rows = await warehouse.query<Omit<BuildState, 'inputs'> & { action: string; inputs: string }>(
    `SELECT action, fingerprint, mark, version, inputs FROM ${quoted(statesTable)}`,
  );
  return new Map(
    rows.map(({ action, inputs, ...state }) => [
      action,
      { ...state, inputs: JSON.parse(inputs) as BuildState['inputs'] },
    ]),
  );
}

/** Before anything is built: who is killed on the way leaves no state that is not true. */
export async function forgetStates(warehouse: Warehouse, actions: readonly string[]): Promise<void> {
  if (!actions.length) return;
  const list = actions.map(literal).join(', ');
  await warehouse.send(`DELETE FROM ${quoted(statesTable)} WHERE action IN (${list})`, { repeatable: true });
}

export async function saveStates(warehouse: Warehouse, states: ReadonlyMap<string, BuildState>): Promise<void> {
  await warehouse.send(create, { repeatable: true });
  const table = new Table(quoted(statesTable));
  table.columns.add('action', VarChar(256), { nullable: false });
  table.columns.add('fingerprint', VarChar(64), { nullable: false });
  table.columns.add('mark', VarChar(128), { nullable: false });
  table.columns.add('version', VarChar(64), { nullable: false });
  table.columns.add('inputs', VarChar(MAX), { nullable: false });
  for (const [action, { fingerprint, mark, version, inputs }] of states)
    table.rows.add(action, fingerprint, mark, version, JSON.stringify(inputs));
  if (states.size) await warehouse.bulk(table);
}

/** SET IMPLICIT_TRANSACTIONS ON, as JDBC's setAutoCommit(false) sends it: the first statement that touches the database begins a transaction. */
import type { QueryBody } from '../syntax/ast';
import type { Statement } from '../syntax/ast-statements';
import type { State } from './state';

const OPENING = new Set<Statement['kind']>([
  'insert',
  'update',
  'delete',
  'merge',
  'truncate',
  'copy',
  'ctas',
  'createTable',
  'createView',
  'createProcedure',
  'createFunction',
  'createSchema',
  'createIndex',
  'alterTable',
  'drop',
  'dropIndex',
  'dropSchema',
  'permission',
]);

export async function beginImplicitly(state: State, s: Statement): Promise<void> {
  if (state.transactions > 0 || state.options.get('IMPLICIT_TRANSACTIONS') !== 'ON') return;
  const opens =
    OPENING.has(s.kind) ||
    (s.kind === 'select' && readsTables(s.query.body)) ||
    (s.kind === 'transaction' && s.action === 'begin');
  if (opens) await state.begin(true);
}

/** `SELECT 1` begins none. */
function readsTables(body: QueryBody): boolean {
  if (body.kind === 'set') return readsTables(body.left) || readsTables(body.right);
  return body.kind === 'nested' ? readsTables(body.query.body) : body.from.length > 0;
}

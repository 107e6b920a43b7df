/** DDL statements: who may, and which unit does it. */
import { TSqlError } from '../../contract';
import { mayDefine } from '../../catalog/security';
import { cannotFind, notSupported } from '../errors';
import type { Statement } from '../syntax/ast-statements';
import { alterTable } from './alter-table';
import type { Interpreter } from './interpreter';
import { createType } from './table-types';
import { isTempStatement } from './ddl-names';
import { createSchema, dropSchema, transfer } from './schemas';
import { columnsOf, createTable } from './create-table';
import { createModule, createView } from './create-module';
import { drop } from './drop';
import { createStatistics, updateStatistics } from './statistics';
import { renameColumn, renameObjects } from './rename';
import { indexes } from './indexes';
import { alterDatabase, credential, masterKey } from './keys';
import { workload } from './workload';
import { createExternalTable, namedOptions } from './external-objects';

export async function ddl(i: Interpreter, s: Statement): Promise<void> {
  const { state } = i;
  if (s.kind === 'accepted') return i.done('ddl');
  demandDdl(i, s);
  state.refuseInTransactionUnlessTemp(s);
  switch (s.kind) {
    case 'createSchema':
      await createSchema(i, s.name);
      break;
    case 'dropSchema':
      await dropSchema(i, s.name, s.ifExists);
      break;
    case 'transfer':
      await transfer(i, s.schema, s.name);
      break;
    case 'createTable':
      await createTable(i, s);
      break;
    case 'alterTable':
      await alterTable(i, s);
      break;
    case 'createView':
      await createView(i, s);
      break;
    case 'createProcedure':
    case 'createFunction':
      await createModule(i, s);
      break;
    case 'createType':
      await createType(i, s, await columnsOf(i, s.columns ?? [], s.name.at(-1)!));
      break;
    case 'drop':
      for (const name of s.names) await drop(i, s, name);
      break;
    case 'rename':
      if (s.column) await renameColumn(i, s.name, s.column, s.to);
      else await renameObjects(i, [s]);
      break;
    case 'createIndex':
    case 'dropIndex':
    case 'alterIndex':
      await indexes(i, s);
      break;
    case 'createStatistics':
      await createStatistics(i, s);
      break;
    case 'updateStatistics':
      await updateStatistics(i, s);
      break;
    case 'masterKey':
      await masterKey(i, s);
      break;
    case 'credential':
      await credential(i, s);
      break;
    case 'alterDatabase':
      await alterDatabase(i, s);
      break;
    case 'workload':
      await workload(i, s);
      break;
    case 'createDataSource':
    case 'createFileFormat':
      await namedOptions(i, s);
      break;
    case 'createExternalTable':
      await createExternalTable(i, s);
      break;
    default:
      throw notSupported(s.kind, s.span.line);
  }
  i.done('ddl');
}

export function demandDdl(i: Interpreter, s: Statement): void {
  const permission =
    s.kind === 'createTable' || s.kind === 'createExternalTable'
      ? 'CREATE TABLE'
      : s.kind === 'createView'
        ? 'CREATE VIEW'
        : s.kind === 'createProcedure'
          ? 'CREATE PROCEDURE'
          : s.kind === 'createFunction'
            ? 'CREATE FUNCTION'
            : s.kind === 'createSchema'
              ? 'CREATE SCHEMA'
              : 'ALTER';
  if (isTempStatement(s) || i.state.owner > 0) return;
  if (!mayDefine(i.state.catalog.snapshot, i.state.user, permission)) {
    if (s.kind === 'drop') throw cannotFind(s.type, s.names[0]!.join('.'));
    if (permission === 'ALTER')
      throw new TSqlError(1088, 'Cannot find the object because it does not exist or you do not have permissions.', 9);
    throw new TSqlError(262, `${permission} permission denied in database '${i.env.database}'.`, 1, 14);
  }
}

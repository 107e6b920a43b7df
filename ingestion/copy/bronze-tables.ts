import { syntheaFiles, unionOfColumns, type SyntheaFile } from '../../common/synthea/header-families';
import { name } from './sql';

const lineage =
  '[_load_id] varchar(64) NOT NULL, [_source_file] varchar(1024) NOT NULL, [_loaded_at] datetime2(3) NOT NULL';

/** Bronze is staging: round robin and heap load fastest on a dedicated pool. */
export const heap = 'WITH (DISTRIBUTION = ROUND_ROBIN, HEAP)';

/** The statements, in order, that make schema bronze as it must be; running them again changes nothing. */
export function createBronze(): string[] {
  return [
    `IF SCHEMA_ID('bronze') IS NULL EXEC('CREATE SCHEMA bronze')`,
    createIfMissing('bronze.load_ledger', ledgerColumns),
    createIfMissing('bronze.encounters_raw', `[line] varchar(max) NULL, ${lineage}`),
    ...syntheaFiles.map((table) => createIfMissing(`bronze.${table}`, `${textColumns(table)}, ${lineage}`)),
  ];
}

/**
 * `bronze.load_ledger`: one row per file of the lake that was copied or failed. `load_files` says of how many files the
 * load of its table consists, so that a load of which some are still missing is known; NULL for the stream.
 */
const ledgerColumns = [
  '[load_id] varchar(64) NOT NULL',
  '[table_name] varchar(128) NOT NULL',
  '[source_file] varchar(1024) NOT NULL',
  '[load_kind] varchar(16) NOT NULL',
  '[load_files] int NULL',
  '[header_family] varchar(8) NULL',
  '[file_bytes] bigint NULL',
  '[file_sha256] varchar(64) NULL',
  '[rows_expected] bigint NULL',
  '[rows_copied] bigint NOT NULL',
  '[rows_skipped] bigint NOT NULL',
  '[status] varchar(16) NOT NULL',
  '[error_message] varchar(4000) NULL',
  '[load_finished_at] datetime2(3) NULL',
  '[copied_at] datetime2(3) NOT NULL',
].join(', ');

function textColumns(table: SyntheaFile): string {
  return unionOfColumns(table).map(textColumn).join(', ');
}

/** Bronze judges nothing: every column of a file is text. */
export function textColumn(column: string): string {
  return `${name(column)} varchar(4000) NULL`;
}

function createIfMissing(table: string, columns: string): string {
  return `IF OBJECT_ID('${table}', 'U') IS NULL CREATE TABLE ${table} (${columns}) ${heap}`;
}

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../common/project-root';
import { columnTypePattern, parseColumnType, type ColumnType } from './column-type';

/** One exported column. `reports` names what people see of it, such as `Power BI · Department Analytics · Total claim cost`. */
export interface ContractColumn {
  readonly name: string;
  readonly typeName: string;
  readonly type: ColumnType;
  readonly description: string;
  readonly reports: readonly string[];
}

/** What readers of the lake may rely on for one table: `exports/contracts/<table>.json`. */
export interface Contract {
  /** Folder below `gold/powerbi/`. */
  readonly table: string;
  /** `schema.table` in the warehouse. */
  readonly source: string;
  readonly description: string;
  /** Columns that are unique together; rows are written in this order, so equal data gives equal files. */
  readonly key: readonly string[];
  /** A date or timestamp column by whose UTC year or month the files of a large table are laid out (`layoutFor`). */
  readonly partitionBy?: string;
  readonly columns: readonly ContractColumn[];
}

const file = z.strictObject({
  table: z.string().regex(/^[a-z][a-z0-9_]*$/),
  source: z.string().regex(/^[a-z_]+\.[a-z0-9_]+$/),
  description: z.string().min(1),
  key: z.array(z.string()).min(1),
  partitionBy: z.string().optional(),
  columns: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_]*$/),
        type: z.string().regex(columnTypePattern),
        description: z.string().min(1),
        reports: z.array(z.string()).default([]),
      }),
    )
    .min(1),
});

/** Where the contracts of MedStream's own exports are. */
const contractsFolder = path.join(projectRoot, 'exports', 'contracts');

/** Parses one contract. @throws Error when it is malformed, or its key or partition column is no column of it. */
export function parseContract(json: unknown): Contract {
  const raw = file.parse(json);
  const names = new Set(raw.columns.map((column) => column.name));
  if (names.size !== raw.columns.length) throw new Error(`Contract ${raw.table}: a column is named twice.`);
  for (const name of [...raw.key, ...(raw.partitionBy ? [raw.partitionBy] : [])])
    if (!names.has(name)) throw new Error(`Contract ${raw.table}: ${name} is no column of it.`);
  return {
    ...raw,
    columns: raw.columns.map(({ type, ...column }) => ({ ...column, typeName: type, type: parseColumnType(type) })),
  };
}

/** All contracts of a folder, by table name. */
export function readContracts(folder: string = contractsFolder): Contract[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const contract = parseContract(JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
      if (`${contract.table}.json` !== name) throw new Error(`Contract ${name} describes ${contract.table}.`);
      return contract;
    });
}

/** The columns as written to Parquet: the contract's, then `year` and `month` (int32) where files may be laid out by time. */
export function writtenColumns(contract: Contract): { name: string; typeName: string; type: ColumnType }[] {
  const columns = contract.columns.map(({ name, typeName, type }) => ({ name, typeName, type }));
  if (!contract.partitionBy) return columns;
  const int32 = { typeName: 'int32', type: { kind: 'int32' } as const };
  return [...columns, { name: 'year', ...int32 }, { name: 'month', ...int32 }];
}

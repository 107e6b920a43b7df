import { MedStreamError } from '../common/errors';
import type { ColumnType } from './column-type';
import type { ExportLake } from './lake';

/** What a footer must say. */
export interface ExpectedFile {
  rows: number;
  bytes: number;
  columns: readonly { name: string; type: ColumnType }[];
}

/**
 * Reads the footer of a staged file back from the lake with an independent reader (hyparquet) and compares rows,
 * column names and types. @throws MS5006 when it is not what was written.
 */
export async function verifyFooter(lake: ExportLake, path: string, expected: ExpectedFile): Promise<void> {
  const { parquetMetadataAsync } = await import('hyparquet');
  const file = {
    byteLength: expected.bytes,
    async slice(start: number, end: number = expected.bytes): Promise<ArrayBuffer> {
      const part = await lake.read(path, { offset: start, count: end - start });
      if (!part) throw damaged(path, 'it is not there');
      return part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength) as ArrayBuffer;
    },
  };
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw error instanceof MedStreamError ? error : damaged(path, 'its footer cannot be read', error);
  });
  if (Number(metadata.num_rows) !== expected.rows)
    throw damaged(path, `it holds ${metadata.num_rows} rows, ${expected.rows} were written`);
  const written = metadata.schema.slice(1).map((element) => `${element.name} ${parquetType(element)}`);
  const wanted = expected.columns.map(({ name, type }) => `${name} ${wantedType(type)}`);
  const wrong = wanted.filter((column, at) => column !== written[at]);
  if (wrong.length > 0 || written.length !== wanted.length)
    throw damaged(path, `its columns are not those of the contract (${wrong.join(', ')})`);
}

interface SchemaElement {
  type?: string;
  logical_type?: { type: string };
  precision?: number;
  scale?: number;
}

function parquetType(element: SchemaElement): string {
  const logical = element.logical_type?.type ?? '';
  const digits = logical === 'DECIMAL' ? `(${element.precision},${element.scale})` : '';
  return `${element.type}${logical && ` ${logical}`}${digits}`;
}

function wantedType(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
      return 'BYTE_ARRAY STRING';
    case 'boolean':
      return 'BOOLEAN';
    case 'int32':
      return 'INT32';
    case 'int64':
      return 'INT64';
    case 'date':
      return 'INT32 DATE';
    case 'timestamp':
      return 'INT64 TIMESTAMP';
    case 'decimal':
      return `${type.precision <= 9 ? 'INT32' : 'INT64'} DECIMAL(${type.precision},${type.scale})`;
  }
}

function damaged(path: string, how: string, cause?: unknown): MedStreamError {
  return new MedStreamError({
    code: 'MS5006',
    what: `A staged Parquet file is not what was written: ${how}. Nothing was published.`,
    where: `gold/${path}`,
    next: 'Run medstream export again.',
    cause,
  });
}

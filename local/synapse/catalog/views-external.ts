/** sys views of external data sources, file formats and tables. */
import { valuesSql } from './shape';
import type { ViewDefinition } from './system-views';

type Row = (string | number | boolean | null)[];

export const EXTERNAL_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.external_data_sources': {
    columns:
      'data_source_id int!, name nvarchar(128)!, location nvarchar(4000)!, type_desc nvarchar(255), type tinyint, credential_id int',
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.dataSources.values()].map(
          (d): Row => [
            d.id,
            d.name,
            String(d.options.LOCATION ?? ''),
            'HADOOP',
            0,
            catalog.snapshot.credentials.get(String(d.options.CREDENTIAL ?? '').toLowerCase())?.id ?? null,
          ],
        ),
        6,
      ),
  },
  'sys.external_file_formats': {
    columns:
      'file_format_id int!, name nvarchar(128)!, format_type nvarchar(100), field_terminator nvarchar(10), string_delimiter nvarchar(10), first_row int, data_compression nvarchar(255)',
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.fileFormats.values()].map((f): Row => {
          const o = (f.options.FORMAT_OPTIONS ?? {}) as Record<string, string | undefined>;
          return [
            f.id,
            f.name,
            String(f.options.FORMAT_TYPE ?? 'PARQUET'),
            o.FIELD_TERMINATOR ?? null,
            o.STRING_DELIMITER ?? null,
            Number(o.FIRST_ROW ?? 1),
            typeof f.options.DATA_COMPRESSION === 'string' ? f.options.DATA_COMPRESSION : null,
          ];
        }),
        7,
      ),
  },
  'sys.external_tables': {
    columns:
      'name nvarchar(128)!, object_id int!, schema_id int!, location nvarchar(4000), data_source_id int, file_format_id int',
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.objects.values()]
          .filter((o) => o.kind === 'ET')
          .map(
            (o): Row => [
              o.name,
              o.id,
              catalog.snapshot.schemas.get(o.schema.toLowerCase())?.id ?? 1,
              String(o.external?.LOCATION ?? ''),
              catalog.snapshot.dataSources.get(String(o.external?.DATA_SOURCE ?? '').toLowerCase())?.id ?? null,
              catalog.snapshot.fileFormats.get(String(o.external?.FILE_FORMAT ?? '').toLowerCase())?.id ?? null,
            ],
          ),
        6,
      ),
  },
};

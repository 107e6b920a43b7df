/** CREATE EXTERNAL DATA SOURCE, FILE FORMAT and TABLE, CREATE EXTERNAL TABLE AS SELECT. */
import { mkdirSync, rmSync } from 'node:fs';
import { TSqlError } from '../../contract';
import { localPath } from '../../lake/paths';
import { fullUrl, text } from '../../lake/sources';
import type { ColumnInfo } from '../../catalog/model';
import { now } from '../../catalog/store';
import { bindQuery, namedColumns } from '../bind/query';
import { applyMasks } from '../bind/masking';
import type { StatementOf } from '../syntax/ast-statements';
import { isTicks } from '../../ticks';
import { convert } from '../types/convert';
import { stampOf } from '../types/moments';
import { duckType, varchar } from '../types/sql-types';
import { ident, quote, type Typed } from '../types/typed';
import type { Interpreter } from './interpreter';
import { newName } from './ddl-names';
import { makeColumn } from './create-table';

export async function namedOptions(
  i: Interpreter,
  s: StatementOf<'createDataSource'> | StatementOf<'createFileFormat'>,
): Promise<void> {
  const { state } = i;
  const field = s.kind === 'createDataSource' ? 'dataSources' : 'fileFormats';
  if (state.catalog.snapshot[field].has(s.name.toLowerCase()))
    throw new TSqlError(46502, `Type with name '${s.name}' already exists.`);
  if (s.kind === 'createDataSource' && !text(s.options.LOCATION))
    throw new TSqlError(46525, 'External data source options: LOCATION is missing.');
  if (
    s.kind === 'createFileFormat' &&
    !['PARQUET', 'DELIMITEDTEXT', 'ORC', 'RCFILE', 'DELTA', 'JSON'].includes(
      (text(s.options.FORMAT_TYPE) ?? '').toUpperCase(),
    )
  )
    throw new TSqlError(46513, 'External file format: FORMAT_TYPE is not valid.');
  await state.define([], () => ({
    settings: {
      [field]: [
        ...state.catalog.currentSettings()[field],
        { id: state.catalog.newId(), name: s.name, options: s.options },
      ],
    },
  }));
}

export async function createExternalTable(i: Interpreter, s: StatementOf<'createExternalTable'>): Promise<void> {
  const { state } = i;
  const place = newName(i, s.name);
  const source = text(s.options.DATA_SOURCE);
  const format = text(s.options.FILE_FORMAT);
  if (!source || !state.catalog.snapshot.dataSources.has(source.toLowerCase()))
    throw new TSqlError(12703, `Referenced external data source "${source ?? ''}" not found.`);
  const found = format ? state.catalog.snapshot.fileFormats.get(format.toLowerCase()) : undefined;
  if (format && !found) throw new TSqlError(12704, `Referenced external file format "${format}" not found.`);
  const base = {
    id: state.catalog.newId(),
    ...place,
    kind: 'ET' as const,
    created: now(),
    modified: now(),
    external: s.options,
  };
  if (!s.query) {
    await state.define([], {
      added: [{ ...base, columns: s.columns!.map((c, n) => makeColumn(c, n + 1, place.name)) }],
    });
    return;
  }
  const bound = await i.translate((b) => applyMasks(b, bindQuery(b, s.query!, undefined, { top: true })));
  const columns = namedColumns(bound.columns, undefined, place.name).map(
    (c, n): ColumnInfo => ({ id: n + 1, name: c.name, type: c.type, nullable: c.nullable }),
  );
  const url = fullUrl(state, text(s.options.LOCATION) ?? '', source);
  const folder = localPath(url, state.catalog.options.lakeRoot, state.catalog.options.lakeAccount).replace(/\/+$/, '');
  const parquet = (text(found?.options.FORMAT_TYPE) ?? 'PARQUET').toUpperCase() === 'PARQUET';
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/QID${base.id}_${Date.now()}_0.${parquet ? 'parquet' : 'txt'}`;
  const items = columns.map(
    (c, n) => `${fileValue({ sql: `t.c${n}`, type: c.type, nullable: c.nullable }, parquet)} AS ${ident(c.name)}`,
  );
  const o = (found?.options.FORMAT_OPTIONS ?? {}) as { FIELD_TERMINATOR?: string; STRING_DELIMITER?: string };
  const csv = `FORMAT csv, HEADER false, DELIM ${quote(o.FIELD_TERMINATOR ?? ',')}${o.STRING_DELIMITER ? `, QUOTE ${quote(o.STRING_DELIMITER)}` : ''}`;
  let rows = 0;
  try {
    rows = await state.define([], { added: [{ ...base, columns }] }, () =>
      state.run(
        `COPY (SELECT ${items.join(', ')} FROM (${bound.sql}) AS t(${columns.map((_, n) => `c${n}`).join(', ')})) TO ${quote(file)} (${parquet ? 'FORMAT parquet' : csv})`,
      ),
    );
  } catch (failure) {
    rmSync(file, { force: true });
    throw failure;
  }
  state.rowCount = rows;
}

/** A value as a file keeps it: Parquet keeps microseconds, text all digits. */
function fileValue(x: Typed, parquet: boolean): string {
  const { sql, type } = x;
  if (isTicks(type) && parquet) return type.name === 'time' ? `tsql.tick_time(${sql})` : stampOf(x);
  if (isTicks(type)) return convert(x, varchar(27)).sql;
  if (type.name === 'datetime' || type.name === 'smalldatetime') return `CAST(${sql} AS TIMESTAMP)`;
  if (type.name === 'datetimeoffset' && parquet) return `(tsql.dto_utc(${sql}) AT TIME ZONE 'UTC')`;
  return `CAST(${sql} AS ${duckType(type)})`;
}

import { MedStreamError } from '../common/errors';
import type { SourceColumn } from './column-type';
import type { Contract } from './contract';

/**
 * Splits contracts into those to export and those whose table the warehouse does not have yet. A table that is gone but
 * was exported before stays among the first: it breaks its contract, since reports rely on it.
 * @param columns of every source; empty where there is no such table.
 * @param exported tables of the last export.
 * @param isSelected true when the user named the tables: then all of them must exist.
 * @throws MS5009 when a selected table does not exist, or none does.
 */
export function splitBuilt(
  wanted: readonly Contract[],
  columns: ReadonlyMap<string, readonly SourceColumn[]>,
  exported: ReadonlySet<string>,
  isSelected: boolean,
): { contracts: Contract[]; notBuilt: Contract[] } {
  const isMissing = ({ table, source }: Contract) => columns.get(source)?.length === 0 && !exported.has(table);
  const notBuilt = wanted.filter(isMissing);
  if (notBuilt.length > 0 && (isSelected || notBuilt.length === wanted.length)) throw notBuiltError(notBuilt);
  return { contracts: wanted.filter((contract) => !notBuilt.includes(contract)), notBuilt };
}

function notBuiltError(contracts: readonly Contract[]): MedStreamError {
  const sources = contracts.map(({ source }) => source);
  return new MedStreamError({
    code: 'MS5009',
    what:
      sources.length === 1
        ? `${sources[0]} does not exist yet; nothing was exported.`
        : `${sources.length} tables do not exist yet; nothing was exported.`,
    where: sources.length === 1 ? undefined : sources.join(', '),
    next: `Build ${sources.length === 1 ? 'it' : 'them'} first: medstream run.`,
  });
}

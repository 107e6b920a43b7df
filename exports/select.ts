import { ExitCode, MedStreamError } from '../common/errors';
import type { Contract } from './contract';

/**
 * The contracts that an expression names: table names, with or without schema, `*` for any letters, by commas or spaces.
 * @throws MS5002 (exit 2) when a part of it names no table.
 */
export function selectContracts(contracts: readonly Contract[], expression: string | undefined): Contract[] {
  const parts = expression?.split(/[\s,]+/).filter(Boolean) ?? [];
  if (parts.length === 0) return [...contracts];
  const chosen = new Set<Contract>();
  for (const part of parts) {
    const pattern = new RegExp(`^${part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
    const found = contracts.filter((contract) => pattern.test(contract.table) || pattern.test(contract.source));
    if (found.length === 0) throw unknownTable(part, contracts);
    for (const contract of found) chosen.add(contract);
  }
  return contracts.filter((contract) => chosen.has(contract));
}

function unknownTable(part: string, contracts: readonly Contract[]): MedStreamError {
  return new MedStreamError({
    code: 'MS5002',
    what: `--select '${part}' names no exported table.`,
    next: `Exported tables: ${contracts.map((contract) => contract.table).join(', ')}.`,
    exitCode: ExitCode.usage,
  });
}

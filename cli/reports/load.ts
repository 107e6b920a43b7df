import { ExitCode } from '../../common/errors';
import type { LoadSummary } from '../../ingestion/load';
import { count, table } from '../format';

/** A table of the files: what was landed, what was there already, what was refused and why. */
export function describeLoad(summary: LoadSummary): string {
  const rows = summary.files.map((file) => [
    file.file,
    file.status,
    count(file.rows),
    file.family ?? '',
    [file.reason, ...file.drift].filter(Boolean).join('; '),
  ]);
  return `Load ${summary.loadId}\n${table(['file', 'status', 'rows', 'family', 'notes'], rows, [2])}`;
}

export function loadFailed(summary: LoadSummary): ExitCode {
  return summary.files.some((file) => file.status === 'refused') ? ExitCode.failed : ExitCode.done;
}

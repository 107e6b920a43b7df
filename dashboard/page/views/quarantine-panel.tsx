import { BarList } from '../components/bar-list';
import { DataTable } from '../components/data-table';
import { Panel } from '../components/panel';
import type { Row } from '../data/marts';
import { formatMinute } from '../data/times';
import { byLargest, formatCount, formatShare, share, sum } from '../data/units';

type Reason = Row<'quarantine_summary'>;

/** Why events are set aside. An event with two faults counts for both reasons. */
export function QuarantinePanel({ rows }: { rows: Reason[] }) {
  const reasons = byLargest(rows, ({ events }) => events);
  const all = sum(reasons, ({ events }) => events);
  return (
    <Panel
      title="Quarantine reasons"
      note="Events are set aside, not dropped. One with two faults counts for both."
      table={
        <DataTable
          caption="Events in quarantine by reason"
          items={reasons}
          keyOf={keyOf}
          columns={[
            { title: 'Reason', cell: (row) => readableReason(row.reason_code), total: 'Faults' },
            { title: 'What it means, and what to do', prose: true, cell: (row) => row.description },
            { title: 'Events', numeric: true, cell: (row) => formatCount(row.events), total: formatCount(all) },
            { title: 'First, UTC', cell: (row) => instant(row.first_enqueued_at) },
            { title: 'Last, UTC', cell: (row) => instant(row.last_enqueued_at) },
          ]}
        />
      }
    >
      <BarList
        label="Events in quarantine by reason"
        rows={reasons.map((row) => ({
          key: keyOf(row),
          label: readableReason(row.reason_code),
          bars: [{ color: 'quarantined', value: Number(row.events), text: formatCount(row.events) }],
          details: [
            { label: 'Events', value: formatCount(row.events), color: 'quarantined' },
            { label: 'Share of all faults', value: formatShare(share(row.events, all)) },
            { label: 'First', value: instant(row.first_enqueued_at) },
            { label: 'Last', value: instant(row.last_enqueued_at) },
          ],
        }))}
      />
    </Panel>
  );
}

/** `unknown_patient` as `Unknown patient`. */
function readableReason(code: string): string {
  const words = code
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/\bjson\b/, 'JSON');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function keyOf(row: Reason): string {
  return `${row.rule_id} ${row.reason_code}`;
}

function instant(date: Date | null): string {
  return date ? formatMinute(date) : '–';
}

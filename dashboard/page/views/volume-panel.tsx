import { Badge } from '../components/badge';
import { DataTable } from '../components/data-table';
import type { Row } from '../data/marts';
import { formatCount, formatDecimal } from '../data/units';

type Volume = Row<'volume_anomaly'>;

/** Whether the newest run changed a table by an unusual number of rows. */
export function VolumePanel({ rows }: { rows: Volume[] }) {
  return (
    <section class="panel" aria-labelledby="volume">
      <header class="panel-head">
        <div>
          <h2 id="volume">Volume</h2>
          <p class="note">Rows that the newest run added, against the median of earlier runs.</p>
        </div>
      </header>
      <DataTable
        caption="Volume of each table"
        items={rows}
        keyOf={({ dataset }) => dataset}
        columns={[
          { title: 'Table', cell: ({ dataset }) => dataset },
          { title: 'Rows', numeric: true, cell: (row) => formatCount(row.row_count) },
          {
            title: 'Added',
            numeric: true,
            cell: ({ rows_added: added }) => formatDecimal(added === null ? null : added * 10n, 1, true),
          },
          { title: 'Usual', numeric: true, cell: (row) => formatDecimal(row.median_added, 2, true) },
          { title: 'Robust z', numeric: true, cell: (row) => formatDecimal(row.robust_z, 6, true) },
          { title: 'Verdict', cell: (row) => <Verdict {...row} /> },
        ]}
      />
    </section>
  );
}

function Verdict({ is_anomaly: isAnomaly, robust_z: score, runs_compared: runs }: Volume) {
  if (isAnomaly) return <Badge tone="warn">Unusual</Badge>;
  if (score !== null) return <Badge tone="good">Usual</Badge>;
  return <Badge tone="plain">{runs < 5n ? 'Too few runs' : 'No change'}</Badge>;
}

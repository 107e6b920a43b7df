import { DataTable } from '../components/data-table';
import type { Row } from '../data/marts';
import { formatDuration, formatMinute } from '../data/times';

/** How new the data of each dataset is. */
export function FreshnessPanel({ rows }: { rows: Row<'pipeline_freshness'>[] }) {
  const instant = (date: Date | null) => (date ? formatMinute(date) : '–');
  return (
    <section class="panel" aria-labelledby="freshness">
      <header class="panel-head">
        <div>
          <h2 id="freshness">Freshness</h2>
          <p class="note">Lag is the time from the newest event of a dataset to its newest load.</p>
        </div>
      </header>
      <DataTable
        caption="Freshness of each dataset"
        items={rows}
        keyOf={({ dataset }) => dataset}
        columns={[
          { title: 'Dataset', cell: ({ dataset }) => dataset },
          { title: 'Newest event, UTC', cell: (row) => instant(row.newest_event_at) },
          { title: 'Newest load, UTC', cell: (row) => instant(row.newest_load_at) },
          {
            title: 'Lag',
            numeric: true,
            cell: ({ lag_seconds: lag }) => (lag === null ? '–' : formatDuration(lag)),
          },
        ]}
      />
    </section>
  );
}

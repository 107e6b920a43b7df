import { Badge } from '../components/badge';
import { DataTable } from '../components/data-table';
import { Panel } from '../components/panel';
import type { Row } from '../data/marts';
import { formatCount } from '../data/units';

type Alert = Row<'quality_alerts'>;

/** Where somebody should look; quiet when nothing fires. */
export function AlertsPanel({ alerts }: { alerts: Alert[] }) {
  const firing = alerts.filter((alert) => alert.is_firing);
  return (
    <Panel wide title="Alerts" note="Where somebody should look" table={<AlertTable alerts={alerts} />}>
      {firing.length === 0 ? (
        <Badge tone="good">No alert fires: {formatCount(BigInt(alerts.length))} checks are quiet</Badge>
      ) : (
        <ul class="lines">
          {firing.map((alert) => (
            <li key={`${alert.alert_id} ${alert.dataset}`}>
              <Firing alert={alert} />
              <span class="line-name">{alert.dataset}</span>
              <span class="line-note">{alert.message}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function AlertTable({ alerts }: { alerts: Alert[] }) {
  return (
    <DataTable
      caption="Alert rules by table"
      items={alerts}
      keyOf={(alert) => `${alert.alert_id} ${alert.dataset}`}
      columns={[
        { title: 'Table or hop', cell: ({ dataset }) => dataset },
        { title: 'Alert', cell: (alert) => alert.alert_id },
        { title: 'State', cell: (alert) => <Firing alert={alert} /> },
        { title: 'When it fires', prose: true, cell: ({ message }) => message },
      ]}
    />
  );
}

function Firing({ alert }: { alert: Alert }) {
  if (!alert.is_firing) return <Badge tone="good">Quiet</Badge>;
  return alert.severity === 'error' ? <Badge tone="bad">Error</Badge> : <Badge tone="warn">Warning</Badge>;
}

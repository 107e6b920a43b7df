import { Badge } from '../components/badge';
import { DataTable } from '../components/data-table';
import { Legend } from '../components/legend';
import { Panel } from '../components/panel';
import { ShareBar } from '../components/share-bar';
import { eventfulHops, type Hop } from '../data/quality-figures';
import { formatCount } from '../data/units';

const parts = [
  { color: 'accepted', label: 'Accepted' },
  { color: 'quarantined', label: 'Quarantined' },
  { color: 'superseded', label: 'Superseded' },
  { color: 'missing', label: 'Missing' },
];

/** Where the rows of every hop went: read = accepted + quarantined + superseded. Hops that carry every row over are one line. */
export function ReconciliationPanel({ runId, hops }: { runId: string | undefined; hops: Hop[] }) {
  const shown = eventfulHops(hops);
  const quiet = hops.length - shown.length;
  return (
    <Panel
      title="Reconciliation"
      note={
        <>
          Every row read is accepted, in quarantine, or superseded by a newer version. Run <code>{runId}</code>
        </>
      }
      table={<HopTable hops={hops} />}
    >
      {shown.length > 0 && (
        <Legend entries={shown.some(({ difference }) => difference !== 0n) ? parts : parts.slice(0, 3)} />
      )}
      <ul class="hops">
        {shown.map((hop) => (
          <HopItem key={hop.name} hop={hop} />
        ))}
      </ul>
      {quiet > 0 && (
        <Badge tone="good">
          {shown.length > 0 ? `${quiet} other hops carry` : `All ${quiet} hops carry`} every row over
        </Badge>
      )}
    </Panel>
  );
}

function HopItem({ hop }: { hop: Hop }) {
  const { name, read, accepted, quarantined, superseded, difference } = hop;
  const amounts = [accepted, quarantined, superseded, difference];
  return (
    <li class="hop">
      <span class="hop-name">{name}</span>
      <Verdict difference={difference} />
      <ShareBar label={name} parts={parts.map((part, at) => ({ ...part, amount: amounts[at]! }))} />
      <span class="hop-parts">
        {formatCount(read)} read · {formatCount(accepted)} accepted · {formatCount(quarantined)} quarantined ·{' '}
        {formatCount(superseded)} superseded
      </span>
    </li>
  );
}

function Verdict({ difference }: { difference: bigint }) {
  if (difference === 0n) return <Badge tone="good">Adds up</Badge>;
  if (difference > 0n) return <Badge tone="bad">{formatCount(difference)} missing</Badge>;
  return <Badge tone="bad">{formatCount(-difference)} too many</Badge>;
}

function HopTable({ hops }: { hops: Hop[] }) {
  return (
    <DataTable
      caption="Rows of every hop"
      items={hops}
      keyOf={({ name }) => name}
      columns={[
        { title: 'Hop', cell: ({ name }) => name },
        { title: 'Read', numeric: true, cell: ({ read }) => formatCount(read) },
        { title: 'Accepted', numeric: true, cell: ({ accepted }) => formatCount(accepted) },
        { title: 'Quarantined', numeric: true, cell: ({ quarantined }) => formatCount(quarantined) },
        { title: 'Superseded', numeric: true, cell: ({ superseded }) => formatCount(superseded) },
        { title: 'Difference', numeric: true, cell: ({ difference }) => formatCount(difference) },
      ]}
    />
  );
}

import { Badge } from '../components/badge';
import { DataTable } from '../components/data-table';
import { Legend } from '../components/legend';
import { Panel } from '../components/panel';
import { ShareBar } from '../components/share-bar';
import type { Hop } from '../data/quality-figures';
import { formatCount } from '../data/units';

const parts = [
  { color: 'accepted', label: 'Accepted' },
  { color: 'quarantined', label: 'Quarantined' },
  { color: 'superseded', label: 'Superseded' },
  { color: 'missing', label: 'Missing' },
];

/** Where the rows of every hop went: read = accepted + quarantined + superseded. */
export function ReconciliationPanel({ runId, hops }: { runId: string; hops: Hop[] }) {
  return (
    <Panel
      wide
      title="Reconciliation"
      note={
        <>
          Every row that is read is accepted, in quarantine, or superseded by a newer version. Run <code>{runId}</code>
        </>
      }
      controls={<Legend entries={hops.some(({ difference }) => difference !== 0n) ? parts : parts.slice(0, 3)} />}
      table={<HopTable hops={hops} />}
    >
      <ul class="hops">
        {hops.map((hop) => (
          <li key={hop.name} class="hop">
            <span class="hop-name">{hop.name}</span>
            <span class="hop-read">{formatCount(hop.read)} rows read</span>
            <ShareBar
              label={hop.name}
              parts={[
                { ...parts[0]!, amount: hop.accepted },
                { ...parts[1]!, amount: hop.quarantined },
                { ...parts[2]!, amount: hop.superseded },
                { ...parts[3]!, amount: hop.difference },
              ]}
            />
            <span class="hop-parts">
              {formatCount(hop.accepted)} accepted · {formatCount(hop.quarantined)} quarantined ·{' '}
              {formatCount(hop.superseded)} superseded
            </span>
            <Verdict difference={hop.difference} />
          </li>
        ))}
      </ul>
    </Panel>
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

import { Badge } from '../components/badge';
import { DataTable, type Column } from '../components/data-table';
import { Panel } from '../components/panel';
import type { RuleResult, Scorecard } from '../data/quality-figures';
import { formatCount, formatScore } from '../data/units';

/** Rules that rows break in full, the others by dataset; the table has every rule. */
export function ScorecardPanel({ card: { rules, broken, datasets, runId } }: { card: Scorecard }) {
  return (
    <Panel
      wide
      title="Scorecard"
      note={
        <>
          {rules.length - broken.length} of {rules.length} rules hold for every row. Run <code>{runId}</code>
        </>
      }
      table={<DataTable caption="Every rule of the newest run" items={rules} keyOf={keyOf} columns={columns} />}
    >
      {broken.length > 0 && (
        <DataTable
          caption="Rules that rows break, the lowest score first"
          items={broken}
          keyOf={keyOf}
          columns={columns}
        />
      )}
      <ul class="chips">
        {datasets.map(({ name, rules: count, broken: bad }) => (
          <li key={name} class="chip">
            <span class="chip-name">{name}</span>
            <span class="note">
              {count - bad} of {count} {count === 1 ? 'rule holds' : 'rules hold'}
            </span>
            {bad > 0 ? <Badge tone="warn">{bad} broken</Badge> : <Badge tone="good">Holds</Badge>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const keyOf = ({ dataset, rule }: RuleResult) => `${dataset} ${rule}`;

const columns: Column<RuleResult>[] = [
  {
    title: 'Rule',
    cell: ({ description, rule }) => (
      <>
        {description || rule}
        {description && <span class="sub-line">{rule}</span>}
      </>
    ),
  },
  { title: 'Dataset', cell: ({ dataset }) => dataset },
  { title: 'Result', cell: (result) => <Result {...result} /> },
  { title: 'Rows checked', numeric: true, cell: ({ checked }) => formatCount(checked) },
  { title: 'Rows failed', numeric: true, cell: ({ failed }) => formatCount(failed) },
  { title: 'Score', numeric: true, cell: ({ score }) => formatScore(score) },
];

/** What became of the rows that break the rule. */
const consequences: Record<string, { tone: 'warn' | 'bad' | 'plain'; text: string }> = {
  stop: { tone: 'bad', text: 'Run stopped' },
  quarantine: { tone: 'warn', text: 'Quarantined' },
  repair: { tone: 'plain', text: 'Repaired' },
  warn: { tone: 'warn', text: 'Flagged' },
};

function Result({ failed, score, action }: RuleResult) {
  if (score === null) return <Badge tone="plain">Nothing to check</Badge>;
  if (failed === 0n) return <Badge tone="good">Holds</Badge>;
  const { tone, text } = consequences[action] ?? { tone: 'warn', text: 'Broken' };
  return <Badge tone={tone}>{text}</Badge>;
}

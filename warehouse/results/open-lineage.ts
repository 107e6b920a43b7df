import { randomUUID } from 'node:crypto';
import type { ActionResult, RunSummary } from './model';

const schemaUrl = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';
const producer = 'https://github.com/medstream/medstream';

/** OpenLineage run events (spec 2-0-2) of a run: one START and one end event for each action that ran. */
export function openLineageEvents(summary: RunSummary): object[] {
  const namespace = `sqlserver://${summary.server}`;
  const dataset = (id: string): object => ({ namespace, name: `${summary.database}.${id}` });
  return summary.actions
    .filter(({ startedAt }) => startedAt)
    .flatMap((action) => {
      const run = { runId: randomUUID() };
      const common = {
        run,
        job: { namespace: `medstream://${summary.database}`, name: action.action },
        inputs: action.inputs.map(dataset),
        outputs: action.kind === 'assertion' ? [] : [dataset(action.action)],
        producer,
        schemaURL: schemaUrl,
      };
      return [
        { eventType: 'START', eventTime: action.startedAt, ...common },
        { eventType: action.status === 'success' ? 'COMPLETE' : 'FAIL', eventTime: endOf(action), ...common },
      ];
    });
}

function endOf({ startedAt, seconds }: ActionResult): string {
  return new Date(Date.parse(startedAt!) + seconds * 1000).toISOString();
}

import { setTimeout as sleep } from 'node:timers/promises';
import { MedStreamError, throwIfStopped } from '../../common/errors';
import type { Warehouse } from '../connection/warehouse';
import { driverError } from '../connection/errors';
import { labelOf } from '../sql/label';
import { literal } from '../sql/names';

const prefix = 'MedStream run ';

/** How long what a killed run left on the server may take to end: its statements are rolled back first. Tests raise it. */
export const patience = { seconds: 20 };
const lookEveryMilliseconds = 200;

/** Errors of a user that may not see other sessions: without VIEW DATABASE STATE runs are not kept apart. */
const notAllowed = new Set([208, 229, 262, 297, 300, 6004]);

/** What `sys.dm_pdw_exec_sessions` shows as `app_name` of a run. */
export function sessionName(runId: string): string {
  return `${prefix}${runId}`;
}

/**
 * Two runs at once would take each other's half-built tables for left-overs. Waits until no run that came before this one has a
 * session, and until no statement of another run is at work: a dedicated pool may go on with the last one of a run that was
 * killed after its session is gone.
 * @throws MedStreamError MS4009 when another run goes on.
 */
export async function awaitOtherRuns(warehouse: Warehouse, runId: string, signal?: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + patience.seconds * 1000;
  for (;;) {
    const other = (await earlierRun(warehouse, runId)) ?? (await runAtWork(warehouse, runId));
    if (!other) return;
    if (performance.now() > giveUpAt)
      throw new MedStreamError({
        code: 'MS4009',
        what: `Another run is building this warehouse: ${other}.`,
        why: 'Two at once would take each other for left-overs of a killed run.',
        next: "Wait until it is done, or end its sessions (app_name in sys.dm_pdw_exec_sessions, label in sys.dm_pdw_exec_requests; KILL 'SID…').",
      });
    await sleep(lookEveryMilliseconds, undefined, { signal }).catch(() => throwIfStopped(signal));
  }
}

/** The run that logged in first, unless it is this one. The server's clock decides, and the name where that ties. */
async function earlierRun(warehouse: Warehouse, runId: string): Promise<string | undefined> {
  const [first] = await look<{ app_name: string }>(
    warehouse,
    `SELECT app_name, MIN(login_time) AS logged_in
FROM sys.dm_pdw_exec_sessions
WHERE app_name LIKE ${literal(`${prefix}%`)} AND status IN ('Active', 'Idle')
GROUP BY app_name
ORDER BY logged_in, app_name`,
  );
  return first && first.app_name !== sessionName(runId) ? first.app_name.slice(prefix.length) : undefined;
}

/** Another run of which a labelled statement is at work. Runs that wait for this one have sent none. */
async function runAtWork(warehouse: Warehouse, runId: string): Promise<string | undefined> {
  const [request] = await look<{ label: string }>(
    warehouse,
    `SELECT TOP 1 [label] AS label
FROM sys.dm_pdw_exec_requests
WHERE [label] LIKE ${literal(labelOf('%', '%'))} AND [label] NOT LIKE ${literal(labelOf(runId, '%'))} AND status IN ('Running', 'Suspended')`,
  );
  return request?.label.split(':')[1];
}

async function look<Row>(warehouse: Warehouse, sql: string): Promise<Row[]> {
  try {
    return await warehouse.query<Row>(sql);
  } catch (error) {
    if (notAllowed.has(driverError(error).number ?? 0)) return [];
    throw error;
  }
}

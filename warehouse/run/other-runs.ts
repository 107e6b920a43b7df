import { setTimeout as sleep } from 'node:timers/promises';
import { MedStreamError, throwIfStopped } from '../../common/errors';
import type { Warehouse } from '../connection/warehouse';
import { driverError } from '../connection/errors';
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
 * session: those of a killed run end with their last statement.
 * @throws MedStreamError MS4009 when another run goes on.
 */
export async function awaitOtherRuns(warehouse: Warehouse, runId: string, signal?: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + patience.seconds * 1000;
  for (;;) {
    const other = await earlierRun(warehouse, runId);
    if (!other) return;
    if (performance.now() > giveUpAt)
      throw new MedStreamError({
        code: 'MS4009',
        what: `Another run is building this warehouse: ${other.slice(prefix.length)}.`,
        why: 'Two at once would take each other for left-overs of a killed run.',
        next: "Wait until it is done, or end its sessions (app_name in sys.dm_pdw_exec_sessions; KILL 'SID…').",
      });
    await sleep(lookEveryMilliseconds, undefined, { signal }).catch(() => throwIfStopped(signal));
  }
}

/** The run that logged in first, unless it is this one. The server's clock decides, and the name where that ties. */
async function earlierRun(warehouse: Warehouse, runId: string): Promise<string | undefined> {
  const sessions = await warehouse
    .query<{ app_name: string }>(
      `SELECT app_name, MIN(login_time) AS logged_in
FROM sys.dm_pdw_exec_sessions
WHERE app_name LIKE ${literal(`${prefix}%`)} AND status IN ('Active', 'Idle')
GROUP BY app_name
ORDER BY logged_in, app_name`,
    )
    .catch((error: unknown) => {
      if (notAllowed.has(driverError(error).number ?? 0)) return [];
      throw error;
    });
  const first = sessions[0]?.app_name;
  return first === sessionName(runId) ? undefined : first;
}

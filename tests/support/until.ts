import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any machine takes: it only ends what would wait for ever. */
const patienceMilliseconds = 120_000;

/** Resolves once `holds` does. Tests wait for a condition, never for a time: how long that takes depends on the machine. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + patienceMilliseconds; !(await holds()); await sleep(20))
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
}

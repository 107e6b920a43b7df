/** WAITFOR DELAY and TIME: waits until then, or until the client cancels. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TSqlError } from '../../contract';
import type { StatementOf } from '../syntax/ast-statements';
import { nvarchar } from '../types/sql-types';
import type { Interpreter } from './interpreter';

const dayMs = 24 * 60 * 60 * 1000;

export async function waitFor(i: Interpreter, s: StatementOf<'waitFor'>): Promise<void> {
  const text = (await i.value(s.value, nvarchar(100))).literal ?? '';
  const match = /^\s*(\d{1,3}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,3}))?)?\s*$/.exec(text);
  if (!match) throw new TSqlError(148, `Incorrect time syntax in time string '${text}' used with WAITFOR.`, 1, 15);
  const [hours, minutes, seconds] = match.slice(1, 4).map((part) => Number(part ?? 0)) as [number, number, number];
  const clock = ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number((match[4] ?? '').padEnd(3, '0'));
  const delay = s.until ? (clock - (Date.now() % dayMs) + dayMs) % dayMs : clock;
  await sleep(delay, undefined, { signal: i.state.sink.signal() }).catch(() => undefined);
}

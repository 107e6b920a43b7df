/** SET options: those with an effect here are kept, those that only the service's own setting allows are checked. */
import { TSqlError } from '../../contract';
import { isDateOrder, setDateOrder } from '../../catalog/date-order';
import { notSupported } from '../errors';
import type { StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';

/** Options whose other setting would change answers in a way that is not done here. */
const FIXED: Readonly<Record<string, string>> = {
  ANSI_NULLS: 'ON',
  CONCAT_NULL_YIELDS_NULL: 'ON',
  NOEXEC: 'OFF',
  PARSEONLY: 'OFF',
  SHOWPLAN_ALL: 'OFF',
  SHOWPLAN_TEXT: 'OFF',
  SHOWPLAN_XML: 'OFF',
};

/** Of those, what SQL Server's surface takes without effect: drivers set them, and read them back. */
const RECORDED = new Set(['ANSI_NULLS', 'CONCAT_NULL_YIELDS_NULL']);

async function setDateFormat({ state }: Interpreter, value: string): Promise<void> {
  const order = value.toLowerCase();
  if (!isDateOrder(order)) throw new TSqlError(2741, `SET DATEFORMAT date order '${value}' is invalid.`);
  await setDateOrder(state.connection, order);
  state.options.set('DATEFORMAT', order);
}

export async function setOption(i: Interpreter, written: StatementOf<'setOption'>): Promise<void> {
  const { state } = i;
  const value = written.value.startsWith('@')
    ? await i.text({ kind: 'variable', name: written.value, line: written.span.line })
    : written.value;
  const s = { ...written, value: value ?? '' };
  for (const name of s.name.split(',')) {
    const fixed = FIXED[name];
    if (fixed !== undefined && fixed !== s.value.toUpperCase() && !(state.surface === 'server' && RECORDED.has(name)))
      throw notSupported(`SET ${name} ${s.value}`, s.span.line);
    if (name === 'DATEFIRST' && !/^[1-7]$/.test(s.value))
      throw new TSqlError(
        2744,
        `The DATEFIRST value ${s.value} is outside the range of allowed values of 1 through 7.`,
      );
    if (name === 'ROWCOUNT' && !/^\d+$/.test(s.value)) throw notSupported(`SET ROWCOUNT ${s.value}`, s.span.line);
    if (name === 'DATEFORMAT') {
      await setDateFormat(i, s.value);
      continue;
    }
    if (name === 'LANGUAGE' && !['us_english', 'english'].includes(s.value.toLowerCase()))
      throw notSupported(`SET LANGUAGE ${s.value}`, s.span.line);
    state.options.set(name, s.value);
    if (name === 'NOCOUNT') state.noCount = s.value === 'ON';
    else if (name === 'XACT_ABORT') state.xactAbort = s.value === 'ON';
    else if (name.startsWith('IDENTITY_INSERT ')) {
      const table = name
        .slice('IDENTITY_INSERT '.length)
        .replace(/[[\]"]/g, '')
        .toLowerCase();
      if (!i.env.object(table.split('.')))
        throw new TSqlError(
          1088,
          `Cannot find the object "${table}" because it does not exist or you do not have permissions.`,
          11,
        );
      state.identityInsert = s.value === 'ON' ? table : undefined;
    }
  }
  state.rowCount = 0;
  state.sink.done('set');
}

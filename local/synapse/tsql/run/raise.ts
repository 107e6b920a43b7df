/** THROW and RAISERROR. */
import { TSqlError } from '../../contract';
import type { StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';

export async function throwError(i: Interpreter, s: StatementOf<'throw'>): Promise<void> {
  const { state } = i;
  if (!s.args) {
    const error = state.errors.at(-1);
    if (!error)
      throw new TSqlError(
        10704,
        'To rethrow an error, a THROW statement must be used inside a CATCH block. Insert the THROW statement inside a CATCH block, or add error parameters to the THROW statement.',
        1,
        15,
      );
    throw error;
  }
  const number = await i.integer(s.args[0]);
  if (number < 50000)
    throw new TSqlError(
      35100,
      `Error number ${number} in the THROW statement is outside the valid range. Specify an error number in the valid range of 50000 to 2147483647.`,
      1,
      15,
    );
  throw new TSqlError(
    number,
    (await i.text(s.args[1])) ?? '',
    await i.integer(s.args[2]),
    16,
    s.span.line,
    state.frame.procedure,
  );
}

export async function raiseError(i: Interpreter, s: StatementOf<'raiserror'>): Promise<void> {
  const [first, severityNode, stateNode, ...rest] = s.args;
  const isNumber = first!.kind === 'literal' && first!.type === 'integer';
  let message = (await i.text(first!)) ?? '';
  const wanted = isNumber ? Number(message) : 50000;
  const number = isNumber ? 18054 : 50000;
  if (isNumber)
    message = `Error ${wanted}, severity ${await i.integer(severityNode!)}, state ${await i.integer(stateNode!)} was raised, but no message with that error number was found in sys.messages.`;
  const values: string[] = [];
  for (const node of rest) values.push((await i.text(node)) ?? '(null)');
  message = message.replace(/%(-?\d*)(?:\.\d+)?(l|I64)?([dsiuxXo%])/g, (_, width: string, _size, kind: string) => {
    if (kind === '%') return '%';
    const value = values.shift() ?? '(null)';
    const text = /x/i.test(kind) ? Number(value).toString(16) : value;
    return width.startsWith('-') ? text.padEnd(Number(width.slice(1))) : text.padStart(Number(width || 0));
  });
  const severity = await i.integer(severityNode!);
  const errorState = await i.integer(stateNode!);
  if (severity <= 10) i.state.sink.info({ number, state: errorState, class: severity, line: s.span.line, message });
  else throw new TSqlError(number, message, errorState, severity, s.span.line, i.state.frame.procedure);
}

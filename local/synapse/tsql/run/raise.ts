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

/** Messages of sys.messages that are raised by their number; `%s` stands for the arguments. All are of severity 16. */
const MESSAGES: Readonly<Record<string, string>> = {
  14262: "The specified %s ('%s') does not exist.",
  15009: "The object '%s' does not exist in database '%s' or is invalid for this operation.",
  15023: "User, group, or role '%s' already exists in the current database.",
  15097: 'The size associated with an extended property cannot be more than 7,500 bytes.',
  15151: "Cannot find the %s '%s', because it does not exist or you do not have permission.",
  15600: "An invalid parameter or option was specified for procedure '%s'.",
};

export async function raiseError(i: Interpreter, s: StatementOf<'raiserror'>): Promise<void> {
  const [first, severityNode, stateNode, ...rest] = s.args;
  const isNumber = first!.kind === 'literal' && first!.type === 'integer';
  const given = (await i.text(first!)) ?? '';
  const known = isNumber ? MESSAGES[given] : given;
  const asked = [await i.integer(severityNode!), await i.integer(stateNode!)] as const;
  const severity = asked[0] >= 0 ? asked[0] : known !== undefined && isNumber ? 16 : 0;
  const state = asked[1] >= 0 ? asked[1] : 1;
  const number = !isNumber ? 50000 : known === undefined ? 18054 : Number(given);
  const values: string[] = [];
  for (const node of rest) values.push((await i.text(node)) ?? '(null)');
  const message =
    known === undefined
      ? `Error ${given}, severity ${asked[0]}, state ${asked[1]} was raised, but no message with that error number was found in sys.messages. If error is larger than 50000, make sure the user-defined message is added using sp_addmessage.`
      : filled(known, values);
  if (severity <= 10) i.state.sink.info({ number, state, class: severity, line: s.span.line, message });
  else throw new TSqlError(number, message, state, severity, s.span.line, i.state.frame.procedure);
}

/** printf's placeholders: `%s`, `%5d`, `%-10s`, `%x`. */
function filled(format: string, values: string[]): string {
  return format.replace(/%(-?\d*)(?:\.\d+)?(l|I64)?([dsiuxXo%])/g, (_, width: string, _size, kind: string) => {
    if (kind === '%') return '%';
    const value = values.shift() ?? '(null)';
    const text = /x/i.test(kind) ? Number(value).toString(16) : value;
    return width.startsWith('-') ? text.padEnd(Number(width.slice(1))) : text.padStart(Number(width || 0));
  });
}

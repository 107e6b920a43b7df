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
  15197: "There is no text for object '%s'.",
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
  if (severity > 18)
    throw new TSqlError(
      2754,
      'Error severity levels greater than 18 can only be specified by members of the sysadmin role, using the WITH LOG option.',
    );
  const values: string[] = [];
  for (const node of rest) values.push((await i.text(node)) ?? '(null)');
  const message =
    known === undefined
      ? `Error ${given}, severity ${asked[0]}, state ${asked[1]} was raised, but no message with that error number was found in sys.messages. If error is larger than 50000, make sure the user-defined message is added using sp_addmessage.`
      : filled(known, values);
  i.state.rowCount = 0;
  if (severity > 10) throw new TSqlError(number, message, state, severity, s.span.line, i.state.frame.procedure);
  i.state.sink.info({ number, state, class: severity, line: s.span.line, message });
  if (!i.state.noCount) i.done('other');
}

/** printf's placeholders: `%s`, `%5d`, `%05d`, `%-10s`, `%+d`, `%.3s`, `%#x`. */
function filled(format: string, values: string[]): string {
  const count = values.length;
  return format.replace(
    /%([-+0 #]*)(\*|\d*)(?:\.(\*|\d+))?(?:l|h|I64)?([dsiuoxX%])|%.*/gs,
    (found, flags: string, width: string, precision: string | undefined, kind: string | undefined) => {
      if (kind === '%') return '%';
      if (kind === undefined) throw new TSqlError(2787, `Invalid format specification: '${found}'.`);
      const size = Number(width === '*' ? values.shift() : width || 0);
      const limit =
        precision === '*' ? Number(values.shift()) : precision === undefined ? undefined : Number(precision);
      const number = count - values.length + 1;
      const value = values.shift() ?? '(null)';
      if (kind !== 's' && value !== '(null)' && !/^-?\d+$/.test(value)) throw mismatch(number);
      const text = placeholder(kind, value, flags, limit);
      if (flags.includes('-')) return text.padEnd(size);
      return flags.includes('0') && kind !== 's' ? text.padStart(size, '0') : text.padStart(size);
    },
  );
}
const mismatch = (parameter: number): TSqlError =>
  new TSqlError(
    2786,
    `The data type of substitution parameter ${parameter} does not match the expected type of the format specification.`,
  );
function placeholder(kind: string, value: string, flags: string, limit: number | undefined): string {
  if (kind === 's') return limit === undefined ? value : value.slice(0, limit);
  if (value === '(null)') return value;
  const number = Number(value);
  if (kind === 'd' || kind === 'i') {
    const digits = String(Math.abs(number)).padStart(limit ?? 0, '0');
    const sign = number < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
    return sign + digits;
  }
  const unsigned = number < 0 ? number + 2 ** 32 : number;
  const text = unsigned.toString({ u: 10, o: 8, x: 16, X: 16 }[kind]);
  const prefix = !flags.includes('#') || kind === 'u' ? '' : kind === 'o' ? '0' : `0${kind}`;
  return prefix + (kind === 'X' ? text.toUpperCase() : text);
}

/** SET: variables and the session options that clients send at login. */
import { TSqlError } from '../../contract';
import type { StatementBody } from './ast-statements';
import type { Cursor } from './cursor';
import { parseSetVariable } from './control';

/** ON/OFF options. Several may stand in one SET: `SET ANSI_NULLS, QUOTED_IDENTIFIER ON`. */
const SWITCHES = new Set(
  'ANSI_DEFAULTS ANSI_NULL_DFLT_OFF ANSI_NULL_DFLT_ON ANSI_NULLS ANSI_PADDING ANSI_WARNINGS ARITHABORT ARITHIGNORE CONCAT_NULL_YIELDS_NULL CURSOR_CLOSE_ON_COMMIT FMTONLY FORCEPLAN IMPLICIT_TRANSACTIONS NOCOUNT NOEXEC NUMERIC_ROUNDABORT PARSEONLY QUOTED_IDENTIFIER REMOTE_PROC_TRANSACTIONS RESULT_SET_CACHING SHOWPLAN_ALL SHOWPLAN_TEXT SHOWPLAN_XML XACT_ABORT NO_BROWSETABLE DISABLE_DEF_CNST_CHK'.split(
    ' ',
  ),
);
const VALUES = new Set([
  'DATEFIRST',
  'DATEFORMAT',
  'DEADLOCK_PRIORITY',
  'LANGUAGE',
  'LOCK_TIMEOUT',
  'QUERY_GOVERNOR_COST_LIMIT',
  'ROWCOUNT',
  'TEXTSIZE',
  'CONTEXT_INFO',
]);

export function parseSet(c: Cursor): StatementBody {
  c.expect('SET');
  if (c.token.kind === 'variable') return parseSetVariable(c);
  if (c.accept('TRANSACTION', 'ISOLATION', 'LEVEL')) {
    const first = c.take().text.toUpperCase();
    const level = ['READ', 'REPEATABLE'].includes(first) ? `${first} ${c.take().text.toUpperCase()}` : first;
    if (!['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SNAPSHOT', 'SERIALIZABLE'].includes(level))
      throw c.error();
    return { kind: 'setOption', name: 'ISOLATION', value: level };
  }
  if (c.accept('IDENTITY_INSERT')) {
    const name = c.name().join('.');
    return { kind: 'setOption', name: `IDENTITY_INSERT ${name}`, value: onOff(c) };
  }
  if (c.accept('STATISTICS')) {
    const names = c.list(() => c.take().text.toUpperCase());
    return { kind: 'setOption', name: `STATISTICS ${names.join(',')}`, value: onOff(c) };
  }
  const names = c.list(() => c.take().text.toUpperCase());
  if (names.every((name) => SWITCHES.has(name))) return { kind: 'setOption', name: names.join(','), value: onOff(c) };
  if (names.length === 1 && VALUES.has(names[0]!)) {
    const sign = c.accept('-') ? '-' : '';
    const { token } = c;
    if (token.kind === 'op' || token.kind === 'end') throw c.error();
    return { kind: 'setOption', name: names[0]!, value: sign + c.take().text };
  }
  throw new TSqlError(195, `'${names[0]}' is not a recognized SET option.`, 5, 15, c.line);
}
function onOff(c: Cursor): string {
  if (c.accept('ON')) return 'ON';
  c.expect('OFF');
  return 'OFF';
}

/** Master keys, credentials and options of the database. */
import type { StatementBody } from './ast-statements';
import type { Cursor } from './cursor';

type Mode = 'create' | 'alter' | 'drop';

/** MASTER KEY [ENCRYPTION BY PASSWORD = '…' | FORCE REGENERATE …]; the cursor stands on MASTER. */
export function parseMasterKey(c: Cursor, mode: Mode): StatementBody {
  c.expect('MASTER', 'KEY');
  if (mode !== 'drop') {
    c.accept('FORCE');
    c.accept('REGENERATE');
    c.accept('WITH');
    if (c.accept('ENCRYPTION', 'BY', 'PASSWORD')) {
      c.expect('=');
      c.string();
    }
  }
  return { kind: 'masterKey', mode };
}

/** DATABASE SCOPED CREDENTIAL name [WITH IDENTITY = '…' [, SECRET = '…']]; the secret is not kept. */
export function parseCredential(c: Cursor, mode: Mode): StatementBody {
  c.expect('DATABASE', 'SCOPED', 'CREDENTIAL');
  const name = c.identifier();
  let identity = '';
  if (mode !== 'drop') {
    c.expect('WITH');
    c.list(() => {
      const option = c.take().upper;
      if (option !== 'IDENTITY' && option !== 'SECRET') throw c.error();
      c.expect('=');
      const value = c.string();
      if (option === 'IDENTITY') identity = value;
    });
  }
  return { kind: 'credential', mode, name, identity };
}

/** ALTER DATABASE name SET option value | MODIFY …; the cursor stands on DATABASE. An option's value is its first word. */
export function parseAlterDatabase(c: Cursor): StatementBody {
  c.expect('DATABASE');
  const name = c.accept('CURRENT') ? 'CURRENT' : c.identifier();
  const options: Record<string, string> = {};
  const option = (): void => {
    const key = c.take().text.toUpperCase();
    c.accept('=');
    options[key] = c.is('(') ? 'ON' : c.take().text.toUpperCase();
    let depth = 0;
    while (c.token.kind !== 'end' && !c.is(';') && (depth > 0 || !c.isAny(',', ')'))) {
      if (c.is('(')) depth++;
      else if (c.is(')')) depth--;
      c.take();
    }
  };
  if (c.accept('SET', '(')) {
    c.list(option);
    c.expect(')');
  } else if (c.accept('SET')) c.list(option);
  else {
    // MODIFY (SERVICE_OBJECTIVE = …), MODIFY NAME = …, COLLATE …: of the service, which a laptop has not.
    while (c.token.kind !== 'end' && !c.is(';')) c.take();
  }
  return { kind: 'alterDatabase', name, options };
}

/** GRANT, DENY, REVOKE, users, roles, security policies. */
import { notSupported } from '../errors';
import type { Name } from './ast';
import type { SecurityPredicate, StatementBody } from './ast-statements';
import { parseCallTail } from './calls';
import type { Cursor } from './cursor';

const CLASSES = [
  'OBJECT',
  'SCHEMA',
  'DATABASE',
  'ROLE',
  'USER',
  'TYPE',
  'CERTIFICATE',
  'SYMMETRIC KEY',
  'DATABASE SCOPED CREDENTIAL',
  'EXTERNAL DATA SOURCE',
];

/** GRANT permission [(columns)] [, …] [ON [class::]name] TO principal [, …] [WITH GRANT OPTION] */
export function parsePermission(c: Cursor): StatementBody {
  const action = c.take().text.toLowerCase() as 'grant' | 'deny' | 'revoke';
  const optionOnly = action === 'revoke' && c.accept('GRANT', 'OPTION', 'FOR');
  const permissions = c.list(() => parsePermissionName(c));
  const on = c.accept('ON') ? parseSecurable(c) : undefined;
  const columns = on && c.is('(') ? c.parenthesized(() => c.identifier()) : undefined;
  if (!c.accept('TO')) {
    if (action !== 'revoke') throw c.error();
    c.expect('FROM');
  }
  const principals = c.list(() => principal(c));
  const grantOption = c.accept('WITH', 'GRANT', 'OPTION') || optionOnly;
  c.accept('CASCADE');
  if (c.accept('AS')) principal(c);
  return {
    kind: 'permission',
    action,
    permissions: columns ? permissions.map((p) => ({ ...p, columns })) : permissions,
    on,
    principals,
    grantOption,
  };
}
function principal(c: Cursor): string {
  const { token } = c;
  if (token.kind !== 'word' && token.kind !== 'quoted') throw c.error();
  return c.take().text;
}
function parsePermissionName(c: Cursor): { name: string; columns?: string[] } {
  const words: string[] = [];
  while (c.token.kind === 'word' && !c.isAny('ON', 'TO', 'FROM')) words.push(c.take().upper);
  if (!words.length) throw c.error();
  if (words.at(-1) === 'PRIVILEGES') words.pop();
  const columns = c.is('(') ? c.parenthesized(() => c.identifier()) : undefined;
  return { name: words.join(' '), columns };
}
function parseSecurable(c: Cursor): { class: string; name: Name } {
  for (const name of CLASSES) {
    const words = [...name.split(' '), '::'];
    if (c.is(...words)) {
      c.accept(...words);
      return { class: name, name: name === 'ROLE' || name === 'USER' ? [principal(c)] : c.name() };
    }
  }
  return { class: 'OBJECT', name: c.name() };
}

/** CREATE USER | ROLE | LOGIN; the cursor stands after CREATE. */
export function parseCreatePrincipal(c: Cursor): StatementBody {
  const type = c.take().text.toLowerCase() as 'user' | 'role' | 'login';
  const name = principal(c);
  let login: string | undefined;
  let defaultSchema: string | undefined;
  if (type === 'user') {
    if (c.accept('FOR', 'LOGIN') || c.accept('FROM', 'LOGIN')) login = principal(c);
    else if (c.accept('FROM')) c.expect('EXTERNAL', 'PROVIDER');
    else c.accept('WITHOUT', 'LOGIN');
    if (c.accept('WITH')) defaultSchema = userOptions(c).DEFAULT_SCHEMA;
  } else if (type === 'role') {
    if (c.accept('AUTHORIZATION')) principal(c);
  } else {
    if (c.accept('FROM')) c.expect('EXTERNAL', 'PROVIDER');
    else {
      c.expect('WITH', 'PASSWORD', '=');
      c.string();
    }
  }
  return { kind: 'createPrincipal', type, name, login, defaultSchema };
}
/** `NAME = value, …` */
function userOptions(c: Cursor): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  c.list(() => {
    const option = c.take().text.toUpperCase();
    c.expect('=');
    options[option] = c.take().text;
  });
  return options;
}

/** ALTER USER u WITH NAME = v, DEFAULT_SCHEMA = s, LOGIN = l */
export function parseAlterUser(c: Cursor): StatementBody {
  c.expect('USER');
  const name = principal(c);
  c.expect('WITH');
  const { NAME: newName, DEFAULT_SCHEMA: defaultSchema, LOGIN: login } = userOptions(c);
  return { kind: 'alterUser', name, newName, defaultSchema, login };
}

/** ALTER ROLE r ADD | DROP MEMBER u */
export function parseAlterRole(c: Cursor): StatementBody {
  c.expect('ROLE');
  const role = principal(c);
  const add = c.accept('ADD');
  if (!add) {
    if (c.is('WITH')) throw notSupported('ALTER ROLE … WITH NAME', c.line);
    c.expect('DROP');
  }
  c.expect('MEMBER');
  return { kind: 'alterRole', role, member: principal(c), add };
}

/** CREATE | ALTER SECURITY POLICY name { ADD | ALTER | DROP } FILTER PREDICATE f(columns) ON table … WITH (STATE = ON) */
export function parseSecurityPolicy(c: Cursor, mode: 'create' | 'alter'): StatementBody {
  c.expect('SECURITY', 'POLICY');
  const name = c.name();
  const predicates: SecurityPredicate[] = [];
  if (c.isAny('ADD', 'ALTER', 'DROP')) predicates.push(...c.list(() => parsePredicate(c)));
  let state: boolean | undefined;
  if (c.accept('WITH')) {
    c.parenthesized(() => {
      const option = c.take().upper;
      if (option !== 'STATE' && option !== 'SCHEMABINDING') throw c.error();
      c.expect('=');
      const on = c.accept('ON');
      if (!on) c.expect('OFF');
      if (option === 'STATE') state = on;
    });
  }
  if (c.accept('NOT', 'FOR', 'REPLICATION')) throw c.error();
  return { kind: 'securityPolicy', name, mode, predicates, state: state ?? (mode === 'create' ? true : undefined) };
}
function parsePredicate(c: Cursor): SecurityPredicate {
  const action = c.take().text.toLowerCase() as 'add' | 'alter' | 'drop';
  if (c.is('BLOCK')) throw notSupported('A BLOCK PREDICATE', c.line);
  c.expect('FILTER', 'PREDICATE');
  if (action === 'drop') {
    c.expect('ON');
    return { action, table: c.name() };
  }
  const { line } = c;
  const call = parseCallTail(c, c.name(), line);
  c.expect('ON');
  return { action, call, table: c.name() };
}

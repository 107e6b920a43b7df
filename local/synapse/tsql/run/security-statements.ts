/** GRANT, DENY, REVOKE, users, roles, security policies, EXECUTE AS. */
import { TSqlError } from '../../contract';
import { isAdministrator, maySecure } from '../../catalog/security';
import type { ObjectInfo, PermissionInfo, PrincipalInfo } from '../../catalog/model';
import { now } from '../../catalog/store';
import { alreadyExists, notSupported } from '../errors';
import type { Statement, StatementOf } from '../syntax/ast-statements';
import { need } from './ddl-names';
import type { Interpreter } from './interpreter';

const KNOWN = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'EXECUTE',
  'ALTER',
  'CONTROL',
  'REFERENCES',
  'VIEW DEFINITION',
  'TAKE OWNERSHIP',
  'CONNECT',
  'UNMASK',
  'ALL',
  'CREATE TABLE',
  'CREATE VIEW',
  'CREATE PROCEDURE',
  'CREATE FUNCTION',
  'CREATE SCHEMA',
  'CREATE ROLE',
  'ALTER ANY USER',
  'ALTER ANY ROLE',
  'ALTER ANY SCHEMA',
  'ALTER ANY MASK',
  'ALTER ANY SECURITY POLICY',
  'ALTER ANY EXTERNAL DATA SOURCE',
  'ALTER ANY EXTERNAL FILE FORMAT',
  'VIEW DATABASE STATE',
  'ADMINISTER DATABASE BULK OPERATIONS',
  'SHOWPLAN',
  'IMPERSONATE',
  'VIEW ANY COLUMN MASTER KEY DEFINITION',
  'VIEW ANY COLUMN ENCRYPTION KEY DEFINITION',
  'ALTER ANY DATASPACE',
  'EXEC',
]);

export async function security(i: Interpreter, s: Statement): Promise<void> {
  const { state } = i;
  if (s.kind === 'executeAs') {
    const found = state.catalog.snapshot.principals.get(s.user.toLowerCase());
    if (
      !found ||
      found.type !== 'S' ||
      !(isAdministrator(state.catalog.snapshot, state.user) || state.user.toLowerCase() === s.user.toLowerCase())
    )
      throw new TSqlError(
        15517,
        `Cannot execute as the database principal because the principal "${s.user}" does not exist, this type of principal cannot be impersonated, or you do not have permission.`,
      );
    state.users.push(found.name);
    return i.done('other');
  }
  if (s.kind === 'revert') {
    if (state.users.length > 1) state.users.pop();
    return i.done('other');
  }
  if (state.owner === 0 && !maySecure(state.catalog.snapshot, state.user)) {
    if (s.kind === 'permission')
      throw new TSqlError(15151, 'Cannot find the object, because it does not exist or you do not have permission.');
    throw new TSqlError(15247, 'User does not have permission to perform this action.');
  }
  switch (s.kind) {
    case 'permission':
      await permission(i, s);
      break;
    case 'createPrincipal':
      await createPrincipal(i, s);
      break;
    case 'alterUser':
      await alterUser(i, s);
      break;
    case 'alterRole':
      await changeMember(i, s.role, s.member, s.add);
      break;
    case 'securityPolicy':
      await policy(i, s);
      break;
    default:
      throw notSupported(s.kind);
  }
  i.done('ddl');
}

function principal(i: Interpreter, name: string): PrincipalInfo {
  const found = i.state.catalog.snapshot.principals.get(name.toLowerCase());
  if (!found)
    throw new TSqlError(
      15151,
      `Cannot find the user '${name}', because it does not exist or you do not have permission.`,
    );
  return found;
}

/**
 * A GRANT or DENY may name a principal that only the real pool has (an Entra group): it becomes a role without members, and a message
 * says so. A real pool refuses it with Msg 15151.
 */
async function grantee(i: Interpreter, s: StatementOf<'permission'>, name: string): Promise<PrincipalInfo> {
  if (s.action === 'revoke' || i.state.catalog.snapshot.principals.has(name.toLowerCase())) return principal(i, name);
  await createPrincipal(i, { kind: 'createPrincipal', type: 'role', name, span: s.span });
  i.state.sink.info({
    number: 15151,
    state: 1,
    class: 0,
    line: s.span.line,
    message: `The principal '${name}' does not exist. The local Synapse has made a role of that name; a real pool would refuse this statement.`,
  });
  return principal(i, name);
}

async function permission(i: Interpreter, s: StatementOf<'permission'>): Promise<void> {
  const { state } = i;
  const place = securable(i, s);
  const grantees: PrincipalInfo[] = [];
  for (const name of s.principals) grantees.push(await grantee(i, s, name));
  const entries: PermissionInfo[] = [];
  for (const p of s.permissions) {
    const name = p.name === 'EXEC' ? 'EXECUTE' : p.name;
    if (!KNOWN.has(name)) throw new TSqlError(102, `Incorrect syntax near '${p.name}'.`, 1, 15, s.span.line);
    for (const who of grantees)
      for (const column of p.columns ?? [undefined])
        entries.push({
          grantee: who.id,
          state: s.action === 'deny' ? 'D' : 'G',
          permission: name,
          ...place,
          ...(column ? { column } : {}),
          ...(s.grantOption && s.action === 'grant' ? { grantOption: true as const } : {}),
        });
  }
  const same = (a: PermissionInfo, b: PermissionInfo): boolean =>
    a.grantee === b.grantee &&
    a.permission === b.permission &&
    a.class === b.class &&
    a.target.toLowerCase() === b.target.toLowerCase() &&
    a.column?.toLowerCase() === b.column?.toLowerCase();
  await state.define([], () => {
    const { permissions } = state.catalog.currentSettings();
    // REVOKE GRANT OPTION FOR leaves the permission itself.
    if (s.action === 'revoke' && s.grantOption)
      return {
        settings: {
          permissions: permissions.map((p) => (entries.some((e) => same(e, p)) ? { ...p, grantOption: undefined } : p)),
        },
      };
    const kept = state.catalog.currentSettings().permissions.filter((p) => !entries.some((e) => same(e, p)));
    return { settings: { permissions: s.action === 'revoke' ? kept : [...kept, ...entries] } };
  });
}
function securable(i: Interpreter, s: StatementOf<'permission'>): { class: PermissionInfo['class']; target: string } {
  if (!s.on) return { class: 'DATABASE', target: '' };
  if (s.on.class === 'DATABASE') return { class: 'DATABASE', target: '' };
  if (s.on.class === 'SCHEMA') {
    const schema = i.state.catalog.snapshot.schemas.get(s.on.name.at(-1)!.toLowerCase());
    if (!schema)
      throw new TSqlError(
        15151,
        `Cannot find the schema '${s.on.name.at(-1)}', because it does not exist or you do not have permission.`,
      );
    return { class: 'SCHEMA', target: schema.name };
  }
  if (s.on.class !== 'OBJECT') throw notSupported(`${s.action.toUpperCase()} ON ${s.on.class}`, s.span.line);
  const object = i.env.object(s.on.name);
  if (!object)
    throw new TSqlError(
      15151,
      `Cannot find the object '${s.on.name.join('.')}', because it does not exist or you do not have permission.`,
    );
  return { class: 'OBJECT', target: String(object.id) };
}

async function createPrincipal(i: Interpreter, s: StatementOf<'createPrincipal'>): Promise<void> {
  const { state } = i;
  if (s.type === 'login') {
    if (state.catalog.options.logins.some((name) => name.toLowerCase() === s.name.toLowerCase()))
      throw new TSqlError(15025, `The server principal '${s.name}' already exists.`);
    throw notSupported('CREATE LOGIN (logins are given when the server starts)', s.span.line);
  }
  await state.define([], () => {
    const { principals } = state.catalog.currentSettings();
    if (principals.some((p) => p.name.toLowerCase() === s.name.toLowerCase()))
      throw new TSqlError(15023, `User, group, or role '${s.name}' already exists in the current database.`);
    const made: PrincipalInfo = {
      id: state.catalog.newId(),
      name: s.name,
      type: s.type === 'user' ? 'S' : 'R',
      ...(s.login ? { login: s.login } : {}),
      ...(s.defaultSchema ? { defaultSchema: s.defaultSchema } : {}),
    };
    return { settings: { principals: [...principals, made] } };
  });
}
async function alterUser({ state }: Interpreter, s: StatementOf<'alterUser'>): Promise<void> {
  await state.define([], () => {
    const { principals } = state.catalog.currentSettings();
    const same = (p: PrincipalInfo, name: string): boolean => p.name.toLowerCase() === name.toLowerCase();
    const found = principals.find((p) => p.type === 'S' && !p.fixed && same(p, s.name));
    if (!found)
      throw new TSqlError(
        15151,
        `Cannot alter the user '${s.name}', because it does not exist or you do not have permission.`,
      );
    if (s.newName !== undefined && principals.some((p) => p !== found && same(p, s.newName!)))
      throw new TSqlError(15023, `User, group, or role '${s.newName}' already exists in the current database.`);
    const changed: PrincipalInfo = {
      ...found,
      ...(s.newName ? { name: s.newName } : {}),
      ...(s.defaultSchema ? { defaultSchema: s.defaultSchema } : {}),
      ...(s.login ? { login: s.login } : {}),
    };
    return { settings: { principals: principals.map((p) => (p === found ? changed : p)) } };
  });
}
export async function changeMember(i: Interpreter, roleName: string, memberName: string, add: boolean): Promise<void> {
  const { state } = i;
  const role = state.catalog.snapshot.principals.get(roleName.toLowerCase());
  if (!role || role.type !== 'R')
    throw new TSqlError(
      15151,
      `Cannot alter the role '${roleName}', because it does not exist or you do not have permission.`,
    );
  if (memberName.toLowerCase() === 'public') throw new TSqlError(15405, "Cannot use the special principal 'public'.");
  const member = state.catalog.snapshot.principals.get(memberName.toLowerCase());
  if (!member)
    throw new TSqlError(
      15151,
      `Cannot add the principal '${memberName}', because it does not exist or you do not have permission.`,
    );
  await state.define([], () => {
    const rest = state.catalog.currentSettings().members.filter((m) => !(m.role === role.id && m.member === member.id));
    return { settings: { members: add ? [...rest, { role: role.id, member: member.id }] : rest } };
  });
}

/** Row-level security: filter predicates are inline table functions over columns of the table. */
async function policy(i: Interpreter, s: StatementOf<'securityPolicy'>): Promise<void> {
  const { state } = i;
  const old = i.env.object(s.name);
  if (s.mode === 'create' && old) throw alreadyExists(s.name.at(-1)!);
  if (s.mode === 'alter' && old?.kind !== 'SP')
    throw new TSqlError(
      15151,
      `Cannot alter the security policy '${s.name.join('.')}', because it does not exist or you do not have permission.`,
    );
  let predicates = [...(old?.policy?.predicates ?? [])];
  for (const p of s.predicates) {
    const table = need(i, p.table);
    if (p.action !== 'add') predicates = predicates.filter((x) => x.table !== table.id);
    if (!p.call) continue;
    const fn = i.env.object(p.call.name);
    if (!fn || fn.kind !== 'IF')
      throw new TSqlError(
        33263,
        `Security predicates can only reference inline table-valued functions. '${p.call.name.join('.')}' is not one.`,
      );
    if (p.action === 'add' && predicates.some((x) => x.table === table.id))
      throw new TSqlError(
        33264,
        `The security policy '${s.name.join('.')}' cannot have two filter predicates on table '${p.table.join('.')}'.`,
      );
    const args = p.call.args.map((arg) => {
      if (arg.kind !== 'column') throw notSupported('A security predicate over an expression', s.span.line);
      const name = arg.parts.at(-1)!;
      if (!table.columns.some((c) => c.name.toLowerCase() === name.toLowerCase()))
        throw new TSqlError(207, `Invalid column name '${name}'.`);
      return name;
    });
    predicates.push({ functionName: p.call.name, args, table: table.id });
  }
  const schema = (s.name.length > 1 ? s.name.at(-2) : undefined) ?? 'dbo';
  const object: ObjectInfo = {
    id: old?.id ?? state.catalog.newId(),
    schema: old?.schema ?? schema,
    name: old?.name ?? s.name.at(-1)!,
    kind: 'SP',
    created: old?.created ?? now(),
    modified: now(),
    columns: [],
    policy: { enabled: s.state ?? old?.policy?.enabled ?? true, predicates },
  };
  await state.define([], { removed: old ? [old] : [], added: [object] });
}

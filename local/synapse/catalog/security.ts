/** Who may do what: roles, GRANT and DENY. DENY wins, except over the owner of the database. */
import type { ObjectInfo, PermissionInfo, Snapshot } from './model';

export const schemaId = (name: string): number => (name.toLowerCase() === 'sys' ? 4 : 3);

/** The ids of a user and of all roles it is in, directly or not. */
function identities(s: Snapshot, user: string): Set<number> {
  const ids = new Set<number>([0]);
  const own = s.principals.get(user.toLowerCase());
  if (own) ids.add(own.id);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { role, member } of s.members) {
      if (ids.has(member) && !ids.has(role)) {
        ids.add(role);
        grown = true;
      }
    }
  }
  return ids;
}
const inRole = (s: Snapshot, ids: ReadonlySet<number>, role: string): boolean => {
  const found = s.principals.get(role);
  return found !== undefined && ids.has(found.id);
};
export const isAdministrator = (s: Snapshot, user: string): boolean =>
  user.toLowerCase() === 'dbo' || inRole(s, identities(s, user), 'db_owner');

/** IS_MEMBER: undefined for a name that is no role. */
export function isMember(s: Snapshot, user: string, role: string): boolean | undefined {
  const found = s.principals.get(role.toLowerCase());
  if (!found) return undefined;
  if (found.name.toLowerCase() === user.toLowerCase()) return true;
  if (user.toLowerCase() === 'dbo' && (role.toLowerCase() === 'db_owner' || role.toLowerCase() === 'public'))
    return true;
  return identities(s, user).has(found.id);
}

export function hasPermission(
  s: Snapshot,
  user: string,
  permission: string,
  object: ObjectInfo,
  columns?: readonly string[],
): boolean {
  if (user.toLowerCase() === 'dbo') return true;
  const ids = identities(s, user);
  if (inRole(s, ids, 'db_owner')) return true;
  const applies = (p: PermissionInfo): boolean =>
    ids.has(p.grantee) &&
    (p.permission === permission ||
      p.permission === 'CONTROL' ||
      (p.permission === 'ALL' && permission !== 'UNMASK')) &&
    (p.class === 'DATABASE' ||
      (p.class === 'SCHEMA' && p.target.toLowerCase() === object.schema.toLowerCase()) ||
      (p.class === 'OBJECT' && p.target === String(object.id)));
  const found = s.permissions.filter(applies);
  if (
    found.some(
      (p) =>
        p.state === 'D' && (!p.column || !columns || columns.some((c) => c.toLowerCase() === p.column!.toLowerCase())),
    )
  )
    return false;
  const reading = permission === 'SELECT';
  const writing = ['INSERT', 'UPDATE', 'DELETE'].includes(permission);
  if ((reading && inRole(s, ids, 'db_denydatareader')) || (writing && inRole(s, ids, 'db_denydatawriter')))
    return false;
  if ((reading && inRole(s, ids, 'db_datareader')) || (writing && inRole(s, ids, 'db_datawriter'))) return true;
  const granted = found.filter((p) => p.state === 'G');
  if (granted.some((p) => !p.column)) return true;
  return (
    columns !== undefined && columns.every((c) => granted.some((p) => p.column?.toLowerCase() === c.toLowerCase()))
  );
}

/** DDL needs db_owner or db_ddladmin, or the matching database permission. */
export function mayDefine(s: Snapshot, user: string, permission: string): boolean {
  if (user.toLowerCase() === 'dbo') return true;
  const ids = identities(s, user);
  if (inRole(s, ids, 'db_owner') || inRole(s, ids, 'db_ddladmin')) return true;
  const found = s.permissions.filter(
    (p) => ids.has(p.grantee) && p.class === 'DATABASE' && (p.permission === permission || p.permission === 'CONTROL'),
  );
  return found.some((p) => p.state === 'G') && !found.some((p) => p.state === 'D');
}
export function maySecure(s: Snapshot, user: string): boolean {
  if (user.toLowerCase() === 'dbo') return true;
  const ids = identities(s, user);
  return inRole(s, ids, 'db_owner') || inRole(s, ids, 'db_securityadmin') || inRole(s, ids, 'db_accessadmin');
}

import { timingSafeEqual, createHash } from 'node:crypto';
import { TSqlError } from '../contract';
import type { Login7 } from '../wire/login7';

/** Who may log in, and how. */
export interface LoginRules {
  readonly users: Readonly<Record<string, string>>;
  /** Take any well-formed Entra access token (a JSON web token that is not past its end). */
  readonly acceptTokens: boolean;
  /** Whether a login may ask for a database. */
  hasDatabase(name: string): boolean;
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

export const loginFailed = (user: string): TSqlError => new TSqlError(18456, `Login failed for user '${user}'.`, 1, 14);

/** The login name of a SQL login. Throws Msg 18456 (wrong name or password, alike) or 18452 (Windows authentication). */
export function checkPassword(login: Login7, rules: LoginRules): string {
  if (login.integrated) {
    const text =
      'Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.';
    throw new TSqlError(18452, text, 1, 14);
  }
  const name = Object.keys(rules.users).find((user) => user.toLowerCase() === login.user.toLowerCase());
  const isRight = timingSafeEqual(digest(name === undefined ? '' : rules.users[name]!), digest(login.password));
  if (name === undefined || !isRight) throw loginFailed(login.user);
  return name;
}

/** The principal of an access token. Tokens are not verified (the stand-in knows no issuer): only their form and end are. */
export function checkToken(token: string, rules: LoginRules): string {
  const refused = loginFailed('<token-identified principal>');
  if (!rules.acceptTokens) throw refused;
  const body = token.split('.')[1];
  if (body === undefined) throw refused;
  let claims: Record<string, unknown>;
  try {
    claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    throw refused;
  }
  if (typeof claims !== 'object' || claims === null) throw refused;
  if (typeof claims['exp'] === 'number' && claims['exp'] * 1000 < Date.now()) throw refused;
  const name =
    claims['upn'] ?? claims['unique_name'] ?? claims['preferred_username'] ?? claims['appid'] ?? claims['oid'];
  return typeof name === 'string' && name !== '' ? name.slice(0, 128) : 'entra-user';
}

/** Throws Msg 4060 when the database of a login does not exist. */
export function checkDatabase(name: string, rules: LoginRules): void {
  if (name === '' || rules.hasDatabase(name)) return;
  throw new TSqlError(
    4060,
    `Cannot open database "${name.slice(0, 128)}" requested by the login. The login failed.`,
    1,
    11,
  );
}

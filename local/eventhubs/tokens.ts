import { createHmac, timingSafeEqual } from 'node:crypto';

export type Claim = 'Send' | 'Listen' | 'Manage';

/** A shared access policy of the namespace. */
export interface Policy {
  name: string;
  key: string;
  claims: readonly Claim[];
}

export interface Grant {
  /** Entity path in lower case; '' is the whole namespace. */
  entity: string;
  claims: readonly Claim[];
  /** ms since 1970. */
  until: number;
}

/**
 * Verifies a shared access signature (Microsoft Learn: "Authenticate access to Event Hubs with shared access signatures").
 * @returns what it grants, or the reason why it grants nothing.
 */
export function verifyToken(token: string, policies: readonly Policy[], now = Date.now()): Grant | string {
  const prefix = 'SharedAccessSignature ';
  if (!token.startsWith(prefix)) return 'The token is not a shared access signature.';
  const fields = new Map<string, string>();
  for (const part of token.slice(prefix.length).split('&')) {
    const equals = part.indexOf('=');
    if (equals < 1 || fields.has(part.slice(0, equals))) return 'The token is malformed.';
    fields.set(part.slice(0, equals), part.slice(equals + 1));
  }
  const [resource, signature, expiry] = ['sr', 'sig', 'se'].map((name) => fields.get(name) ?? '');
  let names: string[];
  try {
    names = [resource!, signature!, fields.get('skn') ?? ''].map(decodeURIComponent);
  } catch {
    return 'The token is malformed.';
  }
  const policy = policies.find(({ name }) => name === names[2]);
  if (!policy || !/^\d{1,12}$/.test(expiry!)) return 'InvalidSignature: The token has an invalid signature.';
  const made = createHmac('sha256', policy.key).update(`${resource}\n${expiry}`).digest();
  const given = Buffer.from(names[1]!, 'base64');
  if (given.length !== made.length || !timingSafeEqual(given, made))
    return 'InvalidSignature: The token has an invalid signature.';
  const until = Number(expiry) * 1000;
  if (until <= now) return 'ExpiredToken: The token is expired.';
  return { entity: entityOf(names[0]!), claims: policy.claims, until };
}

/** The path in a resource such as `sb://127.0.0.1:7400/encounters`, in lower case. */
function entityOf(resource: string): string {
  const path = resource.replace(/^[a-z]+:\/\/[^/]*/i, '');
  return path.replace(/^\/+|\/+$/g, '').toLowerCase();
}

/** What the tokens of one connection allow. */
export class Grants {
  private grants: Grant[] = [];

  add(grant: Grant): void {
    this.grants = [...this.grants.filter(({ entity }) => entity !== grant.entity), grant];
  }

  /** Until when (ms since 1970) an entity may be used so; 0 when not at all. */
  until(entity: string, claim: Claim, now = Date.now()): number {
    const path = entityOf(entity);
    const covers = (grant: Grant) =>
      grant.entity === '' || path === grant.entity || path.startsWith(`${grant.entity}/`);
    const live = this.grants.filter((grant) => grant.until > now && grant.claims.includes(claim) && covers(grant));
    return Math.max(0, ...live.map((grant) => grant.until));
  }
}

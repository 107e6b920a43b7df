import { randomUUID } from 'node:crypto';
import { badRequest, conflict, StorageError } from './errors';
import type { Records } from './records';

interface Lease {
  id: string;
  /** Milliseconds, or Infinity. */
  duration: number;
  /** On the process's own clock, which a change of the wall clock does not move. */
  until: number;
  breaking: boolean;
}

export interface LeaseRequest {
  action: string;
  id?: string;
  proposed?: string;
  duration?: number;
  breakPeriod?: number;
}

export interface LeaseAnswer {
  status: number;
  id?: string;
  /** Seconds until a broken lease is free. */
  time?: number;
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Leases on files, directories and containers, as the Lease Blob and Path Lease operations define them. */
export class Leases {
  private readonly leases = new Map<string, Lease>();

  constructor(
    private readonly records: Records,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes up the leases of an earlier run; none lasts longer than it was asked for. */
  restore(): void {
    for (const [key, stored] of this.records.leases()) {
      const duration = stored.duration < 0 ? Infinity : stored.duration;
      const left = stored.duration < 0 ? Infinity : Math.min(duration, Math.max(0, stored.until - Date.now()));
      this.leases.set(key, { id: stored.id, duration, until: this.now() + left, breaking: false });
    }
  }

  /** The lease state for response headers. */
  state(key: string): { status: 'locked' | 'unlocked'; state: string; duration?: 'fixed' | 'infinite' } {
    const lease = this.current(key);
    if (!lease) return { status: 'unlocked', state: 'available' };
    if (this.isLive(lease)) {
      const duration = lease.duration === Infinity ? 'infinite' : 'fixed';
      return { status: 'locked', state: lease.breaking ? 'breaking' : 'leased', duration };
    }
    return { status: 'unlocked', state: lease.breaking ? 'broken' : 'expired' };
  }

  /**
   * Checks a request against the lease of its path.
   * @param needed true for changes: a leased path then needs the lease id.
   */
  check(key: string, id: string | undefined, needed: boolean): void {
    const lease = this.current(key);
    if (lease && this.isLive(lease)) {
      if (id === undefined) {
        if (needed)
          throw new StorageError(412, 'LeaseIdMissing', 'There is a lease on the path and no lease id was given.');
      } else if (!same(id, lease.id))
        throw new StorageError(412, 'LeaseIdMismatchWithBlobOperation', 'The lease id is not that of the lease.');
    } else if (id !== undefined) {
      const code = lease && same(id, lease.id) ? 'LeaseLost' : 'LeaseNotPresentWithBlobOperation';
      throw new StorageError(412, code, 'A lease id was given, but there is no live lease on the path.');
    }
  }

  /** Carries out one lease operation; the caller holds the path's lock. */
  async apply(key: string, request: LeaseRequest): Promise<LeaseAnswer> {
    switch (request.action) {
      case 'acquire':
        return this.acquire(key, request);
      case 'renew':
        return this.renew(key, request);
      case 'change':
        return this.change(key, request);
      case 'release':
        return this.release(key, request);
      case 'break':
        return this.break(key, request);
      default:
        throw badRequest('InvalidHeaderValue', 'x-ms-lease-action must be acquire, renew, change, release or break.');
    }
  }

  private async acquire(key: string, request: LeaseRequest): Promise<LeaseAnswer> {
    const seconds = request.duration ?? NaN;
    if (seconds !== -1 && !(seconds >= 15 && seconds <= 60))
      throw badRequest('InvalidHeaderValue', 'A lease lasts 15 to 60 seconds, or -1 for ever.');
    const id = checkId(request.proposed) ?? randomUUID();
    const lease = this.current(key);
    if (lease && this.isLive(lease) && (lease.breaking || !same(lease.id, id)))
      throw conflict('LeaseAlreadyPresent', 'There is already a lease on the path.');
    const duration = seconds === -1 ? Infinity : seconds * 1000;
    await this.put(key, { id, duration, until: this.now() + duration, breaking: false });
    return { status: 201, id };
  }

  private async renew(key: string, request: LeaseRequest): Promise<LeaseAnswer> {
    const lease = this.held(key, request.id);
    if (lease.breaking) throw conflict('LeaseIsBrokenAndCannotBeRenewed', 'The lease was broken.');
    await this.put(key, { ...lease, until: this.now() + lease.duration });
    return { status: 200, id: lease.id };
  }

  private async change(key: string, request: LeaseRequest): Promise<LeaseAnswer> {
    const proposed = checkId(request.proposed);
    if (!proposed) throw badRequest('MissingRequiredHeader', 'x-ms-proposed-lease-id is missing.');
    const lease = this.current(key);
    if (!lease || !this.isLive(lease))
      throw conflict('LeaseNotPresentWithLeaseOperation', 'There is no lease on the path.');
    if (lease.breaking) throw conflict('LeaseIsBreakingAndCannotBeChanged', 'The lease is being broken.');
    if (!same(lease.id, request.id) && !same(lease.id, proposed)) throw mismatch();
    await this.put(key, { ...lease, id: proposed });
    return { status: 200, id: proposed };
  }

  private async release(key: string, request: LeaseRequest): Promise<LeaseAnswer> {
    this.held(key, request.id);
    await this.records.putLease(key, null);
    this.leases.delete(key);
    return { status: 200 };
  }

  private async break(key: string, request: LeaseRequest): Promise<LeaseAnswer> {
    const lease = this.current(key);
    if (!lease) throw conflict('LeaseNotPresentWithLeaseOperation', 'There is no lease on the path.');
    const period = request.breakPeriod;
    if (period !== undefined && !(period >= 0 && period <= 60))
      throw badRequest('InvalidHeaderValue', 'x-ms-lease-break-period is 0 to 60 seconds.');
    const left = this.isLive(lease) ? lease.until - this.now() : 0;
    const wait = Math.min(left, period === undefined ? (left === Infinity ? 0 : left) : period * 1000);
    const duration = Math.min(lease.duration, wait);
    await this.put(key, { id: lease.id, duration, until: this.now() + wait, breaking: true });
    return { status: 202, time: Math.ceil(wait / 1000) };
  }

  /** The lease that `id` holds or held last. */
  private held(key: string, id: string | undefined): Lease {
    const lease = this.current(key);
    if (!lease) throw conflict('LeaseNotPresentWithLeaseOperation', 'There is no lease on the path.');
    if (!same(lease.id, id)) throw mismatch();
    return lease;
  }

  /** Durable first, then in force. */
  private async put(key: string, lease: Lease): Promise<void> {
    const endless = lease.duration === Infinity;
    const until = endless ? -1 : Math.round(Date.now() + lease.until - this.now());
    await this.records.putLease(key, { id: lease.id, duration: endless ? -1 : Math.round(lease.duration), until });
    this.leases.set(key, lease);
  }

  /** Deleting or moving a path ends its lease: the records know. */
  private current(key: string): Lease | undefined {
    if (this.records.leases().has(key)) return this.leases.get(key);
    this.leases.delete(key);
    return undefined;
  }

  private isLive(lease: Lease): boolean {
    return lease.until > this.now();
  }
}

function same(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

function mismatch(): StorageError {
  return conflict('LeaseIdMismatchWithLeaseOperation', 'The lease id is not that of the lease.');
}

function checkId(id: string | undefined): string | undefined {
  if (id !== undefined && !uuid.test(id)) throw badRequest('InvalidHeaderValue', 'A lease id is a GUID.');
  return id;
}

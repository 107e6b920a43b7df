import { checkConditions } from './conditions';
import type { Context } from './context';
import { replyEmpty } from './reply';
import { numberHeader } from './request';
import type { Entry } from './store';

/** Blob "Lease Blob", "Lease Container" and Data Lake "Path - Lease"; the caller holds the lock. */
export async function leaseOperation({ request, response, store, key }: Context, entry: Entry): Promise<void> {
  checkConditions(request.headers, entry);
  const { headers } = request;
  const answer = await store.leases.apply(key, {
    action: headers.get('x-ms-lease-action') ?? '',
    id: headers.get('x-ms-lease-id'),
    proposed: headers.get('x-ms-proposed-lease-id'),
    duration: numberHeader(request, 'x-ms-lease-duration'),
    breakPeriod: numberHeader(request, 'x-ms-lease-break-period'),
  });
  if (answer.id) response.setHeader('x-ms-lease-id', answer.id);
  if (answer.time !== undefined) response.setHeader('x-ms-lease-time', String(answer.time));
  replyEmpty(response, answer.status, entry);
}

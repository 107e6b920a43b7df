import type { ServerResponse } from 'node:http';
import type { Account } from './auth';
import { keyOf } from './paths';
import type { StorageRequest } from './request';
import type { Store } from './store';

/** What a handler works with. */
export interface Context {
  request: StorageRequest;
  response: ServerResponse;
  store: Store;
  account: Account;
  /** The key of the requested resource. */
  key: string;
}

export type Handler = (context: Context) => Promise<void> | void;

export function contextOf(request: StorageRequest, response: ServerResponse, store: Store, account: Account): Context {
  return { request, response, store, account, key: keyOf(request.resource) };
}

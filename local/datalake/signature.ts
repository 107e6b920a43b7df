import { createHmac, timingSafeEqual } from 'node:crypto';
import { StorageError } from './errors';

/** True when `signature` is the base64 HMAC-SHA256 of the text under the account key. */
export function isSignature(text: string, signature: string, key: Buffer): boolean {
  const made = createHmac('sha256', key).update(text, 'utf8').digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === made.length && timingSafeEqual(given, made);
}

export function denied(message: string): StorageError {
  return new StorageError(403, 'AuthenticationFailed', message);
}

import type { IsolationLevel } from '../contract';
import { ByteReader } from './byte-reader';
import { skipHeaders } from './headers';
import { ProtocolError } from './protocol';

/** Levels by their code; 0 keeps the session's. */
const levels: readonly (IsolationLevel | undefined)[] = [
  undefined,
  'READ UNCOMMITTED',
  'READ COMMITTED',
  'REPEATABLE READ',
  'SERIALIZABLE',
  'SNAPSHOT',
];

/** A request of the client's transaction manager (2.2.6.9). */
export type TransactionRequest =
  | { readonly kind: 'begin'; readonly isolation?: IsolationLevel }
  | { readonly kind: 'commit'; readonly thenBegin: boolean }
  | { readonly kind: 'rollback'; readonly name: string; readonly thenBegin: boolean }
  | { readonly kind: 'save'; readonly name: string }
  | { readonly kind: 'unsupported'; readonly code: number };

const Request = { begin: 5, commit: 7, rollback: 8, save: 9 } as const;

/** Reads a transaction manager request. Throws `ProtocolError`. */
export function parseTransactionRequest(message: Buffer, version: number): TransactionRequest {
  const reader = new ByteReader(message);
  skipHeaders(reader, version);
  const code = reader.u16();
  // The length byte of a name counts bytes here, not characters.
  const name = (): string => {
    const size = reader.u8();
    if (size % 2 !== 0) throw new ProtocolError('A transaction name has an odd number of bytes.');
    return reader.take(size).toString('ucs2');
  };
  const thenBegin = (): boolean => !reader.atEnd && (reader.u8() & 1) !== 0;
  switch (code) {
    case Request.begin:
      return { kind: 'begin', isolation: reader.atEnd ? undefined : levels[reader.u8()] };
    case Request.commit:
      name();
      return { kind: 'commit', thenBegin: thenBegin() };
    case Request.rollback:
      return { kind: 'rollback', name: name(), thenBegin: thenBegin() };
    case Request.save:
      return { kind: 'save', name: name() };
  }
  return { kind: 'unsupported', code };
}

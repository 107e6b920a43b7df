import type { ByteReader } from './byte-reader';
import { hasYukon, ProtocolError } from './protocol';

/** Passes over ALL_HEADERS (2.2.5.3), which stands before batches, RPCs and transaction requests from TDS 7.2 on. */
export function skipHeaders(reader: ByteReader, version: number): void {
  if (!hasYukon(version)) return;
  const start = reader.position;
  const total = reader.u32();
  if (total < 4) throw new ProtocolError('ALL_HEADERS is shorter than its own length.');
  reader.take(total - 4);
  reader.position = start + total;
}

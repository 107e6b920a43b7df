/** Numbers of the TDS protocol ([MS-TDS] 2.2). */

/** Packet types (2.2.3.1.1). */
export const PacketType = {
  sqlBatch: 0x01,
  rpc: 0x03,
  reply: 0x04,
  attention: 0x06,
  bulkLoad: 0x07,
  federatedToken: 0x08,
  transactionManager: 0x0e,
  login7: 0x10,
  sspi: 0x11,
  prelogin: 0x12,
} as const;

/** Bits of the packet status byte (2.2.3.1.2). */
export const PacketStatus = { endOfMessage: 0x01, ignore: 0x02, reset: 0x08, resetKeepTransaction: 0x10 } as const;

/** Bytes of a packet header. */
export const headerSize = 8;

/** Token types of a reply (2.2.4). */
export const Token = {
  colMetadata: 0x81,
  order: 0xa9,
  error: 0xaa,
  info: 0xab,
  returnValue: 0xac,
  loginAck: 0xad,
  featureExtAck: 0xae,
  row: 0xd1,
  nbcRow: 0xd2,
  envChange: 0xe3,
  fedAuthInfo: 0xee,
  returnStatus: 0x79,
  done: 0xfd,
  doneProc: 0xfe,
  doneInProc: 0xff,
} as const;

export type DoneToken = typeof Token.done | typeof Token.doneProc | typeof Token.doneInProc;

/** Status bits of the DONE tokens (2.2.7.6). */
export const DoneStatus = { more: 0x1, error: 0x2, inTransaction: 0x4, count: 0x10, attention: 0x20 } as const;

/** TDS versions as they stand in LOGIN7; LOGINACK sends them with the bytes turned round. */
export const TdsVersion = {
  v70: 0x70000000,
  v71: 0x71000001,
  v72: 0x72090002,
  v73a: 0x730a0003,
  v73b: 0x730b0003,
  v74: 0x74000004,
  v80: 0x08000000,
} as const;

/** The version a session speaks, for a version the client asked for. */
export function negotiateVersion(asked: number): number {
  if (asked === TdsVersion.v80) return TdsVersion.v80;
  if (asked >= TdsVersion.v74) return TdsVersion.v74;
  if (asked >= TdsVersion.v73b) return TdsVersion.v73b;
  if (asked >= 0x73000000) return TdsVersion.v73a;
  if (asked >= 0x72000000) return TdsVersion.v72;
  return asked >= 0x71000000 ? TdsVersion.v71 : TdsVersion.v70;
}

/** ALL_HEADERS, 8-byte counts, PLP types, 32-bit user types (TDS 7.2 and later). */
export const hasYukon = (version: number): boolean => version >= 0x72000000 || version === TdsVersion.v80;
/** date, time, datetime2, datetimeoffset (TDS 7.3 and later). */
export const hasKatmaiTypes = (version: number): boolean => version >= 0x73000000 || version === TdsVersion.v80;
/** NBCROW tokens (TDS 7.3.B and later). */
export const hasNullBitmap = (version: number): boolean => version >= TdsVersion.v73b || version === TdsVersion.v80;
/** Collations in type information (TDS 7.1 and later). */
export const hasCollation = (version: number): boolean => version >= 0x71000000 || version === TdsVersion.v80;

/** SQL_Latin1_General_CP1_CI_AS: LCID 0x0409, ignore case, kana and width; sort id 52. */
export const collation = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

/** Product version in PRELOGIN and LOGINACK: 12.0.2000, as Azure Synapse says. */
export const productVersion = Buffer.from([12, 0, 0x07, 0xd0]);

/** A message that breaks the protocol: the connection is closed. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** The bytes at hand end inside a value: with more of the message it might be read. */
export class CutOffError extends ProtocolError {}

import { ProtocolError, TdsVersion } from './protocol';

export interface FederatedLogin {
  readonly library: 'securityToken' | 'adal' | 'other';
  /** The access token, when it comes with the login (security token library). */
  readonly token?: string;
}

/** What a client says in LOGIN7 (2.2.6.4). */
export interface Login7 {
  readonly tdsVersion: number;
  readonly packetSize: number;
  readonly host: string;
  readonly user: string;
  readonly password: string;
  readonly application: string;
  readonly library: string;
  readonly language: string;
  readonly database: string;
  /** Windows authentication was asked for. */
  readonly integrated: boolean;
  /** fODBC: the session begins with the settings of ODBC and OLE DB, else with those of DB-Library. */
  readonly odbc: boolean;
  readonly features: ReadonlyMap<number, Buffer>;
  readonly federated?: FederatedLogin;
}

/** Feature ids of FEATUREEXT that the server knows. */
export const Feature = { federated: 0x02, utf8: 0x0a } as const;

const fixedPart = 86;

/** Passwords are sent with their nibbles swapped and XORed by 0xA5. */
function unscramble(bytes: Buffer): string {
  const plain = Buffer.allocUnsafe(bytes.length);
  bytes.forEach((byte, index) => {
    const value = byte ^ 0xa5;
    plain[index] = ((value << 4) | (value >> 4)) & 0xff;
  });
  return plain.toString('ucs2');
}

/** Reads a LOGIN7 message. Throws `ProtocolError` when a field lies outside the message. */
export function parseLogin7(message: Buffer): Login7 {
  if (message.length < fixedPart) throw new ProtocolError(`LOGIN7 has only ${message.length} bytes.`);
  const field = (at: number): Buffer => {
    const offset = message.readUInt16LE(at);
    const length = message.readUInt16LE(at + 2) * 2;
    if (length === 0) return Buffer.alloc(0);
    if (offset + length > message.length) throw new ProtocolError('A field of LOGIN7 lies outside the message.');
    return message.subarray(offset, offset + length);
  };
  const text = (at: number): string => field(at).toString('ucs2');
  const features = new Map<number, Buffer>();
  // Clients of older versions may set the flag all the same, with nothing behind it.
  if (message[27]! & 0x10 && hasFeatures(message.readUInt32LE(4))) readFeatures(message, features);
  const federated = features.get(Feature.federated);
  return {
    tdsVersion: message.readUInt32LE(4),
    packetSize: message.readUInt32LE(8),
    host: text(36),
    user: text(40),
    password: unscramble(field(44)),
    application: text(48),
    library: text(60),
    language: text(64),
    database: text(68),
    integrated: (message[25]! & 0x80) !== 0,
    odbc: (message[25]! & 0x02) !== 0,
    features,
    federated: federated && readFederated(federated),
  };
}

const hasFeatures = (version: number): boolean => version >= TdsVersion.v74 || version === TdsVersion.v80;

function readFeatures(message: Buffer, into: Map<number, Buffer>): void {
  const outside = (): never => {
    throw new ProtocolError('A feature of LOGIN7 lies outside the message.');
  };
  const pointer = message.readUInt16LE(56);
  if (pointer + 4 > message.length) outside();
  let at = message.readUInt32LE(pointer);
  for (;;) {
    if (at >= message.length) outside();
    const id = message[at]!;
    if (id === 0xff) return;
    if (at + 5 > message.length) outside();
    const length = message.readUInt32LE(at + 1);
    if (at + 5 + length > message.length) outside();
    into.set(id, message.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
}

function readFederated(data: Buffer): FederatedLogin {
  const library = data.length > 0 ? data[0]! >> 1 : -1;
  if (library === 2) return { library: 'adal' };
  if (library !== 1) return { library: 'other' };
  if (data.length < 5) throw new ProtocolError('The access token of LOGIN7 is cut off.');
  const length = data.readUInt32LE(1);
  if (5 + length > data.length) throw new ProtocolError('The access token of LOGIN7 is cut off.');
  return { library: 'securityToken', token: data.toString('ucs2', 5, 5 + length) };
}

/** Reads the federated authentication token message (2.2.6.3). */
export function parseFederatedToken(message: Buffer): string {
  if (message.length < 8) throw new ProtocolError('The access token message is cut off.');
  const length = message.readUInt32LE(4);
  if (8 + length > message.length) throw new ProtocolError('The access token message is cut off.');
  return message.toString('ucs2', 8, 8 + length);
}

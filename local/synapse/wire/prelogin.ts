import { productVersion, ProtocolError } from './protocol';

/** ENCRYPTION option values (2.2.6.5). */
export const Encryption = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

export interface Prelogin {
  readonly encryption: number;
  /** Asks for multiple active result sets. */
  readonly mars: boolean;
  readonly federatedRequired: boolean;
  /** The option of federated logins is there: the driver is one of Microsoft's kind, or tedious; FreeTDS leaves it out. */
  readonly namesFederation: boolean;
}

const Option = {
  version: 0,
  encryption: 1,
  instance: 2,
  threadId: 3,
  mars: 4,
  federatedRequired: 6,
  terminator: 0xff,
} as const;

/** Reads a PRELOGIN message. Throws `ProtocolError` when an option lies outside the message. */
export function parsePrelogin(message: Buffer): Prelogin {
  let encryption: number = Encryption.notSupported;
  let mars = false;
  let federatedRequired = false;
  let namesFederation = false;
  for (let at = 0; ; at += 5) {
    if (at >= message.length) throw new ProtocolError('PRELOGIN has no terminator.');
    const option = message[at]!;
    if (option === Option.terminator) return { encryption, mars, federatedRequired, namesFederation };
    if (at + 5 > message.length) throw new ProtocolError('PRELOGIN ends inside an option.');
    const offset = message.readUInt16BE(at + 1);
    const length = message.readUInt16BE(at + 3);
    if (offset + length > message.length)
      throw new ProtocolError(`PRELOGIN option ${option} lies outside the message.`);
    const first = length > 0 ? message[offset]! : undefined;
    if (first === undefined) continue;
    if (option === Option.encryption) encryption = first;
    else if (option === Option.mars) mars = first === 1;
    else if (option === Option.federatedRequired) {
      federatedRequired = first === 1;
      namesFederation = true;
    }
  }
}

/** Builds the answer to PRELOGIN. */
export function buildPrelogin(answer: Omit<Prelogin, 'namesFederation'>): Buffer {
  const options: [number, Buffer][] = [
    [Option.version, Buffer.concat([productVersion, Buffer.from([0, 0])])],
    [Option.encryption, Buffer.from([answer.encryption])],
    [Option.instance, Buffer.from([0])],
    [Option.threadId, Buffer.alloc(0)],
    [Option.mars, Buffer.from([answer.mars ? 1 : 0])],
  ];
  if (answer.federatedRequired) options.push([Option.federatedRequired, Buffer.from([1])]);
  const head = Buffer.alloc(options.length * 5 + 1, Option.terminator);
  let offset = head.length;
  options.forEach(([option, data], index) => {
    head[index * 5] = option;
    head.writeUInt16BE(offset, index * 5 + 1);
    head.writeUInt16BE(data.length, index * 5 + 3);
    offset += data.length;
  });
  return Buffer.concat([head, ...options.map(([, data]) => data)]);
}

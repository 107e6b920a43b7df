import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readUint64LE, writeUint64BE, writeUint64LE } from '../../../local/eventhubs/uint64';

test('halves make the same eight bytes as a BigInt', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const [wanted, got] = [Buffer.alloc(16), Buffer.alloc(16)];
      wanted.writeBigInt64BE(BigInt(value), 0);
      wanted.writeBigUInt64LE(BigInt(value), 8);
      expect(writeUint64BE(got, value, 0)).toBe(8);
      expect(writeUint64LE(got, value, 8)).toBe(16);
      expect(got).toEqual(wanted);
      expect(readUint64LE(got, 8)).toBe(value);
    }),
    { examples: [[0], [0xffff_ffff], [0x1_0000_0000], [Number.MAX_SAFE_INTEGER]] },
  );
});

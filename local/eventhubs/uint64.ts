/** Whole numbers from 0 to 2^53 in eight bytes, in halves: four BigInts for each event would be a tenth of the hub's work. */

const half = 0x1_0000_0000;

/** @returns where the number ends */
export function writeUint64BE(out: Buffer, value: number, at: number): number {
  out.writeUInt32BE(Math.floor(value / half), at);
  return out.writeUInt32BE(value >>> 0, at + 4);
}

/** @returns where the number ends */
export function writeUint64LE(out: Buffer, value: number, at: number): number {
  out.writeUInt32LE(value >>> 0, at);
  return out.writeUInt32LE(Math.floor(value / half), at + 4);
}

export function readUint64LE(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * half + bytes.readUInt32LE(at);
}

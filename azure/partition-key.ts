/**
 * The partition that Event Hubs chooses for a partition key: Bob Jenkins' lookup3 (hashlittle2) over the UTF-8 bytes,
 * folded to 16 bits, modulo the number of partitions. The SDK's EventHubBufferedProducerClient does the same; a plain
 * producer needs it to put events of many keys into one batch, because a batch has either one key or one partition.
 * @returns index into the list of partition ids
 */
export function partitionOfKey(key: string, partitions: number): number {
  return partitionOfHash(hashOfKey(key), partitions);
}

export function partitionOfHash(hash: number, partitions: number): number {
  return Math.abs(hash % partitions);
}

/** The signed 16-bit hash of a partition key, as the service computes it. */
export function hashOfKey(key: string): number {
  const data = Buffer.from(key, 'utf8');
  let a = (0xdeadbeef + data.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  let left = data.length;
  while (left > 12) {
    a = (a + data.readUInt32LE(at)) | 0;
    b = (b + data.readUInt32LE(at + 4)) | 0;
    c = (c + data.readUInt32LE(at + 8)) | 0;
    a = (a - c) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4);
    b = (b + a) | 0;
    at += 12;
    left -= 12;
  }
  if (left > 0) {
    a = (a + littleEndian(data, at, Math.min(4, left))) | 0;
    b = (b + littleEndian(data, at + 4, Math.min(4, left - 4))) | 0;
    c = (c + littleEndian(data, at + 8, Math.min(4, left - 8))) | 0;
    c = (c ^ b) - rotate(b, 14);
    a = (a ^ c) - rotate(c, 11);
    b = (b ^ a) - rotate(a, 25);
    c = (c ^ b) - rotate(b, 16);
    a = (a ^ c) - rotate(c, 4);
    b = (b ^ a) - rotate(a, 14);
    c = (c ^ b) - rotate(b, 24);
  }
  return ((c ^ b) << 16) >> 16;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** Up to four bytes from `at`; none counts as 0. */
function littleEndian(data: Buffer, at: number, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value |= data[at + i]! << (8 * i);
  return value;
}

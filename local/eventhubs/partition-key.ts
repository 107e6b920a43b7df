/**
 * The partition of a key, as the Event Hubs service and the SDK's buffered producer compute it:
 * Bob Jenkins' lookup3 (hashlittle2 with seeds 0) over the UTF-8 bytes, both halves xor-ed, the low 16 bits signed.
 */
export function partitionOfKey(key: string, partitions: number): number {
  const [c, b] = lookup3(Buffer.from(key, 'utf8'));
  return Math.abs((((c ^ b) << 16) >> 16) % partitions);
}

const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));

function lookup3(data: Buffer): [number, number] {
  let a = (0xdeadbeef + data.length) | 0;
  let b = a;
  let c = a;
  const word = (at: number) => {
    let value = 0;
    for (let k = 0; k < 4 && at + k < data.length; k++) value |= data[at + k]! << (8 * k);
    return value;
  };
  let at = 0;
  for (; data.length - at > 12; at += 12) {
    a = (a + word(at)) | 0;
    b = (b + word(at + 4)) | 0;
    c = (c + word(at + 8)) | 0;
    a = ((a - c) | 0) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 4);
    b = (b + a) | 0;
  }
  if (at === data.length) return [c, b];
  a = (a + word(at)) | 0;
  b = (b + word(at + 4)) | 0;
  c = (c + word(at + 8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return [c, b];
}

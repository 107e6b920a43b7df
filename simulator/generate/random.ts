/**
 * A seeded stream of random numbers: the generator sfc32, integer arithmetic only, so every machine draws the same.
 * Nothing here uses Math.sin, Math.exp, Math.pow or the clock, whose last digits may differ between engines.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  /** Streams with different (seed, stream, index) are independent. */
  constructor(seed: number, stream: number, index: number) {
    this.a = mix(seed ^ 0x9e3779b9);
    this.b = mix(this.a ^ stream ^ Math.floor(seed / 0x100000000));
    this.c = mix(this.b ^ index ^ Math.floor(index / 0x100000000));
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** 0 … 2^32 - 1 */
  uint32(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    this.c |= 0;
    return t >>> 0;
  }

  /** 0 <= x < 1 */
  unit(): number {
    return this.uint32() / 0x100000000;
  }

  /** Integer, from <= x <= to. */
  int(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.unit() * list.length)]!;
  }

  /** A value of a distribution that is given by its percentiles: straight lines between the points. */
  quantile(points: Quantiles): number {
    const u = this.unit();
    let i = 1;
    while (points[i]![0] < u) i++;
    const [p0, v0] = points[i - 1]!;
    const [p1, v1] = points[i]!;
    return v0 + ((u - p0) / (p1 - p0)) * (v1 - v0);
  }

  /** A lower-case UUID of version 8 (RFC 9562: custom), which marks it as invented: real generators write 1, 4 or 7. */
  uuid(): string {
    const a = this.uint32();
    const b = this.uint32();
    const c = this.uint32();
    const d = this.uint32();
    return (
      hex4[a >>> 16]! +
      hex4[a & 0xffff]! +
      '-' +
      hex4[b >>> 16]! +
      '-' +
      hex4[0x8000 | (b & 0x0fff)]! +
      '-' +
      hex4[0x8000 | ((c >>> 16) & 0x3fff)]! +
      '-' +
      hex4[c & 0xffff]! +
      hex4[d >>> 16]! +
      hex4[d & 0xffff]!
    );
  }
}

/** Percentile points [p, value], from p = 0 to p = 1. */
export type Quantiles = readonly (readonly [p: number, value: number])[];

/** A list with weights, prepared for drawing. */
export class Weighted<T> {
  private readonly limits: number[] = [];
  private readonly total: number;

  constructor(
    private readonly items: readonly T[],
    weight: (item: T) => number,
  ) {
    let sum = 0;
    for (const item of items) this.limits.push((sum += weight(item)));
    this.total = sum;
  }

  draw(random: Random): T {
    const at = random.unit() * this.total;
    let i = 0;
    while (this.limits[i]! <= at && i < this.items.length - 1) i++;
    return this.items[i]!;
  }
}

/** A 32-bit finalizer (splitmix32). */
function mix(value: number): number {
  let x = (value + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

const hex4: readonly string[] = Array.from({ length: 0x10000 }, (_, i) => i.toString(16).padStart(4, '0'));

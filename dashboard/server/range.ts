/** A part of a file: `count` bytes from `offset`. */
export interface ByteRange {
  offset: number;
  count: number;
}

/**
 * Reads a Range header (RFC 9110, section 14). Several ranges, other units and malformed headers are ignored, as the RFC allows.
 * @returns undefined for the whole file; 'unsatisfiable' when no byte of the range exists.
 */
export function parseRange(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const count = Math.min(Number(match[2]), bytes);
    return count === 0 ? 'unsatisfiable' : { offset: bytes - count, count };
  }
  const offset = Number(match[1]);
  const last = match[2] === '' ? bytes - 1 : Math.min(Number(match[2]), bytes - 1);
  if (match[2] !== '' && Number(match[2]) < offset) return undefined;
  return offset >= bytes ? 'unsatisfiable' : { offset, count: last - offset + 1 };
}

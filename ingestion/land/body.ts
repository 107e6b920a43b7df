const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The body of an event as text, exactly as received. Bytes that are no UTF-8 come with `bodyBase64`, which holds them
 * unchanged. A body that is no bytes (an AMQP value or sequence) is written as JSON.
 */
export function bodyOf(body: unknown): { body: string; bodyBase64?: string } {
  if (typeof body === 'string') return { body };
  if (!(body instanceof Uint8Array)) return { body: JSON.stringify(body) ?? '' };
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (isAscii(bytes)) return { body: bytes.toString('latin1') };
  try {
    return { body: strictUtf8.decode(bytes) };
  } catch {
    return { body: bytes.toString('utf8'), bodyBase64: bytes.toString('base64') };
  }
}

function isAscii(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 127) return false;
  return true;
}

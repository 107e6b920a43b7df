/** FORMAT of a time: .NET's format strings of a TimeSpan, where every character that is no specifier must be escaped. */
import { PIECES } from './format-date';

/** `value` is `hh:mm:ss.ffffff`; null for a format that .NET refuses, such as `hh:mm`. */
export function formatTime(value: string, pattern: string): string | null {
  const [hour = '', minute = '', second = '', fraction = ''] = value.match(/\d+/g)!;
  const digits = fraction.padEnd(7, '0');
  const some = digits.replace(/0+$/, '');
  if (['c', 't', 'T'].includes(pattern)) return `${hour}:${minute}:${second}${Number(digits) ? `.${digits}` : ''}`;
  if (pattern === 'g') return `${Number(hour)}:${minute}:${second}${some && `.${some}`}`;
  if (pattern === 'G') return `0:${hour}:${minute}:${second}.${digits}`;
  const custom = pattern.replace(/^%(.)$/, '$1');
  if (pattern.length === 1) return null;
  let out = '';
  for (const [text, single, double, escaped, letter] of custom.matchAll(PIECES)) {
    const quoted = single ?? double ?? escaped;
    const part = { h: hour, m: minute, s: second }[letter ?? ''];
    if (quoted !== undefined) out += quoted;
    else if (part !== undefined && text.length <= 2) out += text.length === 1 ? String(Number(part)) : part;
    else if (letter === 'd' && text.length <= 8) out += '0'.repeat(text.length);
    else if (letter === 'f' && text.length <= 7) out += digits.slice(0, text.length);
    else if (letter === 'F' && text.length <= 7) out += digits.slice(0, text.length).replace(/0+$/, '');
    else return null;
  }
  return out;
}

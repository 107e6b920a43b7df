/** .NET's numeric format strings, for FORMAT. Numbers come as decimal text and stay exact. */
import { culture, type Culture } from './cultures';

/** Sign, digits before and behind the point. */
interface Digits {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

function read(text: string): Digits {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text)!;
  const shift = Number(exponent);
  const all = whole + fraction;
  const point = whole.length + shift;
  const padded = point < 0 ? '0'.repeat(-point) + all : all.padEnd(point, '0');
  const at = Math.max(0, point);
  return { negative: sign === '-', whole: padded.slice(0, at).replace(/^0+/, ''), fraction: padded.slice(at) };
}
/** Rounded half away from zero to `places` behind the point, which it then has exactly. */
function round(d: Digits, places: number): Digits {
  const kept = d.fraction.slice(0, places).padEnd(places, '0');
  let all = BigInt(`${d.whole}${kept}` || '0');
  if ((d.fraction[places] ?? '0') >= '5') all += 1n;
  const text = all.toString().padStart(places + 1, '0');
  return {
    negative: d.negative && all !== 0n,
    whole: text.slice(0, text.length - places).replace(/^0+/, ''),
    fraction: text.slice(text.length - places),
  };
}
const times = (d: Digits, powerOfTen: number): Digits =>
  read(`${d.negative ? '-' : ''}${d.whole}.${d.fraction}e${powerOfTen}`);
const grouped = (whole: string, separator: string): string => whole.replace(/\B(?=(\d{3})+$)/g, separator);
const plain = (d: Digits, c: Culture, group: boolean): string =>
  `${group ? grouped(d.whole || '0', c.group) : d.whole || '0'}${d.fraction ? c.decimal + d.fraction : ''}`;
const signed = (d: Digits, text: string): string => (d.negative ? `-${text}` : text);

/** `digits` behind the point, and an exponent of three digits at least: `1.50E+003`. */
function exponential(d: Digits, digits: number, letter: string, least: number, plus: boolean, c: Culture): string {
  const all = `${d.whole}${d.fraction}`;
  const first = all.search(/[1-9]/);
  let exponent = first < 0 ? 0 : d.whole.length - 1 - first;
  let mantissa = round(times(d, -exponent), digits);
  if (mantissa.whole.length > 1) mantissa = round(times(d, -++exponent), digits);
  const sign = exponent < 0 ? '-' : plus ? '+' : '';
  return signed(d, `${plain(mantissa, c, false)}${letter}${sign}${String(Math.abs(exponent)).padStart(least, '0')}`);
}

function standard(d: Digits, letter: string, digits: number | undefined, c: Culture, kind: string): string | null {
  switch (letter.toUpperCase()) {
    case 'N':
    case 'F': {
      const r = round(d, digits ?? 2);
      return signed(r, plain(r, c, letter.toUpperCase() === 'N'));
    }
    case 'C': {
      const r = round(d, digits ?? 2);
      return c.currency[r.negative ? 1 : 0].replace('n', () => plain(r, c, true));
    }
    case 'P': {
      const r = round(times(d, 2), digits ?? 2);
      return signed(
        r,
        c.percent.replace('n', () => plain(r, c, true)),
      );
    }
    case 'E':
      return exponential(d, digits ?? 6, letter, 3, true, c);
    case 'D':
      return kind === 'integer' ? signed(d, (d.whole || '0').padStart(digits ?? 1, '0')) : null;
    case 'X': {
      if (kind !== 'integer') return null;
      const value = BigInt(d.whole || '0');
      const bits = d.negative && value <= 2147483648n ? 32 : 64;
      const hex = BigInt.asUintN(bits, d.negative ? -value : value)
        .toString(16)
        .padStart(digits ?? 1, '0');
      return letter === 'X' ? hex.toUpperCase() : hex;
    }
    case 'R':
    case 'G':
      return general(d, letter, digits, c, kind);
    default:
      return null;
  }
}
/** The shorter of fixed and scientific notation, with `digits` significant ones. */
function general(d: Digits, letter: string, digits: number | undefined, c: Culture, kind: string): string {
  const significant = digits || { integer: 19, float: 15 }[kind];
  if (significant === undefined) return signed(d, plain(d, c, false));
  const all = `${d.whole}${d.fraction}`;
  const first = all.search(/[1-9]/);
  if (first < 0) return '0';
  const exponent = d.whole.length - 1 - first;
  const r = round(times(d, -exponent), significant - 1);
  const carried = exponent + (r.whole.length > 1 ? 1 : 0);
  if (carried < -4 || carried >= significant) {
    const mantissa = round(times(d, -carried), significant - 1);
    const fraction = mantissa.fraction.replace(/0+$/, '');
    const e = letter === 'g' ? 'e' : 'E';
    return signed(
      d,
      `${plain({ ...mantissa, fraction }, c, false)}${e}${carried < 0 ? '-' : '+'}${String(Math.abs(carried)).padStart(2, '0')}`,
    );
  }
  const fixed = round(d, Math.max(0, significant - 1 - carried));
  return signed(fixed, plain({ ...fixed, fraction: fixed.fraction.replace(/0+$/, '') }, c, false));
}

/** `positive;negative;zero`: semicolons in quotes are text. */
function sections(pattern: string): string[] {
  const list = [''];
  for (const [piece] of pattern.matchAll(/'[^']*'|"[^"]*"|\\.|[^]/g))
    if (piece === ';') list.push('');
    else list[list.length - 1] += piece;
  return list;
}
type Piece = { readonly kind: 'digit' | 'text' | 'point' | 'exponent'; readonly text: string };
function pieces(section: string): { list: Piece[]; group: boolean; shift: number } {
  const list: Piece[] = [];
  let commas = '';
  let group = false;
  let shift = 0;
  for (const [text, single, double, escaped, exponent] of section.matchAll(
    /'([^']*)'|"([^"]*)"|\\(.)|([eE][+-]?0+)|[^]/g,
  )) {
    const literal = single ?? double ?? escaped;
    if (literal !== undefined) list.push({ kind: 'text', text: literal });
    else if (exponent) list.push({ kind: 'exponent', text });
    else if (text === '0' || text === '#') {
      if (commas && list.some((p) => p.kind === 'digit') && !list.some((p) => p.kind === 'point')) group = true;
      commas = '';
      list.push({ kind: 'digit', text });
    } else if (text === ',') commas += text;
    else if (text === '.') {
      // Commas at the point divide by a thousand each.
      if (commas && list.some((p) => p.kind === 'digit')) shift -= 3 * commas.length;
      commas = '';
      if (!list.some((p) => p.kind === 'point')) list.push({ kind: 'point', text });
    } else {
      if (text === '%') shift += 2;
      if (text === '‰') shift += 3;
      list.push({ kind: 'text', text });
    }
  }
  if (commas && !list.some((p) => p.kind === 'point')) shift -= 3 * commas.length;
  return { list, group, shift };
}

function custom(value: Digits, pattern: string, c: Culture): string {
  const parts = sections(pattern);
  const zero = /^0*$/.test(value.whole + value.fraction);
  let section = parts[0]!;
  let d = value;
  if (zero && parts[2]) section = parts[2];
  else if (value.negative && parts[1]) {
    section = parts[1];
    d = { ...value, negative: false };
  }
  const { list, group, shift } = pieces(section);
  d = times(d, shift);
  const point = list.findIndex((p) => p.kind === 'point');
  const before = list.filter((p, i) => p.kind === 'digit' && (point < 0 || i < point));
  const behind = list.filter((p, i) => p.kind === 'digit' && point >= 0 && i > point);
  const exponent = list.find((p) => p.kind === 'exponent');
  let power = 0;
  if (exponent) {
    const all = `${d.whole}${d.fraction}`;
    const first = all.search(/[1-9]/);
    power = first < 0 ? 0 : d.whole.length - first - before.length;
    if (round(times(d, -power), behind.length).whole.length > before.length && first >= 0) power++;
    d = times(d, -power);
  }
  const r = round(d, behind.length);
  if (/^0*$/.test(r.whole + r.fraction) && !zero && parts[2]) return custom(read('0'), pattern, c);
  const firstZero = before.findIndex((p) => p.text === '0');
  const whole = r.whole.padStart(firstZero < 0 ? 0 : before.length - firstZero, '0');
  const lastZero = behind.map((p) => p.text).lastIndexOf('0');
  const fraction = r.fraction.slice(0, Math.max(lastZero + 1, r.fraction.replace(/0+$/, '').length));
  let out = r.negative ? '-' : '';
  let used = 0;
  let seen = 0;
  let digit = 0;
  const put = (text: string): void => {
    for (const char of text) {
      out += char;
      used++;
      const left = whole.length - used;
      if (group && left > 0 && left % 3 === 0) out += c.group;
    }
  };
  for (const [i, piece] of list.entries()) {
    if (piece.kind === 'text') out += piece.text;
    else if (piece.kind === 'point') out += fraction ? c.decimal : '';
    else if (piece.kind === 'exponent') {
      const sign = power < 0 ? '-' : piece.text[1] === '+' ? '+' : '';
      out += `${piece.text[0]}${sign}${String(Math.abs(power)).padStart(piece.text.replace(/\D/g, '').length, '0')}`;
    } else if (point < 0 || i < point) {
      // The first placeholder takes what is left of the others.
      const missing = before.length - whole.length;
      seen++;
      if (seen === 1 && missing < 0) put(whole.slice(0, 1 - missing));
      else if (seen > missing) put(whole[used] ?? '');
    } else out += fraction[digit++] ?? '';
  }
  return out;
}

/**
 * `value` is decimal text, `kind` is integer, decimal or float; null for a format that .NET does not know.
 * A float has 15 digits, as the .NET Framework gives it.
 */
export function formatNumber(value: string, pattern: string, name: string, kind: string): string | null {
  const c = culture(name);
  const d = read(kind === 'float' ? Number(value).toPrecision(15) : value);
  const match = /^([A-Za-z])(\d{0,2})$/.exec(pattern);
  if (match) return standard(d, match[1]!, match[2] === '' ? undefined : Number(match[2]), c, kind);
  return pattern === '' ? general(d, 'G', undefined, c, kind) : custom(d, pattern, c);
}

// @ts-nocheck
/* oxlint-disable */
// AST (saralsql) + source spans -> DuckDB SQL text. Text outside rewritten nodes is kept and only re-lexed.
import { lex, sig, up, unq, unstr, q, lit } from './lexer';
import { parseType, castSql } from './types';
import { MACRO_NAMES } from './macros';
import { Infer, dec, arith, isStrT, isTs, isNumT } from './infer';
const PART = {
  year: 'year',
  yyyy: 'year',
  yy: 'year',
  quarter: 'quarter',
  qq: 'quarter',
  q: 'quarter',
  month: 'month',
  mm: 'month',
  m: 'month',
  dayofyear: 'day',
  dy: 'day',
  y: 'day',
  day: 'day',
  dd: 'day',
  d: 'day',
  week: 'week',
  wk: 'week',
  ww: 'week',
  weekday: 'day',
  dw: 'day',
  w: 'day',
  hour: 'hour',
  hh: 'hour',
  minute: 'minute',
  mi: 'minute',
  n: 'minute',
  second: 'second',
  ss: 'second',
  s: 'second',
  millisecond: 'millisecond',
  ms: 'millisecond',
  microsecond: 'microsecond',
  mcs: 'microsecond',
  nanosecond: 'nanosecond',
  ns: 'nanosecond',
  iso_week: 'isoweek',
  isowk: 'isoweek',
  isoww: 'isoweek',
  tzoffset: 'tz',
  tz: 'tz',
};
const IV = {
  year: 'to_years',
  quarter: 'to_quarters',
  month: 'to_months',
  week: 'to_weeks',
  day: 'to_days',
  hour: 'to_hours',
  minute: 'to_minutes',
  second: 'to_seconds',
  millisecond: 'to_milliseconds',
  microsecond: 'to_microseconds',
};
export const STYLES = {
  // style -> [format for datetime/date, format for datetime2]
  1: '%m/%d/%y',
  101: '%m/%d/%Y',
  2: '%y.%m.%d',
  102: '%Y.%m.%d',
  3: '%d/%m/%y',
  103: '%d/%m/%Y',
  4: '%d.%m.%y',
  104: '%d.%m.%Y',
  105: '%d-%m-%Y',
  106: '%d %b %Y',
  107: '%b %d, %Y',
  108: '%H:%M:%S',
  110: '%m-%d-%Y',
  10: '%m-%d-%y',
  111: '%Y/%m/%d',
  12: '%y%m%d',
  112: '%Y%m%d',
  113: ['%d %b %Y %H:%M:%S:%g', '%d %b %Y %H:%M:%S.%f0'],
  114: ['%H:%M:%S:%g', '%H:%M:%S.%f0'],
  14: ['%H:%M:%S:%g', '%H:%M:%S.%f0'],
  20: '%Y-%m-%d %H:%M:%S',
  120: '%Y-%m-%d %H:%M:%S',
  21: ['%Y-%m-%d %H:%M:%S.%g', '%Y-%m-%d %H:%M:%S.%f0'],
  121: ['%Y-%m-%d %H:%M:%S.%g', '%Y-%m-%d %H:%M:%S.%f0'],
  25: ['%Y-%m-%d %H:%M:%S.%g', '%Y-%m-%d %H:%M:%S.%f0'],
  23: '%Y-%m-%d',
  126: ['%Y-%m-%dT%H:%M:%S.%g', '%Y-%m-%dT%H:%M:%S.%f0'],
  127: ['%Y-%m-%dT%H:%M:%S.%g', '%Y-%m-%dT%H:%M:%S.%f0'],
};
const netFmt = (f) => {
  const map = [
    ['yyyy', '%Y'],
    ['yy', '%y'],
    ['MMMM', '%B'],
    ['MMM', '%b'],
    ['MM', '%m'],
    ['M', '%-m'],
    ['dddd', '%A'],
    ['ddd', '%a'],
    ['dd', '%d'],
    ['d', '%-d'],
    ['HH', '%H'],
    ['H', '%-H'],
    ['hh', '%I'],
    ['h', '%-I'],
    ['mm', '%M'],
    ['m', '%-M'],
    ['ss', '%S'],
    ['s', '%-S'],
    ['fffffff', '%f0'],
    ['ffffff', '%f'],
    ['fff', '%g'],
    ['tt', '%p'],
  ];
  let o = '',
    i = 0;
  while (i < f.length) {
    const x = map.find(([k]) => f.startsWith(k, i));
    if (x) {
      o += x[1];
      i += x[0].length;
    } else {
      o += f[i] === '%' ? '%%' : f[i];
      i++;
    }
  }
  return o;
};
const netNum = (f) => {
  let m;
  if ((m = /^[nN](\d*)$/.exec(f))) return `{:,.${m[1] || 2}f}`;
  if ((m = /^[fF](\d*)$/.exec(f))) return `{:.${m[1] || 2}f}`;
  if (/^0+$/.test(f)) return f;
  if ((m = /^#?,?#*0(?:\.(0+))?$/.exec(f))) return `{:${f.includes(',') ? ',' : ''}.${m[1]?.length ?? 0}f}`;
  return '{}';
};
const NILADIC = {
  CURRENT_TIMESTAMP: 'tsql.getdate()',
  CURRENT_USER: "'dbo'",
  SYSTEM_USER: "'local'",
  SESSION_USER: "'dbo'",
  USER: "'dbo'",
};
export class Rewriter {
  constructor(src, ctx) {
    this.src = src;
    this.ctx = ctx;
    this.I = new Infer(this);
  }
  t(n) {
    return this.I.t(n);
  }
  gap(s) {
    // lexical rewrite of text between nodes
    const T = lex(s);
    let o = '',
      prev = '';
    for (let i = 0; i < T.length; i++) {
      const t = T[i];
      if (t.k === 'ws') {
        o += t.t;
        continue;
      }
      if (t.k === 'id') {
        const n = unq(t.t);
        o += n.startsWith('__h_') ? this.ctx.holds[+n.slice(4)].replace(/\[([^\]]+)\]/g, '"$1"') : q(n);
      } else if (t.k === 'str') {
        o += prev === 'AS' ? q(unstr(t.t)) : lit(unstr(t.t));
      } else if (t.k === 'w') {
        if (t.t.startsWith('@')) o += this.v(t.t);
        else if (t.t.startsWith('#')) o += q(t.t);
        else if (prev === 'AS' && !/^(SELECT|WITH)$/i.test(t.t)) o += q(t.t);
        else o += t.t;
      } else o += t.t;
      prev = up(t);
    }
    return o;
  }
  v(n) {
    if (n.startsWith('@@')) return this.ctx.sysVar(n.toUpperCase());
    return this.ctx.varRef(n);
  }
  name(parts) {
    let p = parts.map(unq);
    if (p.length >= 2 && /^information_schema$/i.test(p.at(-2))) return 'tsql.' + q('is_' + p.at(-1).toLowerCase());
    if (/^#/.test(p.at(-1))) return q(p.at(-1));
    const orw = /^__orw_(\d+)$/.exec(p.at(-1));
    if (orw) return this.ctx.orw[+orw[1]].sql;
    const h = /^__h_(\d+)$/.exec(p.at(-1));
    if (h) return this.ctx.holds[+h[1]].replace(/\[([^\]]+)\]/g, '"$1"');
    return p.map(q).join('.');
  }
  kids(n, out = []) {
    for (const [k, v] of Object.entries(n)) {
      if (v && typeof v === 'object' && k !== 'parent') {
        if (Array.isArray(v))
          v.forEach((x) => x && typeof x === 'object' && (this.isNode(x) ? out.push(x) : this.kids(x, out)));
        else if (this.isNode(v)) out.push(v);
        else this.kids(v, out);
      }
    }
    return out;
  }
  isNode(x) {
    return typeof x.type === 'string' && typeof x.start === 'number' && typeof x.end === 'number';
  }
  st(n) {
    return n.type === 'TableReference' ? n.table.start : n.start;
  }
  en(n) {
    if (n.openJsonWith || n.withinGroup) {
      let e = n.end;
      while (/\s/.test(this.src[e])) e++;
      if (this.src[e] === ')' && this.unbalanced(n.start, n.end)) return e + 1;
    }
    if (n.type === 'SelectStatement' && this.src[n.end - 1] === ')' && this.over(n.start, n.end)) return n.end - 1;
    return n.end;
  }
  unbalanced(a, b) {
    let d = 0;
    for (const t of lex(this.src.slice(a, b))) {
      if (t.t === '(') d++;
      if (t.t === ')') d--;
    }
    return d > 0;
  }
  over(a, b) {
    let d = 0;
    for (const t of lex(this.src.slice(a, b))) {
      if (t.t === '(') d++;
      if (t.t === ')') d--;
    }
    return d < 0;
  }
  range(a, b, kids) {
    let o = '',
      c = a;
    for (const k of [...kids].sort((x, y) => this.st(x) - this.st(y) || this.en(y) - this.en(x))) {
      const s = this.st(k);
      if (s < c) continue;
      if (s >= b) break;
      o += this.gap(this.src.slice(c, s)) + this.r(k);
      c = this.en(k);
    }
    return o + this.gap(this.src.slice(c, b));
  }
  generic(n) {
    return this.range(this.st(n), this.en(n), this.kids(n));
  }
  r(n) {
    const f = this[n.type] ?? this[n.type.replace(/ /g, '_')];
    return f ? f.call(this, n) : this.generic(n);
  }
  // ---- expressions
  Identifier(n) {
    const u = n.name.toUpperCase();
    if (NILADIC[u]) return NILADIC[u];
    return this.name(n.parts.length > 1 && n.parts.some((p) => p === '.') ? n.parts : n.parts);
  }
  Variable(n) {
    return this.v(n.name);
  }
  Literal(n) {
    if (n.variant === 'string') {
      const s = this.src.slice(n.start, n.end);
      return /^[nN]?'/.test(s) ? lit(unstr(s)) : s;
    }
    const s = this.src.slice(n.start, n.end);
    if (/^0x/i.test(s)) return `unhex('${s.slice(2).padStart(Math.ceil((s.length - 2) / 2) * 2, '0')}')`;
    return s;
  }
  isStr(n) {
    return n.type === 'Literal' && n.variant === 'string' && /^[nN]?'/.test(this.src.slice(n.start, n.end));
  }
  isNum(n) {
    return n.type === 'Literal' && n.variant === 'number';
  }
  key(n, other) {
    if (this.isStr(n)) {
      const s = unstr(this.src.slice(n.start, n.end));
      const ot = this.t(other);
      if (ot === 'DATE') return `CAST(tsql.str_to_ts(${lit(s)}) AS DATE)`;
      if (isTs(ot)) return `tsql.str_to_ts(${lit(s)})`;
      return lit(s.replace(/ +$/, ''));
    }
    const e = this.r(n);
    if (n.type === 'Literal') return e;
    const a = this.t(n),
      b = this.t(other);
    if (isStrT(a) && (!b || isStrT(b))) return `rtrim(${e}, ' ')`;
    if (isStrT(a) && b) return this.coerceTo(e, a, b);
    return e;
  }
  cs(n) {
    return (
      n.type === 'BinaryExpression' &&
      n.operator === 'COLLATE' &&
      /_(BIN2?|CS_)/i.test(this.src.slice(n.right.start, n.right.end))
    );
  }
  BinaryExpression(n) {
    const op = n.operator.toUpperCase();
    const L = () => this.r(n.left),
      R = () => this.r(n.right);
    if (op === 'COLLATE') {
      const c = this.src.slice(n.right.start, n.right.end);
      return this.cs(n) ? `(${L()} COLLATE C)` : L();
    }
    if (op === '+' || op === '-') return this.plusMinus(n, op, L(), R());
    if (op === '/') return this.divide(n, L(), R());
    if (op === '%') return `tsql.modulo(${L()}, ${R()})`;
    if (op === '^') return `xor(${L()}, ${R()})`;
    if (op === 'LIKE' || op === 'NOT LIKE')
      return `${op === 'NOT LIKE' ? 'NOT ' : ''}tsql.${this.cs(n.left) ? 'like_cs' : '"like"'}(${L()}, ${R()})`;
    if (['=', '<>', '!=', '<', '>', '<=', '>='].includes(op)) {
      if (this.cs(n.left) || this.cs(n.right)) return `${L()} ${op} ${R()}`;
      return `${this.key(n.left, n.right)} ${op} ${this.key(n.right, n.left)}`;
    }
    return this.generic(n);
  }
  plusMinus(n, op, l, r) {
    const a = this.t(n.left),
      b = this.t(n.right);
    const S = (x) => isStrT(x),
      N = (x) => x === 'NULL';
    if (op === '+' && ((S(a) && (S(b) || N(b))) || (N(a) && S(b)))) return `(${l} || ${r})`;
    if (a && b) {
      if (S(a) && isNumT(b) && !S(b))
        return dec(b) && !dec(b).dec ? `(tsql.to_big(${l}) ${op} ${r})` : `(CAST(${l} AS ${b}) ${op} ${r})`;
      if (isNumT(a) && S(b))
        return dec(a) && !dec(a).dec ? `(${l} ${op} tsql.to_big(${r}))` : `(${l} ${op} CAST(${r} AS ${a}))`;
      if (isTs(a) && isNumT(b)) {
        const e =
          dec(b) && !dec(b).dec
            ? `${l} ${op} to_days(CAST(${r} AS INTEGER))`
            : `${l} ${op} to_microseconds(CAST(${r} * 86400000000 AS BIGINT))`;
        return a === 'TIMESTAMP' ? `(${e})` : `CAST(${e} AS ${a})`;
      }
      if (isNumT(a) && isTs(b) && op === '+') return `CAST(${r} + to_days(CAST(${l} AS INTEGER)) AS ${b})`;
      return `${l} ${op} ${r}`;
    }
    if (op === '+' && (S(a) || S(b))) return `(${l} || ${r})`;
    if ((a && isNumT(a)) || (b && isNumT(b) && op === '-')) return `${l} ${op} ${r}`;
    return `tsql.${op === '+' ? '"add"' : 'sub'}(${l}, ${r})`;
  }
  divide(n, l, r) {
    const d = `tsql.div(${l}, ${r})`;
    const T = (x) => this.decOf(x);
    const a = T(n.left),
      b = T(n.right);
    if (!a || !b || (!a.dec && !b.dec)) {
      return d;
    }
    let s = Math.max(6, a.s + b.p + 1),
      p = a.p - a.s + b.s + s;
    if (p > 38) {
      const i = p - s;
      s = Math.max(Math.min(s, 6), 38 - i);
      if (s > 6 && 38 - i < 6) s = 6;
      p = 38;
    }
    return `CAST(trunc(tsql.div(CAST(${l} AS DOUBLE), CAST(${r} AS DOUBLE)) * 1e${s}) / 1e${s} AS DECIMAL(${p},${s}))`;
  }
  decOf(n) {
    if (this.isNum(n)) {
      const t = this.src.slice(n.start, n.end).replace(/^-/, '');
      if (/[eE]/.test(t)) return null;
      const [i, f = ''] = t.split('.');
      return { p: i.replace(/^0+(?=\d)/, '').length + f.length, s: f.length, dec: t.includes('.') };
    }
    return dec(this.t(n));
  }
  InExpression(n) {
    if (!n.list) return this.generic(n);
    return `${isStrT(this.t(n.left)) ? `rtrim(${this.r(n.left)}, ' ')` : this.r(n.left)} ${n.isNot ? 'NOT ' : ''}IN (${n.list.map((x) => this.key(x, n.left)).join(', ')})`;
  }
  BetweenExpression(n) {
    const k = (x) => this.key(x, n.left);
    return `${this.r(n.left)} ${n.isNot ? 'NOT ' : ''}BETWEEN ${k(n.lowerBound)} AND ${k(n.upperBound)}`;
  }
  CastExpression(n) {
    const t = parseType(n.dataType);
    return this.conv(n.expression, t, /TRY/i.test(n.kind), n.style);
  }
  conv(x, t, tr, style) {
    if (x.type === 'Literal' && x.variant === 'null') return `CAST(NULL AS ${t.d})`;
    const e = this.r(x);
    const st = style ? +this.src.slice(style.start, style.end) : null;
    if (style && t.f === 'str') {
      let r;
      if (st === 1 || (st === 2 && !STYLES[st]?.x)) {
        /* binary styles unless date */
      }
      if (st === 1 || st === 2) r = `tsql.hexbin(${e}, ${st === 1 ? "'0x'" : "''"})`;
      else {
        const f = STYLES[st];
        if (!f) throw new Error('TSQL:281:' + st + ' is not a valid style number');
        const [a, b] = Array.isArray(f) ? f : [f, f];
        r = `tsql.fmt(${e}, ${lit(a)}, ${lit(b)})`;
      }
      return t.len ? `left(${r}, ${t.len})` : r;
    }
    if (style && /^(date|datetime|datetime2|smalldatetime)$/.test(t.f) && STYLES[st]) {
      let f = STYLES[st];
      f = Array.isArray(f) ? f[0] : f;
      if (!['120', '121', '126', '127', '20', '21', '23'].includes(String(st))) {
        const ps = `${tr ? 'try_' : ''}strptime(CAST(${e} AS VARCHAR), ${lit(f)})`;
        return t.f === 'date' ? `CAST(${ps} AS DATE)` : `CAST(${ps} AS ${t.d})`;
      }
    }
    let c = castSql(e, t, tr);
    if (isStrT(this.t(x))) {
      const i = c.indexOf(e);
      const h = c
        .slice(0, i)
        .replace('tsql.try_to_ts(', 'tsql.try_parse_ts(')
        .replace('tsql.to_ts(', 'tsql.str_to_ts(')
        .replace('tsql.try_to_big(', 'tsql.try_str_to_big(')
        .replace('tsql.to_big(', 'tsql.str_to_big(');
      c = h + c.slice(i);
    }
    return c;
  }
  CaseExpression(n) {
    return this.generic(n);
  }
  args(n) {
    return n.args.map((a) => this.r(a));
  }
  part(a) {
    const p = PART[unq(this.src.slice(a.start, a.end)).toLowerCase()];
    if (!p) throw new Error(`TSQL:155:'${this.src.slice(a.start, a.end)}' is not a recognized datepart option.`);
    return p;
  }
  rawPart(a) {
    return this.src.slice(a.start, a.end).toLowerCase();
  }
  FunctionCall(n) {
    const N = n.name.toUpperCase();
    const a = n.args ?? [];
    const R = (i) => this.r(a[i]);
    let m;
    if ((m = /^(\w+|\[[^\]]+\])\.(FILEPATH|FILENAME)$/i.exec(n.name))) {
      const al = unq(m[1]).toLowerCase();
      const o = this.ctx.orw.find((x) => x.alias === al);
      const fn = `${q(al)}.${o.fnCol}`;
      return m[2].toUpperCase() === 'FILENAME'
        ? `tsql.filename(${fn})`
        : a.length
          ? `tsql.filepath(${fn}, ${lit(o.rx)}, ${R(0)})`
          : fn;
    }
    switch (N) {
      case 'DATEDIFF':
      case 'DATEDIFF_BIG': {
        const p = this.part(a[0]);
        const x = `tsql.to_ts(${R(1)})`,
          y = `tsql.to_ts(${R(2)})`;
        if (p === 'week') return `(tsql.sundays(${y}) - tsql.sundays(${x}))`;
        if (p === 'nanosecond')
          return `(epoch_ns(CAST(${R(2)} AS TIMESTAMP_NS)) - epoch_ns(CAST(${R(1)} AS TIMESTAMP_NS)))`;
        return `date_diff('${p}', ${x}, ${y})`;
      }
      case 'DATEADD': {
        const p = this.part(a[0]);
        const num = `CAST(trunc(${R(1)}) AS INTEGER)`;
        const iv = p === 'quarter' ? `to_months(3 * ${num})` : `${IV[p]}(${num})`;
        const dt = this.t(a[2]);
        if (dt === 'DATE') return `CAST(${R(2)} + ${iv} AS DATE)`;
        if (isTs(dt)) return dt === 'TIMESTAMP' ? `(${R(2)} + ${iv})` : `CAST(${R(2)} + ${iv} AS ${dt})`;
        if (dt === 'TIME') return `(${R(2)} + ${iv})`;
        return `tsql.dadd(${iv}, ${R(2)})`;
      }
      case 'DATEPART': {
        const rp = this.rawPart(a[0]);
        const x = `tsql.to_ts(${R(1)})`;
        if (/^(weekday|dw|w)$/.test(rp)) return `(dayofweek(${x}) + 1)`;
        if (/^(dayofyear|dy|y)$/.test(rp)) return `dayofyear(${x})`;
        const p = this.part(a[0]);
        if (p === 'week') return `tsql.week_no(${x})`;
        if (p === 'isoweek') return `week(${x})`;
        if (p === 'millisecond') return `(date_part('millisecond', ${x}) % 1000)`;
        if (p === 'microsecond') return `(date_part('microsecond', ${x}) % 1000000)`;
        if (p === 'nanosecond') return `(epoch_ns(CAST(${R(1)} AS TIMESTAMP_NS)) % 1000000000)`;
        return `date_part('${p}', ${x})`;
      }
      case 'DATENAME': {
        const rp = this.rawPart(a[0]);
        const x = `tsql.to_ts(${R(1)})`;
        if (/^(weekday|dw|w)$/.test(rp)) return `dayname(${x})`;
        const p = this.part(a[0]);
        if (p === 'month') return `monthname(${x})`;
        return `CAST(${this.FunctionCall({ ...n, name: 'DATEPART' })} AS VARCHAR)`;
      }
      case 'DATETRUNC': {
        const p = this.part(a[0]);
        const dt = this.t(a[1]);
        const e = p === 'week' ? `tsql.sunday_of(${R(1)})` : `tsql.dtrunc('${p === 'isoweek' ? 'week' : p}', ${R(1)})`;
        return dt === 'DATE' || dt === 'TIMESTAMP_MS' ? `CAST(${e} AS ${dt})` : e;
      }
      case 'EOMONTH':
        return `tsql.eomonth(tsql.to_ts(${R(0)})${a[1] ? ', ' + R(1) : ''})`;
      case 'YEAR':
      case 'MONTH':
      case 'DAY':
        return `${N.toLowerCase()}(tsql.to_ts(${R(0)}))`;
      case 'TRY_CONVERT':
      case 'CONVERT':
        return this.conv(a[1], parseType(this.src.slice(a[0].start, a[0].end)), N[0] === 'T', a[2]);
      case 'SUBSTRING':
        if (this.t(a[0]) === 'BLOB') return `tsql.bin_sub(${R(0)}, ${R(1)}, ${R(2)})`;
        break;
      case 'LEFT':
        if (this.t(a[0]) === 'BLOB') return `tsql.bin_sub(${R(0)}, 1, ${R(1)})`;
        break;
      case 'IIF':
        return `CASE WHEN ${R(0)} THEN ${R(1)} ELSE ${R(2)} END`;
      case 'CHOOSE':
        return `CASE ${R(0)} ${a
          .slice(1)
          .map((x, i) => `WHEN ${i + 1} THEN ${this.r(x)}`)
          .join(' ')} END`;
      case 'ISNULL': {
        const c = a[0];
        if (c.type === 'CastExpression') {
          const t = parseType(c.dataType);
          return `coalesce(${R(0)}, ${castSql(R(1), t, false)})`;
        }
        return `coalesce(${R(0)}, ${R(1)})`;
      }
      case 'COUNT_BIG':
      case 'COUNT':
        return n.distinct
          ? `count(DISTINCT ${isStrT(this.t(a[0])) ? `lower(rtrim(${R(0)}, ' '))` : R(0)})`
          : `count(${a[0].type === 'WildcardExpression' ? '*' : R(0)})`;
      case 'APPROX_COUNT_DISTINCT':
        return `approx_count_distinct(${R(0)})`;
      case '__QUANTILE_CONT':
        return `quantile_cont(${R(0)}, ${R(1)})`;
      case '__QUANTILE_DISC':
        return `quantile_disc(${R(0)}, ${R(1)})`;
      case '__ATZ':
        return `tsql.atz_${this.t(a[0]) === 'TIMESTAMP WITH TIME ZONE' ? 'to' : 'from'}(${R(0)}, ${R(1)})`;
      case '__ESC':
        return `tsql.esc(${R(0)}, ${R(1)})`;
      case 'STDEV':
        return `stddev_samp(${R(0)})`;
      case 'STDEVP':
        return `stddev_pop(${R(0)})`;
      case 'VAR':
        return `var_samp(${R(0)})`;
      case 'VARP':
        return `var_pop(${R(0)})`;
      case 'MIN':
      case 'MAX':
        return !n.inOver && isStrT(this.t(a[0])) ? `arg_${N.toLowerCase()}(${R(0)}, lower(${R(0)}))` : this.generic(n);
      case 'AVG': {
        if (n.inOver) return this.generic(n);
        return this.avgType(n, this.generic(n));
      }
      case 'SUM': {
        if (n.inOver) return this.generic(n);
        const d = dec(this.t(a[0]));
        return d && !d.dec
          ? `CAST(${this.generic(n)} AS ${/BIGINT|HUGEINT/.test(this.t(a[0])) ? 'BIGINT' : 'INTEGER'})`
          : this.generic(n);
      }
      case 'STRING_AGG': {
        const w = n.withinGroup;
        let ob = '';
        if (w) {
          const list = Array.isArray(w) ? w : (w.orderBy ?? w.items ?? [w]);
          ob =
            ' ORDER BY ' +
            list.map((x) => this.r(x.expression ?? x) + (/DESC/i.test(x.direction ?? '') ? ' DESC' : '')).join(', ');
        }
        return `string_agg(tsql.str(${R(0)}), ${R(1)}${ob})`;
      }
      case 'HASHBYTES': {
        const alg = unstr(this.src.slice(a[0].start, a[0].end)).toLowerCase();
        const x = a[1];
        const wide =
          /^[nN]'/.test(this.src.slice(x.start, x.end)) ||
          (x.type === 'CastExpression' && /^n(var)?char/i.test(x.dataType));
        return `tsql.hashbytes_${alg}(${wide ? `tsql.utf16(${this.r(x)})` : this.r(x)})`;
      }
      case 'CHECKSUM':
        return `tsql.checksum_s(concat_ws(chr(31), ${this.args(n).join(', ')}))`;
      case 'BINARY_CHECKSUM':
        return `tsql.binary_checksum(concat_ws('', ${this.args(n).join(', ')}))`;
      case 'FORMAT': {
        const f = unstr(this.src.slice(a[1].start, a[1].end));
        return `tsql.fmtnet(${R(0)}, ${lit(netFmt(f))}, ${lit(netNum(f))})`;
      }
      case 'JSON_MODIFY': {
        const p = unstr(this.src.slice(a[1].start, a[1].end))
          .replace(/^(lax|strict)\s+/, '')
          .slice(2)
          .split('.');
        let v = R(2);
        for (const k of p.reverse()) v = `json_object(${lit(k)}, ${v})`;
        return `CAST(json_merge_patch(${R(0)}, ${v}) AS VARCHAR)`;
      }
      case 'DATALENGTH':
        return /^[nN]'/.test(this.src.slice(a[0].start, a[0].end))
          ? `(2 * length(${R(0)}))`
          : `tsql.datalength(${R(0)})`;
      case 'STR':
        return `tsql.str_fn(${this.args(n).join(', ')})`;
      case 'OPENJSON':
        return n.openJsonWith
          ? this.openjson(n)
          : a.length > 1
            ? `tsql.openjson(CAST(json_extract(${R(0)}, ${R(1)}) AS VARCHAR))`
            : `tsql.openjson(${R(0)})`;
      case 'ERROR_NUMBER':
      case 'ERROR_MESSAGE':
      case 'ERROR_SEVERITY':
      case 'ERROR_STATE':
      case 'ERROR_LINE':
      case 'ERROR_PROCEDURE':
        return this.ctx.errVar(N);
      case 'XACT_STATE':
        return String(this.ctx.xactState());
      case 'GROUPING_ID':
        return `grouping(${this.args(n).join(', ')})`;
      case 'CONCAT':
      case 'CONCAT_WS':
        return `${N.toLowerCase()}(${this.args(n)
          .map((x, i) => (this.isStr(a[i]) || a[i].variant === 'null' ? x : `tsql.str(${x})`))
          .join(', ')})`;
    }
    const lower = N.toLowerCase();
    if (lower === 'string_split') return `tsql.string_split(${this.args(n).join(', ')})`;
    if (!n.name.includes('.') && MACRO_NAMES.has(lower)) return `tsql.${q(lower)}(${this.args(n).join(', ')})`;
    if (n.name.includes('.') && !a.length) return `${this.name(n.name.split('.'))}()`;
    if (n.name.includes('.')) return `${this.name(n.name.split('.'))}(${this.args(n).join(', ')})`;
    return `${n.name}(${n.distinct ? 'DISTINCT ' : ''}${this.args(n)
      .map((x, i) => (a[i].type === 'WildcardExpression' ? '*' : x))
      .join(', ')})`;
  }
  avgType(f, g) {
    const d = dec(this.t(f.args[0]));
    return !d ? g : d.dec ? `CAST(${g} AS DECIMAL(38,${Math.max(6, d.s)}))` : `CAST(trunc(${g}) AS BIGINT)`;
  }
  openjson(n) {
    const a = n.args;
    const path = a[1] ? this.r(a[1]) : "'$'";
    const cols = n.openJsonWith.map((c) => {
      const t = parseType(c.dataType);
      const p = lit(c.path ? unstr(c.path).replace(/^(lax|strict)\s+/, '') : '$.' + unq(c.name));
      const v = c.asJson ? `CAST(json_extract(e, ${p}) AS VARCHAR)` : `tsql.json_value(e, ${p})`;
      return `${c.asJson || t.f === 'str' ? (t.len && !c.asJson ? `left(${v}, ${t.len})` : v) : castSql(v, t, false)} AS ${q(unq(c.name))}`;
    });
    return `(SELECT ${cols.join(', ')} FROM (SELECT unnest(tsql.json_rows(${this.r(a[0])}, ${path})) AS e))`;
  }
  OverExpression(n) {
    const f = n.expression;
    if (f.type === 'FunctionCall' && /^AVG$/i.test(f.name)) {
      f.inOver = true;
      return this.avgType(f, this.generic(n));
    }
    if (f.type === 'FunctionCall') f.inOver = true;
    return this.generic(n);
  }
  // ---- query shapes
  Column(n) {
    const s = this.src.slice(n.start, n.end);
    let e = this.r(n.expression);
    if (!/^(Identifier|Literal|Variable|WildcardExpression)$/.test(n.expression.type) && !n.wildcard) {
      const ty = this.t(n.expression);
      if (/^(INTEGER|BIGINT|SMALLINT)$/.test(ty ?? '')) e = `CAST(${e} AS ${ty})`;
    }
    if (n._to) e = this.coerceTo(e, this.t(n.expression), n._to);
    if (n.alias) return `${e} AS ${q(unq(/^'/.test(n.alias) ? unstr(n.alias) : n.alias))}`;
    if (n.wildcard) return this.generic(n);
    return e;
  }
  PivotClause(n) {
    const names = n.inColumns.map((c) => lit(unq(c.name)));
    return `PIVOT (${this.r(n.aggregate)} FOR ${this.r(n.forColumn)} IN (${names.join(', ')}))`;
  }
  CROSS_APPLY(n) {
    return this.apply(n, false);
  }
  OUTER_APPLY(n) {
    return this.apply(n, true);
  }
  apply(n, outer) {
    const end = this.en(n.table);
    let t = this.r(n.table);
    return `${outer ? 'LEFT' : 'CROSS'} JOIN LATERAL ${t}${this.gap(this.src.slice(end, Math.max(end, n.end)))}${outer ? ' ON TRUE' : ''}`;
  }
  TableReference(n) {
    const a = n.table.start;
    const ks = this.kids(n).filter((k) => k.type !== 'TableReference');
    const end = Math.max(n.end, ...ks.map((k) => this.en(k)));
    return this.range(a, end, ks);
  }
  WithStatement(n) {
    const b = n.body;
    if (b.type === 'DeleteStatement' && !b.from && b.target.parts.length === 1) {
      const c = n.ctes.find((c) => unq(c.name).toLowerCase() === unq(b.target.parts[0]).toLowerCase());
      const s = c?.query;
      if (s?.type === 'SelectStatement' && s.from) {
        const f0 = Array.isArray(s.from) ? s.from[0] : s.from;
        const al = f0.alias ? q(unq(f0.alias)) : this.name(f0.table.parts);
        return this.I.withCtes(n, () => {
          const cs = n.ctes.map((x) => {
            let t = this.r(x.query);
            if (x === c) t = t.replace(/^SELECT\s/i, `SELECT ${al}.rowid AS __rid, `);
            return `${q(unq(x.name))} AS (${t})`;
          });
          return `DELETE FROM ${this.r(f0.table)} WHERE rowid IN (WITH ${cs.join(', ')} SELECT __rid FROM ${this.r(b.target)}${b.where ? ` WHERE ${this.r(b.where)}` : ''})`;
        });
      }
    }
    return this.I.withCtes(n, () => this.generic(n));
  }
  SelectStatement(n, o = {}) {
    return this.I.withScope(n.from, () => this.select0(n, o));
  }
  select0(n, o) {
    let end = this.en(n);
    const into = n.into,
      top = n.top,
      fj = n.forClause && /JSON/i.test(n.forClause.mode) ? n.forClause : null;
    let src0 = n.start;
    let ks = this.kids(n).filter((k) => k !== n.top && k !== n.into);
    if (fj) {
      const T = sig(this.src.slice(n.start, end));
      let d = 0,
        pos = -1;
      for (let i = 0; i < T.length; i++) {
        if (T[i].t === '(') d++;
        if (T[i].t === ')') d--;
        if (d === 0 && up(T[i]) === 'FOR' && up(T[i + 1]) === 'JSON') pos = T[i].s;
      }
      end = n.start + pos;
    }
    let cuts = [];
    if (top) cuts.push([top.start, top.end + (/^\s*PERCENT/i.test(this.src.slice(top.end)) ? 0 : 0)]);
    if (into) {
      const b = this.src.lastIndexOf('INTO', into.start) >= 0 ? this.src.slice(0, into.start).search(/INTO\s*$/i) : -1;
      cuts.push([b, into.end]);
    }
    let s = '',
      c = n.start;
    const pieces = [
      ...cuts.map((x) => ({ cut: x, start: x[0], end: x[1] })),
      ...ks.map((k) => ({ k, start: this.st(k), end: this.en(k) })),
    ].sort((x, y) => x.start - y.start || y.end - x.end);
    for (const p of pieces) {
      if (p.start < c || p.start >= end) continue;
      s += this.gap(this.src.slice(c, p.start));
      if (p.k) s += this.r(p.k);
      c = p.end;
    }
    s += this.gap(this.src.slice(c, end));
    if (top) {
      const nn = top.quantity ? this.r(top.quantity) : '';
      if (top.withTies) {
        const ob = n.orderBy.map((x) => this.r(x.expression) + (x.direction === 'DESC' ? ' DESC' : '')).join(', ');
        const i = s.toUpperCase().lastIndexOf('ORDER BY');
        s = `${s.slice(0, i)} QUALIFY rank() OVER (ORDER BY ${ob}) <= ${nn} ${s.slice(i)}`;
      } else s += ` LIMIT ${nn}${top.percent ? '%' : ''}`;
    }
    if (fj) s = this.forJson(n, s, fj);
    if (o.paren && top) s = `(${s})`;
    return s;
  }
  forJson(n, s, f) {
    const wrap = !f.options?.some((o) => o.kind === 'WITHOUT_ARRAY_WRAPPER'),
      root = f.options?.find((o) => o.kind === 'ROOT'),
      incl = f.options?.some((o) => o.kind === 'INCLUDE_NULL_VALUES');
    const tree = {};
    for (const c of n.columns) {
      const nm = unq(c.alias ?? c.outputName);
      const p = nm.split('.');
      let t = tree;
      while (p.length > 1) {
        const k = p.shift();
        t = t[k] ??= {};
      }
      t[p[0]] = 'j.' + q(nm);
    }
    const obj = (t) =>
      `json_object(${Object.entries(t)
        .map(([k, v]) => `${lit(k)}, ${typeof v === 'string' ? v : obj(v)}`)
        .join(', ')})`;
    let o = obj(tree);
    if (!incl) o = `json_merge_patch('{}', ${o})`;
    let r = wrap
      ? `'[' || coalesce(string_agg(CAST(${o} AS VARCHAR), ','), '') || ']'`
      : `string_agg(CAST(${o} AS VARCHAR), ',')`;
    if (root) r = `'{"${unstr(root.value ?? "'root'")}":' || ${r} || '}'`;
    return `SELECT ${r} AS "JSON" FROM (${s}) AS j`;
  }
  // set operators and type precedence: a varchar branch beside a date or a number takes the other branch's type
  coerceTo(e, from, to) {
    if (!to || from === to || from !== 'VARCHAR' || to === 'VARCHAR' || to === 'NULL') return e;
    if (to === 'DATE') return `CAST(tsql.to_ts(${e}) AS DATE)`;
    if (isTs(to)) return `CAST(tsql.to_ts(${e}) AS ${to})`;
    if (/^(INTEGER|BIGINT|SMALLINT|UTINYINT)$/.test(to)) return `CAST(tsql.to_big(${e}) AS ${to})`;
    return `CAST(${e} AS ${to})`;
  }
  mark(k, types) {
    if (!types) return;
    if (k.type === 'SetOperator') {
      k._types = types;
      return;
    }
    if (k.type !== 'SelectStatement' || k.columns.some((c) => c.wildcard)) return;
    k.columns.forEach((c, i) => {
      c._to = types[i];
    });
  }
  SetOperator(n) {
    const types = n._types ?? this.I.query(n)?.map((c) => c[1]);
    this.mark(n.left, types);
    this.mark(n.right, types);
    const side = (k) => (k.type === 'SelectStatement' ? this.SelectStatement(k, { paren: true }) : this.r(k));
    const a = this.st(n);
    const le = this.en(n.left),
      rs = this.st(n.right);
    return `${this.gap(this.src.slice(a, n.left.start))}${side(n.left)}${this.gap(this.src.slice(le, rs))}${side(n.right)}${this.gap(this.src.slice(this.en(n.right), Math.max(this.en(n.right), n.end)))}`;
  }
  // ---- DML
  targetRef(n) {
    // find the FROM item the target names
    const t = n.target.parts.map(unq);
    const items = Array.isArray(n.from) ? n.from : n.from ? [n.from] : [];
    const all = [];
    for (const it of items) {
      all.push(it);
      for (const j of it.joins ?? []) all.push(j);
    }
    const hit =
      all.find((x) => x.alias && unq(x.alias).toLowerCase() === t.at(-1).toLowerCase() && t.length === 1) ??
      all.find(
        (x) => x.table?.parts && x.table.parts.map(unq).join('.').toLowerCase().endsWith(t.join('.').toLowerCase()),
      );
    return hit && { table: hit.table, alias: hit.alias ? q(unq(hit.alias)) : this.name(hit.table.parts) };
  }
  fromText(n) {
    const items = Array.isArray(n.from) ? n.from : [n.from];
    const a = items[0].table.start;
    let end = Math.max(...items.map((x) => x.end));
    return this.range(a, end, items);
  }
  setCol(x) {
    return q(unq(x.columnNode.parts.at(-1)));
  }
  UpdateStatement(n) {
    return this.I.withScope(n.from, () => this.update0(n), this.I.sources([{ table: n.target }]));
  }
  DeleteStatement(n) {
    return this.I.withScope(n.from, () => this.delete0(n), this.I.sources([{ table: n.target }]));
  }
  update0(n) {
    const asg = n.assignments;
    const val = (x) =>
      this.src.slice(x.start, x.end).match(/[-+*\/%&|^]=/) &&
      x.value.type === 'BinaryExpression' &&
      x.value.start === x.start
        ? this.BinaryExpression({ ...x.value })
        : this.r(x.value);
    const where = n.where ? ` WHERE ${this.r(n.where)}` : '';
    if (!n.from && !n.top)
      return `UPDATE ${this.r(n.target)} SET ${asg.map((x) => `${this.setCol(x)} = ${val(x)}`).join(', ')}${where}`;
    let hit = n.from && this.targetRef(n);
    const tbl = hit ? this.r(hit.table) : this.r(n.target),
      al = hit ? hit.alias : this.r(n.target);
    let from = n.from ? this.fromText(n) : '';
    if (!hit) from = from ? `${tbl}, ${from}` : tbl;
    return `UPDATE ${tbl} AS __t SET ${asg.map((x, i) => `${this.setCol(x)} = __s.v${i}`).join(', ')} FROM (SELECT ${al}.rowid AS __r, ${asg.map((x, i) => `${val(x)} AS v${i}`).join(', ')} FROM ${from}${where}${n.top ? ` LIMIT ${this.r(n.top.quantity)}` : ''}) AS __s WHERE __t.rowid = __s.__r`;
  }
  delete0(n) {
    const where = n.where ? ` WHERE ${this.r(n.where)}` : '';
    if (!n.from && !n.top) return `DELETE FROM ${this.r(n.target)}${where}`;
    let hit = n.from && this.targetRef(n);
    const tbl = hit ? this.r(hit.table) : this.r(n.target),
      al = hit ? hit.alias : this.r(n.target);
    let from = n.from ? this.fromText(n) : '';
    if (!hit) from = from ? `${tbl}, ${from}` : tbl;
    return `DELETE FROM ${tbl} WHERE rowid IN (SELECT ${al}.rowid FROM ${from}${where}${n.top ? ` LIMIT ${this.r(n.top.quantity)}` : ''})`;
  }
  MergeStatement(n) {
    return this.I.withScope(
      [n.using],
      () => this.merge0(n),
      this.I.sources([{ table: n.target, alias: n.targetAlias }]),
    );
  }
  merge0(n) {
    let s = this.generic(n);
    return /^MERGE\s+INTO/i.test(s) ? s : s.replace(/^MERGE/i, 'MERGE INTO');
  }
  MergeUpdateAction(n) {
    return `UPDATE SET ${n.assignments.map((x) => `${this.setCol(x)} = ${this.r(x.value)}`).join(', ')}`;
  }
  InsertStatement(n) {
    const s = this.generic(n).replace(/^INSERT\s+(?!INTO)/i, 'INSERT INTO ');
    return s.replace(/VALUES \("__defvals"\)/, 'DEFAULT VALUES');
  }
  col(c, extra) {
    const t = parseType(c.dataType.replace(/COLLATE\w+/i, ''));
    let o = `${q(unq(c.name))} ${t.d}`;
    let nn = '',
      df = '',
      seq;
    for (const k of c.constraints ?? []) {
      if (k.kind === 'NOT NULL') nn = ' NOT NULL';
      if (k.kind === 'DEFAULT' && k.expression) df = ` DEFAULT ${this.r(k.expression)}`;
      if (k.kind === 'IDENTITY') {
        seq = [k.seed ?? 1, k.increment ?? 1];
      }
    }
    if (seq) df = ` DEFAULT nextval(${lit(extra.seq(unq(c.name), seq))})`;
    return o + df + nn + (t.len && extra.strict ? ` CHECK (length(${q(unq(c.name))}) <= ${t.len})` : '');
  }
}

// @ts-nocheck
/* oxlint-disable */
// T-SQL lexer: ~45 lines. k: ws | cmt | str | id | w | num | hex | op
const OPS = ['<>', '!=', '<=', '>=', '!<', '!>', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '::'];
export function lex(s) {
  const o = [];
  let i = 0;
  const push = (k, e) => {
    o.push({ k, s: i, e, t: s.slice(i, e) });
    i = e;
  };
  while (i < s.length) {
    const c = s[i];
    if (/\s/.test(c)) {
      let e = i + 1;
      while (e < s.length && /\s/.test(s[e])) e++;
      push('ws', e);
    } else if (c === '-' && s[i + 1] === '-') {
      let e = s.indexOf('\n', i);
      push('cmt', e < 0 ? s.length : e);
    } else if (c === '/' && s[i + 1] === '*') {
      let d = 1,
        e = i + 2;
      while (e < s.length && d) {
        if (s.startsWith('/*', e)) {
          d++;
          e += 2;
        } else if (s.startsWith('*/', e)) {
          d--;
          e += 2;
        } else e++;
      }
      push('cmt', e);
    } else if (c === "'" || ((c === 'N' || c === 'n') && s[i + 1] === "'")) {
      let e = i + (c === "'" ? 1 : 2);
      for (;;) {
        e = s.indexOf("'", e);
        if (e < 0) {
          e = s.length;
          break;
        }
        if (s[e + 1] === "'") e += 2;
        else {
          e++;
          break;
        }
      }
      push('str', e);
    } else if (c === '[') {
      let e = i + 1;
      for (;;) {
        e = s.indexOf(']', e);
        if (e < 0) {
          e = s.length;
          break;
        }
        if (s[e + 1] === ']') e += 2;
        else {
          e++;
          break;
        }
      }
      push('id', e);
    } else if (c === '"') {
      let e = i + 1;
      for (;;) {
        e = s.indexOf('"', e);
        if (e < 0) {
          e = s.length;
          break;
        }
        if (s[e + 1] === '"') e += 2;
        else {
          e++;
          break;
        }
      }
      push('id', e);
    } else if (c === '0' && /[xX]/.test(s[i + 1] ?? '')) {
      let e = i + 2;
      while (/[0-9a-fA-F]/.test(s[e] ?? '')) e++;
      push('hex', e);
    } else if (/[0-9]/.test(c) || (c === '.' && /[0-9]/.test(s[i + 1] ?? ''))) {
      let e = i + 1;
      while (/[0-9.]/.test(s[e] ?? '')) e++;
      if (/[eE]/.test(s[e] ?? '') && /[0-9+-]/.test(s[e + 1] ?? '')) {
        e += 2;
        while (/[0-9]/.test(s[e] ?? '')) e++;
      }
      push('num', e);
    } else if (/[A-Za-z_#@$\u0080-\uffff]/.test(c)) {
      let e = i + 1;
      while (e < s.length && /[\w#@$\u0080-\uffff]/.test(s[e])) e++;
      push('w', e);
    } else {
      const two = s.slice(i, i + 2);
      push('op', i + (OPS.includes(two) ? 2 : 1));
    }
  }
  return o;
}
export const sig = (s) => lex(s).filter((t) => t.k !== 'ws' && t.k !== 'cmt');
export const up = (t) => (t?.k === 'w' ? t.t.toUpperCase() : t?.k === 'op' ? t.t : '');
export const unq = (t) =>
  t[0] === '[' ? t.slice(1, -1).replace(/\]\]/g, ']') : t[0] === '"' ? t.slice(1, -1).replace(/""/g, '"') : t;
export const unstr = (t) =>
  t
    .replace(/^[nN]?'/, '')
    .replace(/'$/, '')
    .replace(/''/g, "'");
export const q = (n) => '"' + String(n).replace(/"/g, '""') + '"';
export const lit = (s) => "'" + String(s).replace(/'/g, "''") + "'";
export function close(T, i) {
  let d = 0;
  for (let j = i; j < T.length; j++) {
    if (T[j].t === '(') d++;
    else if (T[j].t === ')') {
      d--;
      if (!d) return j;
    }
  }
  throw new Error('TSQL:102:Incorrect syntax: unbalanced parenthesis');
}
// [name tokens] dotted name starting at i -> {parts, j(next index)}
export function dotted(T, i) {
  const parts = [];
  let j = i;
  for (;;) {
    if (T[j]?.t === '.') {
      parts.push('');
      j++;
      continue;
    }
    parts.push(unq(T[j].t));
    j++;
    if (T[j]?.t === '.') {
      j++;
      continue;
    }
    break;
  }
  return { parts, j };
}
export const applyEdits = (s, ed) => {
  ed.sort((a, b) => b[0] - a[0] || b[1] - a[1]);
  for (const [a, b, t] of ed) s = s.slice(0, a) + t + s.slice(b);
  return s;
};

// @ts-nocheck
/* oxlint-disable */
// Static types of T-SQL expressions (as DuckDB type names). Columns come from the DuckDB catalog; unknown => undefined.
import { unq } from './lexer';
import { parseType } from './types';
const RANK = [
  'VARCHAR',
  'BLOB',
  'UUID',
  'BOOLEAN',
  'UTINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'DECIMAL',
  'FLOAT',
  'DOUBLE',
  'TIME',
  'DATE',
  'TIMESTAMP_S',
  'TIMESTAMP_MS',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
];
const INTP = { UTINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 19, HUGEINT: 38 };
const base = (t) => (t.startsWith('DECIMAL') ? 'DECIMAL' : t === 'TIMESTAMPTZ' ? 'TIMESTAMP WITH TIME ZONE' : t);
export const dec = (t) => {
  const m = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(t ?? '');
  return m ? { p: +m[1], s: +m[2], dec: true } : INTP[t] ? { p: INTP[t], s: 0, dec: false } : null;
};
export const isStrT = (t) => t === 'VARCHAR',
  isTs = (t) => /^TIMESTAMP/.test(t ?? ''),
  isNumT = (t) => !!t && (!!dec(t) || t === 'DOUBLE' || t === 'FLOAT');
const cap = (p, s) => {
  if (p <= 38) return [p, s];
  const i = p - s;
  return [38, Math.max(Math.min(s, 38 - i), Math.min(s, 6))];
};
export function widest(ts) {
  ts = ts.filter((t) => t && t !== 'NULL');
  if (!ts.length) return undefined;
  const b = ts.map(base);
  const r = Math.max(...b.map((x) => RANK.indexOf(x)));
  const top = RANK[r];
  if (top === 'DECIMAL') {
    const ds = ts.map(dec).filter(Boolean);
    const s = Math.max(...ds.map((d) => d.s)),
      i = Math.max(...ds.map((d) => d.p - d.s));
    return `DECIMAL(${Math.min(38, i + s)},${s})`;
  }
  return ts[b.indexOf(top)];
}
export function arith(op, a, b) {
  if (!a || !b) return undefined;
  if (a === 'NULL') return b;
  if (b === 'NULL') return a;
  if (op === '+' && isStrT(a) && isStrT(b)) return 'VARCHAR';
  if (isTs(a) || isTs(b)) return isTs(a) ? a : b;
  if (a === 'DATE') return a;
  if (isStrT(a)) a = b;
  if (isStrT(b)) b = a;
  if ([a, b].some((x) => x === 'DOUBLE' || x === 'FLOAT')) return 'DOUBLE';
  const x = dec(a),
    y = dec(b);
  if (!x || !y) return undefined;
  if (!x.dec && !y.dec) return widest([a, b]);
  let p, s;
  if (op === '*') {
    p = x.p + y.p + 1;
    s = x.s + y.s;
  } else if (op === '/') {
    s = Math.max(6, x.s + y.p + 1);
    p = x.p - x.s + y.s + s;
  } else if (op === '%') {
    s = Math.max(x.s, y.s);
    p = Math.min(x.p - x.s, y.p - y.s) + s;
  } else {
    s = Math.max(x.s, y.s);
    p = Math.max(x.p - x.s, y.p - y.s) + s + 1;
  }
  [p, s] = cap(p, s);
  return `DECIMAL(${p},${s})`;
}
const F = {};
const def = (t, l) => l.split(' ').forEach((n) => (F[n] = t));
def(
  'VARCHAR',
  'UPPER LOWER LTRIM RTRIM TRIM LEFT RIGHT SUBSTRING REPLACE STUFF REPLICATE SPACE REVERSE CONCAT CONCAT_WS STRING_AGG FORMAT DATENAME CHAR NCHAR QUOTENAME STR TRANSLATE JSON_VALUE JSON_QUERY JSON_MODIFY ERROR_MESSAGE OBJECT_NAME SCHEMA_NAME DB_NAME SUSER_SNAME USER_NAME STRING_ESCAPE FILEPATH FILENAME SESSION_ID',
);
def(
  'INTEGER',
  'LEN CHARINDEX PATINDEX DATEPART YEAR MONTH DAY ASCII UNICODE ISNUMERIC ISDATE ISJSON CHECKSUM BINARY_CHECKSUM GROUPING OBJECT_ID SCHEMA_ID COUNT DATEDIFF DATALENGTH ERROR_NUMBER',
);
def('BIGINT', 'ROW_NUMBER RANK DENSE_RANK NTILE COUNT_BIG DATEDIFF_BIG APPROX_COUNT_DISTINCT');
def(
  'DOUBLE',
  'SQRT EXP LOG LOG10 PI RAND STDEV STDEVP VAR VARP SQUARE PERCENT_RANK CUME_DIST __QUANTILE_CONT SIN COS TAN',
);
def('TIMESTAMP_MS', 'GETDATE GETUTCDATE DATETIMEFROMPARTS');
def('TIMESTAMP', 'SYSDATETIME SYSUTCDATETIME DATETIME2FROMPARTS');
def('DATE', 'DATEFROMPARTS EOMONTH');
def('UUID', 'NEWID');
def('BLOB', 'HASHBYTES');
def('TIMESTAMP WITH TIME ZONE', 'SYSDATETIMEOFFSET');
export class Infer {
  constructor(rw) {
    this.rw = rw;
    this.stack = [];
    this.ctes = [];
  }
  src(n) {
    return this.rw.src.slice(n.start, n.end);
  }
  cte(name) {
    for (let i = this.ctes.length - 1; i >= 0; i--) if (this.ctes[i].has(name)) return this.ctes[i].get(name);
  }
  tableCols(ref) {
    const t = ref.table;
    if (t.type === 'Identifier') {
      const p = t.parts.map(unq);
      const orw = /^__orw_(\d+)$/.exec(p.at(-1));
      if (orw) return this.rw.ctx.orw[+orw[1]].types;
      if (p.length === 1) {
        const c = this.cte(p[0].toLowerCase());
        if (c) return c;
      }
      return this.rw.ctx.catalog?.(p);
    }
    if (t.type === 'SubqueryExpression') return this.query(t.query);
    if (t.type === 'ValuesTableExpression')
      return t.rows[0].map((_, i) => ['c' + i, widest(t.rows.map((r) => this.t(r[i])))]);
    if (t.type === 'FunctionCall') {
      if (t.openJsonWith)
        return t.openJsonWith.map((c) => [unq(c.name), c.asJson ? 'VARCHAR' : parseType(c.dataType).d]);
      if (/^STRING_SPLIT$/i.test(t.name)) return [['value', 'VARCHAR']];
      if (/^OPENJSON$/i.test(t.name))
        return [
          ['key', 'VARCHAR'],
          ['value', 'VARCHAR'],
          ['type', 'INTEGER'],
        ];
    }
    return undefined;
  }
  sources(from) {
    const out = [];
    const add = (r) => {
      let cols;
      try {
        cols = this.tableCols(r);
      } catch {}
      if (cols && r.aliasColumns?.length) cols = cols.map((c, i) => [unq(r.aliasColumns[i] ?? c[0]), c[1]]);
      const nm = r.alias ? unq(r.alias) : r.table.parts ? unq(r.table.parts.at(-1)) : '';
      out.push({
        alias: nm.toLowerCase(),
        cols: cols && !r.pivot && !r.unpivot ? new Map(cols.map(([a, b]) => [a.toLowerCase(), b])) : undefined,
        list: r.pivot || r.unpivot ? undefined : cols,
      });
    };
    for (const r of Array.isArray(from) ? from : from ? [from] : []) {
      this.stack.push(out);
      try {
        add(r);
        for (const j of r.joins ?? []) add(j);
      } finally {
        this.stack.pop();
      }
    }
    return out;
  }
  withScope(from, fn, extra = []) {
    this.stack.push([...extra, ...this.sources(from)]);
    try {
      return fn();
    } finally {
      this.stack.pop();
    }
  }
  col(parts) {
    const p = parts.map((x) => unq(x).toLowerCase());
    const c = p.at(-1),
      q = p.length > 1 ? p.at(-2) : null;
    for (let i = this.stack.length - 1; i >= 0; i--) {
      let unknown = false;
      for (const s of this.stack[i]) {
        if (q && s.alias !== q) continue;
        if (!s.cols) {
          unknown = true;
          continue;
        }
        if (s.cols.has(c)) return s.cols.get(c);
      }
      if (unknown) return undefined;
    }
  }
  query(n) {
    if (n.type === 'WithStatement') {
      return this.withCtes(n, () => this.query(n.body));
    }
    if (n.type === 'SetOperator') {
      const a = this.query(n.left),
        b = this.query(n.right);
      return a?.map((c, i) => [c[0], widest([c[1], b?.[i]?.[1]])]);
    }
    if (n.type === 'SubqueryExpression' || n.type === 'GroupingExpression') return this.query(n.query ?? n.expression);
    if (n.type !== 'SelectStatement') return undefined;
    return this.withScope(n.from, () => {
      const out = [];
      for (const c of n.columns) {
        if (c.wildcard) {
          const q =
            c.expression.type === 'Identifier' || /\./.test(this.src(c))
              ? unq(this.src(c).split('.').at(-2).trim()).toLowerCase()
              : null;
          for (const s of this.stack.at(-1)) {
            if (q && s.alias !== q) continue;
            if (!s.list) return undefined;
            out.push(...s.list);
          }
        } else out.push([unq((c.alias ?? c.outputName ?? '').replace(/^'|'$/g, '')), this.t(c.expression)]);
      }
      return out;
    });
  }
  withCtes(n, fn) {
    const m = new Map();
    this.ctes.push(m);
    try {
      for (const c of n.ctes) {
        let cols;
        try {
          cols = this.query(c.query);
        } catch {}
        if (cols && c.columns) cols = cols.map((x, i) => [unq(c.columns[i]), x[1]]);
        m.set(unq(c.name).toLowerCase(), cols);
      }
      return fn();
    } finally {
      this.ctes.pop();
    }
  }
  t(n) {
    try {
      return this.t0(n);
    } catch {
      return undefined;
    }
  }
  t0(n) {
    switch (n.type) {
      case 'Literal': {
        const s = this.src(n);
        if (n.variant === 'null') return 'NULL';
        if (n.variant === 'string') return /^[nN]?'/.test(s) ? 'VARCHAR' : undefined;
        if (/^0x/i.test(s)) return 'BLOB';
        if (/[eE]/.test(s)) return 'DOUBLE';
        const d = s.replace(/^-/, '');
        if (d.includes('.')) {
          const [i, f] = d.split('.');
          return `DECIMAL(${i.replace(/^0+/, '').length + f.length || 1},${f.length})`;
        }
        return +d > 2147483647 ? (d.length > 18 ? `DECIMAL(${d.length},0)` : 'BIGINT') : 'INTEGER';
      }
      case 'Variable':
        return n.name.startsWith('@@') ? 'INTEGER' : this.rw.ctx.varType(n.name);
      case 'Identifier':
        return /^CURRENT_TIMESTAMP$/i.test(n.name) ? 'TIMESTAMP_MS' : this.col(n.parts);
      case 'GroupingExpression':
        return this.t(n.expression);
      case 'UnaryExpression':
        return /NOT|NULL/.test(n.operator) ? 'BOOLEAN' : this.t(n.right);
      case 'BinaryExpression': {
        const o = n.operator;
        if (o === 'COLLATE') return this.t(n.left);
        if (/^[-+*\/%]$/.test(o)) return arith(o, this.t(n.left), this.t(n.right));
        if (/^[&|^]$/.test(o)) return this.t(n.left);
        return 'BOOLEAN';
      }
      case 'CastExpression':
        return parseType(n.dataType).d;
      case 'CaseExpression':
        return widest([...n.branches.map((b) => this.t(b.then)), n.elseBranch && this.t(n.elseBranch)]);
      case 'SubqueryExpression':
        return this.query(n.query)?.[0]?.[1];
      case 'SelectStatement':
        return this.query(n)?.[0]?.[1];
      case 'OverExpression':
        return this.t(n.expression);
      case 'FunctionCall': {
        const N = n.name.toUpperCase().replace(/^.*\./, ''),
          a = n.args ?? [];
        const T = (i) => this.t(a[i]);
        if (/^(SUBSTRING|LEFT|RIGHT)$/.test(N)) return T(0) === 'BLOB' ? 'BLOB' : 'VARCHAR';
        if (F[N]) return F[N];
        switch (N) {
          case 'TRY_CONVERT':
          case 'CONVERT':
            return parseType(this.src(a[0])).d;
          case 'ISNULL':
            return T(0) === 'NULL' ? T(1) : T(0);
          case 'NULLIF':
          case 'LAG':
          case 'LEAD':
          case 'FIRST_VALUE':
          case 'LAST_VALUE':
          case 'MIN':
          case 'MAX':
          case 'ABS':
          case 'ROUND':
          case 'SIGN':
          case '__QUANTILE_DISC':
            return T(0);
          case 'CEILING':
          case 'FLOOR': {
            const d = dec(T(0));
            return d?.dec ? `DECIMAL(${d.p},0)` : T(0);
          }
          case 'POWER':
            return T(0);
          case 'COALESCE':
          case 'GREATEST':
          case 'LEAST':
            return widest(a.map((x) => this.t(x)));
          case 'IIF':
            return widest([T(1), T(2)]);
          case 'CHOOSE':
            return widest(a.slice(1).map((x) => this.t(x)));
          case 'SUM': {
            const d = dec(T(0));
            return d?.dec ? `DECIMAL(38,${d.s})` : d ? (/BIGINT|HUGEINT/.test(T(0)) ? 'BIGINT' : 'INTEGER') : T(0);
          }
          case 'AVG': {
            const d = dec(T(0));
            return d?.dec ? `DECIMAL(38,${Math.max(6, d.s)})` : T(0);
          }
          case 'DATEADD': {
            const t = T(2);
            return t === 'VARCHAR' || t === 'INTEGER' ? 'TIMESTAMP_MS' : t;
          }
          case 'DATETRUNC':
            return T(1) === 'VARCHAR' ? 'TIMESTAMP' : T(1);
          case '__ATZ':
            return T(0) === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMP' : 'TIMESTAMP WITH TIME ZONE';
        }
        return undefined;
      }
    }
    return undefined;
  }
}

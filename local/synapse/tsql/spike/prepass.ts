// @ts-nocheck
/* oxlint-disable */
// Synapse/T-SQL text -> text that @saralsql/tsql-parser accepts. Synapse-only statements become EXEC [__syn] k; table sources become [__orw_k].
import { lex, sig, up, unq, unstr, close, dotted, applyEdits } from './lexer';
const START = new Set(
  'SELECT INSERT UPDATE DELETE MERGE CREATE ALTER DROP IF ELSE END BEGIN DECLARE SET EXEC EXECUTE RENAME COPY TRUNCATE PRINT RETURN WHILE THROW RAISERROR COMMIT ROLLBACK GRANT DENY REVOKE WITH'.split(
    ' ',
  ),
);
const HINTS =
  /^(NOLOCK|READUNCOMMITTED|READCOMMITTED|TABLOCKX?|HOLDLOCK|ROWLOCK|UPDLOCK|XLOCK|PAGLOCK|NOEXPAND|FORCESEEK|SERIALIZABLE|READPAST)$/;
const stmtEnd = (T, i, stop) => {
  let j = i;
  while (j < T.length) {
    if (T[j].t === '(') {
      j = close(T, j) + 1;
      continue;
    }
    if (T[j].t === ';') return j;
    if (j > i && stop(T, j)) return j;
    j++;
  }
  return j;
};
export const options = (T) => {
  // K = V [, ...] inside parens (V may be (...) group)
  const o = {};
  let i = 0;
  while (i < T.length) {
    const k = up(T[i]);
    if (T[i + 1]?.t === '=') {
      if (T[i + 2].t === '(') {
        const e = close(T, i + 2);
        o[k] = options(T.slice(i + 3, e));
        i = e + 1;
      } else {
        o[k] = T[i + 2].k === 'str' ? unstr(T[i + 2].t) : unq(T[i + 2].t);
        i += 3;
      }
    } else if (T[i + 1]?.t === '(') {
      const e = close(T, i + 1);
      o[k] = options(T.slice(i + 2, e));
      i = e + 1;
    } else i++;
    if (T[i]?.t === ',') i++;
  }
  return o;
};
export function colDefs(T) {
  // name type [COLLATE c] [NULL|NOT NULL] [ordinal] ['json path']
  const cols = [];
  let i = 0;
  while (i < T.length) {
    let e = i,
      d = 0;
    while (e < T.length && !(d === 0 && T[e].t === ',')) {
      if (T[e].t === '(') d++;
      if (T[e].t === ')') d--;
      e++;
    }
    const c = T.slice(i, e);
    let j = 2;
    let ty = c[1].t;
    if (c[2]?.t === '(') {
      const k = close(c, 2);
      ty += c
        .slice(2, k + 1)
        .map((x) => x.t)
        .join('');
      j = k + 1;
    }
    const col = { name: unq(c[0].t), type: ty };
    for (; j < c.length; j++) {
      if (up(c[j]) === 'COLLATE') {
        j++;
      } else if (c[j].k === 'num') col.ord = +c[j].t;
      else if (c[j].k === 'str') col.path = unstr(c[j].t);
      else if (up(c[j]) === 'NOT') col.notnull = true;
      else if (up(c[j]) === 'DEFAULT') {
        col.def = c[j + 1].t;
        j++;
      }
    }
    cols.push(col);
    i = e + 1;
  }
  return cols;
}
export function prepass(sql, ctx) {
  // pass 1: comments out, "x" -> [x], {d '..'}, !< !>, db..t, hints, OPTION(..), ESCAPE, DEFAULT VALUES
  let T = lex(sql),
    ed = [];
  for (const t of T) {
    if (t.k === 'cmt') ed.push([t.s, t.e, ' ']);
    else if (t.k === 'id' && t.t[0] === '"') ed.push([t.s, t.e, '[' + unq(t.t).replace(/\]/g, ']]') + ']']);
    else if (t.t === '!<') ed.push([t.s, t.e, '>=']);
    else if (t.t === '!>') ed.push([t.s, t.e, '<=']);
  }
  sql = applyEdits(sql, ed);
  T = sig(sql);
  ed = [];
  const src = (a, b) => sql.slice(T[a].s, T[b].e);
  for (let i = 0; i < T.length; i++) {
    const u = up(T[i]);
    if (T[i].t === '{' && /^(D|T|TS)$/.test(up(T[i + 1])) && T[i + 2]?.k === 'str') {
      ed.push([T[i].s, T[i + 2].s, ''], [T[i + 2].e, T[i + 3].e, '']);
    }
    if (T[i].t === '.' && T[i + 1]?.t === '.') {
      if (/^tempdb$/i.test(unq(T[i - 1].t))) ed.push([T[i - 1].s, T[i + 1].e, '']);
      else ed.push([T[i].e, T[i].e, 'dbo']);
      i++;
    }
    if (u === 'OPTION' && T[i + 1]?.t === '(') {
      const e = close(T, i + 1);
      ed.push([T[i].s, T[e].e, '']);
      i = e;
    }
    if (u === 'WITH' && T[i + 1]?.t === '(' && HINTS.test(up(T[i + 2]))) {
      const e = close(T, i + 1);
      ed.push([T[i].s, T[e].e, '']);
      i = e;
    }
    if (T[i].t === '(' && HINTS.test(up(T[i + 1])) && T[i + 2]?.t === ')') {
      ed.push([T[i].s, T[i + 2].e, '']);
      i += 2;
    }
    if (/^(HASH|LOOP|MERGE|REMOTE|REPLICATE|REDISTRIBUTE|REDUCE)$/.test(u) && up(T[i + 1]) === 'JOIN')
      ed.push([T[i].s, T[i].e, '']);
    if (u === 'NOT' && up(T[i + 1]) === 'ENFORCED') ed.push([T[i].s, T[i + 1].e, '']);
    if (u === 'DEFAULT' && up(T[i + 1]) === 'VALUES') ed.push([T[i].s, T[i + 1].e, 'VALUES ([__defvals])']);
    if (u === 'ESCAPE' && T[i + 1]?.k === 'str') {
      let b = i - 1;
      if (T[b].t === ')') {
        let d = 0;
        do {
          if (T[b].t === ')') d++;
          if (T[b].t === '(') d--;
          b--;
        } while (d);
        if (T[b].k !== 'w') b++;
      } else while (T[b - 1]?.t === '.') b -= 2;
      ed.push([T[b].s, T[b].s, '__ESC('], [T[i].s, T[i].e, ','], [T[i + 1].e, T[i + 1].e, ')']);
    }
  }
  sql = applyEdits(sql, ed);
  // pass 2: AT TIME ZONE chains, PERCENTILE_CONT .. OVER, WITH ROLLUP, GROUPING SETS
  for (;;) {
    T = sig(sql);
    let i = T.findIndex((t, k) => up(t) === 'AT' && up(T[k + 1]) === 'TIME' && up(T[k + 2]) === 'ZONE');
    if (i < 0) break;
    let b = i - 1;
    if (T[b].t === ')') {
      let d = 0;
      do {
        if (T[b].t === ')') d++;
        if (T[b].t === '(') d--;
        b--;
      } while (d);
      if (T[b].k !== 'w') b++;
    } else while (T[b - 1]?.t === '.') b -= 2;
    sql = applyEdits(sql, [
      [T[b].s, T[b].s, '__ATZ('],
      [T[i].s, T[i + 2].e, ','],
      [T[i + 3].e, T[i + 3].e, ')'],
    ]);
  }
  for (;;) {
    T = sig(sql);
    let i = T.findIndex((t, k) => /^PERCENTILE_(CONT|DISC)$/.test(up(t)) && T[k + 1]?.t === '(');
    if (i < 0) break;
    const e = close(T, i + 1),
      w = close(T, e + 3);
    const f = sql.slice(T[i + 2].s, T[e - 1].e);
    let x = T.slice(e + 6, w);
    const desc = up(x.at(-1)) === 'DESC';
    if (/^(ASC|DESC)$/.test(up(x.at(-1)))) x = x.slice(0, -1);
    const body = sql.slice(x[0].s, x.at(-1).e);
    sql = applyEdits(sql, [[T[i].s, T[w].e, `__QUANTILE_${up(T[i]).slice(11)}(${body}, ${desc ? `1 - ${f}` : f})`]]);
  }
  for (;;) {
    T = sig(sql);
    let i = T.findIndex((t, k) => up(t) === 'WITH' && /^(ROLLUP|CUBE)$/.test(up(T[k + 1])) && T[k + 2]?.t !== '(');
    if (i < 0) break;
    let b = i,
      d = 0;
    while (b > 0) {
      if (T[b].t === ')') d++;
      if (T[b].t === '(') d--;
      if (d === 0 && up(T[b]) === 'BY' && up(T[b - 1]) === 'GROUP') break;
      b--;
    }
    sql = applyEdits(sql, [
      [T[b].e, T[b].e, ' ' + up(T[i + 1]) + '('],
      [T[i].s, T[i + 1].e, ')'],
    ]);
  }
  for (;;) {
    T = sig(sql);
    let i = T.findIndex((t, k) => up(t) === 'GROUPING' && up(T[k + 1]) === 'SETS');
    if (i < 0) break;
    const e = close(T, i + 2);
    sql = applyEdits(sql, [[T[i].s, T[e].e, '[' + ctx.hold(sql.slice(T[i].s, T[e].e)) + ']']]);
  }
  for (let from = 0; ; ) {
    T = sig(sql);
    let i = T.findIndex(
      (t, k) => k >= from && /^(EXISTS|IN)$/.test(up(t)) && T[k + 1]?.t === '(' && up(T[k + 2]) === 'SELECT',
    );
    if (i < 0) break;
    from = i + 1;
    const e = close(T, i + 1);
    let d = 0,
      hit = false;
    for (let k = i + 2; k < e; k++) {
      if (T[k].t === '(') d++;
      if (T[k].t === ')') d--;
      if (d === 0 && /^(UNION|EXCEPT|INTERSECT)$/.test(up(T[k]))) hit = true;
    }
    if (hit)
      sql = applyEdits(sql, [
        [T[i + 2].s, T[i + 2].s, 'SELECT * FROM ('],
        [T[e].s, T[e].s, ') AS __so'],
      ]);
  }
  // pass 3: OPENROWSET
  for (;;) {
    T = sig(sql);
    let i = T.findIndex((t, k) => up(t) === 'OPENROWSET' && T[k + 1]?.t === '(');
    if (i < 0) break;
    const e = close(T, i + 1);
    const A = T.slice(i + 2, e);
    const o = { paths: [] };
    let j = 0;
    if (up(A[0]) === 'BULK') {
      if (A[1].t === '(') {
        const c = close(A, 1);
        o.paths = A.slice(2, c)
          .filter((t) => t.k === 'str')
          .map((t) => unstr(t.t));
        j = c + 1;
      } else {
        o.paths = [unstr(A[1].t)];
        j = 2;
      }
    }
    Object.assign(o, { opt: options(A.slice(j).filter((t, n) => !(n === 0 && t.t === ','))) });
    let end = e;
    if (up(T[e + 1]) === 'WITH' && T[e + 2]?.t === '(') {
      const c = close(T, e + 2);
      o.cols = colDefs(T.slice(e + 3, c));
      end = c;
    }
    const k = ctx.orw.push(o) - 1;
    let a = end + 1;
    if (up(T[a]) === 'AS') a++;
    o.alias = T[a] && (T[a].k === 'w' || T[a].k === 'id') ? unq(T[a].t).toLowerCase() : null;
    sql = applyEdits(sql, [[T[i].s, T[end].e, `[__orw_${k}]`]]);
  }
  // pass 4: statements
  T = sig(sql);
  ed = [];
  const syn = (a, b, o) => {
    const k = ctx.syn.push(o) - 1;
    ed.push([T[a].s, T[b - 1].e, `EXEC [__syn] ${k};`]);
  };
  const anyStart = (X, j) => START.has(up(X[j])),
    none = () => false;
  const noop =
    /^(CREATE (STATISTICS|MASTER KEY|DATABASE SCOPED|USER|LOGIN|ROLE|WORKLOAD|(UNIQUE |CLUSTERED |NONCLUSTERED |COLUMNSTORE )*INDEX)|UPDATE STATISTICS|DROP (STATISTICS|INDEX|DATABASE SCOPED|WORKLOAD|USER|ROLE)|ALTER (INDEX|ROLE|DATABASE|USER|MASTER)|GRANT|DENY|REVOKE)\b/;
  for (let i = 0; i < T.length; i++) {
    if (T[i].k !== 'w') continue;
    const head = T.slice(i, i + 6)
      .map((t) => (t.k === 'w' ? t.t.toUpperCase() : t.t))
      .join(' ');
    let m;
    if (noop.test(head)) {
      const g = /^(GRANT|DENY|REVOKE)/.test(head);
      const e = stmtEnd(T, i, g ? none : (X, j) => anyStart(X, j) && up(X[j]) !== 'WITH' && j > i + 1);
      syn(i, e, { kind: 'noop', what: head });
      i = e - 1;
    } else if (/^RENAME OBJECT/.test(head)) {
      let j = i + 2;
      if (T[j].t === '::') j++;
      const a = dotted(T, j);
      const b = dotted(T, a.j + 1);
      syn(i, b.j, { kind: 'rename', from: a.parts, to: b.parts.at(-1) });
      i = b.j - 1;
    } else if ((m = /^(CREATE|DROP) EXTERNAL (DATA SOURCE|FILE FORMAT|TABLE)/.exec(head))) {
      const k = m[2] === 'TABLE' ? 3 : 4;
      let j = i + k;
      let ifx = false;
      if (up(T[j]) === 'IF') {
        j += 2;
        ifx = true;
      }
      const n = dotted(T, j);
      if (m[1] === 'DROP') {
        syn(i, n.j, { kind: 'dropext', what: m[2], name: n.parts, ifx });
        i = n.j - 1;
        continue;
      }
      const o = { kind: 'ext', what: m[2], name: n.parts };
      j = n.j;
      if (T[j]?.t === '(') {
        const c = close(T, j);
        o.cols = colDefs(T.slice(j + 1, c));
        j = c + 1;
      }
      if (up(T[j]) === 'WITH') {
        const c = close(T, j + 1);
        o.opt = options(T.slice(j + 2, c));
        j = c + 1;
      }
      if (up(T[j]) === 'AS') {
        o.kind = 'cetas';
        const k = ctx.syn.push(o) - 1;
        ed.push([T[i].s, T[j - 1].e, `CREATE VIEW [__cetas_${k}]`]);
        i = j;
      } else {
        syn(i, j, o);
        i = j - 1;
      }
    } else if (/^COPY INTO/.test(head)) {
      const n = dotted(T, i + 2);
      let j = n.j;
      const o = { kind: 'copy', table: n.parts };
      if (T[j].t === '(') {
        const c = close(T, j);
        o.cols = [];
        let cur = [];
        for (const t of [...T.slice(j + 1, c), { t: ',' }]) {
          if (t.t === ',') {
            const cc = { name: unq(cur[0].t) };
            for (let z = 1; z < cur.length; z++) {
              if (up(cur[z]) === 'DEFAULT') {
                cc.def = cur[++z].t;
              } else if (cur[z].k === 'num') cc.ord = +cur[z].t;
            }
            o.cols.push(cc);
            cur = [];
          } else cur.push(t);
        }
        j = c + 1;
      }
      j++;
      o.paths = [];
      while (T[j]?.k === 'str' || T[j]?.t === ',') {
        if (T[j].k === 'str') o.paths.push(unstr(T[j].t));
        j++;
      }
      o.opt = {};
      if (up(T[j]) === 'WITH') {
        const c = close(T, j + 1);
        o.opt = options(T.slice(j + 2, c));
        j = c + 1;
      }
      syn(i, j, o);
      i = j - 1;
    } else if (/^DROP SCHEMA/.test(head)) {
      let j = i + 2,
        ifx = false;
      if (up(T[j]) === 'IF') {
        j += 2;
        ifx = true;
      }
      syn(i, j + 1, { kind: 'dropschema', name: unq(T[j].t), ifx });
      i = j;
    } else if (/^ALTER SCHEMA/.test(head)) {
      let j = i + 4;
      if (T[j + 1]?.t === '::') j += 2;
      const n = dotted(T, j);
      syn(i, n.j, { kind: 'transfer', to: unq(T[i + 2].t), name: n.parts });
      i = n.j - 1;
    } else if (/^ALTER TABLE/.test(head)) {
      const n = dotted(T, i + 2);
      const a = up(T[n.j]);
      if (/^(SPLIT|MERGE|REBUILD|SWITCH)$/.test(a)) {
        const e = stmtEnd(T, n.j, anyStart);
        syn(i, e, { kind: a === 'SWITCH' ? 'unsupported' : 'noop', what: 'ALTER TABLE ' + a });
        i = e - 1;
      } else if (a === 'ADD' && up(T[n.j + 1]) !== 'CONSTRAINT') {
        const e = stmtEnd(T, n.j, anyStart);
        syn(i, e, { kind: 'addcols', table: n.parts, cols: colDefs(T.slice(n.j + 1, e)) });
        i = e - 1;
      } else if (a === 'ADD') {
        const e = stmtEnd(T, n.j, anyStart);
        syn(i, e, { kind: 'noop', what: 'ADD CONSTRAINT' });
        i = e - 1;
      }
    } else if (/^CREATE MATERIALIZED VIEW/.test(head)) {
      const n = dotted(T, i + 3);
      ed.push([T[i + 1].s, T[i + 1].e, '']);
      if (up(T[n.j]) === 'WITH') {
        const c = close(T, n.j + 1);
        ed.push([T[n.j].s, T[c].e, '']);
      }
    } else if (/^(CREATE|ALTER|CREATE OR ALTER) VIEW/.test(head)) {
      let j = i;
      while (up(T[j]) !== 'VIEW') j++;
      const n = dotted(T, j + 1);
      if (T[n.j]?.t === '(') {
        const c = close(T, n.j);
        const cols = T.slice(n.j + 1, c)
          .filter((t) => t.t !== ',')
          .map((t) => unq(t.t));
        const k = ctx.syn.push({ kind: 'viewcols', cols }) - 1;
        ed.push([T[n.j - 1].s, T[c].e, `[${unq(T[n.j - 1].t)}__cols_${k}]`]);
      }
      if (up(T[n.j]) === 'WITH' && up(T[n.j + 1]) === 'SCHEMABINDING') ed.push([T[n.j].s, T[n.j + 1].e, '']);
    } else if (/^CREATE TABLE/.test(head)) {
      const n = dotted(T, i + 2);
      let j = n.j,
        c0;
      if (T[j]?.t === '(') {
        j = close(T, j) + 1;
        c0 = true;
      }
      if (up(T[j]) === 'WITH' && T[j + 1]?.t === '(') {
        const c = close(T, j + 1);
        if (up(T[c + 1]) === 'AS') {
          const k = ctx.syn.push({ kind: 'ctas', name: n.parts }) - 1;
          ed.push([T[i].s, T[c].e, `CREATE VIEW [__ctas_${k}]`]);
        } else ed.push([T[j].s, T[c].e, '']);
        i = c;
      } else if (up(T[j]) === 'AS') {
        const k = ctx.syn.push({ kind: 'ctas', name: n.parts }) - 1;
        ed.push([T[i].s, T[j - 1].e, `CREATE VIEW [__ctas_${k}]`]);
      }
    } else if ((m = /^DROP (TABLE|VIEW)/.exec(head))) {
      let j = i + 2;
      const ifx = up(T[j]) === 'IF';
      if (ifx) j += 2;
      const first = dotted(T, j);
      j = first.j;
      while (T[j]?.t === ',') {
        ed.push([T[j].s, T[j].e, `; DROP ${m[1]} ${ifx ? 'IF EXISTS ' : ''}`]);
        j = dotted(T, j + 1).j;
      }
      i = j - 1;
    }
  }
  return applyEdits(sql, ed);
}

// @ts-nocheck
/* oxlint-disable */
// Runs T-SQL batches on a DuckDB connection: batches, variables, control flow, procs, temp tables, errors, external data.
import { TSqlError } from '../../contract';
export { TSqlError };
import * as sara from '@saralsql/tsql-parser';
import fs from 'node:fs';
import { prepass } from './prepass';
import { Rewriter } from './rewrite';
import { parseType, castSql } from './types';
import { install } from './macros';
import { q, lit, unq, unstr } from './lexer';
const ERR = [
  [/TSQL:(\d+):([^\n]*)/, (m) => [+m[1], m[2]]],
  [
    /Table with name (\S+) does not exist|schema "?(\w+)"? does not exist|View with name (\S+) does not exist/,
    (m) => [208, `Invalid object name '${m[1] ?? m[2] ?? m[3]}'.`],
  ],
  [
    /Referenced column "([^"]+)" not found|does not have a column named "([^"]+)"|Referenced column "([^"]+)" was not found/,
    (m) => [207, `Invalid column name '${m[1] ?? m[2] ?? m[3]}'.`],
  ],
  [/Referenced table "([^"]+)" not found/, (m) => [4104, `The multi-part identifier "${m[1]}" could not be bound.`]],
  [
    /with name "?([^"\s!]+)"? already exists/,
    (m) => [2714, `There is already an object named '${m[1]}' in the database.`],
  ],
  [
    /NOT NULL constraint failed: (\S+)\.(\S+)/,
    (m) => [
      515,
      `Cannot insert the value NULL into column '${m[2]}', table '${m[1]}'; column does not allow nulls. INSERT fails.`,
    ],
  ],
  [/CHECK constraint failed/, () => [2628, 'String or binary data would be truncated.']],
  [/Function with name (\S+) does not exist/, (m) => [195, `'${m[1]}' is not a recognized built-in function name.`]],
  [
    /can't be cast because the value is out of range for the destination type (\w+)/,
    () => [220, 'Arithmetic overflow error.'],
  ],
  [/Overflow|out of range/i, () => [8115, 'Arithmetic overflow error converting expression.']],
  [
    /Could not convert string '([^']*)' to (INT|UINT)/,
    (m) => [245, `Conversion failed when converting the varchar value '${m[1]}' to data type int.`],
  ],
  [
    /Could not convert string "([^"]*)" to (DECIMAL|DOUBLE|FLOAT)|Could not convert string '([^']*)' to (DECIMAL|DOUBLE)/,
    () => [8114, 'Error converting data type varchar to numeric.'],
  ],
  [/Parser Error: (.*)/, (m) => [102, 'Incorrect syntax: ' + m[1]]],
  [/Malformed JSON/, () => [13609, 'JSON text is not properly formatted.']],
  [
    /must appear in the GROUP BY/,
    () => [
      8120,
      'Column is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.',
    ],
  ],
];
export const mapError = (e) => {
  if (e instanceof TSqlError) return e;
  const t = String(e.message);
  for (const [rx, f] of ERR) {
    const m = rx.exec(t);
    if (m) {
      const [n, msg] = f(m);
      const x = new TSqlError(n, msg);
      x.duck = t;
      return x;
    }
  }
  const x = new TSqlError(50000, t);
  x.duck = t;
  return x;
};
class Flow {
  constructor(k) {
    this.k = k;
  }
}
export class Engine {
  constructor(
    conn,
    { lake = 'lake', strictLength = true, trace = null, shared = Engine.newShared(), sink = null, sys = {} } = {},
  ) {
    Object.assign(this, { conn, lake, strictLength, trace, shared, sink, sys });
    this.procs = shared.procs;
    this.ds = shared.ds;
    this.ff = shared.ff;
    this.tran = 0;
    this.doomed = false;
    this.rowcount = 0;
    this.errs = [];
    this.depth = 0;
    this.scopes = [{ vars: new Map(), id: 0 }];
    this.results = [];
  }
  static newShared() {
    return { ver: 1, procs: new Map(), ds: new Map(), ff: new Map() };
  }
  async settings() {
    for (const s of [
      `SET integer_division=true`,
      `SET default_null_order='nulls_first_on_asc_last_on_desc'`,
      `SET default_collation='NOCASE'`,
      `SET TimeZone='UTC'`,
    ])
      await this.conn.run(s);
    return this;
  }
  async begin() {
    if (!this.tran) {
      await this.conn.run('BEGIN TRANSACTION');
      this.sink?.tx?.('begin');
    }
    this.tran++;
  }
  async commit() {
    if (!this.tran) throw new TSqlError(3902, 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    if (this.doomed) throw new TSqlError(3930, 'The current transaction cannot be committed.');
    if (--this.tran === 0) {
      await this.conn.run('COMMIT');
      this.shared.ver++;
      this.sink?.tx?.('commit');
    }
  }
  async rollback() {
    if (!this.tran)
      throw new TSqlError(3903, 'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    if (!this.doomed) await this.conn.run('ROLLBACK');
    this.tran = 0;
    this.doomed = false;
    this.shared.ver++;
    this.sink?.tx?.('rollback');
  }
  // one client request: params = [{name:'@x', type:'int', sql:'CAST(1 AS INTEGER)', out}]
  async request(sql, params = []) {
    this.parseMs = this.rwMs = this.catMs = this.duckMs = 0;
    this.nduck = 0;
    this.results = [];
    this.depth = 0;
    this.scopes = [{ vars: new Map(), id: 0 }];
    for (const p of params) {
      const t = parseType(p.type);
      const esc = p.name.replace(/[$#]/g, '\\$&');
      if (p.out || new RegExp(`\\b(SET|SELECT)\\s+${esc}\\s*[-+*/%]?=`, 'i').test(sql)) {
        await this.declare(p.name, p.type);
        await this.duck(`SET VARIABLE ${this.varName(p.name)} = ${p.sql}`);
      } else this.scope.vars.set(p.name.toLowerCase(), { t, inline: p.sql });
    }
    await this.batch(sql, true);
    const out = {};
    for (const p of params)
      if (p.out) out[p.name] = await this.scalar(`CAST(getvariable('${this.varName(p.name)}') AS VARCHAR)`);
    return out;
  }
  async init() {
    for (const s of [
      `SET integer_division=true`,
      `SET default_null_order='nulls_first_on_asc_last_on_desc'`,
      `SET default_collation='NOCASE'`,
      `SET TimeZone='UTC'`,
    ])
      await this.conn.run(s);
    const has = await this.conn.runAndReadAll(
      `SELECT count(*) FROM duckdb_tables() WHERE database_name=current_database() AND schema_name='tsql' AND table_name='installed_v3'`,
    );
    if (Number(has.getRows()[0][0]) === 0) {
      await install((s) => this.conn.run(s));
      await this.conn.run('CREATE TABLE tsql.installed_v3(x INTEGER)');
    }
    return this;
  }
  async duck(sql) {
    this.trace?.(sql);
    const t0 = performance.now();
    let r;
    try {
      r = await this.conn.runAndReadAll(sql);
    } finally {
      this.duckMs += performance.now() - t0;
      this.nduck++;
    }
    if (/^\s*(CREATE|ALTER|DROP)/i.test(sql)) {
      this.shared.ver++;
      this._catVer = 0;
      if (/^\s*CREATE\s+TEMP/i.test(sql)) this.hasTemp = true;
    }
    return r;
  }
  async scalar(expr) {
    const r = await this.duck(`SELECT ${expr}`);
    return r.getRowsJson()[0]?.[0] ?? null;
  }
  // ---- context for the rewriter
  get scope() {
    return this.scopes.at(-1);
  }
  varName(n) {
    return `s${this.scope.id}_${n.slice(1).toLowerCase()}`;
  }
  rwctx() {
    const E = this;
    return (E._ctx = {
      orw: [],
      syn: [],
      holds: [],
      hold(t) {
        return '__h_' + (this.holds.push(t) - 1);
      },
      varRef(n) {
        if (!E.scope.vars.has(n.toLowerCase())) throw new TSqlError(137, `Must declare the scalar variable "${n}".`);
        const v = E.scope.vars.get(n.toLowerCase());
        return v.inline ?? `getvariable('${E.varName(n)}')`;
      },
      sysVar(n) {
        switch (n) {
          case '@@ROWCOUNT':
            return String(E.rowcount);
          case '@@TRANCOUNT':
            return String(E.tran);
          case '@@ERROR':
            return String(E.errs.at(-1)?.number ?? 0);
          case '@@VERSION':
            return "'Microsoft Azure SQL Data Warehouse (local DuckDB)'";
          case '@@SPID':
            return `CAST(${E.sys.spid ?? 1} AS SMALLINT)`;
          case '@@SERVERNAME':
            return "'local'";
          case '@@IDENTITY':
            return 'NULL';
          case '@@FETCH_STATUS':
            return '-1';
        }
        if (E.sys[n]) return E.sys[n];
        throw new TSqlError(137, 'Unknown ' + n);
      },
      errVar(n) {
        const e = E.errs.at(-1);
        if (!e) return 'NULL';
        return {
          ERROR_NUMBER: String(e.number),
          ERROR_MESSAGE: lit(e.message),
          ERROR_SEVERITY: '16',
          ERROR_STATE: String(e.state),
          ERROR_LINE: '1',
          ERROR_PROCEDURE: 'NULL',
        }[n];
      },
      varType(n) {
        return E.scope.vars.get(n.toLowerCase())?.t.d;
      },
      catalog(p) {
        const n = p.at(-1).toLowerCase();
        if (n.startsWith('#')) return E._cat?.get(n);
        let sc = (p.length > 1 && p.at(-2) ? p.at(-2) : 'dbo').toLowerCase();
        if (sc === 'information_schema') return E._cat?.get('tsql.is_' + n);
        return E._cat?.get(sc + '.' + n);
      },
      xactState() {
        return E.doomed ? -1 : E.tran ? 1 : 0;
      },
    });
  }
  async readCatalog() {
    const t0 = performance.now();
    const m = new Map();
    for (const [db, sch, tb, col, ty] of (
      await this.conn.runAndReadAll(
        `SELECT database_name, lower(schema_name), lower(table_name), column_name, data_type FROM duckdb_columns() WHERE database_name IN (current_database(), 'temp') ORDER BY table_oid, column_index`,
      )
    ).getRowsJson()) {
      const k = db === 'temp' ? tb : sch + '.' + tb;
      if (!m.has(k)) m.set(k, []);
      m.get(k).push([col, ty]);
    }
    this.catMs += performance.now() - t0;
    this.ncat = (this.ncat ?? 0) + 1;
    return m;
  }
  // one catalog snapshot for all sessions; a session inside a transaction or with #temp tables reads its own
  async catalog() {
    const S = this.shared,
      ver = S.ver;
    if (this._cat && this._catVer === ver) return;
    if (this.tran || this.hasTemp) {
      this._cat = await this.readCatalog();
      this._catVer = ver;
      return;
    }
    if (S.catVer !== ver) {
      S.catVer = ver;
      S.cat = this.readCatalog().catch((e) => {
        S.catVer = 0;
        throw e;
      });
    }
    this._cat = await S.cat;
    this._catVer = ver;
  }
  // ---- batches
  async run(script) {
    this.results = [];
    for (const b of script.split(/^[ \t]*GO[ \t]*\d*[ \t]*;?$/im)) {
      if (!b.trim()) continue;
      this.scope.vars.clear();
      await this.batch(b, true);
    }
    return this.results;
  }
  async batch(sql, top) {
    const t0 = performance.now();
    const ctx = this.rwctx();
    const text = prepass(sql, ctx);
    const p = new sara.Parser(new sara.Lexer(text));
    const { ast, issues } = p.parse();
    this.parseMs += performance.now() - t0;
    if (issues?.length) {
      const i = issues[0];
      throw new TSqlError(
        102,
        `Incorrect syntax near '${text.slice(i.start, i.start + 30).split('\n')[0]}'. (${i.message})`,
      );
    }
    const f = new Frame(this, text, ctx);
    try {
      await f.body(ast.body);
    } catch (e) {
      if (e instanceof Flow) {
        if (top) return e;
        throw e;
      }
      throw e;
    }
  }
  // ---- external data
  local(url, ds) {
    let u = url;
    if (ds !== undefined && !/^\w+:\/\//.test(u)) {
      const d = this.ds.get(ds.toLowerCase());
      if (!d) throw new TSqlError(12703, `Referenced external data source "${ds}" not found.`);
      u = d.replace(/\/+$/, '') + '/' + u.replace(/^\/+/, '');
    }
    let m;
    if ((m = /^https?:\/\/([^./]+)\.(?:dfs|blob)\.[^/]+\/([^/?]+)\/?([^?]*)/.exec(u)))
      return [this.lake, m[2], m[3]].join('/');
    if ((m = /^(?:abfss?|wasbs?):\/\/([^@]+)@([^./]+)\.[^/]+\/?(.*)$/.exec(u)))
      return [this.lake, m[1], m[3]].join('/');
    if ((m = /^https?:\/\/([^./]+)\.(?:dfs|blob)\.[^/]+\/?$/.exec(u))) return this.lake;
    throw new TSqlError(13807, 'Cannot map ' + u + ' to the local lake');
  }
  globs(paths, ds, ext) {
    return paths.map((p) => {
      let l = this.local(p, ds);
      if (!/[*?]/.test(l) && (l.endsWith('/') || (fs.existsSync(l) && fs.statSync(l).isDirectory())))
        l = l.replace(/\/+$/, '') + '/**';
      if (/\*\*$/.test(l)) l += '/*' + (ext ? '.' + ext : '');
      return l;
    });
  }
  ch(v) {
    if (v === undefined) return v;
    const m = /^0x([0-9a-fA-F]{2})+$/.test(v);
    return m
      ? Buffer.from(v.slice(2), 'hex').toString('latin1')
      : v.replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\r/g, '\r');
  }
  sqlStr(s) {
    return /[\x00-\x1f]/.test(s) ? [...s].map((c) => `chr(${c.charCodeAt(0)})`).join(' || ') : lit(s);
  }
  async resolveOrw(o) {
    await this.resolveOrw0(o);
    try {
      o.types = (await this.duck(`DESCRIBE SELECT * FROM ${o.sql}`)).getRowsJson().map((r) => [r[0], r[1]]);
    } catch (e) {
      if (/No files found|IO Error/.test(e.message))
        throw new TSqlError(
          13807,
          `File '${o.paths.join(', ')}' cannot be opened because it does not exist or it is used by another process.`,
        );
      throw e;
    }
  }
  async resolveOrw0(o) {
    const fmt = (o.opt.FORMAT ?? 'CSV').toUpperCase();
    const g = this.globs(o.paths, o.opt.DATA_SOURCE, fmt === 'PARQUET' ? 'parquet' : null);
    o.fnCol = 'filename';
    const glob0 = g[0];
    o.rx =
      glob0
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*\*\//g, '\x00')
        .replace(/\*/g, '([^/]*)')
        .replace(/\x00/g, '(.*/)?')
        .replace(/\?/g, '.') + '$';
    const list = '[' + g.map(lit).join(', ') + ']';
    if (fmt === 'PARQUET') {
      const src = `read_parquet(${list}, hive_partitioning=false, union_by_name=true)`;
      o.sql = o.cols
        ? `(SELECT ${o.cols.map((c) => `${castSql(q((c.path ?? '').replace(/^\$\./, '') || c.name), parseType(c.type), false)} AS ${q(c.name)}`).join(', ')}, filename FROM ${src})`
        : src;
      if (o.cols) o.sql = o.sql.replace(', filename FROM', ' FROM');
      return;
    }
    if (fmt === 'JSON') {
      o.sql = `read_json(${list}, hive_partitioning=false)`;
      return;
    }
    const S = {
      delim: this.ch(o.opt.FIELDTERMINATOR) ?? ',',
      quote: this.ch(o.opt.FIELDQUOTE) ?? '"',
      row: this.ch(o.opt.ROWTERMINATOR),
      header: /^TRUE$/i.test(o.opt.HEADER_ROW ?? ''),
      skip: Math.max(0, +(o.opt.FIRSTROW ?? 1) - 1),
    };
    o.sql = await this.csv(list, S, o.cols);
  }
  async csv(list, S, cols) {
    const fromFile = cols?.filter((c) => c.def === undefined);
    if (S.delim === '\x0b' && fromFile?.length === 1) {
      const n = q(fromFile[0].name);
      const defaults = cols.map((c) => (c.def === undefined ? n : `${c.def} AS ${q(c.name)}`)).join(', ');
      if (cols.length > 1) return `(SELECT ${defaults} FROM ${await this.csv(list, S, fromFile)})`;
      if (S.row === '\x0b') return `(SELECT content AS ${n} FROM read_text(${list}))`;
      return `(SELECT ${n} FROM read_csv(${list}, auto_detect=false, header=false, delim=chr(11), quote='', escape='', columns={${lit(fromFile[0].name)}: 'VARCHAR'}, hive_partitioning=false, max_line_size=16777216))`;
    }
    const base = `${list}, hive_partitioning=false, delim=${this.sqlStr(S.delim)}, quote=${this.sqlStr(S.quote)}, escape=${this.sqlStr(S.quote)}, null_padding=true`;
    if (!cols) {
      const hdr = S.header;
      const src = `read_csv(${base}, header=${hdr}, skip=${S.skip}${hdr ? '' : ', all_varchar=true'})`;
      if (hdr) return src;
      const d = await this.duck(`DESCRIBE SELECT * FROM ${src}`);
      return `(SELECT ${d
        .getRowsJson()
        .map((r, i) => `${q(r[0])} AS C${i + 1}`)
        .join(', ')} FROM ${src})`;
    }
    const nf = await this.fieldCount(list, S);
    const d = Array.from({ length: nf }, (_, i) => 'c' + i);
    const src = `read_csv(${base}, auto_detect=false, header=false, skip=${S.skip + (S.header ? 1 : 0)}, columns={${d.map((x) => `'${x}': 'VARCHAR'`).join(', ')}})`;
    return `(SELECT ${cols
      .map((c, i) => {
        const t = parseType(c.type);
        const k = (c.ord ?? i + 1) - 1;
        const x = k < d.length ? q(d[k]) : 'NULL';
        const v = t.f === 'str' ? x : castSql(`nullif(${x}, '')`, t, false);
        return `${c.def !== undefined ? (k < d.length ? `coalesce(${v}, ${c.def})` : c.def) : v} AS ${q(c.name)}`;
      })
      .join(', ')} FROM ${src})`;
  }
  // number of fields of the first record of the first file: cheaper and surer than DuckDB's sniffer
  async fieldCount(list, S) {
    let f;
    try {
      f = (await this.duck(`SELECT file FROM glob(${list}) ORDER BY 1 LIMIT 1`)).getRowsJson()[0]?.[0];
    } catch {}
    if (!f)
      throw new TSqlError(
        13807,
        `File '${list}' cannot be opened because it does not exist or it is used by another process.`,
      );
    const fd = fs.openSync(f, 'r'),
      b = Buffer.alloc(1 << 20);
    const t = b.toString('utf8', 0, fs.readSync(fd, b, 0, b.length, 0));
    fs.closeSync(fd);
    let n = 1,
      inq = false;
    for (let i = 0; i < t.length; i++) {
      const c = t[i];
      if (c === S.quote) inq = !inq;
      else if (!inq) {
        if (t.startsWith(S.delim, i)) {
          n++;
          i += S.delim.length - 1;
        } else if (c === '\n' || c === '\r') break;
      }
    }
    return n;
  }
  async extSource(o) {
    const ffName = o.opt.FILE_FORMAT,
      F = ffName ? (this.ff.get(ffName.toLowerCase()) ?? {}) : {};
    const fo = F.FORMAT_OPTIONS ?? {};
    const fmt = (F.FORMAT_TYPE ?? 'PARQUET').toUpperCase();
    const g = this.globs([o.opt.LOCATION], o.opt.DATA_SOURCE, fmt === 'PARQUET' ? 'parquet' : null);
    const list = '[' + g.map(lit).join(', ') + ']';
    if (fmt === 'PARQUET')
      return `(SELECT ${o.cols ? o.cols.map((c) => `${castSql(q(c.name), parseType(c.type), false)} AS ${q(c.name)}`).join(', ') : '*'} FROM read_parquet(${list}, hive_partitioning=false, union_by_name=true))`;
    return await this.csv(
      list,
      {
        delim: this.ch(fo.FIELD_TERMINATOR) ?? ',',
        quote: this.ch(fo.STRING_DELIMITER) ?? '"',
        skip: Math.max(0, +(fo.FIRST_ROW ?? 1) - 1),
      },
      o.cols,
    );
  }
  nm(parts) {
    return parts.map(q).join('.');
  }
  schemaOf(parts) {
    return parts.length > 1 ? parts.at(-2) : 'dbo';
  }
  async syn(o) {
    switch (o.kind) {
      case 'noop':
        return;
      case 'unsupported':
        throw new TSqlError(40517, `${o.what} is not supported locally`);
      case 'rename': {
        const kind = await this.kindOf(o.from);
        if (!kind) throw new TSqlError(15225, `No item by the name of '${o.from.join('.')}' could be found.`);
        await this.duck(`ALTER ${kind} ${this.nm(o.from)} RENAME TO ${q(o.to)}`);
        await this.duck(
          `UPDATE tsql.meta_columns SET tbl=${lit(o.to)} WHERE sch=${lit(this.schemaOf(o.from))} AND tbl=${lit(o.from.at(-1))}`,
        );
        return;
      }
      case 'dropschema':
        await this.duck(`DROP SCHEMA ${o.ifx ? 'IF EXISTS ' : ''}${q(o.name)}`);
        return;
      case 'transfer': {
        const k = await this.kindOf(o.name);
        await this.duck(`CREATE TABLE ${this.nm([o.to, o.name.at(-1)])} AS FROM ${this.nm(o.name)}`);
        await this.duck(`DROP ${k} ${this.nm(o.name)}`);
        return;
      }
      case 'addcols':
        for (const c of o.cols)
          await this.duck(
            `ALTER TABLE ${this.nm(o.table)} ADD COLUMN ${q(c.name)} ${parseType(c.type).d}${c.def !== undefined ? ` DEFAULT ${c.def}` : ''}`,
          );
        return;
      case 'ext':
        if (o.what === 'DATA SOURCE') {
          this.ds.set(o.name.at(-1).toLowerCase(), o.opt.LOCATION);
          await this.duck(
            `INSERT INTO tsql.meta_external VALUES ('ds', ${lit(o.name.at(-1))}, ${lit(JSON.stringify(o.opt))})`,
          );
        } else if (o.what === 'FILE FORMAT') {
          this.ff.set(o.name.at(-1).toLowerCase(), o.opt);
          await this.duck(
            `INSERT INTO tsql.meta_external VALUES ('ff', ${lit(o.name.at(-1))}, ${lit(JSON.stringify(o.opt))})`,
          );
        } else {
          await this.duck(`CREATE VIEW ${this.nm(o.name)} AS SELECT * FROM ${await this.extSource(o)}`);
          await this.duck(
            `INSERT INTO tsql.meta_external VALUES ('tbl', ${lit(o.name.join('.'))}, ${lit(JSON.stringify(o))})`,
          );
        }
        return;
      case 'dropext':
        if (o.what === 'TABLE') {
          await this.duck(`DROP VIEW ${this.nm(o.name)}`);
        } else (o.what === 'DATA SOURCE' ? this.ds : this.ff).delete(o.name.at(-1).toLowerCase());
        await this.duck(`DELETE FROM tsql.meta_external WHERE lower(name)=${lit(o.name.join('.').toLowerCase())}`);
        return;
      case 'copy': {
        const fmt = (o.opt.FILE_TYPE ?? 'CSV').toUpperCase();
        const tc = (await this.duck(`DESCRIBE ${this.nm(o.table)}`)).getRowsJson();
        const cols = (o.cols ?? tc.map((r, i) => ({ name: r[0], ord: i + 1 }))).map((c, i) => ({
          ...c,
          type: null,
          duck: tc.find((r) => r[0].toLowerCase() === c.name.toLowerCase())?.[1],
          ord: c.ord ?? i + 1,
        }));
        const g =
          '[' +
          this.globs(o.paths, undefined, fmt === 'PARQUET' ? 'parquet' : null)
            .map(lit)
            .join(', ') +
          ']';
        let sel;
        if (fmt === 'PARQUET') {
          const src = `read_parquet(${g}, hive_partitioning=false)`;
          const d = (await this.duck(`DESCRIBE SELECT * FROM ${src}`)).getRowsJson().map((r) => r[0]);
          sel = `SELECT ${cols.map((c) => `${q(d[c.ord - 1])}`).join(', ')} FROM ${src}`;
        } else {
          const S = {
            delim: this.ch(o.opt.FIELDTERMINATOR) ?? ',',
            quote: this.ch(o.opt.FIELDQUOTE) ?? '"',
            skip: Math.max(0, +(o.opt.FIRSTROW ?? 1) - 1),
          };
          const src = await this.csv(
            g,
            S,
            cols.map((c) => ({ name: c.name, type: 'varchar(max)', ord: c.ord, def: c.def })),
          );
          sel = `SELECT ${cols.map((c) => (c.duck === 'VARCHAR' ? q(c.name) : `CAST(nullif(${q(c.name)}, '') AS ${c.duck})`)).join(', ')} FROM ${src}`;
        }
        const r = await this.duck(`INSERT INTO ${this.nm(o.table)} (${cols.map((c) => q(c.name)).join(', ')}) ${sel}`);
        this.rowcount = r.rowsChanged ?? 0;
        return;
      }
    }
  }
  async kindOf(parts) {
    const r = await this.duck(
      `SELECT table_type FROM information_schema.tables WHERE lower(table_schema)=${lit(this.schemaOf(parts).toLowerCase())} AND lower(table_name)=${lit(parts.at(-1).toLowerCase())} AND table_catalog IN (current_database(),'temp')`,
    );
    const t = r.getRowsJson()[0]?.[0];
    return t ? (t === 'VIEW' ? 'VIEW' : 'TABLE') : null;
  }
  async setVar(n, sqlExpr) {
    const v = this.scope.vars.get(n.toLowerCase());
    if (!v) throw new TSqlError(137, `Must declare the scalar variable "${n}".`);
    await this.duck(`SET VARIABLE ${this.varName(n)} = ${castSql('(' + sqlExpr + ')', v.t, false)}`);
  }
  async declare(n, type) {
    const t = parseType(type);
    this.scope.vars.set(n.toLowerCase(), { t });
    await this.duck(`SET VARIABLE ${this.varName(n)} = CAST(NULL AS ${t.d})`);
  }
  async push(fn) {
    const outer = this.scope;
    this.scopes.push({ vars: new Map(), id: ++this.depth });
    try {
      return await fn(outer);
    } finally {
      this.scopes.pop();
    }
  }
  async varValue(scopeId, n) {
    return `getvariable('s${scopeId}_${n.slice(1).toLowerCase()}')`;
  }
}
class Frame {
  constructor(E, src, ctx) {
    this.E = E;
    this.src = src;
    this.ctx = ctx;
    this.R = new Rewriter(src, ctx);
  }
  async body(list) {
    for (let i = 0; i < list.length; i++) {
      const n = list[i],
        nx = list[i + 1];
      if (
        n.type === 'InsertStatement' &&
        !n.selectQuery &&
        !n.values &&
        !n.rows &&
        nx?.type === 'ExecuteStatement' &&
        /^\s*$/.test(this.src.slice(n.end, nx.start))
      ) {
        await this.insertExec(n, nx);
        i++;
        continue;
      }
      await this.stmt(n);
    }
  }
  rw(n) {
    const t0 = performance.now();
    try {
      return this.R.r(n);
    } finally {
      this.E.rwMs += performance.now() - t0;
    }
  }
  async cond(n) {
    const v = await this.E.scalar(`CASE WHEN ${this.rw(n)} THEN 1 ELSE 0 END`);
    return Number(v) === 1;
  }
  async exec(sql, kind) {
    const E = this.E;
    if (E.doomed && kind !== 'query')
      throw new TSqlError(
        3930,
        'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
      );
    try {
      if (kind === 'query' && E.sink) {
        E.trace?.(sql);
        E.rowcount = await E.sink.rows(sql);
        return null;
      }
      const r = await E.duck(sql);
      E.rowcount = kind === 'query' ? r.currentRowCount : kind === 'dml' ? Number(r.rowsChanged) : 0;
      E.sink?.done(kind, E.rowcount);
      return r;
    } catch (e) {
      const x = mapError(e);
      if (E.tran && !E.doomed) {
        try {
          await E.conn.run('ROLLBACK');
        } catch {}
        E.doomed = true;
      }
      throw x;
    }
  }
  async prep(n) {
    for (const m of this.src.slice(n.start, n.end).matchAll(/__orw_(\d+)/g)) {
      const o = this.ctx.orw[+m[1]];
      if (o.sql === undefined) await this.E.resolveOrw(o);
    }
    if (/\b(FROM|INTO|UPDATE|DELETE|MERGE|JOIN)\b/i.test(this.src.slice(n.start, n.end))) await this.E.catalog();
  }
  async stmt(n) {
    const E = this.E,
      ctx = this.ctx;
    if (E.sink?.cancelled()) throw new Flow('cancel');
    if (
      !/^(Block|If|While|TryCatch)/.test(n.type) &&
      !(n.type === 'CreateStatement' && /PROC|FUNC/i.test(n.objectType))
    )
      await this.prep(n);
    switch (n.type) {
      case 'BlockStatement':
        return this.body(n.body);
      case 'DeclareStatement':
        for (const v of n.variables) {
          if (/^TABLE$/i.test(v.dataType)) {
            throw new TSqlError(102, 'table variables are not supported in Synapse');
          }
          await E.declare(v.name, v.dataType);
          if (v.initialValue) await this.set(v.name, v.initialValue);
        }
        return;
      case 'SetStatement':
        if (!/^@/.test(n.variable ?? '')) return;
        return this.set(n.variable, n.value);
      case 'IfStatement':
        if (await this.cond(n.condition)) return this.stmt(n.thenBranch);
        if (n.elseBranch) return this.stmt(n.elseBranch);
        return;
      case 'WhileStatement':
        while (await this.cond(n.condition)) {
          try {
            await this.stmt(n.body);
          } catch (e) {
            if (e instanceof Flow && e.k === 'break') break;
            if (e instanceof Flow && e.k === 'continue') continue;
            throw e;
          }
        }
        return;
      case 'BreakStatement':
        throw new Flow('break');
      case 'ContinueStatement':
        throw new Flow('continue');
      case 'ReturnStatement':
        throw new Flow('return');
      case 'PrintStatement': {
        const x = n.value ?? n.expression ?? n.message;
        E.sink?.info?.(0, String((await E.scalar(`tsql.str(${this.rw(x)})`)) ?? ''));
        return;
      }
      case 'TryCatchStatement':
        try {
          await this.stmt(n.tryBlock);
        } catch (e) {
          if (e instanceof Flow) throw e;
          const x = mapError(e);
          E.errs.push(x);
          try {
            await this.stmt(n.catchBlock);
          } finally {
            E.errs.pop();
          }
        }
        return;
      case 'ThrowStatement':
        if (!n.errorNumber) {
          const e = E.errs.at(-1);
          throw e ?? new TSqlError(10704, 'THROW without catch');
        }
        throw new TSqlError(
          Number(await E.scalar(this.rw(n.errorNumber))),
          String(await E.scalar(this.rw(n.message))),
          Number(await E.scalar(this.rw(n.state))),
        );
      case 'RaiseErrorStatement': {
        const a = [];
        for (const x of n.args) a.push(await E.scalar(this.rw(x)));
        if (Number(a[1]) <= 10) return;
        let i = 3;
        throw new TSqlError(
          typeof a[0] === 'number' ? a[0] : 50000,
          String(a[0]).replace(/%[dsi]/g, () => String(a[i++])),
          Number(a[2]),
        );
      }
      case 'TransactionStatement':
        if (n.action === 'BEGIN') await E.begin();
        else if (n.action === 'COMMIT') await E.commit();
        else await E.rollback();
        return;
      case 'ExecuteStatement':
        return this.execute(n);
      case 'CreateStatement':
        return this.create(n);
      case 'DropStatement': {
        const k = n.objectType.toUpperCase();
        const parts = n.target.parts.map(unq);
        if (k === 'PROCEDURE' || k === 'PROC') {
          E.procs.delete(parts.at(-1).toLowerCase());
          return;
        }
        try {
          await this.exec(
            `DROP ${k === 'FUNCTION' ? 'MACRO' : k} ${n.ifExists ? 'IF EXISTS ' : ''}${this.rw(n.target)}`,
            'ddl',
          );
        } catch (e) {
          if (e.number === 208 || /does not exist/.test(e.duck ?? ''))
            throw new TSqlError(
              3701,
              `Cannot drop the ${k.toLowerCase()} '${parts.join('.')}', because it does not exist or you do not have permission.`,
            );
          throw e;
        }
        await E.duck(`DELETE FROM tsql.meta_columns WHERE sch=${lit(E.schemaOf(parts))} AND tbl=${lit(parts.at(-1))}`);
        return;
      }
      case 'TruncateStatement':
        return void (await this.exec(`DELETE FROM ${this.rw(n.table)}`, 'dml'));
      case 'AlterTableStatement': {
        const a = n.action,
          t = this.rw(n.table);
        if (a.kind === 'DROP_COLUMN')
          return void (await this.exec(`ALTER TABLE ${t} DROP COLUMN ${q(unq(a.name))}`, 'ddl'));
        if (a.kind === 'ALTER_COLUMN') {
          const ty = parseType(a.column.dataType);
          await this.exec(`ALTER TABLE ${t} ALTER COLUMN ${q(unq(a.column.name))} SET DATA TYPE ${ty.d}`, 'ddl');
          const nn = a.column.constraints?.some((c) => c.kind === 'NOT NULL');
          await this.exec(
            `ALTER TABLE ${t} ALTER COLUMN ${q(unq(a.column.name))} ${nn ? 'SET' : 'DROP'} NOT NULL`,
            'ddl',
          );
          return;
        }
        if (a.kind === 'ADD_COLUMN')
          return void (await this.exec(`ALTER TABLE ${t} ADD COLUMN ${this.R.col(a.column, {})}`, 'ddl'));
        throw new TSqlError(40517, 'ALTER TABLE ' + a.kind);
      }
      case 'WithStatement': {
        const b = n.body;
        if (b.type === 'SelectStatement' || b.type === 'SetOperator') return this.select(n);
        return void (await this.exec(this.rw(n), 'dml'));
      }
      case 'SelectStatement':
      case 'SetOperator':
        return this.select(n);
      case 'InsertStatement':
      case 'UpdateStatement':
      case 'DeleteStatement':
      case 'MergeStatement':
        return void (await this.exec(this.rw(n), 'dml'));
      case 'EmptyStatement':
        return;
    }
    throw new TSqlError(40517, `${n.type} is not supported locally`);
  }
  async select(n) {
    const E = this.E;
    let s = n.type === 'WithStatement' ? n.body : n;
    while (s.type === 'SetOperator') s = s.left;
    const assign = s.columns?.filter(
      (c) =>
        c.expression.type === 'BinaryExpression' &&
        c.expression.operator === '=' &&
        c.expression.left.type === 'Variable' &&
        !c.alias,
    );
    if (assign?.length && assign.length === s.columns.length) {
      const names = assign.map((c) => c.expression.left.name);
      const cols = assign.map((c) => `${this.rw(c.expression.right)}`);
      const a = s.columns[0].start,
        b = s.columns.at(-1).end;
      const restKids = this.R.kids(s).filter((k) => k.type !== 'Column' && k !== s.top);
      const tail = this.R.range(
        b,
        this.R.en(s),
        restKids.filter((k) => k.start >= b),
      );
      const sql = `SELECT ${cols.map((c, i) => `${c} AS c${i}`).join(', ')}${tail}`;
      for (let i = 0; i < names.length; i++) await E.duck(`SET VARIABLE __t${i} = (SELECT last(c${i}) FROM (${sql}))`);
      const cnt = await E.scalar(`(SELECT count(*) FROM (${sql}))`);
      if (Number(cnt) > 0) for (let i = 0; i < names.length; i++) await E.setVar(names[i], `getvariable('__t${i}')`);
      E.rowcount = Number(cnt);
      return;
    }
    if (s.into) {
      const t = s.into.parts.map(unq);
      const sql = this.rw(n);
      return void (await this.exec(
        `CREATE ${/^#/.test(t.at(-1)) ? 'TEMP ' : ''}TABLE ${this.rw(s.into)} AS ${sql}`,
        'dml',
      ));
    }
    const r = await this.exec(this.rw(n), 'query');
    if (r) E.results.push(r);
  }
  async set(name, value) {
    try {
      await this.E.setVar(name, this.rw(value));
    } catch (e) {
      throw mapError(e);
    }
  }
  async create(n) {
    const E = this.E;
    const parts = n.nameNode?.parts.map(unq) ?? [n.name];
    const last = parts.at(-1);
    let m;
    switch (n.objectType.toUpperCase()) {
      case 'SCHEMA':
        return void (await this.exec(`CREATE SCHEMA ${q(unq(n.name))}`, 'ddl'));
      case 'VIEW': {
        const body = this.rw(n.body);
        if ((m = /^__ctas_(\d+)$/.exec(last))) {
          const o = this.ctx.syn[+m[1]];
          const tmp = /^#/.test(o.name.at(-1));
          return void (await this.exec(
            `CREATE ${tmp ? 'TEMP ' : ''}TABLE ${tmp ? q(o.name.at(-1)) : E.nm(o.name)} AS ${body}`,
            'dml',
          ));
        }
        if ((m = /^__cetas_(\d+)$/.exec(last))) {
          const o = this.ctx.syn[+m[1]];
          const dir = E.local(o.opt.LOCATION, o.opt.DATA_SOURCE).replace(/\/+$/, '');
          fs.mkdirSync(dir, { recursive: true });
          const F = E.ff.get((o.opt.FILE_FORMAT ?? '').toLowerCase()) ?? {};
          const pq = (F.FORMAT_TYPE ?? 'PARQUET').toUpperCase() === 'PARQUET';
          await this.exec(
            `COPY (${body}) TO ${lit(`${dir}/part-00000.${pq ? 'parquet' : 'csv'}`)} (FORMAT ${pq ? 'parquet' : 'csv'})`,
            'dml',
          );
          return E.syn({ ...o, kind: 'ext', cols: undefined });
        }
        let cols = '';
        if ((m = /^(.*)__cols_(\d+)$/.exec(last))) {
          cols = ` (${this.ctx.syn[+m[2]].cols.map(q).join(', ')})`;
          parts[parts.length - 1] = m[1];
        }
        const alter = /^ALTER/i.test(this.src.slice(n.start));
        if (alter && !(await E.kindOf(parts))) throw new TSqlError(208, `Invalid object name '${parts.join('.')}'.`);
        return void (await this.exec(
          `CREATE ${n.orAlter ? 'OR REPLACE ' : ''}VIEW ${E.nm(parts)}${cols} AS ${body}`,
          'ddl',
        ));
      }
      case 'TABLE': {
        const tmp = /^#/.test(last);
        const cols = [];
        for (const c of n.columns)
          cols.push(
            this.R.col(c, {
              strict: E.strictLength,
              seq: (col, [s, i]) => {
                const sq = `seq_${last}_${col}`;
                this._seqs = this._seqs ?? [];
                this._seqs.push([sq, s, i]);
                return `tsql.${sq}`;
              },
            }),
          );
        for (const [sq, s, i] of this._seqs ?? [])
          await E.duck(`CREATE OR REPLACE SEQUENCE tsql.${q(sq)} START ${s} INCREMENT ${i}`);
        this._seqs = [];
        await this.exec(`CREATE ${tmp ? 'TEMP ' : ''}TABLE ${tmp ? q(last) : E.nm(parts)} (${cols.join(', ')})`, 'ddl');
        if (!tmp)
          await E.duck(
            `INSERT INTO tsql.meta_columns VALUES ${n.columns.map((c) => `(${lit(E.schemaOf(parts))}, ${lit(last)}, ${lit(unq(c.name))}, ${lit(parseType(c.dataType).n)})`).join(', ')}`,
          );
        return;
      }
      case 'PROCEDURE':
      case 'PROC': {
        const body = Array.isArray(n.body) ? n.body : [n.body];
        E.procs.set(last.toLowerCase(), { n, frame: this, body });
        await E.duck(
          `INSERT INTO tsql.meta_modules VALUES (${lit(E.schemaOf(parts))}, ${lit(last)}, 'P', ${lit(this.src.slice(n.start, n.end))})`,
        );
        return;
      }
      case 'FUNCTION': {
        let b = n.body;
        b = Array.isArray(b) ? b : [b];
        let list = b.flatMap((x) => (x.type === 'BlockStatement' ? x.body : [x]));
        if (list.length !== 1 || list[0].type !== 'ReturnStatement')
          throw new TSqlError(40517, 'only single-RETURN scalar functions are supported locally');
        const ps = n.parameters.map((p) => p.name.slice(1));
        const sc = E.scope;
        await E.push(async () => {
          for (const p of n.parameters)
            E.scope.vars.set(p.name.toLowerCase(), { t: parseType(p.dataType), inline: 'p_' + p.name.slice(1) });
          const e = this.rw(list[0].value);
          await this.exec(
            `CREATE ${n.orAlter ? 'OR REPLACE ' : ''}MACRO ${E.nm(parts)}(${ps.map((p, i) => `p_${p} ${parseType(n.parameters[i].dataType).d}`).join(', ')}) AS ${e}`,
            'ddl',
          );
        });
        return;
      }
    }
    throw new TSqlError(40517, `CREATE ${n.objectType} is not supported locally`);
  }
  async insertExec(n, ex) {
    const E = this.E;
    const keep = E.results,
      ks = E.sink;
    E.results = [];
    E.sink = null;
    try {
      await this.execute(ex);
    } finally {
      E.sink = ks;
    }
    const rs = E.results;
    E.results = keep;
    let head = this.R.range(n.start, n.end, this.R.kids(n)).replace(/^INSERT\s+(?!INTO)/i, 'INSERT INTO ');
    for (const r of rs) {
      const rows = r.getRowsJson();
      for (const row of rows)
        await this.exec(
          `${head} VALUES (${row.map((v) => (v === null ? 'NULL' : lit(typeof v === 'object' ? JSON.stringify(v) : v))).join(', ')})`,
          'dml',
        );
    }
  }
  async execute(n) {
    const E = this.E;
    const t = n.target;
    if (t.type !== 'Identifier') {
      const s = await E.scalar(this.rw(t));
      await E.push(() => E.batch(String(s), true));
      return;
    }
    const parts = t.parts.map(unq);
    const name = parts.at(-1).toLowerCase();
    if (name === '__syn') {
      const o = this.ctx.syn[+this.src.slice(n.args[0].value.start, n.args[0].value.end)];
      await E.syn(o).catch((e) => {
        throw mapError(e);
      });
      E.sink?.done(o.kind === 'copy' ? 'dml' : 'ddl', o.kind === 'copy' ? E.rowcount : 0);
      return;
    }
    if (name === 'sp_executesql') {
      const sql = String(await E.scalar(this.rw(n.args[0].value)));
      const outer = E.scope;
      const defs = n.args[1] ? String(await E.scalar(this.rw(n.args[1].value))) : '';
      const ps = [...defs.matchAll(/(@\w+)\s+(?:AS\s+)?(\w+(?:\s*\([^)]*\))?)(\s+OUT(?:PUT)?)?/gi)].map((m) => ({
        name: m[1],
        type: m[2],
      }));
      const vals = n.args.slice(2).map((a, i) => ({
        pname: a.name ?? ps[i].name,
        sql: this.rw(a.value),
        out: a.isOutput && a.value.type === 'Variable' ? a.value.name : null,
      }));
      return this.call(ps, vals, () => E.batch(sql, true));
    }
    if (name === 'sp_rename') {
      const a = [];
      for (const x of n.args) a.push(String(await E.scalar(this.rw(x.value))));
      const p = a[0].split('.').map(unq);
      if (/^COLUMN$/i.test(a[2] ?? ''))
        return void (await this.exec(
          `ALTER TABLE ${E.nm(p.slice(0, -1))} RENAME COLUMN ${q(p.at(-1))} TO ${q(a[1])}`,
          'ddl',
        ));
      return E.syn({ kind: 'rename', from: p, to: a[1] });
    }
    if (/^sp_(addrolemember|updatestats|refreshview|recompile|set_session_context)$/.test(name)) return;
    const pr = E.procs.get(name);
    if (!pr) throw new TSqlError(2812, `Could not find stored procedure '${parts.join('.')}'.`);
    const ps = (pr.n.parameters ?? []).map((p) => ({
      name: p.name,
      type: p.dataType,
      def: p.defaultValue ? pr.frame.rw(p.defaultValue) : undefined,
    }));
    const vals = n.args.map((a, i) => ({
      pname: a.name ?? ps[i].name,
      sql: this.rw(a.value),
      out: a.isOutput && a.value.type === 'Variable' ? a.value.name : null,
    }));
    return this.call(ps, vals, () => pr.frame.body(pr.body));
  }
  async call(ps, vals, fn) {
    const E = this.E;
    await E.push(async (outer) => {
      const inner = E.scope;
      for (const p of ps) {
        const v = vals.find((x) => x.pname.toLowerCase() === p.name.toLowerCase());
        if (!v && p.def === undefined)
          throw new TSqlError(201, `Procedure or function expects parameter '${p.name}', which was not supplied.`);
        await E.declare(p.name, p.type);
        await E.setVar(p.name, v ? v.sql : p.def);
      }
      try {
        await fn();
      } catch (e) {
        if (!(e instanceof Flow && e.k === 'return')) throw e;
      }
      for (const v of vals)
        if (v.out) {
          const ref = `getvariable('s${inner.id}_${v.pname.slice(1).toLowerCase()}')`;
          await E.duck(`SET VARIABLE __o = ${ref}`);
          E.scopes.push(outer);
          try {
            await E.setVar(v.out, `getvariable('__o')`);
          } finally {
            E.scopes.pop();
          }
        }
    });
  }
}

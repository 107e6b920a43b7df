// @ts-nocheck
/* oxlint-disable */
// First version for integration; replaced by the real modules within the hour.

// Minimal ADLS Gen2 (DFS + the Blob subset the SDKs need) over a local folder. 127.0.0.1 only.
import http, { IncomingMessage, ServerResponse } from 'node:http';
import fs from 'node:fs';
import path from 'node:path';
import { createHmac, randomUUID, createHash, timingSafeEqual } from 'node:crypto';
import { pipeline } from 'node:stream/promises';

export interface DfsOptions {
  root: string;
  port?: number;
  host?: string;
  account?: string;
  key?: string;
  fsync?: boolean;
  allowAnonymous?: boolean;
}
class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message = code,
  ) {
    super(message);
  }
}
interface Meta {
  m?: Record<string, string>;
  h?: Record<string, string>;
  acl?: string;
  perm?: string;
  owner?: string;
  group?: string;
}
interface Stage {
  file: string;
  fd: number;
  base: number;
  ranges: [number, number][];
}
const META = '.dfs~',
  HDRS = [
    'cache-control',
    'content-encoding',
    'content-language',
    'content-disposition',
    'content-type',
    'content-md5',
  ];
const q1 = (s: string) =>
  s.replace(/[<>:"|?*\\%\u0000-\u001f]|[. ]$/g, (c) => '%' + c.charCodeAt(0).toString(16).padStart(2, '0'));
const unq1 = (s: string) => s.replace(/%([0-9a-f]{2})/g, (_, h) => String.fromCharCode(parseInt(h, 16)));
const xml = (s: string) => s.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);

export class DfsServer {
  private server = http.createServer((q, s) => this.handle(q, s));
  private stages = new Map<string, Stage>();
  private leases = new Map<string, { id: string; until: number; dur: number }>();
  private clock = 0;
  readonly account: string;
  readonly key: string;
  constructor(private o: DfsOptions) {
    this.account = o.account ?? 'devstoreaccount1';
    this.key = o.key ?? 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
    fs.mkdirSync(path.join(o.root, META, 'stage'), { recursive: true });
    for (const f of fs.readdirSync(path.join(o.root, META, 'stage'))) fs.rmSync(path.join(o.root, META, 'stage', f)); // uncommitted data is dropped on restart
    this.server.keepAliveTimeout = 60_000;
  }
  async listen() {
    await new Promise<void>((r, j) =>
      this.server.once('error', j).listen(this.o.port ?? 0, this.o.host ?? '127.0.0.1', r),
    );
    return (this.server.address() as any).port as number;
  }
  async close() {
    this.server.closeAllConnections();
    await new Promise((r) => this.server.close(r));
    for (const s of this.stages.values()) fs.closeSync(s.fd);
  }

  // ---- auth -------------------------------------------------------------------------------------------
  private hmac(s: string) {
    return createHmac('sha256', Buffer.from(this.key, 'base64')).update(s, 'utf8').digest('base64');
  }
  private same(a: string, b: string) {
    const x = Buffer.from(a),
      y = Buffer.from(b);
    return x.length === y.length && timingSafeEqual(x, y);
  }
  private auth(req: IncomingMessage, rawPath: string, q: URLSearchParams, fsName: string, p: string) {
    const a = req.headers.authorization ?? '',
      deny = (m: string) => new HttpError(403, 'AuthenticationFailed', m),
      h = (n: string) => (req.headers[n] as string) ?? '';
    if (a.startsWith('SharedKey ')) {
      const i = a.lastIndexOf(':');
      if (a.slice(10, i) !== this.account) throw deny('unknown account');
      if (Math.abs(Date.now() - Date.parse(h('x-ms-date'))) > 15 * 60e3) throw deny('request date skew');
      const xms = Object.keys(req.headers)
        .filter((n) => n.startsWith('x-ms-'))
        .sort()
        .map((n) => `${n}:${h(n).trimStart()}\n`)
        .join('');
      const qs = [...new Set([...q.keys()])]
        .sort()
        .map((k) => `\n${k.toLowerCase()}:${q.get(k)}`)
        .join('');
      const len = h('content-length');
      const sts =
        [
          req.method!,
          h('content-language'),
          h('content-encoding'),
          len === '0' ? '' : len,
          h('content-md5'),
          h('content-type'),
          '',
          h('if-modified-since'),
          h('if-match'),
          h('if-none-match'),
          h('if-unmodified-since'),
          h('range'),
        ].join('\n') +
        '\n' +
        xms +
        `/${this.account}${rawPath}${qs}`;
      if (!this.same(this.hmac(sts), a.slice(i + 1))) throw deny('signature mismatch');
      return;
    }
    if (q.has('sig')) {
      // service SAS, formula of sv >= 2020-12-06
      const g = (k: string) => q.get(k) ?? '',
        sr = g('sr');
      let name = `/blob/${this.account}/${fsName}`;
      if (sr === 'b') name += '/' + p;
      if (sr === 'd') name += '/' + p.split('/').slice(0, +g('sdd')).join('/');
      const sts = [
        g('sp'),
        g('st'),
        g('se'),
        name,
        g('si'),
        g('sip'),
        g('spr'),
        g('sv'),
        sr,
        '',
        g('ses'),
        g('rscc'),
        g('rscd'),
        g('rsce'),
        g('rscl'),
        g('rsct'),
      ].join('\n');
      if (
        !this.same(this.hmac(sts), g('sig')) ||
        Date.parse(g('se')) < Date.now() ||
        (g('st') && Date.parse(g('st')) > Date.now())
      )
        throw deny('SAS invalid or expired');
      const need =
        req.method === 'GET' || req.method === 'HEAD'
          ? q.has('resource')
            ? 'l'
            : 'r'
          : req.method === 'DELETE'
            ? 'd'
            : 'wac';
      if (![...need].some((c) => g('sp').includes(c))) throw new HttpError(403, 'AuthorizationPermissionMismatch');
      return;
    }
    if (!this.o.allowAnonymous) throw new HttpError(401, 'NoAuthenticationInformation');
  }

  // ---- folder helpers (every state change is one synchronous section, so it is atomic in this process) ---
  private disk(f: string, p = '') {
    const segs = p.split('/').filter(Boolean);
    if ([f, ...segs].some((s) => s === '.' || s === '..' || s === META))
      throw new HttpError(400, 'InvalidResourceName');
    return path.join(this.o.root, q1(f), ...segs.map(q1));
  }
  private metaFile(d: string) {
    return path.join(path.dirname(d), META, path.basename(d) + '.json');
  }
  private meta(d: string): Meta {
    try {
      return JSON.parse(fs.readFileSync(this.metaFile(d), 'utf8'));
    } catch {
      return {};
    }
  }
  private putMeta(d: string, m: Meta) {
    const f = this.metaFile(d),
      t = f + '.' + randomUUID();
    fs.mkdirSync(path.dirname(f), { recursive: true });
    fs.writeFileSync(t, JSON.stringify(m));
    fs.renameSync(t, f);
  }
  private stat(d: string) {
    return fs.statSync(d, { throwIfNoEntry: false });
  }
  private touch(d: string) {
    this.clock = Math.max(this.clock + 2, Date.now() * 1000);
    fs.utimesSync(d, this.clock / 1e6, this.clock / 1e6);
  } // unique, increasing mtime = the ETag
  private etag(st: fs.Stats) {
    return `"0x${Math.round(st.mtimeMs * 1000)
      .toString(16)
      .toUpperCase()}"`;
  }
  private check(req: IncomingMessage, st: fs.Stats | undefined, write: boolean, pre = '', conflict = false) {
    const h = (n: string) => req.headers[pre + n] as string | undefined,
      e = st && this.etag(st);
    let bad = false; // listings give ETags without quotes, so both forms match
    const uq = (s?: string) => (s && s !== '*' ? `"${s.replace(/"/g, '')}"` : s),
      im = uq(h('if-match')),
      inm = uq(h('if-none-match')),
      ims = h('if-modified-since'),
      ius = h('if-unmodified-since');
    if (im && (!st || (im !== '*' && im !== e))) bad = true;
    if (inm && st && (inm === '*' || inm === e)) {
      if (inm === '*' && conflict) throw new HttpError(409, 'PathAlreadyExists');
      if (!write) throw new HttpError(304, 'ConditionNotMet');
      bad = true;
    }
    if (ims && st && st.mtimeMs <= Date.parse(ims)) {
      if (!write) throw new HttpError(304, 'ConditionNotMet');
      bad = true;
    }
    if (ius && st && Math.floor(st.mtimeMs / 1000) * 1000 > Date.parse(ius)) bad = true;
    if (bad) throw new HttpError(412, 'ConditionNotMet');
  }
  private lease(req: IncomingMessage, d: string, hdr = 'x-ms-lease-id') {
    const l = this.leases.get(d),
      id = req.headers[hdr];
    if (l && l.until > Date.now()) {
      if (!id) throw new HttpError(412, 'LeaseIdMissing');
      if (id !== l.id) throw new HttpError(412, 'LeaseIdMismatchWithBlobOperation');
    }
  }
  private fromReq(req: IncomingMessage, old: Meta = {}): Meta {
    const m: Meta = { ...old },
      hd: Record<string, string> = {},
      props = req.headers['x-ms-properties'] as string | undefined,
      md: Record<string, string> = {};
    for (const n of HDRS) {
      const v = req.headers['x-ms-' + n] ?? req.headers['x-ms-blob-' + n];
      if (v) hd[n] = String(v);
    }
    if (props)
      for (const kv of props.split(',').filter(Boolean)) {
        const i = kv.indexOf('=');
        md[kv.slice(0, i).trim()] = Buffer.from(kv.slice(i + 1), 'base64').toString();
      }
    for (const [k, v] of Object.entries(req.headers)) if (k.startsWith('x-ms-meta-')) md[k.slice(10)] = String(v);
    if (Object.keys(hd).length) m.h = { ...old.h, ...hd };
    if (Object.keys(md).length) m.m = md;
    return m;
  }
  private save(d: string, m: Meta) {
    if (Object.keys(m).length) this.putMeta(d, m);
  }
  private dropStage(d: string) {
    const s = this.stages.get(d);
    if (s) {
      this.stages.delete(d);
      fs.closeSync(s.fd);
      fs.rmSync(s.file, { force: true });
    }
  }
  private hdrs(res: ServerResponse, st: fs.Stats) {
    res.setHeader('ETag', this.etag(st));
    res.setHeader('Last-Modified', st.mtime.toUTCString());
  }
  private names(dir: string) {
    return fs
      .readdirSync(dir, { withFileTypes: true })
      .filter((e) => e.name !== META)
      .map((e) => ({ n: unq1(e.name), raw: e.name, dir: e.isDirectory() }))
      .sort((a, b) => (a.n < b.n ? -1 : 1));
  }
  /** depth-first, ordered walk that skips everything up to `after` */
  private *walk(
    dir: string,
    rel: string,
    recursive: boolean,
    after: string[],
  ): Generator<{ name: string; dir: boolean; st: fs.Stats; d: string }> {
    for (const e of this.names(dir)) {
      if (after.length && e.n < after[0]) continue;
      const on = after.length > 0 && e.n === after[0],
        name = rel ? rel + '/' + e.n : e.n,
        d = path.join(dir, e.raw);
      if (!on) {
        const st = this.stat(d);
        if (st) yield { name, dir: e.dir, st, d };
      }
      if (e.dir && recursive) yield* this.walk(d, name, true, on ? after.slice(1) : []);
    }
  }

  // ---- request ----------------------------------------------------------------------------------------
  private async handle(req: IncomingMessage, res: ServerResponse) {
    res.setHeader('x-ms-request-id', randomUUID());
    res.setHeader('x-ms-version', (req.headers['x-ms-version'] as string) ?? '2024-11-04');
    if (req.headers['x-ms-client-request-id'])
      res.setHeader('x-ms-client-request-id', req.headers['x-ms-client-request-id'] as string);
    try {
      const [rawPath, rawQ = ''] = req.url!.split('?'),
        q = new URLSearchParams(rawQ.replace(/\+/g, '%2B'));
      let segs = rawPath.split('/').slice(1).map(decodeURIComponent);
      if (segs[0] === this.account) segs.shift(); // rename in the SDK drops the account segment of an IP-style URL, so both forms are taken
      const f = segs.shift() ?? '',
        p = segs.join('/').replace(/\/+$/, '');
      this.auth(req, rawPath, q, f, p);
      if (!f) this.service(q, res);
      else if (!p) this.fileSystem(req, res, f, q);
      else await this.pathOp(req, res, f, p, q);
    } catch (e: any) {
      const x =
        e instanceof HttpError
          ? e
          : e.code === 'ENOENT'
            ? new HttpError(404, 'PathNotFound')
            : e.code === 'ENOTDIR'
              ? new HttpError(409, 'ResourceTypeMismatch')
              : new HttpError(500, 'InternalError', String(e.stack));
      if (x.status === 500) console.error(e);
      if (!req.readableEnded) req.resume();
      if (res.headersSent) return void res.destroy();
      res.statusCode = x.status;
      res.setHeader('x-ms-error-code', x.code);
      const blob = /[?&](comp|restype)=/.test(req.url!);
      res.setHeader('content-type', blob ? 'application/xml' : 'application/json');
      res.end(
        req.method === 'HEAD' || x.status === 304
          ? undefined
          : blob
            ? `<?xml version="1.0"?><Error><Code>${x.code}</Code><Message>${xml(x.message)}</Message></Error>`
            : JSON.stringify({ error: { code: x.code, message: x.message } }),
      );
    }
  }
  private service(q: URLSearchParams, res: ServerResponse) {
    const pre = q.get('prefix') ?? '';
    const items = this.names(this.o.root)
      .filter((e) => e.dir && e.n.startsWith(pre))
      .map((e) => {
        const st = this.stat(path.join(this.o.root, e.raw))!;
        return `<Container><Name>${xml(e.n)}</Name><Properties><Last-Modified>${st.mtime.toUTCString()}</Last-Modified><Etag>${xml(this.etag(st))}</Etag></Properties></Container>`;
      });
    res.setHeader('content-type', 'application/xml');
    res.end(
      `<?xml version="1.0"?><EnumerationResults><Containers>${items.join('')}</Containers><NextMarker/></EnumerationResults>`,
    );
  }
  private fileSystem(req: IncomingMessage, res: ServerResponse, f: string, q: URLSearchParams) {
    const d = this.disk(f),
      st = this.stat(d),
      M = req.method!,
      comp = q.get('comp');
    if (M === 'PUT' && !comp) {
      if (st) throw new HttpError(409, 'ContainerAlreadyExists');
      fs.mkdirSync(d);
      this.touch(d);
      this.save(d, this.fromReq(req));
      this.hdrs(res, this.stat(d)!);
      res.statusCode = 201;
      return void res.end();
    }
    if (!st) throw new HttpError(404, 'ContainerNotFound');
    if (M === 'PUT' && comp === 'metadata') {
      this.putMeta(d, { m: this.fromReq(req).m ?? {} });
      this.touch(d);
      this.hdrs(res, this.stat(d)!);
      return void res.end();
    }
    if (M === 'DELETE') {
      fs.rmSync(d, { recursive: true });
      fs.rmSync(this.metaFile(d), { force: true });
      res.statusCode = 202;
      return void res.end();
    }
    if (q.get('resource') === 'filesystem' && M === 'GET') return this.listPaths(res, f, d, q);
    if (comp === 'list') return this.listBlobs(res, d, q);
    for (const [k, v] of Object.entries(this.meta(d).m ?? {})) res.setHeader('x-ms-meta-' + k, v);
    res.setHeader('x-ms-namespace-enabled', 'true');
    this.hdrs(res, st);
    res.end();
  }
  private listPaths(res: ServerResponse, f: string, d: string, q: URLSearchParams) {
    const sub = (q.get('directory') ?? '').replace(/^\/+|\/+$/g, ''),
      max = Math.min(+(q.get('maxResults') ?? 5000), 5000),
      after = q.get('continuation') ? Buffer.from(q.get('continuation')!, 'base64url').toString().split('/') : [];
    const start = sub ? this.disk(f, sub) : d;
    if (!this.stat(start)?.isDirectory()) throw new HttpError(404, 'PathNotFound');
    const paths: any[] = [];
    let cont: string | undefined;
    for (const e of this.walk(start, '', q.get('recursive') === 'true', after)) {
      paths.push({
        name: sub ? sub + '/' + e.name : e.name,
        ...(e.dir ? { isDirectory: 'true' } : {}),
        contentLength: String(e.dir ? 0 : e.st.size),
        lastModified: e.st.mtime.toUTCString(),
        etag: this.etag(e.st).slice(1, -1),
        owner: '$superuser',
        group: '$superuser',
        permissions: 'rw-r-----',
      });
      if (paths.length >= max) {
        cont = e.name;
        break;
      }
    }
    if (cont) res.setHeader('x-ms-continuation', Buffer.from(cont).toString('base64url'));
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ paths }));
  }
  private listBlobs(res: ServerResponse, d: string, q: URLSearchParams) {
    // flat listing: what BlobCheckpointStore needs
    const pre = q.get('prefix') ?? '',
      max = Math.min(+(q.get('maxresults') ?? 5000), 5000),
      after = q.get('marker') ? Buffer.from(q.get('marker')!, 'base64url').toString().split('/') : [];
    const out: string[] = [];
    let next = '';
    for (const e of this.walk(d, '', true, after)) {
      if (e.dir || !e.name.startsWith(pre)) continue;
      const m = this.meta(e.d);
      out.push(
        `<Blob><Name>${xml(e.name)}</Name><Properties><Last-Modified>${e.st.mtime.toUTCString()}</Last-Modified><Etag>${this.etag(e.st).slice(1, -1)}</Etag><Content-Length>${e.st.size}</Content-Length><BlobType>BlockBlob</BlobType></Properties><Metadata>${Object.entries(
          m.m ?? {},
        )
          .map(([k, v]) => `<${k}>${xml(v)}</${k}>`)
          .join('')}</Metadata></Blob>`,
      );
      if (out.length >= max) {
        next = Buffer.from(e.name).toString('base64url');
        break;
      }
    }
    res.setHeader('content-type', 'application/xml');
    res.end(
      `<?xml version="1.0"?><EnumerationResults><Blobs>${out.join('')}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`,
    );
  }
  private async pathOp(req: IncomingMessage, res: ServerResponse, f: string, p: string, q: URLSearchParams) {
    const d = this.disk(f, p),
      M = req.method!,
      action = q.get('action'),
      comp = q.get('comp'),
      resource = q.get('resource');
    if (!this.stat(this.disk(f))) throw new HttpError(404, 'FilesystemNotFound');
    if (M === 'PUT' && req.headers['x-ms-rename-source']) return this.rename(req, res, d);
    if (M === 'PUT' && resource) return this.create(req, res, d, resource);
    if (M === 'PUT' && req.headers['x-ms-blob-type']) return this.putBlob(req, res, d);
    if (M === 'PATCH' && action === 'append') return this.append(req, res, d, q);
    if (M === 'PATCH' && action === 'flush') return this.flush(req, res, d, q);
    const st = this.stat(d),
      blobApi = comp !== null || M === 'GET' || M === 'HEAD';
    if (!st) throw new HttpError(404, blobApi ? 'BlobNotFound' : 'PathNotFound');
    if (comp === 'lease' || M === 'POST') return this.leaseOp(req, res, d, st);
    if (M === 'PUT' && (comp === 'metadata' || comp === 'properties')) {
      this.lease(req, d);
      this.check(req, st, true);
      const old = this.meta(d),
        now = this.fromReq(req);
      this.putMeta(d, comp === 'metadata' ? { ...old, m: now.m ?? {} } : { ...old, h: now.h ?? {} });
      this.touch(d);
      this.hdrs(res, this.stat(d)!);
      return void res.end();
    }
    if (M === 'PATCH' && action?.startsWith('setAccessControl')) {
      this.putMeta(d, {
        ...this.meta(d),
        acl: req.headers['x-ms-acl'] as string,
        perm: req.headers['x-ms-permissions'] as string,
      });
      this.touch(d);
      this.hdrs(res, this.stat(d)!);
      return void res.end(
        action.endsWith('Recursive')
          ? '{"directoriesSuccessful":1,"filesSuccessful":0,"failureCount":0,"failedEntries":[]}'
          : undefined,
      );
    }
    if (M === 'DELETE') {
      this.lease(req, d);
      this.check(req, st, true);
      if (st.isDirectory()) {
        if (q.get('recursive') !== 'true' && this.names(d).length) throw new HttpError(409, 'DirectoryNotEmpty');
        const t = path.join(this.o.root, META, 'stage', randomUUID());
        fs.renameSync(d, t);
        fs.rmSync(t, { recursive: true });
      } // rename away first: the delete is atomic to readers
      else {
        this.dropStage(d);
        fs.rmSync(d);
      }
      fs.rmSync(this.metaFile(d), { force: true });
      this.leases.delete(d);
      res.statusCode = 200;
      return void res.end();
    }
    if (M !== 'GET' && M !== 'HEAD') throw new HttpError(405, 'UnsupportedHttpVerb');
    this.check(req, st, false);
    const m = this.meta(d);
    this.hdrs(res, st);
    if (action === 'getAccessControl') {
      res.setHeader('x-ms-owner', '$superuser');
      res.setHeader('x-ms-group', '$superuser');
      res.setHeader('x-ms-permissions', m.perm ?? 'rw-r-----');
      res.setHeader('x-ms-acl', m.acl ?? 'user::rw-,group::r--,other::---');
      return void res.end();
    }
    for (const [k, v] of Object.entries(m.h ?? {})) res.setHeader(k, v);
    if (!m.h?.['content-type']) res.setHeader('content-type', 'application/octet-stream');
    for (const [k, v] of Object.entries(m.m ?? {})) res.setHeader('x-ms-meta-' + k, v);
    if (st.isDirectory()) res.setHeader('x-ms-meta-hdi_isfolder', 'true');
    res.setHeader('x-ms-resource-type', st.isDirectory() ? 'directory' : 'file');
    res.setHeader('x-ms-blob-type', 'BlockBlob');
    res.setHeader('x-ms-lease-state', (this.leases.get(d)?.until ?? 0) > Date.now() ? 'leased' : 'available');
    res.setHeader('accept-ranges', 'bytes');
    res.setHeader('x-ms-creation-time', st.birthtime.toUTCString());
    const size = st.isDirectory() ? 0 : st.size;
    if (M === 'HEAD') {
      res.setHeader('content-length', size);
      return void res.end();
    }
    const r = /^bytes=(\d+)-(\d*)$/.exec(String(req.headers['x-ms-range'] ?? req.headers.range ?? ''));
    let a = 0,
      b = size - 1;
    if (r) {
      a = +r[1];
      b = r[2] ? Math.min(+r[2], size - 1) : size - 1;
      if (a >= size && !(a === 0 && size === 0)) throw new HttpError(416, 'InvalidRange');
      if (size) {
        res.statusCode = 206;
        res.setHeader('content-range', `bytes ${a}-${b}/${size}`);
      }
    }
    res.setHeader('content-length', Math.max(0, b - a + 1));
    if (b < a) return void res.end();
    const fd = fs.openSync(d, 'r');
    await pipeline(fs.createReadStream('', { fd, start: a, end: b, highWaterMark: 1 << 18 }), res); // fd pins the version that was current at the header
  }
  private create(req: IncomingMessage, res: ServerResponse, d: string, kind: string) {
    const st = this.stat(d);
    this.check(req, st, true, '', true);
    this.lease(req, d);
    if (kind === 'directory') {
      if (st?.isFile()) throw new HttpError(409, 'PathConflict');
      fs.mkdirSync(d, { recursive: true });
    } else {
      if (st?.isDirectory()) throw new HttpError(409, 'PathConflict');
      fs.mkdirSync(path.dirname(d), { recursive: true });
      this.dropStage(d);
      fs.rmSync(d, { force: true });
      fs.writeFileSync(d, '', { flag: 'wx' });
    }
    fs.rmSync(this.metaFile(d), { force: true });
    this.save(d, this.fromReq(req));
    this.touch(d);
    this.hdrs(res, this.stat(d)!);
    res.statusCode = 201;
    res.end();
  }
  private async append(req: IncomingMessage, res: ServerResponse, d: string, q: URLSearchParams) {
    const st = this.stat(d);
    if (!st) throw new HttpError(404, 'PathNotFound');
    this.lease(req, d);
    const pos = +q.get('position')!;
    let s = this.stages.get(d);
    if (!s) {
      const file = path.join(this.o.root, META, 'stage', randomUUID());
      s = { file, fd: fs.openSync(file, 'w+'), base: st.size, ranges: [] };
      this.stages.set(d, s);
    }
    if (pos < s.base) throw new HttpError(400, 'InvalidFlushPosition', 'position is before the committed length');
    let at = pos - s.base;
    const md5 = req.headers['content-md5'] ? createHash('md5') : undefined,
      fd = s.fd; // pwrite, so parallel appends may arrive in any order
    for await (const c of req as AsyncIterable<Buffer>) {
      md5?.update(c);
      let o = 0;
      while (o < c.length) {
        const n = await new Promise<number>((r, j) =>
          fs.write(fd, c, o, c.length - o, at, (e, n) => (e ? j(e) : r(n))),
        );
        o += n;
        at += n;
      }
    }
    if (md5 && md5.digest('base64') !== req.headers['content-md5']) throw new HttpError(400, 'Md5Mismatch');
    s.ranges.push([pos, s.base + at]);
    if (q.get('flush') === 'true')
      return this.flush(req, res, d, new URLSearchParams({ position: String(s.base + at) }), 202);
    res.statusCode = 202;
    res.setHeader('x-ms-request-server-encrypted', 'true');
    res.end();
  }
  private async flush(req: IncomingMessage, res: ServerResponse, d: string, q: URLSearchParams, status = 200) {
    const pos = +q.get('position')!,
      s = this.stages.get(d);
    if (s && this.o.fsync !== false) await new Promise<void>((r, j) => fs.fdatasync(s.fd, (e) => (e ? j(e) : r())));
    const st = this.stat(d);
    if (!st) throw new HttpError(404, 'PathNotFound');
    this.lease(req, d);
    this.check(req, st, true); // from here on synchronous
    if (s && this.stages.get(d) !== s) throw new HttpError(412, 'ConditionNotMet', 'file was recreated');
    let end = st.size;
    for (const [a, b] of (s?.ranges ?? []).sort((x, y) => x[0] - y[0])) if (a <= end) end = Math.max(end, b);
    if (pos > end || pos < st.size)
      throw new HttpError(
        400,
        'InvalidFlushPosition',
        'The uploaded data is not contiguous or the position query parameter value is not equal to the length of the file after appending the uploaded data.',
      );
    if (s && pos > st.size) {
      fs.ftruncateSync(s.fd, pos - s.base);
      if (st.size === 0) {
        fs.renameSync(s.file, d);
        fs.closeSync(s.fd);
      } // whole file appears at once
      else {
        const w = fs.openSync(d, 'a'),
          b = Buffer.alloc(1 << 20);
        for (let o = 0, n; (n = fs.readSync(s.fd, b, 0, b.length, o)) > 0; o += n) fs.writeSync(w, b, 0, n);
        if (this.o.fsync !== false) fs.fdatasyncSync(w);
        fs.closeSync(w);
        fs.closeSync(s.fd);
        fs.rmSync(s.file);
      }
      this.stages.delete(d);
    }
    const m = this.fromReq(req);
    if (m.h) this.putMeta(d, { ...this.meta(d), h: { ...this.meta(d).h, ...m.h } });
    this.touch(d);
    this.hdrs(res, this.stat(d)!);
    res.statusCode = status;
    res.setHeader('content-length', '0');
    res.end();
  }
  private rename(req: IncomingMessage, res: ServerResponse, d: string) {
    const raw = String(req.headers['x-ms-rename-source']).split('?')[0].split('/').slice(1).map(decodeURIComponent);
    if (raw[0] === this.account) raw.shift();
    const s = this.disk(raw[0], raw.slice(1).join('/')),
      ss = this.stat(s),
      ds = this.stat(d);
    if (!ss) throw new HttpError(404, 'SourcePathNotFound');
    this.check(req, ss, true, 'x-ms-source-');
    this.check(req, ds, true, '', true);
    this.lease(req, s, 'x-ms-source-lease-id');
    this.lease(req, d);
    if (!this.stat(path.dirname(d))) throw new HttpError(404, 'RenameDestinationParentPathNotFound');
    if (ds?.isDirectory()) {
      if (!ss.isDirectory()) throw new HttpError(409, 'PathConflict');
      if (this.names(d).length) throw new HttpError(409, 'DirectoryNotEmpty');
      fs.rmSync(d, { recursive: true });
    }
    const sm = this.metaFile(s),
      dm = this.metaFile(d);
    if (this.stat(sm)) {
      fs.mkdirSync(path.dirname(dm), { recursive: true });
      fs.renameSync(sm, dm);
    } else fs.rmSync(dm, { force: true });
    this.dropStage(s);
    this.dropStage(d);
    fs.renameSync(s, d);
    this.hdrs(res, this.stat(d)!);
    res.statusCode = 201;
    res.end();
  }
  private async putBlob(req: IncomingMessage, res: ServerResponse, d: string) {
    // single-shot Put Blob: atomic, conditional
    const t = path.join(this.o.root, META, 'stage', randomUUID()),
      w = fs.createWriteStream(t, { flush: this.o.fsync !== false } as any);
    await pipeline(req, w);
    try {
      const st = this.stat(d);
      try {
        this.check(req, st, true);
      } catch (e) {
        if (req.headers['if-none-match'] === '*') throw new HttpError(409, 'BlobAlreadyExists');
        throw e;
      }
      this.lease(req, d);
      fs.mkdirSync(path.dirname(d), { recursive: true });
      this.save(d, this.fromReq(req));
      fs.renameSync(t, d);
      this.touch(d);
    } catch (e) {
      fs.rmSync(t, { force: true });
      throw e;
    }
    this.hdrs(res, this.stat(d)!);
    res.statusCode = 201;
    res.end();
  }
  private leaseOp(req: IncomingMessage, res: ServerResponse, d: string, st: fs.Stats) {
    const a = req.headers['x-ms-lease-action'],
      id = String(req.headers['x-ms-lease-id'] ?? ''),
      l = this.leases.get(d),
      live = l && l.until > Date.now();
    this.hdrs(res, st);
    let status = 200;
    if (a === 'acquire') {
      const want = String(req.headers['x-ms-proposed-lease-id'] ?? randomUUID());
      if (live && l.id !== want) throw new HttpError(409, 'LeaseAlreadyPresent');
      const n = +(req.headers['x-ms-lease-duration'] ?? 15),
        dur = n < 0 ? Infinity : n * 1000;
      this.leases.set(d, { id: want, dur, until: Date.now() + dur });
      res.setHeader('x-ms-lease-id', want);
      status = 201;
    } else if (!l || (a !== 'break' && l.id !== id)) throw new HttpError(409, 'LeaseIdMismatchWithLeaseOperation');
    else if (a === 'renew') {
      l.until = Date.now() + l.dur;
      res.setHeader('x-ms-lease-id', l.id);
    } else if (a === 'change') {
      l.id = String(req.headers['x-ms-proposed-lease-id']);
      res.setHeader('x-ms-lease-id', l.id);
    } else {
      this.leases.delete(d);
      if (a === 'break') {
        status = 202;
        res.setHeader('x-ms-lease-time', '0');
      }
    }
    res.statusCode = status;
    res.end();
  }
}
export async function startDataLake(o: {
  root: string;
  port: number;
  account: string;
  key: string;
}): Promise<{ port: number; stop(): Promise<void> }> {
  const s = new DfsServer(o);
  const port = await s.listen();
  return { port, stop: () => s.close() };
}
